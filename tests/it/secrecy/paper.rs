//! Rules a3 to a7 on a running service: paper handed out, entered with two links, counted with the phones'.

use std::sync::Arc;

use pingyi::hub::NotDone;
use pingyi::protocol::{Done, ProblemKind, Role};
use pingyi::rehearsal::chair::open_session;
use pingyi::rehearsal::own_server::{OwnServer, prepare};
use pingyi::rehearsal::problem::RequestError;
use pingyi::rehearsal::{ServerAddress, Wire, capability};
use pingyi_rules::ballot::record::RecordAudience;
use pingyi_rules::ballot::verify::FORM_ONLY;
use pingyi_rules::meeting::paper::{EnteredBy, PaperCount, PaperEntry, PaperMarks};
use pingyi_rules::meeting::plan::Plan;
use pingyi_rules::meeting::round::SmallGroups;
use pingyi_rules::meeting::{CoSigned, Command, PlainWish, Refusal, Wish};
use serde_json::Value;

use super::hall::{Hall, plan};
use crate::patience::PATIENCE;
use crate::rehearsal::shipped;

fn hand_out(sheets: u32) -> Wish {
    Wish::IssuePaper { round: 1, group: "A".to_owned(), sheets }
}

fn sheets(by: EnteredBy, sheets: Vec<Option<Vec<u8>>>) -> Wish {
    Wish::EnterPaper { round: 1, group: "A".to_owned(), by, entry: PaperEntry::Sheets { sheets } }
}

fn sums(by: EnteredBy, returned: u32, invalid: u32, rows: [[u32; 2]; 2]) -> Wish {
    let row = |marks: [u32; 2]| PaperMarks { marks: marks.to_vec(), ..PaperMarks::default() };
    let count = PaperCount { returned, invalid, rows: rows.map(row).to_vec() };
    Wish::EnterPaper { round: 1, group: "A".to_owned(), by, entry: PaperEntry::Totals { count } }
}

/// Three phones of A have voted "hao", and three sheets of paper are handed out; the round is closed.
async fn closed_with_paper() -> Hall {
    let hall = Hall::with(Plan { pool_k: 1, ..plan() }).await;
    hall.welcomes().await;
    let mut voters = Vec::new();
    for seat in 1..=3 {
        voters.push(hall.seats(seat, None).await);
    }
    assert_eq!(hall.watched.command(hand_out(4)).await, Err(NotDone::Refused(Refusal::TooMuchPaper)));
    hall.chair(hand_out(3)).await;
    hall.begins_and_arms().await;
    let view = hall.chair_sees(|view| view["groups"][0]["present"] == 6).await;
    assert_eq!(view["groups"][0]["issued"], 3, "sheets of paper are issued");
    for voter in &mut voters {
        voter.gets_papers(&hall).await;
    }
    assert_eq!(hall.watched.command(hand_out(4)).await, Err(NotDone::Refused(Refusal::TooMuchPaper)));
    hall.opens().await;
    for voter in &voters {
        let body = voter.fills_in(&hall, "hao").await;
        hall.casts(&body).await;
    }
    hall.closes().await;
    hall
}

fn first_row(view: &Value) -> &Value {
    &view["tally"]["rows"][0]["marks"]
}

