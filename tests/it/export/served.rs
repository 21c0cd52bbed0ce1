//! The routes, with the sessions of every role, before and after a whole rehearsed meeting.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use pingyi::command::{self, Outcome, RedisArguments, StoppedServer};
use pingyi::export::restore::restore;
use pingyi::folder::ReportLanguage;
use pingyi::protocol::{Explained, Prints, ProblemKind, Role, ServerMessage};
use pingyi::rehearsal::chair::open_session;
use pingyi::rehearsal::own_server::{OwnServer, prepare};
use pingyi::rehearsal::problem::RequestError;
use pingyi::rehearsal::{Options, ServerAddress, SheetSource, Target, Wire, capability, run};
use pingyi::store::Store;
use pingyi::store::local::LocalStore;
use pingyi::view;
use pingyi_rules::meeting::{Links, Meeting};

use super::expected;
use crate::patience::PATIENCE;
use crate::rehearsal::{path, shipped};

struct Desk {
    wire: Wire,
    session: String,
    meeting: String,
}

impl Desk {
    async fn of(target: &Target, role: Role) -> Self {
        let wire = Wire::new(Arc::new(ServerAddress::parse(&target.base_url).unwrap()), PATIENCE);
        let (session, opened) = open_session(&wire, capability(&target.handout, role).unwrap()).await.unwrap();
        Self { wire, session, meeting: opened.meeting }
    }

