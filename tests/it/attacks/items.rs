//! Rounds whose rows have several items tell of too few no more than others do: where a random meeting marks both of two items
//! as it marked its rows, the same kinds of figures are told, and none beside them (rule s53).

use pingyi::export::tables::Cell;
use pingyi::export::words::Language;
use pingyi::view;
use pingyi_rules::form::{Item, Live};
use pingyi_rules::meeting::Meeting;
use pingyi_rules::meeting::plan::Publication;
use pingyi_rules::meeting::round::SmallGroups;
use proptest::prelude::*;

use super::algebra::{Told, counted};
use super::exported::{and, by_explanation, meetings, over, place};
use crate::export::Shown;

/// The same meeting with two items that are marked alike.
fn itemised(mut meeting: Meeting) -> Meeting {
    let item = |label: &str| Item { label: label.to_owned(), label_en: String::new(), not_for: Vec::new() };
    meeting.plan.items = vec![item("履职"), item("作风")];
    meeting.plan.scoring.item_weights_bp = vec![7_000, 3_000];
    meeting.plan.live = Live::Turnout;
    let rows = meeting.rounds[0].tally.iter_mut().flat_map(|tally| &mut tally.rows);
    for count in rows.flat_map(|row| &mut row.groups) {
        for (place, ballots) in
            std::mem::take(&mut count.marks).into_iter().enumerate().filter(|(_, ballots)| *ballots > 0)
        {
            count.put(&format!("{place}.{place}"), ballots);
        }
    }
    meeting
}

/// The result with everything that an item is told by, as text.
fn texts(meeting: &Meeting) -> (Option<pingyi::protocol::ResultView>, String) {
    let told = view::result::all_for_chair(meeting).pop();
    let explained = view::explained::explained(meeting, &meeting.rounds[0]);
    (told, format!("{explained:?}"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn s53_items_are_told_where_counts_are(round in counted()) {
        let (plain, items) = (round.meeting(), itemised(round.meeting()));
        let ((one, _), (other, explained)) = (texts(&plain), texts(&items));
        let (Some(one), Some(other)) = (one, other) else {
            prop_assert!(!explained.contains("Item"));
            return Ok(());
        };
        prop_assert_eq!(&one.groups, &other.groups);
        for (row, with_items) in one.rows.iter().zip(&other.rows) {
            let told = |result| Told::of(row.subject, round.weights.len(), Some(result), None);
            let (told_plain, told_items) = (told(&one), told(&other));
            prop_assert_eq!(with_items.items.is_some(), row.marks.is_some(), "an item's counts are counts over all groups");
            prop_assert_eq!(told_items.score, told_plain.score);
            prop_assert_eq!(&told_items.groups, &told_plain.groups);
            prop_assert_eq!((&row.score, &row.rank, &row.top_rate_percent), (&with_items.score, &with_items.rank, &with_items.top_rate_percent));
            prop_assert!(with_items.marks.is_none() && with_items.percents.is_none());
            for (item, marks) in with_items.items.iter().flatten().zip(row.marks.iter().cycle()) {
                prop_assert_eq!((&item.marks, item.open), (marks, 0));
            }
            // A group's items are told where its counts are: both were marked as the row was.
            let groups = with_items.groups.iter().flatten().flatten();
            for (group, plain) in groups.zip(row.groups.iter().flatten().flatten()) {
                prop_assert!(group.marks.is_empty() && group.items.len() == 2);
                for item in &group.items {
                    prop_assert_eq!((&item.marks, item.open), (&plain.marks, 0));
                }
            }
        }
    }

    #[test]
    fn s53_no_file_tells_of_too_few_by_item(round in counted()) {
        let meeting = itemised(over(&round));
        let explained = view::explained::explained(&meeting, &meeting.rounds[0]);
        for (at, row) in round.rows.iter().enumerate() {
            let (subject, groups) = (u16::try_from(at).unwrap() + 1, round.weights.len());
            let prints = view::prints::prints(&meeting, view::prints::PrintInputs::default());
            let results = prints.results.iter().map(|result| Told::of(subject, groups, Some(result), None));
            let printed = results.fold(by_explanation(explained.as_ref(), subject, groups), and);
            let told = and(printed, by_group_tables(&meeting, subject));
            let leak = row.leaks(&round.weights, &told, round.k_min);
            prop_assert!(leak.is_none(), "{leak:?} of {row:?} by {told:?}");
        }
    }

    #[test]
    fn s55_the_hall_gets_no_items_of_groups(round in counted()) {
        let Some(hall) = view::result::for_hall(&itemised(round.meeting())) else { return Ok(()) };
        for row in &hall.rows {
            prop_assert!(row.groups.iter().flatten().flatten().all(|group| group.items.is_empty()));
            // Whoever sees the means of items sees the score, or knows why there is none.
            prop_assert!(row.items.is_none() || hall.publication == Publication::HallScores);
        }
    }
}

/// The groups whose tables say anything of a subject, by item or else.
fn by_group_tables(meeting: &Meeting, subject: u16) -> Told {
    if view::result::all_for_chair(meeting).is_empty() {
        return Told::default();
    }
    let shown = Shown::of(meeting);
    let table = shown.source(Language::En).all_groups();
    let of =
        |row: &&Vec<Cell>| row[1] == Cell::Count(subject.into()) && row[4..].iter().any(|cell| *cell != Cell::Hidden);
    Told { groups: table.rows.iter().filter(of).map(|row| place(&row[0].shown())).collect(), ..Told::default() }
}

#[test]
fn s53_the_same_algebra_finds_items_of_groups_that_leak() {
    let mut found = 0;
    for round in meetings(500) {
        let mut open = itemised(over(&round));
        (open.plan.k_min, open.rounds[0].small_groups) = (1, SmallGroups::Refuse);
        let explained = view::explained::explained(&open, &open.rounds[0]);
        for (at, row) in round.rows.iter().enumerate() {
            let subject = u16::try_from(at).unwrap() + 1;
            let told = by_group_tables(&open, subject);
            let by_words = by_explanation(explained.as_ref(), subject, round.weights.len());
            // The words name the groups that have a table, where anybody of them marked.
            assert!(by_words.groups.iter().all(|group| told.groups.contains(group)), "{by_words:?} {told:?}");
            found += usize::from(row.leaks(&round.weights, &told, round.k_min).is_some());
        }
    }
    assert!(found > 100, "{found}");
}