#[tokio::test(flavor = "multi_thread")]
async fn a6_the_live_tally_stays_until_paper_is_counted_and_the_record_has_both() {
    let hall = closed_with_paper().await;
    let waiting = hall.chair_sees(|view| view["paper"]["is_open"] == true).await;
    // Phones alone, and then all, would tell three people's marks by their difference.
    assert_ne!(first_row(&waiting), &serde_json::json!([3, 0]));
    let released: u64 = first_row(&waiting).as_array().unwrap().iter().filter_map(Value::as_u64).sum();
    assert!(released < 3, "at least one ballot is not shown");
    let asks_for_the_certificate = Wish::Plain(PlainWish::Ask { round: 1, number: 1, asked: CoSigned::Certificate });
    assert_eq!(hall.watched.command(asks_for_the_certificate).await, Err(NotDone::Refused(Refusal::PaperIsOpen)));
    let hall = hall.restarted().await;
    hall.chair(sheets(EnteredBy::Teller, vec![None, Some(vec![0, 1]), Some(vec![1, 1])])).await;
    hall.chair(sums(EnteredBy::Scrutineer, 3, 1, [[1, 1], [0, 2]])).await;
    let counted = hall.chair_sees(|view| view["paper"]["is_open"] == false).await;
    assert_eq!(first_row(&counted), &serde_json::json!([4, 1]));
    assert_eq!((&counted["groups"][0]["issued"], &counted["groups"][0]["returned"]), (&6.into(), &6.into()));
    hall.certify().await;
    let round = hall.store.load(hall.meeting()).await.unwrap().unwrap().meeting.rounds[0].clone();
    let inputs = pingyi::view::record::inputs(&round);
    for audience in [RecordAudience::Whole, RecordAudience::Public, RecordAudience::Withheld] {
        let made = hall.hub.ballot_box.record(hall.meeting(), 1, &inputs, audience).await.unwrap().unwrap();
        let wanted = if audience == RecordAudience::Withheld { FORM_ONLY } else { 0 };
        assert_eq!(crate::record::fixtures::verdict(&made.file, None), wanted, "{audience:?}");
        assert_eq!(crate::record::python::verdicts(&[(made.file.to_vec(), None)]), [wanted], "{audience:?}");
        let text = String::from_utf8_lossy(&made.file).into_owned();
        let on_paper = r#""paper":{"A":{"invalid":1,"issued":3,"recused":0,"returned":3,"#;
        assert_eq!(text.contains(on_paper), audience != RecordAudience::Withheld, "{audience:?}: {text:.200}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a7_sheets_that_were_typed_in_are_in_no_file_of_the_server() {
    let hall = closed_with_paper().await;
    hall.chair(sheets(EnteredBy::Teller, vec![Some(vec![0, 1]), Some(vec![1, 0]), None])).await;
    assert!(!hall.disk_holds(r#"[[0,1]"#) && !hall.disk_holds("[0,1]") && !hall.disk_holds("null]"));
    // The positive control: their sums are.
    assert!(hall.disk_holds(r#""returned":3,"invalid":1,"rows":[{"marks":[1,1]"#));
    hall.chair(sums(EnteredBy::Scrutineer, 3, 1, [[1, 1], [1, 1]])).await;
    let stored = hall.store.load(hall.meeting()).await.unwrap().unwrap();
    let history = serde_json::to_string(&stored.meeting.history).unwrap();
    assert!(history.contains(r#""by":"scrutineer","count":{"returned":0,"invalid":0,"rows":[]}"#), "{history}");
    let view = hall.chair_sees(|view| view["paper"]["is_open"] == false).await;
    let did = view["history"].as_array().unwrap().iter().map(|line| line["command"].as_str().unwrap());
    assert_eq!(did.take(2).collect::<Vec<_>>(), ["enter_paper_scrutineer", "enter_paper_teller"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a9_seats_at_a_shared_tablet_are_counted_by_heads_alone() {
    let hall = Hall::with(plan()).await;
    hall.welcomes().await;
    let mut voter = hall.seats(1, None).await;
    let hash = "0123456789abcdef".repeat(4);
    let sits = Command::SeatAtKiosk { round: 1, group: "A".to_owned(), credential: hash.clone() };
    assert_eq!(hall.watched.note(sits.clone()).await, Err(NotDone::Refused(Refusal::WrongRoundState)));
    hall.begins_and_arms().await;
    voter.gets_papers(&hall).await;
    hall.opens().await;
    for _again in 0..2 {
        hall.watched.note(sits.clone()).await.unwrap();
    }
    assert!(hall.disk_holds(&hash), "positive control");
    let body = voter.fills_in(&hall, "hao").await;
    hall.casts(&body).await;
    hall.closes().await;
    let round = hall.store.load(hall.meeting()).await.unwrap().unwrap().meeting.rounds[0].clone();
    let accounts = round.accounting.as_ref().unwrap();
    assert_eq!(accounts.groups.iter().map(|group| group.kiosk_issued).collect::<Vec<_>>(), [1, 0]);
    assert!(round.kiosk.is_empty());
    let channels = pingyi::view::paper::channels(&accounts.total());
    let told: Vec<_> = channels.iter().map(|each| (each.issued, each.returned, each.kiosk_issued)).collect();
    assert_eq!(told, [(1, 1, 1), (0, 0, 0)]);
    let history = hall.store.load(hall.meeting()).await.unwrap().unwrap().meeting.history;
    let line = history.iter().find(|entry| matches!(entry.command, Command::SeatAtKiosk { .. })).unwrap();
    assert_eq!(line.command, sits.remembered());
    assert!(!serde_json::to_string(&history).unwrap().contains(&hash));
}

#[tokio::test(flavor = "multi_thread")]
async fn a5_each_link_enters_for_itself_alone_and_hands_out_only_what_it_may() {
    let folder = shipped("institute");
    let server = OwnServer::start().await.unwrap();
    let target = prepare(&server.base_url, Some(&server.key), &folder).await.unwrap();
    let wire = Wire::new(Arc::new(ServerAddress::parse(&target.base_url).unwrap()), PATIENCE);
    let path = format!("/api/meetings/{}/commands", target.handout.meeting);
    let commands = async |role: Role, command: Wish| {
        let (session, _) = open_session(&wire, capability(&target.handout, role).unwrap()).await.unwrap();
        let answer = wire.ask::<Done>(&path, Some(&session), &command).await;
        answer.map(|_| ()).map_err(|error| match error {
            RequestError::Said(problem) => Some((problem.problem, problem.refusal)),
            RequestError::Unknown(_) | RequestError::Unreadable => None,
        })
    };
    let not_allowed = Err(Some((ProblemKind::NotAllowed, None)));
    let refused = |refusal| Err(Some((ProblemKind::Refused, Some(refusal))));
    commands(Role::Chair, Wish::Plain(PlainWish::OpenCheckin)).await.unwrap();
    let all = [Role::Chair, Role::Teller, Role::Scrutineer, Role::Projector];
    for role in all {
        let may = matches!(role, Role::Chair | Role::Teller);
        assert_eq!(commands(role, hand_out(1)).await, if may { Ok(()) } else { not_allowed }, "{role:?}");
        for (by, of) in [(EnteredBy::Teller, Role::Teller), (EnteredBy::Scrutineer, Role::Scrutineer)] {
            let answer = if role == of { refused(Refusal::WrongRoundState) } else { not_allowed };
            assert_eq!(commands(role, sheets(by, vec![None])).await, answer, "{role:?} for {of:?}");
        }
        let goes = if role == Role::Chair { refused(Refusal::WrongPhase) } else { not_allowed };
        assert_eq!(commands(role, Wish::Plain(PlainWish::GoTo { step: 999 })).await, goes, "{role:?}");
    }
    let many = vec![Some(vec![0; 7]); 501];
    assert_eq!(commands(Role::Teller, sheets(EnteredBy::Teller, many)).await, refused(Refusal::LimitIsReached));
    let huge = vec![Some(vec![200; 200]); 600];
    let too_large = Err(Some((ProblemKind::TooLarge, None)));
    assert_eq!(commands(Role::Teller, sheets(EnteredBy::Teller, huge)).await, too_large);
    let arm = Wish::Arm { round: 1, small_groups: SmallGroups::Refuse };
    assert_eq!(commands(Role::Teller, arm).await, not_allowed);
    server.stop().await;
}
