//! The rules of a meeting: examples, the whole table of states and commands, and random walks.

mod forms;
mod heads;
mod imported;
mod links;
mod paper;
mod permission;
mod request;
mod slips;
mod table;
mod walks;

use pingyi_rules::form::SheetRules;
use pingyi_rules::form::{Live, Mark, MarkKind, OwnBranch};
use pingyi_rules::meeting::accounting::{Accounting, GroupAccount};
use pingyi_rules::meeting::plan::{Admission, Group, Plan, Publication, Report, Step, StepKind, Subject};
use pingyi_rules::meeting::round::{CLOSING_MS, LEFT_OUT_MAX, LeftOutServer, SmallGroups, UNDO_MS};
use pingyi_rules::meeting::{CoSigned, Command, Meeting, Next, Phase, PlainWish, Refusal, RoundState, Tally};
use pingyi_rules::scoring;

/// Two subjects, two groups, one evaluation at the end.
pub fn small_plan() -> Plan {
    let step = |id, kind, subject| Step { id, kind, subject, form: None };
    let mark = |id: &str, points_hundredths| Mark {
        id: id.to_owned(),
        label: id.to_owned(),
        label_en: id.to_owned(),
        kind: MarkKind::Grade,
        points_hundredths,
    };
    let group = |id: &str, weight_bp, leaders| Group {
        id: id.to_owned(),
        name: id.to_owned(),
        weight_bp,
        entitled: 6,
        leaders,
    };
    let subject = |id| Subject {
        id,
        branch: format!("第{id}支部"),
        secretary: format!("书记{id}"),
        report: Report::Onsite,
        minutes: 5,
        text: String::new(),
    };
    Plan {
        title: "述职评议会".to_owned(),
        host: "研究院".to_owned(),
        admission: Admission::Slips,
        groups: vec![group("A", 6_000, 0), group("B", 4_000, 2)],
        numeric: None,
        items: Vec::new(),
        forms: Vec::new(),
        scale: vec![mark("hao", 10_000), mark("cha", 4_000)],
        subjects: vec![subject(1), subject(2)],
        agenda: vec![
            step(1, StepKind::Opening, None),
            step(2, StepKind::Report, Some(1)),
            step(3, StepKind::Report, Some(2)),
            step(4, StepKind::Evaluation, None),
            step(5, StepKind::Close, None),
        ],
        sheet_rules: SheetRules::default(),
        own_branch: OwnBranch::Recused,
        scoring: scoring::Rules::default(),
        live: Live::Turnout,
        pool_k: 5,
        k_min: 5,
        turnout: scoring::TurnoutRule::None,
        publication: Publication::HallScores,
        opinions: false,
        opinions_min: 10,
        imported: Vec::new(),
    }
}

pub fn closed_accounts() -> Accounting {
    let group = |id: &str| GroupAccount {
        group: id.to_owned(),
        entitled: 6,
        present: 6,
        issued: 6,
        returned: 5,
        valid: 5,
        ..GroupAccount::default()
    };
    Accounting { groups: vec![group("A"), group("B")] }
}

pub fn arm(round: u32) -> Command {
    Command::Arm {
        round,
        manifest_hash: "ab".repeat(32),
        fingerprint: "0000-1111-2222-3333-4444-5555".to_owned(),
        promise: None,
        accounting: closed_accounts(),
        small_groups: SmallGroups::Refuse,
        merged: Vec::new(),
    }
}

pub fn freeze(round: u32) -> Command {
    Command::Freeze { round, accounting: closed_accounts(), tally: Tally::default() }
}

pub fn close_without(round: u32) -> Command {
    let server = LeftOutServer { server: "server-b".to_owned(), name: "hall 2".to_owned(), sheets: 7 };
    Command::CloseWithout { round, servers: vec![server] }
}

fn after(commands: &[Command]) -> Meeting {
    let start = Meeting::new("abcd1234".to_owned(), small_plan());
    commands.iter().fold(start, |meeting, command| meeting.apply(command, 1_000).unwrap())
}

fn in_evaluation() -> Meeting {
    after(&[PlainWish::OpenCheckin.into(), PlainWish::Begin.into(), arm(1), PlainWish::GoTo { step: 4 }.into()])
}

