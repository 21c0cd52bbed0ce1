//! Rule s67: who prints new slips draws their codes, and nobody else ever has them.

use std::collections::HashSet;
use std::sync::Arc;

use pingyi::protocol::{self, Done, Prints, ProblemKind, Role};
use pingyi::rehearsal::chair::open_session;
use pingyi::rehearsal::own_server::{OwnServer, prepare};
use pingyi::rehearsal::problem::RequestError;
use pingyi::rehearsal::{ServerAddress, Wire, capability};
use pingyi::secret;
use pingyi::store::{Claim, ClaimBy, Claimed, NewSlips};
use pingyi_rules::meeting::plan::{Group, Plan};
use pingyi_rules::meeting::slips::PrintedBy;
use pingyi_rules::meeting::{Command, Refusal};

use super::hall::{Hall, plan};
use crate::patience::PATIENCE;
use crate::rehearsal::shipped;

/// Codes as a page draws them.
fn drawn(count: usize) -> Vec<String> {
    let codes: HashSet<String> = (0..count).map(|_| secret::slip().unwrap()).collect();
    codes.into_iter().collect()
}

fn new_slips(group: &str, series: u32, codes: &[String]) -> NewSlips {
    let codes = codes.iter().map(|code| secret::slip_digest(code)).collect();
    NewSlips { group: group.to_owned(), series, codes }
}

