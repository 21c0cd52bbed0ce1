//! Rule m23: which links of a meeting's roles open a session, and which sessions stay.

use pingyi_rules::meeting::links::LINKS_MAX;
use pingyi_rules::meeting::{Command, Link, LinkOccasion, LinkRole, Links, Meeting, Refusal};

use super::small_plan;

fn id(number: usize) -> String {
    format!("{number:010}")
}

fn link(number: usize, role: LinkRole, occasion: LinkOccasion) -> Link {
    Link { id: id(number), role, occasion, at_ms: Some(7), is_replaced: false }
}

fn give(link: Link) -> Command {
    Command::GiveLink { link }
}

fn withdraw(number: usize) -> Command {
    Command::WithdrawLink { link: id(number) }
}

fn made_with(links: Links) -> Meeting {
    Meeting { links, ..Meeting::new("abcd1234".to_owned(), small_plan()) }
}

/// A meeting with its chair's and its teller's link, 1 and 2.
fn meeting() -> Meeting {
    let links = [LinkRole::Chair, LinkRole::Teller].into_iter().zip(1..);
    let links = links.map(|(role, number)| Link { at_ms: None, ..link(number, role, LinkOccasion::Creation) });
    made_with(Links(Some(links.collect())))
}

/// Whether a link opens sessions, and whether those that it opened stay.
fn is(meeting: &Meeting, number: usize) -> (bool, bool) {
    (meeting.links.admit(&id(number)), meeting.links.keep(&id(number)))
}

const OPEN: (bool, bool) = (true, true);
const REPLACED: (bool, bool) = (false, true);
const GONE: (bool, bool) = (false, false);

#[test]
fn m23_one_of_a_start_replaces_those_of_earlier_starts_for_its_role() {
    let start = |number, role| give(link(number, role, LinkOccasion::Start));
    let asked = meeting().apply(&give(link(3, LinkRole::Chair, LinkOccasion::Request)), 5).unwrap();
    let first = asked.apply(&start(4, LinkRole::Chair), 5).unwrap();
    let first = first.apply(&start(5, LinkRole::Projector), 5).unwrap();
    assert_eq!([1, 2, 3, 4, 5].map(|number| is(&first, number)), [OPEN; 5]);
    let second = first.apply(&start(6, LinkRole::Chair), 9).unwrap();
    assert_eq!([1, 2, 3, 4, 5, 6].map(|number| is(&second, number)), [OPEN, OPEN, OPEN, REPLACED, OPEN, OPEN]);
    assert_eq!(is(&second, 7), GONE, "nobody's");
    assert_eq!(second.apply(&start(6, LinkRole::Chair), 11).unwrap(), second, "the same again leaves no line");
    assert_eq!(second.history.len(), 4);
}

#[test]
fn m23_what_is_withdrawn_opens_nothing_and_takes_its_sessions_with_it() {
    let without = meeting().apply(&withdraw(1), 5).unwrap();
    assert_eq!([1, 2].map(|number| is(&without, number)), [GONE, OPEN]);
    assert_eq!(without.history.last().unwrap().command, withdraw(1));
    assert_eq!(without.apply(&withdraw(1), 9).unwrap(), without, "once more changes nothing");
    assert_eq!(meeting().apply(&withdraw(3), 5), Err(Refusal::UnknownLink));
    let start = |number| give(link(number, LinkRole::Chair, LinkOccasion::Start));
    let replaced = meeting().apply(&start(4), 5).unwrap().apply(&start(5), 5).unwrap();
    assert_eq!(is(&replaced.apply(&withdraw(4), 5).unwrap(), 4), GONE, "also one that was replaced");
}

#[test]
fn m23_a_role_has_so_many_at_most_and_one_that_was_replaced_makes_room() {
    let asked = |number| give(link(number, LinkRole::Chair, LinkOccasion::Request));
    let start = |number| give(link(number, LinkRole::Chair, LinkOccasion::Start));
    let full = (3..=LINKS_MAX + 1).fold(meeting(), |meeting, number| meeting.apply(&asked(number), 5).unwrap());
    assert_eq!(full.apply(&asked(100), 5), Err(Refusal::TooManyLinks));
    assert!(full.apply(&give(link(100, LinkRole::Teller, LinkOccasion::Request)), 5).is_ok(), "another role has room");
    assert!(full.apply(&withdraw(3), 5).unwrap().apply(&asked(100), 5).is_ok());
    let mut started = meeting();
    for number in 100..100 + 3 * LINKS_MAX {
        started = started.apply(&start(number), 5).unwrap();
        assert_eq!([is(&started, 1), is(&started, number)], [OPEN; 2], "the first one stays, and the last one opens");
    }
    assert_eq!(started.links.0.unwrap().len(), LINKS_MAX + 1);
    let odd = Link { id: "short".to_owned(), ..link(0, LinkRole::Chair, LinkOccasion::Request) };
    assert_eq!(meeting().apply(&give(odd), 5), Err(Refusal::OutOfRange));
}

#[test]
fn m23_a_meeting_from_before_has_all_links_of_its_store_until_they_are_noted() {
    let earlier = made_with(Links::default());
    assert_eq!([1, 2].map(|number| is(&earlier, number)), [OPEN; 2]);
    let text = serde_json::to_string(&earlier).unwrap();
    assert!(!text.contains("links"), "its document is as it was");
    let links = meeting().links.0.unwrap();
    let noted = earlier.apply(&Command::NoteLinks { links: links.clone() }, 5).unwrap();
    assert_eq!([1, 2, 3].map(|number| is(&noted, number)), [OPEN, OPEN, GONE]);
    assert_eq!(noted.apply(&Command::NoteLinks { links: Vec::new() }, 9).unwrap(), noted);
    assert_eq!(noted.history.last().unwrap().command, Command::NoteLinks { links: Vec::new() });
}