/// The chair asks and the scrutineer confirms.
pub fn agreed(meeting: &Meeting, asked: CoSigned) -> Meeting {
    let number = meeting.round(1).unwrap().next_request();
    let waiting = meeting.apply(&ask(number, asked.clone()), 0).unwrap();
    waiting.apply(&confirm(number, asked), 0).unwrap()
}

pub fn ask(number: u32, asked: CoSigned) -> Command {
    Command::Plain(PlainWish::Ask { round: 1, number, asked })
}

pub fn confirm(number: u32, asked: CoSigned) -> Command {
    Command::Confirm { round: 1, number, asked, record: None }
}

pub fn void(reason: &str) -> CoSigned {
    CoSigned::Void { reason: reason.to_owned() }
}

fn state(meeting: &Meeting) -> RoundState {
    meeting.round(1).unwrap().state
}

#[test]
fn m2_phases_go_forward_only() {
    let draft = after(&[]);
    assert_eq!(draft.apply(&PlainWish::Begin.into(), 0), Err(Refusal::WrongPhase));
    assert_eq!(draft.apply(&PlainWish::Archive.into(), 0), Err(Refusal::WrongPhase));
    let closed = after(&[PlainWish::OpenCheckin.into(), PlainWish::Begin.into(), PlainWish::CloseMeeting.into()]);
    assert_eq!(closed.phase, Phase::Closed);
    assert_eq!(closed.apply(&PlainWish::OpenCheckin.into(), 0), Err(Refusal::WrongPhase));
    assert_eq!(closed.apply(&PlainWish::Begin.into(), 0), Err(Refusal::WrongPhase));
    let archived = closed.apply(&PlainWish::Archive.into(), 0).unwrap();
    assert_eq!(archived.apply(&PlainWish::CloseMeeting.into(), 0), Err(Refusal::WrongPhase));
}

#[test]
fn m4_leaving_a_step_makes_it_done_but_not_while_a_round_takes_casts() {
    let meeting = after(&[PlainWish::OpenCheckin.into(), PlainWish::Begin.into(), PlainWish::GoTo { step: 3 }.into()]);
    assert_eq!((meeting.current, meeting.done.as_slice()), (Some(3), [1].as_slice()));
    let open = in_evaluation().apply(&PlainWish::Open { round: 1 }.into(), 0).unwrap();
    assert_eq!(open.apply(&PlainWish::GoTo { step: 5 }.into(), 0), Err(Refusal::RoundIsRunning));
    assert_eq!(open.apply(&PlainWish::CloseMeeting.into(), 0), Err(Refusal::RoundIsRunning));
}

#[test]
fn m4_an_evaluation_opens_in_its_own_step_only() {
    let meeting = after(&[PlainWish::OpenCheckin.into(), PlainWish::Begin.into(), arm(1)]);
    assert_eq!(meeting.apply(&PlainWish::Open { round: 1 }.into(), 0), Err(Refusal::StepIsNotCurrent));
}

#[test]
fn m5_a_timer_counts_what_was_used_over_pauses() {
    let meeting = after(&[PlainWish::OpenCheckin.into(), PlainWish::Begin.into(), PlainWish::GoTo { step: 2 }.into()]);
    let at = |meeting: &Meeting, command: Command, now_ms| meeting.apply(&command, now_ms).unwrap();
    let meeting = at(&meeting, PlainWish::StartTimer { step: 2 }.into(), 10_000);
    let meeting = at(&meeting, PlainWish::PauseTimer { step: 2 }.into(), 70_000);
    let meeting = at(&meeting, PlainWish::StartTimer { step: 2 }.into(), 100_000);
    assert_eq!(meeting.timer.as_ref().unwrap().used_at(130_000), 90_000);
    let meeting = at(&meeting, PlainWish::ExtendTimer { step: 2, limit_s: 360 }.into(), 130_000);
    assert_eq!(meeting.timer.as_ref().unwrap().limit_s, 360);
    assert_eq!(meeting.apply(&PlainWish::StartTimer { step: 3 }.into(), 0), Err(Refusal::StepIsNotCurrent));
    let opening = after(&[PlainWish::OpenCheckin.into(), PlainWish::Begin.into()]);
    assert_eq!(opening.apply(&PlainWish::StartTimer { step: 1 }.into(), 0), Err(Refusal::StepHasNoTimer));
}

