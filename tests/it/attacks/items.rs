//! Rounds whose rows have several items tell of too few no more than others do: where a random meeting marks both of two items
//! as it marked its rows, the same kinds of figures are told, and none beside them (rule s53).

use pingyi::meeting::Meeting;
use pingyi::meeting::plan::{Item, Live};
use pingyi::view;
use proptest::prelude::*;

use super::algebra::{Told, counted};

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
            // A group's own items are told nowhere.
            prop_assert!(with_items.groups.iter().flatten().flatten().all(|group| group.marks.is_empty()));
        }
    }
}
