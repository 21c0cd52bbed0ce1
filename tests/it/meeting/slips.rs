//! Rule m21: when slips can be replaced, and what is left of it in the history.

use pingyi_rules::meeting::plan::Admission;
use pingyi_rules::meeting::slips::{PrintedBy, SLIP_SERIES_MAX};
use pingyi_rules::meeting::{Command, Meeting, Phase, Refusal};

use super::small_plan;

fn replace(group: &str, series: u32, slips: u32) -> Command {
    Command::ReplaceSlips { group: group.to_owned(), series, slips, by: PrintedBy::Chair }
}

fn meeting(phase: Phase) -> Meeting {
    Meeting { phase, ..Meeting::new("abcd1234".to_owned(), small_plan()) }
}

#[test]
fn m21_slips_are_replaced_from_the_draft_to_the_session() {
    for phase in [Phase::Draft, Phase::Checkin, Phase::InSession] {
        let next = meeting(phase).apply(&replace("A", 1, 6), 5).unwrap();
        assert_eq!(next.slip_series["A"], 1);
        assert_eq!(next.history.len(), 1);
        assert_eq!(next.history[0].command, replace("A", 1, 6));
        assert_eq!(next.apply(&replace("A", 1, 6), 9).unwrap(), next, "the same again leaves no line");
        let of_b = next.apply(&replace("B", 1, 2), 9).unwrap();
        assert_eq!((of_b.slip_series["A"], of_b.slip_series["B"]), (1, 1));
    }
    for phase in [Phase::Closed, Phase::Archived] {
        assert_eq!(meeting(phase).apply(&replace("A", 1, 6), 5), Err(Refusal::WrongPhase));
    }
    for admission in [Admission::Open, Admission::Roster] {
        let plan = pingyi_rules::meeting::Plan { admission, ..small_plan() };
        let meeting = Meeting::new("abcd1234".to_owned(), plan);
        assert_eq!(meeting.apply(&replace("A", 1, 6), 5), Err(Refusal::NoSlips));
    }
}

#[test]
fn m21_a_replacement_beyond_its_limits_is_refused() {
    let meeting = meeting(Phase::Checkin);
    for (group, series, slips) in [("A", 1, 0), ("A", 1, 7), ("A", 0, 6), ("C", 1, 6)] {
        assert_eq!(
            meeting.apply(&replace(group, series, slips), 5),
            Err(Refusal::OutOfRange),
            "{group} {series} {slips}"
        );
    }
    assert_eq!(meeting.apply(&replace("A", SLIP_SERIES_MAX + 1, 6), 5), Err(Refusal::LimitIsReached));
    assert!(meeting.apply(&replace("A", SLIP_SERIES_MAX, 6), 5).is_ok());
}