/// The seat that a slip opens.
async fn seat(hall: &Hall, code: &str, phone: usize) -> Claimed {
    let by = ClaimBy::Code(secret::slip_digest(code));
    let credential = secret::credential_digest(&format!("a phone with a new slip {phone}"));
    hall.store.claim_seat(&Claim { by, credential, leads_subject: None }).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn s67_codes_are_nowhere_and_their_seats_are_left_to_chance() {
    const SEATS: u32 = 60;
    let mut wide = plan();
    wide.groups[0] = Group { entitled: SEATS, ..wide.groups[0].clone() };
    let hall = Hall::with(Plan { ..wide }).await;
    hall.welcomes().await;
    let codes = drawn(SEATS as usize);
    let new = new_slips("A", 1, &codes);
    hall.watched.replace_slips(new.clone(), PrintedBy::Teller).await.unwrap();
    hall.watched.replace_slips(new, PrintedBy::Chair).await.unwrap();
    let meeting = hall.store.load(hall.meeting()).await.unwrap().unwrap().meeting;
    let kept: Vec<&Command> = meeting.history.iter().map(|entry| &entry.command).collect();
    let line = Command::ReplaceSlips { group: "A".to_owned(), series: 1, slips: SEATS, by: PrintedBy::Teller };
    assert_eq!(kept.last(), Some(&&line), "one line, with the role that did it");
    assert_eq!(kept.len(), 2);
    // The server has their hashes under its secret, and nothing else of them.
    assert!(codes.iter().all(|code| !hall.disk_holds(code)));
    let document = serde_json::to_string(&meeting).unwrap();
    let hashes = codes.iter().map(|code| secret::slip_digest(code));
    for hash in hashes {
        assert!(super::papers::is_anywhere(hall.data.path(), &hall.store.secret().kept_code(&hash)));
        assert!(!super::papers::is_anywhere(hall.data.path(), &hash));
        let hex = data_encoding::HEXLOWER.encode(&hash);
        let base64 = data_encoding::BASE64URL_NOPAD.encode(&hash);
        assert!(!document.contains(&hex) && !document.contains(&base64));
    }
    // The order in which they were printed and told says nothing of the seats.
    let mut seats = Vec::new();
    for (phone, code) in codes.iter().enumerate() {
        let Claimed::Seated(seat) = seat(&hall, code, phone).await else { panic!("{code} opens nothing") };
        seats.push(seat.seat);
    }
    let pairs = seats.iter().enumerate().flat_map(|(at, one)| seats[at + 1..].iter().map(move |other| one < other));
    let (ascending, all) = pairs.fold((0.0, 0.0), |(up, all), is_up| (up + f64::from(u8::from(is_up)), all + 1.0));
    let tau: f64 = 2.0 * ascending / all - 1.0;
    let n = f64::from(SEATS);
    // Five σ, because it is one draw of many test runs.
    let most = 5.0 * (2.0 * (2.0 * n + 5.0) / (9.0 * n * (n - 1.0))).sqrt();
    assert!(tau.abs() < most, "τ = {tau}");
    let old = hall.handout.codes.iter().find(|code| code.seat == 5).unwrap();
    assert_eq!(seat(&hall, &old.code, 999).await, Claimed::Unknown);
}

/// A role's page.
struct Page {
    wire: Wire,
    session: String,
    meeting: String,
}

impl Page {
    async fn prints(&self, group: &str, series: u32, codes: Vec<String>) -> Result<Done, RequestError> {
        let body = serde_json::to_vec(&protocol::NewSlipsRequest { group: group.to_owned(), series, codes }).unwrap();
        let path = format!("/api/meetings/{}/slips", self.meeting);
        let answer = self.wire.post(&path, Some(&self.session), body.into()).await?;
        Ok(serde_json::from_slice(&answer).unwrap())
    }
}

fn problem(answer: Result<Done, RequestError>) -> protocol::Problem {
    match answer {
        Err(RequestError::Said(problem)) => problem,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn s67_m21_chair_and_teller_print_new_slips_and_nobody_else() {
    let folder = shipped("institute");
    let server = OwnServer::start().await.unwrap();
    let target = prepare(&server.base_url, Some(&server.key), &folder).await.unwrap();
    let page = async |role| {
        let wire = Wire::new(Arc::new(ServerAddress::parse(&target.base_url).unwrap()), PATIENCE);
        let (session, opened) = open_session(&wire, capability(&target.handout, role).unwrap()).await.unwrap();
        Page { wire, session, meeting: opened.meeting }
    };
    let free = usize::try_from(folder.plan.group("C").unwrap().entitled).unwrap();
    let hashes = |codes: &[String]| -> Vec<String> {
        let hash = |code: &String| data_encoding::BASE64URL_NOPAD.encode(&secret::slip_digest(code));
        codes.iter().map(hash).collect()
    };
    let good = hashes(&drawn(free));
    for role in [Role::Scrutineer, Role::Projector] {
        let refused = problem(page(role).await.prints("C", 1, good.clone()).await);
        assert_eq!(refused.problem, ProblemKind::NotAllowed, "{role:?}");
    }
    let teller = page(Role::Teller).await;
    for bad in [vec![], vec!["AAAA".to_owned()], drawn(free)] {
        assert_eq!(problem(teller.prints("C", 1, bad).await).problem, ProblemKind::BadMessage, "codes are no hashes");
    }
    let fewer = problem(teller.prints("C", 1, good[1..].to_vec()).await);
    assert_eq!((fewer.refusal, fewer.seats_free), (Some(Refusal::SlipsDoNotFit), u32::try_from(free).ok()));
    let done = teller.prints("C", 1, good.clone()).await.unwrap();
    assert_eq!(teller.prints("C", 1, good.clone()).await.unwrap(), done);
    let chair = page(Role::Chair).await;
    assert_eq!(chair.prints("C", 1, good.clone()).await.unwrap(), done, "whoever repeats it");
    let other = problem(chair.prints("C", 1, hashes(&drawn(free))).await);
    assert_eq!(other.refusal, Some(Refusal::SlipsAreAnother));
    chair.prints("C", 2, hashes(&drawn(free))).await.unwrap();
    let late = problem(teller.prints("C", 1, good).await);
    assert_eq!(late.refusal, Some(Refusal::SlipsAreAnother), "a late repeat does not bring old slips back");
    let prints =
        chair.wire.get(&format!("/api/meetings/{}/prints", chair.meeting), Some(&chair.session)).await.unwrap();
    let prints: Prints = serde_json::from_slice(&prints).unwrap();
    let did: Vec<&str> = prints.history.iter().map(|line| line.command.as_str()).collect();
    assert_eq!(did, ["replace_slips_teller", "replace_slips_chair"]);
    for line in &prints.seats {
        assert_eq!(line.made, line.taken + line.left + line.replaced, "{line:?}");
    }
    let replaced: Vec<u32> = prints.seats.iter().map(|line| line.replaced).collect();
    let twice = u32::try_from(2 * free).unwrap();
    assert_eq!(replaced, [0, 0, twice, twice], "by group, and all together");
    server.stop().await;
}
