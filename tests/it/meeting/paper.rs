//! Rules a3 to a8 as the meeting keeps them: sheets handed out, entered twice, counted.

use pingyi::protocol::{Role, Turnout};
use pingyi::view::paper::of_now;
use pingyi_rules::form::SheetRules;
use pingyi_rules::form::sheet_rules::TopMax;
use pingyi_rules::meeting::paper::{EnteredBy, PaperCount, PaperMarks, SHEETS_ENTERED_MAX, TypedSheet};
use pingyi_rules::meeting::plan::{Step, StepKind};
use pingyi_rules::meeting::round::CLOSING_MS;
use pingyi_rules::meeting::{
    Accounting, CoSigned, Command, GroupAccount, Meeting, Next, PlainWish, Refusal, RoundState, Tally,
};
use pingyi_rules::scoring::{GroupCount, SubjectCount};

use super::{agreed, arm, ask, small_plan, void};
use EnteredBy::{Scrutineer, Teller};

fn done(meeting: &Meeting, command: &Command) -> Meeting {
    meeting.apply(command, 7_000).unwrap()
}

fn hand_out(group: &str, sheets: u32) -> Command {
    Command::IssuePaper { round: 1, group: group.to_owned(), sheets }
}

fn enter(group: &str, by: EnteredBy, count: &PaperCount) -> Command {
    Command::EnterPaper { round: 1, group: group.to_owned(), by, count: count.clone() }
}

fn row(marks: [u32; 2], abstained: u32, recused: u32) -> PaperMarks {
    PaperMarks { marks: marks.to_vec(), abstained, recused, ..PaperMarks::default() }
}

/// Three sheets, one of them invalid.
fn three() -> PaperCount {
    PaperCount { returned: 3, invalid: 1, rows: vec![row([1, 1], 0, 0), row([1, 0], 1, 0)] }
}

/// Four sheets came back on phones in each group; so many of paper were handed out to A.
fn closed_with(paper: u32) -> Meeting {
    let account = |group: &str, paper: u32| GroupAccount {
        group: group.to_owned(),
        entitled: 9,
        present: 5 + paper,
        issued: 5 + paper,
        returned: 4,
        valid: 4,
        paper_issued: paper,
        ..GroupAccount::default()
    };
    let count = GroupCount { marks: vec![3, 1], ..GroupCount::default() };
    let row = |subject| SubjectCount { subject, groups: vec![count.clone(), count.clone()] };
    let freeze = Command::Freeze {
        round: 1,
        accounting: Accounting { groups: vec![account("A", paper), account("B", 0)] },
        tally: Tally { rows: vec![row(1), row(2)] },
    };
    let start = Meeting::new("abcd1234".to_owned(), small_plan());
    let mut commands = vec![PlainWish::OpenCheckin.into(), PlainWish::Begin.into(), hand_out("A", paper), arm(1)];
    commands.extend([
        PlainWish::GoTo { step: 4 }.into(),
        PlainWish::Open { round: 1 }.into(),
        PlainWish::Close { round: 1 }.into(),
    ]);
    let closing = commands.iter().fold(start, |meeting, command| meeting.apply(command, 1_000).unwrap());
    closing.apply(&freeze, 1_000 + CLOSING_MS).unwrap()
}

#[test]
fn a4_sheets_are_handed_out_until_the_round_closes() {
    let draft = Meeting::new("abcd1234".to_owned(), small_plan());
    assert_eq!(draft.apply(&hand_out("A", 2), 0), Err(Refusal::WrongPhase));
    let checkin = done(&draft, &PlainWish::OpenCheckin.into());
    let handed = done(&checkin, &hand_out("A", 2));
    assert_eq!(handed.rounds[0].paper.issued["A"], 2);
    assert_eq!(done(&handed, &hand_out("A", 2)), handed, "a repeat");
    assert!(done(&handed, &hand_out("A", 0)).rounds[0].paper.issued.is_empty(), "all taken back");
    assert_eq!(handed.apply(&hand_out("A", 7), 0), Err(Refusal::TooMuchPaper), "6 are entitled");
    assert_eq!(handed.apply(&hand_out("X", 1), 0), Err(Refusal::OutOfRange));
    assert_eq!(closed_with(2).apply(&hand_out("A", 3), 0), Err(Refusal::WrongRoundState));
}

