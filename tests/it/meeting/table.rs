//! The whole table of states and commands, as one file that a person can read: tests/it/meeting/snapshots.

use std::fmt::Write as _;

use pingyi_rules::meeting::plan::{Publication, Step, StepKind};
use pingyi_rules::meeting::round::CLOSING_MS;
use pingyi_rules::meeting::{CoSigned, Command, Meeting, PlainWish, Scene};

use super::{agreed, arm, ask, close_without, confirm, freeze, small_plan, void};

/// Every state that a meeting with one round can be in, by name, with a way there.
fn states() -> Vec<(&'static str, Meeting)> {
    let next = |meeting: &Meeting, command: &Command| meeting.apply(command, 0).unwrap();
    let draft = Meeting::new("abcd1234".to_owned(), small_plan());
    let checkin = next(&draft, &PlainWish::OpenCheckin.into());
    let session = next(&checkin, &PlainWish::Begin.into());
    let armed = next(&session, &arm(1));
    let report = next(&armed, &PlainWish::GoTo { step: 2 }.into());
    let evaluation = next(&report, &PlainWish::GoTo { step: 4 }.into());
    let open = next(&evaluation, &PlainWish::Open { round: 1 }.into());
    let closing = next(&open, &PlainWish::Close { round: 1 }.into());
    let counted = closing.apply(&freeze(1), CLOSING_MS).unwrap();
    let asked = next(&counted, &ask(1, CoSigned::Certificate));
    let declined = next(&asked, &PlainWish::Decline { round: 1, number: 1, asked: CoSigned::Certificate }.into());
    let certified = agreed(&counted, CoSigned::Certificate);
    let published = agreed(&certified, CoSigned::Publication { publication: Publication::HallScores });
    let void = agreed(&counted, void("x"));
    let closed = next(&published, &PlainWish::CloseMeeting.into());
    let archived = next(&closed, &PlainWish::Archive.into());
    vec![
        ("draft", draft),
        ("checkin", checkin),
        ("opening", session),
        ("opening, armed", armed),
        ("report, armed", report),
        ("evaluation, armed", evaluation),
        ("evaluation, open", open),
        ("evaluation, closing", closing),
        ("evaluation, closed", counted),
        ("evaluation, closed, certificate asked for", asked),
        ("evaluation, closed, certificate declined", declined),
        ("evaluation, certified", certified),
        ("evaluation, published", published),
        ("evaluation, void", void),
        ("closed", closed),
        ("archived", archived),
    ]
}

fn commands() -> Vec<Command> {
    vec![
        PlainWish::OpenCheckin.into(),
        PlainWish::Begin.into(),
        PlainWish::GoTo { step: 3 }.into(),
        PlainWish::GoTo { step: 99 }.into(),
        PlainWish::StartTimer { step: 2 }.into(),
        PlainWish::PauseTimer { step: 2 }.into(),
        PlainWish::ExtendTimer { step: 2, limit_s: 600 }.into(),
        PlainWish::ExtendTimer { step: 2, limit_s: 0 }.into(),
        arm(1),
        arm(9),
        PlainWish::Open { round: 1 }.into(),
        PlainWish::Close { round: 1 }.into(),
        PlainWish::UndoClose { round: 1 }.into(),
        close_without(1),
        freeze(1),
        Command::Certify { round: 1 },
        Command::Publish { round: 1, publication: Publication::Chair, record: None },
        Command::Void { round: 1, reason: "票数不符".to_owned() },
        ask(1, CoSigned::Certificate),
        ask(2, CoSigned::Certificate),
        ask(2, CoSigned::Publication { publication: Publication::Chair }),
        ask(3, CoSigned::Publication { publication: Publication::Chair }),
        ask(1, void("票数不符")),
        ask(2, void("票数不符")),
        confirm(1, CoSigned::Certificate),
        confirm(1, void("票数不符")),
        confirm(2, CoSigned::Certificate),
        PlainWish::Decline { round: 1, number: 1, asked: CoSigned::Certificate }.into(),
        PlainWish::Withdraw { round: 1, number: 1, asked: CoSigned::Certificate }.into(),
        PlainWish::Repeat { round: 1 }.into(),
        Command::IssuePaper { round: 1, group: "A".to_owned(), sheets: 2 },
        PlainWish::Reorder { steps: vec![1, 2, 3, 4, 5] }.into(),
        PlainWish::Reorder { steps: vec![5, 4, 3, 2, 1] }.into(),
        Command::AddStep { step: Step { id: 6, kind: StepKind::Break, subject: None, form: None }, after: 5 },
        PlainWish::RemoveStep { step: 5 }.into(),
        PlainWish::SetAbsent { subject: 2, absent: true }.into(),
        PlainWish::SetAbsent { subject: 9, absent: true }.into(),
        PlainWish::SetScene { scene: Scene::Black }.into(),
        PlainWish::CloseMeeting.into(),
        PlainWish::Archive.into(),
    ]
}

fn name(command: &Command) -> String {
    let value = serde_json::to_value(command).unwrap();
    let fields = ["step", "round", "subject", "limit_s", "publication", "number", "asked"];
    let shown = fields.iter().filter_map(|field| value.get(field)).map(|value| {
        let name = value.get("id").or_else(|| value.get("what"));
        name.unwrap_or(value).to_string()
    });
    format!("{} {}", value["do"].as_str().unwrap(), shown.collect::<Vec<_>>().join(" "))
}

#[test]
fn m3_the_whole_table_of_states_and_commands() {
    let mut table = String::new();
    for (state, meeting) in states() {
        writeln!(table, "{state}").unwrap();
        for command in commands() {
            let outcome = match meeting.apply(&command, CLOSING_MS) {
                Ok(next) if next == meeting => "nothing changes".to_owned(),
                Ok(_) => "done".to_owned(),
                Err(refusal) => format!("no: {refusal:?}"),
            };
            writeln!(table, "    {:<28}{outcome}", name(&command)).unwrap();
        }
    }
    insta::assert_snapshot!(table);
}

#[test]
fn m1_a_command_that_was_carried_out_changes_nothing_when_repeated() {
    for (state, meeting) in states() {
        for command in commands() {
            let Ok(once) = meeting.apply(&command, CLOSING_MS) else { continue };
            let twice = once.apply(&command, CLOSING_MS + 1);
            // Freezing again is refused only where something else was done in between.
            assert_eq!(twice.as_ref(), Ok(&once), "{state}: {}", name(&command));
        }
    }
}

#[test]
fn m11_every_change_leaves_one_line_with_its_time() {
    for (_, meeting) in states() {
        for command in commands() {
            let Ok(next) = meeting.apply(&command, 42_000) else { continue };
            let expected = meeting.history.len() + usize::from(next != meeting);
            assert_eq!(next.history.len(), expected);
            if next != meeting {
                assert_eq!(next.history.last().map(|entry| (entry.at_ms, &entry.command)), Some((42_000, &command)));
            }
        }
    }
}
