//! Components of a round: where they come from, until when they can be replaced, and what the history keeps of it.

use pingyi_rules::meeting::{CoSigned, Command, Meeting, PlainWish, Refusal};
use pingyi_rules::scoring::{Combination, Component, Imported, Rules};

use super::{arm, ask, confirm, freeze, small_plan, void};
use pingyi_rules::meeting::round::CLOSING_MS;

pub fn row(subject: u16, value: &str) -> Imported {
    Imported { subject, components: vec![value.to_owned()], ..Imported::default() }
}

fn import(imported: Vec<Imported>) -> Command {
    Command::ImportComponents { round: 1, rows: u32::try_from(imported.len()).unwrap(), imported }
}

fn combining() -> Meeting {
    let daily = Component { name: "daily".to_owned(), share_bp: 6_000 };
    let combination = Combination { evaluation_share_bp: 4_000, components: vec![daily], gates: Vec::new() };
    let mut plan = small_plan();
    plan.scoring = Rules { combination: Some(combination), ..Rules::default() };
    plan.imported = vec![row(1, "91")];
    Meeting::new("abcd1234".to_owned(), plan)
}

fn after(meeting: &Meeting, commands: &[Command]) -> Meeting {
    commands.iter().fold(meeting.clone(), |meeting, command| meeting.apply(command, CLOSING_MS).unwrap())
}

#[test]
fn m20_a_round_has_the_plans_components_until_the_chair_imports_others() {
    let meeting = combining();
    assert_eq!(meeting.rounds[0].imported, [row(1, "91")]);
    let next = after(&meeting, &[import(vec![row(1, "80"), row(2, "")])]);
    assert_eq!(next.rounds[0].imported, [row(1, "80"), row(2, "")]);
    assert_eq!(next.plan, meeting.plan, "the plan stays as it was");
    let Command::ImportComponents { rows, imported, .. } = &next.history[0].command else { panic!("another command") };
    assert_eq!((*rows, imported.len()), (2, 0), "the history keeps no value");
    assert!(!serde_json::to_string(&next.history).unwrap().contains("80"));
    assert_eq!(after(&next, &[import(vec![row(1, "80"), row(2, "")])]), next, "a repeat changes nothing");
}

#[test]
fn m20_nothing_is_imported_once_the_count_is_certified() {
    let mut meeting = combining();
    let walk = [
        PlainWish::OpenCheckin.into(),
        PlainWish::Begin.into(),
        arm(1),
        PlainWish::GoTo { step: 4 }.into(),
        PlainWish::Open { round: 1 }.into(),
        PlainWish::Close { round: 1 }.into(),
    ];
    for (command, value) in walk.iter().zip(70..) {
        meeting = meeting.apply(command, 0).unwrap();
        meeting = after(&meeting, &[import(vec![row(1, &value.to_string())])]);
    }
    meeting = after(&meeting, &[freeze(1), import(vec![row(1, "99")])]);
    let certified = after(&meeting, &[ask(1, CoSigned::Certificate), confirm(1, CoSigned::Certificate)]);
    assert_eq!(certified.apply(&import(vec![row(1, "60")]), 0), Err(Refusal::WrongRoundState));
    assert_eq!(after(&certified, &[import(vec![row(1, "99")])]), certified, "a repeat after it changes nothing");
    let void =
        after(&meeting, &[ask(1, void("x")), confirm(1, void("x")), Command::Plain(PlainWish::Repeat { round: 1 })]);
    assert_eq!(void.rounds[1].imported, [row(1, "99")], "the repeated round has those of the void one");
}

#[test]
fn m20_what_does_not_fit_is_refused_whole() {
    let meeting = combining();
    let adjusted = |text: &str| Imported { adjustment: text.to_owned(), ..row(1, "91") };
    let cases = [
        vec![],
        vec![row(9, "91")],
        vec![row(1, "91"), row(1, "92")],
        vec![row(1, "091")],
        vec![row(1, "91."), row(2, "90")],
        vec![row(1, "10000")],
        vec![Imported { components: vec![], ..row(1, "") }],
        vec![Imported { components: vec!["1".to_owned(); 2], ..row(1, "") }],
        vec![adjusted("+1")],
        vec![adjusted("--1")],
        vec![Imported { best_band: 1, ..row(1, "91") }],
    ];
    for rows in cases {
        assert_eq!(meeting.apply(&import(rows.clone()), 0), Err(Refusal::OutOfRange), "{rows:?}");
    }
    assert!(meeting.apply(&import(vec![adjusted("-1.25")]), 0).is_ok(), "the control");
    let plain = Meeting::new("abcd1234".to_owned(), small_plan());
    assert_eq!(plain.apply(&import(vec![row(1, "91")]), 0), Err(Refusal::OutOfRange));
    let other_round = Command::ImportComponents { round: 9, rows: 1, imported: vec![row(1, "91")] };
    assert_eq!(meeting.apply(&other_round, 0), Err(Refusal::UnknownRound));
}