#[test]
fn a5_two_people_enter_and_differences_are_shown_to_both_only_when_both_have() {
    let closed = closed_with(3);
    let other = PaperCount { rows: vec![row([2, 0], 0, 0), row([1, 0], 1, 0)], ..three() };
    let first = done(&closed, &enter("A", Teller, &three()));
    let seen = |meeting: &Meeting, role| of_now(meeting, role, &[]).unwrap().groups[0].clone();
    let by_scrutineer = seen(&first, Role::Scrutineer);
    assert!(by_scrutineer.teller && !by_scrutineer.scrutineer && by_scrutineer.differences.is_empty());
    let text = serde_json::to_string(&of_now(&first, Role::Scrutineer, &[])).unwrap();
    assert!(!text.contains("marks"), "{text}");

    let second = done(&first, &enter("A", Scrutineer, &other));
    assert!(second.rounds[0].waits_for_paper());
    for role in [Role::Teller, Role::Scrutineer] {
        let lines = seen(&second, role).differences;
        let told: Vec<_> = lines.iter().map(|line| (line.subject, line.teller, line.scrutineer)).collect();
        assert_eq!(told, [(Some(1), 1, 2), (Some(1), 1, 0)]);
    }
    let chair = seen(&second, Role::Chair);
    assert_eq!((chair.differ, chair.differences.len()), (2, 0), "few sheets are not for the chair");

    let agreed = done(&second, &enter("A", Scrutineer, &three()));
    assert!(!agreed.rounds[0].waits_for_paper());
    assert_eq!(done(&agreed, &enter("A", Teller, &three())), agreed, "a repeat");
    assert_eq!(agreed.apply(&enter("A", Teller, &other), 0), Err(Refusal::WrongRoundState), "it is counted");
}

#[test]
fn a4_somebody_with_paper_and_a_phone_is_called_out() {
    let armed = [PlainWish::OpenCheckin.into(), PlainWish::Begin.into(), hand_out("A", 2), arm(1)];
    let start = Meeting::new("abcd1234".to_owned(), small_plan());
    let armed = armed.iter().fold(start, |meeting, command| done(&meeting, command));
    let told = |issued| {
        let heads = Turnout { group: "A".to_owned(), entitled: 6, present: 6, issued, returned: 0 };
        of_now(&armed, Role::Teller, &[heads]).unwrap().groups[0].exceeds
    };
    assert!(!told(6) && told(7));
    // The accounts do not close with it.
    let account = GroupAccount { entitled: 6, present: 6, issued: 7, paper_issued: 2, ..GroupAccount::default() };
    assert!(!account.closes() && GroupAccount { issued: 6, ..account }.closes());
}

#[test]
fn a5_paper_is_entered_while_the_meeting_goes_on() {
    let closed = closed_with(3);
    let further = Step { id: 6, kind: StepKind::Evaluation, subject: None, form: None };
    let on = done(&closed, &Command::AddStep { step: further, after: 4 });
    let on = done(&on, &PlainWish::GoTo { step: 6 }.into());
    assert_eq!(on.round_of_now().unwrap().number, 2);
    let seen = of_now(&on, Role::Teller, &[]).unwrap();
    assert_eq!((seen.round, seen.is_open), (1, true));
    let both = done(&done(&on, &enter("A", Teller, &three())), &enter("A", Scrutineer, &three()));
    let seen = of_now(&both, Role::Teller, &[]).unwrap();
    assert_eq!((seen.round, seen.is_open, seen.may_issue), (2, false, true));
}

#[test]
fn a6_the_certificate_waits_for_paper_and_then_has_it_in_every_figure() {
    let closed = closed_with(3);
    assert_eq!(closed.apply(&ask(1, CoSigned::Certificate), 0), Err(Refusal::PaperIsOpen));
    assert_eq!(closed.next(), None, "the button waits too");
    let one = done(&closed, &enter("A", Scrutineer, &three()));
    assert_eq!(one.apply(&ask(1, CoSigned::Certificate), 0), Err(Refusal::PaperIsOpen), "one entry is not two");
    let both = done(&one, &enter("A", Teller, &three()));
    assert_eq!(both.next(), Some(Next::Certify(1)));
    let round = &both.rounds[0];
    let account = &round.accounting.as_ref().unwrap().groups[0];
    let figures = (account.issued, account.returned, account.valid, account.invalid);
    assert_eq!(figures, (8, 7, 6, 1));
    assert_eq!((account.paper_issued, account.paper_returned, account.paper_invalid), (3, 3, 1));
    let rows = &round.tally.as_ref().unwrap().rows;
    assert_eq!((rows[0].groups[0].marks.clone(), rows[0].groups[0].abstained), (vec![4, 2], 0));
    assert_eq!((rows[1].groups[0].marks.clone(), rows[1].groups[0].abstained), (vec![4, 1], 1));
    assert_eq!(rows[0].groups[1].marks, [3, 1], "the other group");
    assert_eq!(agreed(&both, CoSigned::Certificate).rounds[0].state, RoundState::Certified);
    assert_eq!(closed_with(0).next(), Some(Next::Certify(1)), "without paper nothing waits");
}