    /// The chair, once everything is destroyed: sessions too, so that the link opens them again until one stays.
    async fn after_the_erasing(target: &Target) -> Self {
        loop {
            let chair = Self::of(target, Role::Chair).await;
            if let Ok(view) = chair.gets("view").await {
                let ServerMessage::Chair(view) = serde_json::from_slice(&view).unwrap() else { panic!("no chair") };
                let is_done = |places: Vec<pingyi::protocol::Destroyed>| {
                    !places.is_empty() && places.iter().all(|place| place.is_done)
                };
                if view.destroyed.is_some_and(is_done) {
                    return chair;
                }
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    async fn gets(&self, what: &str) -> Result<bytes::Bytes, RequestError> {
        self.wire.get(&format!("/api/meetings/{}/{what}", self.meeting), Some(&self.session)).await
    }

    async fn is_refused(&self, what: &str) -> Option<ProblemKind> {
        self.gets(what).await.unwrap_err().kind()
    }
}

const TABLES: [&str; 5] = [
    "exports/tables.xlsx",
    "exports/summary.csv?language=en",
    "exports/groups.csv?round=1",
    "exports/accounts.csv",
    "exports/rules.csv?round=1&language=zh",
];

#[tokio::test(flavor = "multi_thread")]
async fn e4_files_are_for_those_who_count_and_only_after_it() {
    let folder = shipped("institute");
    let server = OwnServer::start().await.unwrap();
    let target = prepare(&server.base_url, Some(&server.key), &folder).await.unwrap();
    let chair = Desk::of(&target, Role::Chair).await;
    for what in TABLES.into_iter().chain(["rounds/1/explained", "rounds/7/explained"]) {
        assert_eq!(chair.is_refused(what).await, Some(ProblemKind::NothingToExport), "{what}");
    }
    assert_eq!(chair.is_refused("archive.zip").await, Some(ProblemKind::NotYetClosed));
    // Blank forms and lists are printed before anything is counted.
    let before: Prints = serde_json::from_slice(&chair.gets("prints").await.unwrap()).unwrap();
    assert!(before.results.is_empty() && before.accounts.is_empty() && before.roster.is_none());

    let sheets = SheetSource::read(&path("institute").join("sheets.csv"), &folder, ReportLanguage::English).unwrap();
    run(&target, &folder, &sheets, &Options::default(), |_, _| {}).await.unwrap();

    for role in [Role::Chair, Role::Teller, Role::Scrutineer] {
        let desk = Desk::of(&target, role).await;
        for what in TABLES {
            assert!(!desk.gets(what).await.unwrap().is_empty(), "{role:?} {what}");
        }
        let explained: Explained = serde_json::from_slice(&desk.gets("rounds/1/explained").await.unwrap()).unwrap();
        assert_eq!(explained.rows.len(), 7);
        assert_eq!(desk.gets("archive.zip").await.is_ok(), role == Role::Chair);
        assert_eq!(desk.is_refused("exports/secrets.csv").await, Some(ProblemKind::NotFound));
        assert_eq!(desk.is_refused("exports/tables.xlsx?round=2").await, Some(ProblemKind::NothingToExport));
    }
    let summary = String::from_utf8(chair.gets("exports/summary.csv").await.unwrap().to_vec()).unwrap();
    for row in expected() {
        assert!(summary.contains(&format!("{},{},", row["score"], row["rank"])), "{summary}");
    }

    // Everybody else, with every kind of session and without one.
    let projector = Desk::of(&target, Role::Projector).await;
    let other = prepare(&server.base_url, Some(&server.key), &folder).await.unwrap();
    let of_other = Desk { meeting: chair.meeting.clone(), ..Desk::of(&other, Role::Chair).await };
    for what in TABLES.into_iter().chain(["prints", "archive.zip", "rounds/1/explained"]) {
        assert_eq!(projector.is_refused(what).await, Some(ProblemKind::NotAllowed), "{what}");
        assert_eq!(of_other.is_refused(what).await, Some(ProblemKind::NotAllowed), "{what}");
        let path = format!("/api/meetings/{}/{what}", chair.meeting);
        let nobody = chair.wire.get_sealed(&path, None).await.unwrap_err();
        assert_eq!(nobody.kind(), Some(ProblemKind::NotAllowed), "{what}");
        assert_eq!(chair.wire.get(&path, None).await.unwrap_err().kind(), Some(ProblemKind::NotSealed), "{what}");
    }
    server.stop().await;
}

/// `pingyi restore` into a data directory.
async fn restored(archive: &Path, data: &Path) -> Outcome {
    let stopped = StoppedServer {
        data: data.to_owned(),
        listen: "127.0.0.1:8080".parse().unwrap(),
        key: None,
        redis: RedisArguments::default(),
    };
    command::restore::run(command::restore::Arguments { file: archive.to_owned(), stopped }).await
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_e7_a_meeting_without_its_people_is_archived_and_comes_back() {
    let folder = shipped("institute");
    let server = OwnServer::start().await.unwrap();
    let target = prepare(&server.base_url, Some(&server.key), &folder).await.unwrap();
    run(&target, &folder, &SheetSource::Random(5), &Options::default(), |_, _| {}).await.unwrap();
    let chair = Desk::of(&target, Role::Chair).await;
    let record = format!("/m/{}/rounds/1/record.json", chair.meeting);
    let before = chair.wire.get(&record, None).await.unwrap();
    let path = format!("/api/meetings/{}/commands", chair.meeting);
    let command = serde_json::to_vec(&pingyi_rules::meeting::Wish::ErasePeople).unwrap();
    chair.wire.post(&path, Some(&chair.session), command.into()).await.unwrap();
    let chair = Desk::after_the_erasing(&target).await;
    let prints: Prints = serde_json::from_slice(&chair.gets("prints").await.unwrap()).unwrap();
    assert!(prints.seats.is_empty() && prints.roster.is_none() && prints.results.len() == 1);
    let file = chair.gets("archive.zip").await.unwrap();
    server.stop().await;
    let back = restore(&file).unwrap();
    assert!(back.meeting.meeting.people_erased);
    assert_eq!(back.meeting.seats, []);
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(file.to_vec())).unwrap();
    let kept = std::io::read_to_string(zip.by_name("records/round-1.json").unwrap()).unwrap();
    assert_eq!(kept.as_bytes(), &before);

    let elsewhere = tempfile::tempdir().unwrap();
    let archive = elsewhere.path().join("meeting.zip");
    std::fs::write(&archive, &file).unwrap();
    let data = elsewhere.path().join("data");
    restored(&archive, &data).await.unwrap();
    let store: Arc<dyn Store> = Arc::new(LocalStore::open(&data).unwrap());
    let hub = pingyi::hub::Hub::new(Arc::clone(&store), "http://hall.test".to_owned());
    hub.resume().await.unwrap();
    let watched = hub.watch(&chair.meeting).await.unwrap().unwrap();
    let shown = watched.views.view(pingyi::hub::Viewer::Of(Role::Chair));
    let ServerMessage::Chair(shown) = serde_json::from_slice(&shown).unwrap() else { panic!("no chair's view") };
    assert_eq!(shown.result.as_ref(), prints.results.first());
    hub.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_e7_e10_a_meeting_comes_back_from_its_archive_on_another_server() {
    let folder = shipped("institute");
    let server = OwnServer::start().await.unwrap();
    let target = prepare(&server.base_url, Some(&server.key), &folder).await.unwrap();
    let sheets = SheetSource::read(&path("institute").join("sheets.csv"), &folder, ReportLanguage::English).unwrap();
    run(&target, &folder, &sheets, &Options::default(), |_, _| {}).await.unwrap();
    let chair = Desk::of(&target, Role::Chair).await;
    let file = chair.gets("archive.zip").await.unwrap();
    let public = chair.wire.get(&format!("/m/{}/rounds/1/record.json", chair.meeting), None).await.unwrap();
    let seen: ServerMessage = serde_json::from_slice(&chair.gets("view").await.unwrap()).unwrap();
    let ServerMessage::Chair(seen) = seen else { panic!("no chair's view") };
    server.stop().await;

    // The print page is a page by itself: it holds its figures and asks nobody.
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(file.to_vec())).unwrap();
    let page = std::io::read_to_string(zip.by_name("print.html").unwrap()).unwrap();
    assert!(page.contains("id=\"first\"") && page.contains("98.00"));
    let record = std::io::read_to_string(zip.by_name("records/round-1.json").unwrap()).unwrap();
    assert_eq!(record.as_bytes(), &public);
    assert!(crate::record::fixtures::verified(record.as_bytes()).unwrap().tally.is_some());

    let elsewhere = tempfile::tempdir().unwrap();
    let archive = elsewhere.path().join("meeting.zip");
    std::fs::write(&archive, &file).unwrap();
    let data = elsewhere.path().join("data");
    restored(&archive, &data).await.unwrap();
    let again = restored(&archive, &data).await.unwrap_err();
    assert!(again.contains(&chair.meeting), "{again}");

    let store: Arc<dyn Store> = Arc::new(LocalStore::open(&data).unwrap());
    let stored = store.load(&chair.meeting).await.unwrap().unwrap();
    let back = restore(&file).unwrap();
    // Its links are new ones: those of the archived meeting were the business of the other server.
    let links = Links(Some(pingyi::links::of_creation(&store.links(&chair.meeting).await.unwrap())));
    assert!(back.meeting.meeting.links.are_unknown());
    assert_eq!(stored.meeting, Meeting { links, ..back.meeting.meeting.clone() });
    assert_eq!(view::result::for_chair(&stored.meeting), seen.result);
    assert_eq!(store.manifest(&chair.meeting, 1).await.unwrap().as_deref(), Some(back.manifests[0].1.as_slice()));
    // A server on it shows the meeting: every screen has its view, and nobody can join.
    let hub = pingyi::hub::Hub::new(Arc::clone(&store), "http://hall.test".to_owned());
    let watched = hub.watch(&chair.meeting).await.unwrap().unwrap();
    let viewer = pingyi::hub::Viewer::Of(Role::Chair);
    let shown: ServerMessage = serde_json::from_slice(&watched.views.view(viewer)).unwrap();
    let ServerMessage::Chair(shown) = shown else { panic!("no chair's view") };
    assert_eq!((shown.result, shown.rounds), (seen.result.clone(), seen.rounds.clone()));
    hub.stop();
}