#[test]
fn m6_what_is_over_or_armed_keeps_its_place() {
    let meeting =
        after(&[PlainWish::OpenCheckin.into(), PlainWish::Begin.into(), arm(1), PlainWish::GoTo { step: 2 }.into()]);
    let order = |steps: [u32; 5]| Command::Plain(PlainWish::Reorder { steps: steps.to_vec() });
    assert_eq!(meeting.apply(&order([2, 1, 3, 4, 5]), 0), Err(Refusal::StepIsFixed));
    assert_eq!(meeting.apply(&order([1, 2, 4, 3, 5]), 0), Err(Refusal::StepIsFixed));
    assert_eq!(meeting.apply(&order([1, 2, 3, 4, 4]), 0), Err(Refusal::OrderIsIncomplete));
    let swapped = meeting.apply(&order([1, 2, 5, 4, 3]), 0).unwrap();
    assert_eq!(swapped.plan.agenda[2].id, 5);
    assert_eq!(meeting.apply(&PlainWish::RemoveStep { step: 4 }.into(), 0), Err(Refusal::StepIsFixed));
    assert!(meeting.apply(&PlainWish::RemoveStep { step: 3 }.into(), 0).unwrap().plan.step(3).is_none());
    let pause = Step { id: 6, kind: StepKind::Break, subject: None, form: None };
    let with_break = meeting.apply(&Command::AddStep { step: pause.clone(), after: 3 }, 0).unwrap();
    assert_eq!(with_break.plan.agenda[3], pause);
    assert_eq!(meeting.apply(&Command::AddStep { step: pause, after: 1 }, 0), Err(Refusal::StepIsFixed));
}

#[test]
fn m7_the_primary_button_leads_through_the_whole_meeting() {
    let mut meeting = after(&[]);
    let mut pressed = Vec::new();
    let mut now_ms = 0;
    while let Some(next) = meeting.next().or((meeting.phase != Phase::Archived).then_some(Next::Close(0))) {
        now_ms += CLOSING_MS;
        // What the chair asked for waits for the scrutineer, and nothing else is proposed meanwhile.
        if let Some(request) = meeting.rounds[0].waiting_request() {
            let command = confirm(request.number, request.asked.clone());
            pressed.push(format!("    the scrutineer confirms {:?}", request.asked));
            meeting = meeting.apply(&command, now_ms).unwrap();
            continue;
        }
        let command = command_of(next);
        if command != freeze(1) {
            pressed.push(format!("{next:?}"));
        }
        meeting = meeting.apply(&command, now_ms).unwrap();
    }
    insta::assert_snapshot!(pressed.join("\n"));
}

/// What pressing the button does; `Close(0)` stands for the server's own freeze.
fn command_of(next: Next) -> Command {
    match next {
        Next::OpenCheckin => PlainWish::OpenCheckin.into(),
        Next::Begin => PlainWish::Begin.into(),
        Next::GoTo(step) => PlainWish::GoTo { step }.into(),
        Next::StartTimer(step) => PlainWish::StartTimer { step }.into(),
        Next::Arm(round) => arm(round),
        Next::Open(round) => PlainWish::Open { round }.into(),
        Next::Close(0) => freeze(1),
        Next::Close(round) => PlainWish::Close { round }.into(),
        Next::Certify(_) => ask(1, CoSigned::Certificate),
        Next::Publish(_) => ask(2, CoSigned::Publication { publication: Publication::HallScores }),
        Next::Repeat(round) => PlainWish::Repeat { round }.into(),
        Next::CloseMeeting => PlainWish::CloseMeeting.into(),
        Next::Archive => PlainWish::Archive.into(),
    }
}

#[test]
fn m8_a_close_lasts_ten_seconds_and_is_taken_back_within_three() {
    let open = in_evaluation().apply(&PlainWish::Open { round: 1 }.into(), 0).unwrap();
    let closing = open.apply(&PlainWish::Close { round: 1 }.into(), 5_000).unwrap();
    assert!(state(&closing).takes_casts());
    assert_eq!(closing.apply(&freeze(1), 5_000 + CLOSING_MS - 1), Err(Refusal::ClosingIsNotOver));
    let taken_back = closing.apply(&PlainWish::UndoClose { round: 1 }.into(), 5_000 + UNDO_MS).unwrap();
    assert_eq!(state(&taken_back), RoundState::Open);
    assert_eq!(closing.apply(&PlainWish::UndoClose { round: 1 }.into(), 5_001 + UNDO_MS), Err(Refusal::UndoIsTooLate));
    let closed = closing.apply(&freeze(1), 5_000 + CLOSING_MS).unwrap();
    assert_eq!(state(&closed), RoundState::Closed);
    assert_eq!(closed.apply(&PlainWish::Open { round: 1 }.into(), 0), Err(Refusal::WrongRoundState));
}

