//! Rounds whose rows have several items in tables, explanations and the archive: what each group gave by item, and nothing of which
//! marks stood together in a row.

use pingyi::export::csv::csv;
use pingyi::export::restore::restore;
use pingyi::export::tables::{Cell, Table};
use pingyi::export::words::Language;
use pingyi::protocol::{ExplainedFigure, Figure};
use pingyi::view;
use pingyi_rules::form::{Item, Live};
use pingyi_rules::meeting::Meeting;
use pingyi_rules::meeting::plan::{Plan, Publication};
use pingyi_rules::scoring::{GroupCount, MissingItem};

use super::archives::{archived, unpacked};
use super::{Shown, published, small_group_plan};

fn with_items(plan: Plan, weights: &[u32]) -> Plan {
    let item = |at: usize| Item { label: format!("指标{at}"), label_en: format!("Item {at}"), not_for: Vec::new() };
    let mut plan = Plan { items: (1..=weights.len()).map(item).collect(), live: Live::Turnout, ..plan };
    plan.scoring.item_weights_bp = weights.to_vec();
    plan.scoring.missing_item = MissingItem::Renormalise;
    plan
}

fn rows(rows: &[(&str, u32)]) -> GroupCount {
    let mut count = GroupCount::default();
    rows.iter().for_each(|(row, number)| count.put(row, *number));
    count
}

/// Two groups of five ballots, of which one leaves an item open; with a third one of three for the second subject.
fn meeting(third: &[(&str, u32)]) -> Meeting {
    let mut plan = with_items(small_group_plan(), &[5_000, 3_000, 2_000]);
    plan.subjects.truncate(1);
    plan.agenda.retain(|step| step.subject != Some(2));
    let a = rows(&[("0.1.2", 3), ("1.1.0", 2)]);
    let b = rows(&[("0.0.0", 4), ("3..0", 1)]);
    published(plan, vec![vec![a, b, rows(third)]], Publication::HallScores)
}

fn texts(table: &Table) -> Vec<Vec<String>> {
    table.rows.iter().map(|row| row.iter().map(Cell::shown).collect()).collect()
}

#[test]
fn e27_what_a_group_gave_by_item_is_in_its_table() {
    let shown = Shown::of(&meeting(&[("0.0.0", 5)]));
    let source = shown.source(Language::En);
    let table = source.all_groups();
    let heads: Vec<&str> = table.heads.iter().map(|head| head.text.as_str()).collect();
    assert_eq!(heads[4..7], ["Item 1 (50%)", "Item 2 (30%)", "Item 3 (20%)"]);
    let rows = texts(&table);
    let figures = |row: &[String]| [row[0].clone(), row[4].clone(), row[5].clone(), row[6].clone()];
    let told: Vec<[String; 4]> = rows.iter().map(|row| figures(row)).collect();
    assert_eq!(
        told,
        [["A", "92.00", "80.00", "76.00"], ["B", "88.00", "100.00", "100.00"], ["C", "100.00", "100.00", "100.00"]]
    );
    // Item by item over all groups: 15 ballots, of which one leaves the second item open.
    let summary = source.summary();
    let over_all: Vec<String> = summary.rows[0][4..7].iter().map(Cell::shown).collect();
    assert_eq!(over_all, ["93.33", "92.86", "92.00"]);
    let text = String::from_utf8(csv(&table)).unwrap();
    assert!(text.contains("92.00,80.00,76.00"), "{text}");
    // A sheet of its own for each group, with the same figures.
    let sheets: Vec<Table> = source.tables().into_iter().filter(|table| table.heads.len() == heads.len()).collect();
    assert_eq!(sheets.iter().flat_map(texts).collect::<Vec<_>>(), rows);
}

#[test]
fn c14_no_item_of_any_group_is_told_where_one_is_too_small() {
    let meeting = meeting(&[("0.0.0", 3)]);
    let shown = Shown::of(&meeting);
    assert!(shown.source(Language::En).all_groups().rows.is_empty());
    assert!(shown.result.rows[0].groups.is_none(), "the others would leave it over");
    let explained = view::explained::explained(&meeting, &meeting.rounds[0]).unwrap();
    let text = format!("{explained:?}");
    assert!(!text.contains("Group C") && !text.contains("Group A:"), "{text}");
    // What all together gave stays, with one decimal.
    assert_eq!(shown.result.rows[0].items.as_ref().unwrap()[0].mean.as_deref(), Some("92.3"));
}

#[test]
fn e27_an_item_opens_into_what_each_group_gave() {
    let meeting = meeting(&[("0.0.0", 5)]);
    let explained = view::explained::explained(&meeting, &meeting.rounds[0]).unwrap();
    let is_second = |figure: &&ExplainedFigure| figure.figure == Figure::Item { item: 1 };
    let second = explained.rows[0].figures.iter().find(is_second).unwrap();
    let lines: Vec<&str> = second.lines.iter().map(|line| line[1].as_str()).collect();
    let [hao, jiaohao] = [0, 1].map(|at| meeting.plan.scale[at].label_en.clone());
    assert_eq!(lines[0], format!("{hao} 9, {jiaohao} 5."));
    assert_eq!(
        lines[2..],
        [
            format!("Group A: {jiaohao} 5; mean 80.00."),
            format!("Group B: {hao} 4; mean 100.00."),
            format!("Group C: {hao} 5; mean 100.00.")
        ]
    );
}

/// Six ballots of each group, of which four give every mark once to every item: which of them stand in one row is left to choose.
fn crossed(four: [&str; 4]) -> Meeting {
    let mut plan = with_items(small_group_plan(), &[2_500; 4]);
    plan.groups.truncate(2);
    (plan.groups[0].weight_bp, plan.groups[1].weight_bp) = (6_000, 4_000);
    let six = || {
        let mut count = rows(&four.map(|row| (row, 1)));
        count.put("0.0.0.0", 2);
        count
    };
    let counts = plan.subjects.iter().map(|_| vec![six(), six()]).collect();
    published(plan, counts, Publication::HallScores)
}

#[test]
fn e5_which_marks_stood_together_in_a_row_is_in_no_part_of_an_archive() {
    let one = crossed(["0.1.2.3", "1.2.3.0", "2.3.0.1", "3.0.1.2"]);
    let other = crossed(["0.3.2.1", "1.0.3.2", "2.1.0.3", "3.2.1.0"]);
    assert_ne!(one.rounds[0].tally, other.rounds[0].tally, "the control: they are other ballots");
    assert_eq!(view::result::all_for_chair(&one), view::result::all_for_chair(&other));
    let parts = |meeting: &Meeting| -> Vec<(String, Vec<u8>)> {
        let is_packing = |name: &str| name.ends_with(".xlsx") || name == "docProps/core.xml";
        unpacked(&archived(meeting)).into_iter().filter(|(name, _)| !is_packing(name)).collect()
    };
    assert_eq!(parts(&one), parts(&other));
    for (name, bytes) in parts(&one) {
        assert!(!String::from_utf8_lossy(&bytes).contains("0.1.2.3"), "{name}");
    }
    // It is told that they are withheld, and the tables by group are there all the same.
    assert_eq!(restore(&archived(&one)).unwrap().meeting.withheld, [1]);
    let tables = parts(&one).into_iter().find(|(name, _)| name == "tables/round-1.en.groups.csv").unwrap().1;
    assert!(String::from_utf8(tables).unwrap().contains("80.00"), "(2×100 + 100 + 80 + 60 + 40) ÷ 6 of every item");
}
