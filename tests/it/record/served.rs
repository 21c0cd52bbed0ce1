//! Rules r8 to r11: what is served of a record, to whom and when, and what a rehearsal leaves behind.

use pingyi::config::{LEAVES_PART, LEAVES_WHOLE_MAX};
use pingyi::folder::Folder;
use pingyi::protocol::{InventoryKind, InventoryView, RecordView, Role};
use pingyi::rehearsal::chair::open_session;
use pingyi::rehearsal::own_server::{OwnServer, prepare};
use pingyi::rehearsal::{Options, Results, ServerAddress, SheetSource, Target, Wire, capability, run};
use pingyi::view::record::at;
use pingyi_rules::ballot::merkle;
use pingyi_rules::ballot::record::RecordAudience;
use pingyi_rules::ballot::verify::Summary;
use pingyi_rules::meeting::plan::Publication;
use sha2::{Digest, Sha256};

use super::fixtures::verified;
use super::python;
use crate::patience::PATIENCE;
use crate::rehearsal::shipped;

/// A meeting that was held to its archive, on a server that still answers.
struct Held {
    server: OwnServer,
    target: Target,
    results: Results,
    wire: Wire,
}

impl Held {
    async fn of(folder: &Folder) -> Self {
        let server = OwnServer::start().await.unwrap();
        let target = prepare(&server.base_url, Some(&server.key), folder).await.unwrap();
        let results = run(&target, folder, &SheetSource::Random(3), &Options::default(), |_, _| {}).await.unwrap();
        let wire = Wire::new(std::sync::Arc::new(ServerAddress::parse(&target.base_url).unwrap()), PATIENCE);
        Self { server, target, results, wire }
    }

    async fn get(&self, path: &str) -> Vec<u8> {
        let path = format!("/m/{}/rounds/1/{path}", self.target.handout.meeting);
        self.wire.get(&path, None).await.unwrap().to_vec()
    }

    async fn session(&self, role: Role) -> String {
        open_session(&self.wire, capability(&self.target.handout, role).unwrap()).await.unwrap().0
    }

    async fn whole(&self, session: Option<&str>) -> Option<Vec<u8>> {
        let path = format!("/api/meetings/{}/rounds/1/record.json", self.target.handout.meeting);
        self.wire.get(&path, session).await.ok().map(|bytes| bytes.to_vec())
    }

    /// The record as this audience would get it, for whoever asks before it is published.
    async fn told(&self, publication: &str, session: Option<&str>) -> Option<Vec<u8>> {
        let path =
            format!("/api/meetings/{}/rounds/1/record.json?publication={publication}", self.target.handout.meeting);
        self.wire.get(&path, session).await.ok().map(|bytes| bytes.to_vec())
    }

    async fn chair_sees(&self) -> serde_json::Value {
        let session = self.session(Role::Chair).await;
        let path = format!("/api/meetings/{}/view", self.target.handout.meeting);
        serde_json::from_slice(&self.wire.get(&path, Some(&session)).await.unwrap()).unwrap()
    }
}

fn digest(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(bytes))
}

fn leaves(bytes: &[u8]) -> Vec<[u8; 32]> {
    let (leaves, rest) = bytes.as_chunks::<32>();
    assert!(rest.is_empty());
    leaves.to_vec()
}

/// Both verifiers on a record that must hold.
fn holds(record: &[u8]) -> Summary {
    let summary = verified(record).unwrap();
    assert_eq!(python::verdicts(&[(record.to_vec(), None)]), [summary.exit_code()]);
    summary
}