#[test]
fn m12_a_count_does_without_servers_only_after_closing() {
    let open = in_evaluation().apply(&PlainWish::Open { round: 1 }.into(), 0).unwrap();
    assert_eq!(open.apply(&close_without(1), CLOSING_MS), Err(Refusal::WrongRoundState));
    let closing = open.apply(&PlainWish::Close { round: 1 }.into(), 0).unwrap();
    assert_eq!(closing.apply(&close_without(1), CLOSING_MS - 1), Err(Refusal::ClosingIsNotOver));
    let without = closing.apply(&close_without(1), CLOSING_MS).unwrap();
    assert!(state(&without).takes_casts(), "it is not counted by that alone");
    assert_eq!(without.apply(&close_without(1), CLOSING_MS), Ok(without.clone()));
    let closed = without.apply(&freeze(1), CLOSING_MS).unwrap();
    let left_out = &closed.round(1).unwrap().closed_without;
    assert_eq!(left_out.iter().map(|left| (left.name.as_str(), left.sheets)).collect::<Vec<_>>(), [("hall 2", 7)]);
    assert_eq!(closed.apply(&close_without(1), CLOSING_MS), Ok(closed.clone()));
    let nobody = Command::CloseWithout { round: 1, servers: Vec::new() };
    assert_eq!(closing.apply(&nobody, CLOSING_MS), Err(Refusal::OutOfRange));
    let server = |number| LeftOutServer { server: format!("server-{number}"), name: String::new(), sheets: 0 };
    let too_many = Command::CloseWithout { round: 1, servers: (0..=LEFT_OUT_MAX).map(server).collect() };
    assert_eq!(closing.apply(&too_many, CLOSING_MS), Err(Refusal::LimitIsReached));
}

#[test]
fn m9_a_void_round_stays_and_is_repeated_once() {
    let void_round = agreed(&in_evaluation(), void("票数不符"));
    let again = void_round.apply(&PlainWish::Repeat { round: 1 }.into(), 0).unwrap();
    assert_eq!(again.rounds.len(), 2);
    assert_eq!(again.round(1).unwrap().void_reason.as_deref(), Some("票数不符"));
    assert_eq!(again.round(2).unwrap().state, RoundState::Draft);
    assert_eq!(again.apply(&PlainWish::Repeat { round: 1 }.into(), 0), Ok(again.clone()));
    let empty = Command::Plain(PlainWish::Ask { round: 2, number: 1, asked: void("") });
    assert_eq!(again.apply(&empty, 0), Err(Refusal::OutOfRange));
}

#[test]
fn m10_what_was_armed_is_never_armed_otherwise() {
    let armed = after(&[PlainWish::OpenCheckin.into(), PlainWish::Begin.into(), arm(1)]);
    let Command::Arm { round, accounting, .. } = arm(1) else { unreachable!() };
    let other = Command::Arm {
        round,
        manifest_hash: "cd".repeat(32),
        fingerprint: "9999".to_owned(),
        promise: None,
        accounting,
        small_groups: SmallGroups::Merge,
        merged: vec![vec!["A".to_owned(), "B".to_owned()]],
    };
    assert_eq!(armed.apply(&other, 0).unwrap(), armed);
}

#[test]
fn a1_accounts_that_do_not_close_are_not_certified() {
    let mut accounting = closed_accounts();
    assert!(accounting.closes());
    accounting.groups[1].returned = 7;
    accounting.groups[1].valid = 7;
    assert!(!accounting.closes());
    let meeting = in_evaluation().apply(&PlainWish::Open { round: 1 }.into(), 0).unwrap();
    let meeting = meeting.apply(&PlainWish::Close { round: 1 }.into(), 0).unwrap();
    let freeze = Command::Freeze { round: 1, accounting, tally: Tally::default() };
    let meeting = meeting.apply(&freeze, CLOSING_MS).unwrap();
    assert_eq!(meeting.apply(&ask(1, CoSigned::Certificate), 0), Err(Refusal::AccountsDoNotClose));
}