#[test]
fn a3_more_paper_than_was_handed_out_makes_the_certificate_impossible() {
    // Four came back on paper of three, one less on phones than was issued: together the figures would close.
    let four = PaperCount { returned: 4, invalid: 0, rows: vec![row([4, 0], 0, 0), row([4, 0], 0, 0)] };
    let closed = closed_with(3);
    let both = done(&done(&closed, &enter("A", Teller, &four)), &enter("A", Scrutineer, &four));
    let account = &both.rounds[0].accounting.as_ref().unwrap().groups[0];
    assert!(account.issued >= account.returned && !account.closes());
    assert_eq!(both.apply(&ask(1, CoSigned::Certificate), 0), Err(Refusal::AccountsDoNotClose));
    let void_round = agreed(&both, void("纸质票多一张"));
    assert_eq!(void_round.rounds[0].state, RoundState::Void);
    // Paper of a group that was handed none is no less wrong.
    let stray = done(&done(&closed_with(0), &enter("B", Teller, &three())), &enter("B", Scrutineer, &three()));
    assert_eq!(stray.apply(&ask(1, CoSigned::Certificate), 0), Err(Refusal::AccountsDoNotClose));
}

#[test]
fn a7_no_mark_stays_in_the_history_and_one_sum_of_two_entries() {
    let both = done(&done(&closed_with(3), &enter("A", Teller, &three())), &enter("A", Scrutineer, &three()));
    let round = &both.rounds[0];
    assert!(round.paper.entries.is_empty() && round.paper.counted.as_ref().unwrap()["A"] == three());
    let last: Vec<_> = both.history.iter().rev().take(2).map(|entry| (entry.at_ms, entry.command.clone())).collect();
    let empty = PaperCount::default();
    assert_eq!(last, [(7_000, enter("A", Scrutineer, &empty)), (7_000, enter("A", Teller, &empty))]);
    let void_round = agreed(&done(&closed_with(3), &enter("A", Teller, &three())), void("x"));
    assert!(void_round.rounds[0].paper.entries.is_empty());
}

#[test]
fn a8_figures_that_cannot_be_are_refused_and_nothing_is_lost() {
    let closed = done(&closed_with(3), &enter("A", Teller, &three()));
    let with = |change: &dyn Fn(&mut PaperCount)| {
        let mut count = three();
        change(&mut count);
        closed.apply(&enter("A", Scrutineer, &count), 0).map(|_| ())
    };
    assert_eq!(with(&|_| {}), Ok(()));
    assert_eq!(with(&|count| count.invalid = 4), Err(Refusal::PaperDoesNotAddUp));
    assert_eq!(with(&|count| count.rows[1].abstained = 0), Err(Refusal::PaperDoesNotAddUp));
    assert_eq!(with(&|count| count.rows[1].marks = vec![u32::MAX, u32::MAX]), Err(Refusal::PaperDoesNotAddUp));
    assert_eq!(with(&|count| count.returned = 20_001), Err(Refusal::OutOfRange));
    assert_eq!(with(&|count| drop(count.rows.pop())), Err(Refusal::OutOfRange));
    assert_eq!(with(&|count| count.rows[0].marks.push(0)), Err(Refusal::OutOfRange));
    let recused = |count: &mut PaperCount| (count.rows[1].abstained, count.rows[1].recused) = (0, 1);
    assert_eq!(with(&recused), Err(Refusal::PaperRecusal), "nobody of A leads a branch");
    let mut of_leader = three();
    recused(&mut of_leader);
    assert!(closed.apply(&enter("B", Scrutineer, &of_leader), 0).is_ok(), "leaders are in B");
    let twice = PaperCount { returned: 2, invalid: 0, rows: vec![row([2, 0], 0, 0), row([0, 0], 0, 2)] };
    assert_eq!(closed.apply(&enter("B", Teller, &twice), 0).map(|_| ()), Err(Refusal::PaperRecusal));
    assert!(closed.rounds[0].paper.entries["A"].teller.is_some());
}

#[test]
fn a8_typed_sheets_are_held_to_the_sheet_rules() {
    let mut plan = small_plan();
    let sum = |plan: &_, sheets: &[TypedSheet]| PaperCount::of_sheets(plan, &[1, 2], sheets);
    let typed = [Some(vec![0, 0]), Some(vec![1, 2]), None];
    assert_eq!(sum(&plan, &typed), Ok(three()));
    assert_eq!(sum(&plan, &[Some(vec![0, 3])]).map(|count| count.rows[1].recused), Ok(1));
    assert_eq!(sum(&plan, &[Some(vec![3, 3])]), Err(Refusal::PaperRecusal), "one sheet leaves out two branches");
    assert_eq!(sum(&plan, &[Some(vec![0, 4])]), Err(Refusal::OutOfRange));
    assert_eq!(sum(&plan, &[Some(vec![0])]), Err(Refusal::OutOfRange));
    assert_eq!(sum(&plan, &vec![None; SHEETS_ENTERED_MAX + 1]), Err(Refusal::LimitIsReached));
    plan.sheet_rules = SheetRules { all_rows: true, top_max: Some(TopMax::Count(1)), ..SheetRules::default() };
    assert_eq!(sum(&plan, &[Some(vec![0, 0])]), Err(Refusal::PaperSheetBreaksRule));
    assert_eq!(sum(&plan, &[Some(vec![0, 2])]), Err(Refusal::PaperSheetBreaksRule), "a blank row");
    assert!(sum(&plan, &[Some(vec![0, 3]), Some(vec![0, 1]), None]).is_ok(), "the own branch is not blank");
}
