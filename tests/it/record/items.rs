//! Rounds whose rows have several items: what their records tell, and that whoever changes it is caught.

use std::collections::BTreeMap;

use pingyi_rules::ballot::record::{Reason, TallyRow, Variant};
use pingyi_rules::scoring::MissingItem;
use serde_json::{Value, json};

use super::fixtures::{Poll, Voters, itemised, verified};
use super::tampering::{FORM, caught};

fn poll(missing: MissingItem) -> Poll {
    let voters = Voters { a: 7, b: 8, recused: Some(2) };
    Poll::of(voters, 5, |manifest| itemised(manifest, missing)).with_paper(5, 0)
}

/// The marks of an item of a row, those that leave it empty last.
fn item(row: &TallyRow, place: usize) -> &[u32] {
    row.marks.chunks(4).nth(place).unwrap()
}

#[test]
fn r17_a_record_tells_every_item_of_every_row() {
    for missing in [MissingItem::Require, MissingItem::Renormalise] {
        let poll = poll(missing);
        let tally = verified(&poll.record()).unwrap().tally.unwrap();
        let (rows, mut recused) = (tally.rows, 0);
        let mut expected: BTreeMap<(u16, usize, usize), u32> = BTreeMap::new();
        let places = ["hao", "jiaohao", "cha", ""];
        let mut put = |contest: u16, answer: &str, ballots: u32| {
            for (item, mark) in answer.split('.').enumerate() {
                let place = places.iter().position(|known| *known == mark).unwrap();
                *expected.entry((contest, item, place)).or_default() += ballots;
            }
        };
        for ballot in poll.ballots().iter().filter(|ballot| ballot.contest > 0) {
            let answer = ballot.mark().unwrap();
            if answer != "abstain" {
                put(ballot.contest, answer, 1);
            }
        }
        for row in &poll.inputs.paper["A"].rows {
            row.answers.iter().for_each(|(answer, ballots)| put(row.c, answer, *ballots));
        }
        for row in &rows {
            assert_eq!(row.marks.len(), 3 * 4, "three items, three marks and the empty ones");
            for place in 0..3 {
                for (mark, count) in item(row, place).iter().enumerate() {
                    let there = expected.get(&(row.c, place, mark)).copied().unwrap_or(0);
                    assert_eq!(*count, there, "{missing:?} row {} item {place} mark {mark}", row.c);
                }
                let marked: u32 = item(row, place).iter().sum();
                let without = 20 - (marked + row.abstained + row.void);
                recused += if place == 0 { without } else { 0 };
            }
            assert!(row.score.is_some() && row.top_rate_percent.is_some());
        }
        assert_eq!(tally.sheets.recused, Some(recused), "every sheet is told");
        let empty = |row: &TallyRow, place| item(row, place)[3];
        let marked = |row: &TallyRow| item(row, 0).iter().sum::<u32>();
        assert_eq!(empty(&rows[1], 1), marked(&rows[1]), "it does not apply to the second row");
        assert_eq!(empty(&rows[0], 1) > 0, missing == MissingItem::Renormalise);
    }
}

#[test]
fn r16_the_public_gets_the_leaves_of_rows_with_items_only() {
    let voters = Voters { a: 7, b: 8, recused: None };
    let with_items = Poll::of(voters, 5, |manifest| itemised(manifest, MissingItem::Require));
    assert_eq!(with_items.reasons(), [Reason::Items]);
    let plain = Poll::of(voters, 5, |_| {});
    assert_eq!(plain.reasons(), [], "the control");
}

#[test]
fn r17_changed_items_are_caught() {
    let poll = poll(MissingItem::Renormalise);
    let forged = |change: fn(&mut Value)| poll.forged().with(change).signed().bytes();
    let sealed = |change: fn(&mut Value)| poll.forged_of(Variant::Sealed).with(change).signed().bytes();
    caught(vec![
        ("nothing", 0, poll.record(), None),
        ("nothing, sealed", FORM, poll.made(Variant::Sealed).bytes, None),
        ("nothing, withheld", FORM, poll.made(Variant::Withheld).bytes, None),
        ("a mark of the second item", 11, forged(|v| v["tally"]["rows"][0]["marks"][4] = json!(19)), None),
        (
            "an item that is not there",
            3,
            forged(|v| v["tally"]["rows"][0]["marks"].as_array_mut().unwrap().truncate(8)),
            None,
        ),
        ("a score", 12, forged(|v| v["tally"]["rows"][0]["score"] = json!("1.00")), None),
        ("marks on paper beside answers", 3, forged(|v| v["paper"]["A"]["rows"][0]["marks"] = json!([1, 0, 0])), None),
        (
            "an answer on paper that is no row",
            3,
            forged(|v| v["paper"]["A"]["rows"][0]["answers"] = json!({"hao": 3})),
            None,
        ),
        ("an answer of nobody", 3, forged(|v| v["paper"]["A"]["rows"][0]["answers"]["cha.cha.cha"] = json!(0)), None),
        (
            "one answer more on paper",
            10,
            forged(|v| v["paper"]["A"]["rows"][0]["answers"]["cha.cha.cha"] = json!(1)),
            None,
        ),
        ("items that do not add up, sealed", 11, sealed(|v| v["tally"]["rows"][0]["marks"][4] = json!(19)), None),
        (
            "fewer weights than items",
            3,
            {
                let change = |v: &mut Value| v["manifest"]["scoring"]["item_weights_bp"] = json!([10_000]);
                poll.forged().with(change).hashed().signed().bytes()
            },
            None,
        ),
    ]);
}