#[tokio::test(flavor = "multi_thread")]
async fn r8_r9_r10_r11_the_institutes_record_is_everybodys_and_holds() {
    let folder = shipped("institute");
    let held = Held::of(&folder).await;
    let record = held.get("record.json").await;
    let summary = holds(&record);
    // It tells the table that the screens show.
    let tally = summary.tally.unwrap();
    for (row, shown) in tally.rows.iter().zip(&held.results.rounds[0].subjects) {
        assert_eq!((&row.score, row.rank), (&shown.score, shown.rank));
        let marks = shown.marks.as_ref().unwrap().0.iter().map(|(_, count)| *count);
        assert!(row.marks.iter().copied().eq(marks));
        let means = row.groups.as_ref().unwrap().iter().map(|group| &group.mean);
        assert!(means.eq(shown.groups.0.iter().map(|(_, group)| &group.as_ref().unwrap().mean)));
    }
    let view = held.chair_sees().await;
    assert_eq!(view["result"]["record"]["digest"], digest(&record));
    assert_eq!(view["result"]["record"]["digits"], pingyi_rules::ballot::fingerprint::fingerprint(&summary.digest));

    let of_phones: RecordView = serde_json::from_slice(&held.get("record").await).unwrap();
    let all = leaves(&held.get("leaves").await);
    assert_eq!((of_phones.record.digest, of_phones.leaves as usize), (digest(&record), all.len()));
    assert_eq!((summary.leaves, summary.root), (all.len(), merkle::root(&all)));
    assert_eq!(of_phones.root, data_encoding::HEXLOWER.encode(&summary.root));

    // Every group has six voters in a row at least: nothing is hidden, so the scrutineers' record is the same.
    assert_eq!(held.whole(Some(&held.session(Role::Scrutineer).await)).await.unwrap(), record);
    assert_eq!(held.results.records[0], record);
    let out = tempfile::tempdir().unwrap();
    held.results.write(out.path()).unwrap();
    assert_eq!(std::fs::read(out.path().join("record.json")).unwrap(), record);
    held.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r8_a_result_that_is_not_for_the_hall_is_in_no_public_record() {
    let mut folder = shipped("college");
    folder.plan.publication = Publication::HallGrades;
    let held = Held::of(&folder).await;
    let record = held.get("record.json").await;
    let summary = holds(&record);
    assert!(summary.is_sealed && summary.tally.is_none());
    assert_eq!(held.chair_sees().await["result"]["record"]["digest"], digest(&record));
    // The scrutineers have all of it; nobody else asks them for it.
    assert_eq!(held.whole(None).await, None);
    for role in [Role::Chair, Role::Teller, Role::Projector] {
        assert_eq!(held.whole(Some(&held.session(role).await)).await, None);
    }
    let scrutineer = held.session(Role::Scrutineer).await;
    let whole = held.whole(Some(&scrutineer)).await.unwrap();
    let whole = holds(&whole);
    assert!(!whole.is_sealed);
    assert_eq!(whole.root, summary.root);
    held.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r47_a_scrutineer_has_what_any_audience_would_get() {
    let mut folder = shipped("college");
    folder.plan.publication = Publication::HallGrades;
    let held = Held::of(&folder).await;
    let scrutineer = held.session(Role::Scrutineer).await;
    let whole = held.whole(Some(&scrutineer)).await.unwrap();
    let mut kept = Vec::new();
    for publication in ["held", "chair", "leaders", "each_own", "hall_grades", "hall_scores"] {
        let told = held.told(publication, Some(&scrutineer)).await.unwrap();
        let summary = pingyi_rules::ballot::verify::verify_with_whole(&told, &whole, None, &|_, _| {}).unwrap();
        assert_eq!(summary.tally.is_some(), publication == "hall_scores");
        kept.push(told);
        for role in [Role::Chair, Role::Teller, Role::Projector] {
            assert_eq!(held.told(publication, Some(&held.session(role).await)).await, None, "{role:?}");
        }
        assert_eq!(held.told(publication, None).await, None);
    }
    assert_eq!(kept[4], held.get("record.json").await, "what everybody has, to the byte");
    assert_eq!(held.told("everybody", Some(&scrutineer)).await, None);
    held.server.stop().await;
}

#[test]
fn r8_only_scores_for_the_hall_open_the_record() {
    use Publication::{Chair, EachOwn, HallGrades, HallScores, Held, Leaders};
    for publication in [Held, Chair, Leaders, EachOwn, HallGrades] {
        assert_eq!(at(publication), RecordAudience::Withheld);
    }
    assert_eq!(at(HallScores), RecordAudience::Public);
}

#[tokio::test(flavor = "multi_thread")]
async fn r8_there_is_no_record_before_publication() {
    let folder = shipped("institute");
    let server = OwnServer::start().await.unwrap();
    let target = prepare(&server.base_url, Some(&server.key), &folder).await.unwrap();
    let address = std::sync::Arc::new(ServerAddress::parse(&target.base_url).unwrap());
    let wire = Wire::new(address, PATIENCE);
    let (session, _) = open_session(&wire, capability(&target.handout, Role::Scrutineer).unwrap()).await.unwrap();
    let meeting = &target.handout.meeting;
    for path in ["record.json", "record", "leaves", "leaves/index", "leaves/0"] {
        assert!(wire.get(&format!("/m/{meeting}/rounds/1/{path}"), Some(&session)).await.is_err(), "{path}");
    }
    let path = format!("/api/meetings/{meeting}/rounds/1/record.json");
    assert!(wire.get(&path, Some(&session)).await.is_err());
    server.stop().await;
}

#[test]
fn r10_parts_of_a_large_round_have_its_root() {
    assert!(LEAVES_PART.is_power_of_two() && LEAVES_PART >= 1_000 && LEAVES_WHOLE_MAX >= LEAVES_PART);
    for number in [LEAVES_WHOLE_MAX + 1, 3 * LEAVES_PART, 3 * LEAVES_PART + 5_000] {
        let all: Vec<[u8; 32]> = (0..number as u64).map(|n| Sha256::digest(n.to_be_bytes()).into()).collect();
        let parts: Vec<[u8; 32]> = all.chunks(LEAVES_PART).map(merkle::root).collect();
        assert_eq!(merkle::root(&parts), merkle::root(&all));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn s62_nobody_but_a_scrutineer_is_shown_what_is_kept() {
    let folder = shipped("institute");
    let server = OwnServer::start().await.unwrap();
    let target = prepare(&server.base_url, Some(&server.key), &folder).await.unwrap();
    let wire =
        Wire::new(std::sync::Arc::new(ServerAddress::parse(&target.base_url).unwrap()), std::time::Duration::ZERO);
    let path = format!("/api/meetings/{}/kept", target.handout.meeting);
    for role in [Role::Chair, Role::Teller, Role::Projector] {
        let (session, ..) = open_session(&wire, capability(&target.handout, role).unwrap()).await.unwrap();
        assert!(wire.get(&path, Some(&session)).await.is_err(), "{role:?}");
    }
    assert!(wire.get(&path, None).await.is_err());
    let (session, ..) = open_session(&wire, capability(&target.handout, Role::Scrutineer).unwrap()).await.unwrap();
    let list: InventoryView = serde_json::from_slice(&wire.get(&path, Some(&session)).await.unwrap()).unwrap();
    let seats = list.kept.iter().find(|thing| thing.name == "seats").unwrap();
    assert_eq!((seats.kind, seats.count), (InventoryKind::Seats, 34));
    assert!(list.kept.iter().all(|thing| thing.kind != InventoryKind::Unknown), "{list:?}");
}
