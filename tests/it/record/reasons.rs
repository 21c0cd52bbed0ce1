//! Rules r44 to r46: a record is sealed only where a rule asks for it, tells recused rows as one sum, and has an account of paper
//! only where there were sheets.

use pingyi_rules::ballot::Edition;
use pingyi_rules::ballot::record::{Reason, Variant};
use pingyi_rules::scoring::MissingItem;
use serde_json::{Value, json};

use super::fixtures::{Forgery, Poll, STANDARD, Voters, itemised, verified};
use super::tampering::{Case, FORM, caught};

/// Somebody with the box key seals a record, and gives these reasons.
pub fn sealed_by_hand(poll: &Poll, named: &[&str]) -> Forgery {
    let tally = poll.forged().value["tally"].clone();
    poll.forged_of(Variant::Withheld).with(|v| (v["tally"], v["sealed"]) = (tally, json!(named)))
}

pub fn few_on_paper() -> Poll {
    Poll::of(Voters { a: 6, b: 7, recused: None }, 1, |_| {}).with_paper(4, 0)
}

#[test]
fn r44_no_record_is_sealed_that_no_rule_asks_to_seal() {
    assert!(Poll::standard().makes(Variant::Sealed).is_none(), "making one is refused");
    assert!(Poll::standard().makes(Variant::Withheld).is_some() && Poll::standard().makes(Variant::Whole).is_some());
    assert!(Poll::of_before().makes(Variant::Sealed).is_some(), "records of the first edition are made as they were");
    assert_eq!(few_on_paper().reasons(), [Reason::Channel]);
    let named = |poll: &Poll, variant| poll.forged_of(variant).value["sealed"].clone();
    let items = Poll::of(Voters { a: 7, b: 4, recused: None }, 5, |manifest| itemised(manifest, MissingItem::Require));
    assert_eq!(named(&Poll::of_leaves(), Variant::Sealed), json!(["record"]));
    assert_eq!(named(&few_on_paper(), Variant::Sealed), json!(["channel"]));
    assert_eq!(named(&items, Variant::Sealed), json!(["items", "hidden"]));
    // Whether it hides a group is not released with it.
    assert_eq!(named(&items, Variant::Withheld), json!(["items", "withheld"]));
    assert_eq!(named(&few_on_paper(), Variant::Withheld), json!(["withheld"]));
    assert!(Poll::of_before().forged_of(Variant::Sealed).value.get("sealed").is_none());
    assert!(Poll::standard().forged().value.get("sealed").is_none());
}

#[test]
fn r44_reasons_that_are_not_so_are_caught() {
    let standard = Poll::standard();
    let by_hand = |named: &[&str]| sealed_by_hand(&standard, named).signed().bytes();
    let of = |poll: &Poll, variant, named: &[&str]| {
        poll.forged_of(variant).with(|v| v["sealed"] = json!(named)).signed().bytes()
    };
    let leaves = Poll::of_leaves();
    let without = leaves.forged_of(Variant::Sealed).with(|v| drop(v.as_object_mut().unwrap().remove("sealed")));
    let in_whole = standard.forged().with(|v| v["sealed"] = json!(["record"]));
    let before = Poll::of_before().forged_of(Variant::Sealed).with(|v| v["sealed"] = json!(["record"]));
    caught(vec![
        ("sealed without a reason", 14, by_hand(&[]), None),
        ("because the meeting decided so, which it did not", 14, by_hand(&["record"]), None),
        ("because of items that are not there", 14, by_hand(&["items"]), None),
        ("because it hides what it tells", 14, by_hand(&["hidden"]), None),
        ("because it is withheld, which it is not", 14, by_hand(&["withheld"]), None),
        ("because of a channel, which only the whole record shows", FORM, by_hand(&["channel"]), None),
        ("a channel beside another reason", 14, of(&leaves, Variant::Sealed, &["record", "channel"]), None),
        ("another reason than the one that there is", 14, of(&leaves, Variant::Sealed, &["channel"]), None),
        ("the same twice", 14, of(&leaves, Variant::Sealed, &["record", "record"]), None),
        ("a withheld one that does not say so", 14, of(&leaves, Variant::Withheld, &["record"]), None),
        (
            "a withheld one that says what it hides",
            14,
            of(&leaves, Variant::Withheld, &["record", "hidden", "withheld"]),
            None,
        ),
        ("a reason that is none", 3, of(&leaves, Variant::Sealed, &["because"]), None),
        ("no reasons at all", 3, without.signed().bytes(), None),
        ("reasons in a whole record", 3, in_whole.signed().bytes(), None),
        ("reasons in one of the first edition", 3, before.signed().bytes(), None),
        (
            "reasons, without signing",
            13,
            sealed_by_hand(&leaves, &["record"]).with(|v| v["sealed"] = json!([])).bytes(),
            None,
        ),
    ]);
}

#[test]
fn r45_recused_rows_are_told_as_one_sum() {
    let poll = Poll::of(STANDARD, 1, |_| {}).with_paper(9, 1).with_paper_of_a_leader(3);
    let text = |poll: &Poll| String::from_utf8(poll.record()).unwrap();
    // One on a phone and one on paper, and of each group's paper its own.
    assert_eq!(text(&poll).matches("\"recused\":").count(), 2);
    assert_eq!(verified(&poll.record()).unwrap().tally.unwrap().sheets.recused, Some(2));
    assert!(text(&Poll::of_before()).matches("\"recused\":").count() > 2, "as it was before: row by row");
    let sum = |v: &mut Value, by: i64| {
        let told = v["tally"]["sheets"]["recused"].as_i64().unwrap();
        v["tally"]["sheets"]["recused"] = json!(told + by);
    };
    let whole = |by: i64| poll.forged().with(|v| sum(v, by)).signed().bytes();
    let leaves = Poll::of_leaves();
    let sealed = |by: i64| leaves.forged_of(Variant::Sealed).with(|v| sum(v, by)).signed().bytes();
    let small = Poll::of(Voters { a: 6, b: 4, recused: None }, 2, |_| {});
    caught(vec![
        ("the sum", 0, whole(0), None),
        ("one more", 11, whole(1), None),
        ("one less", 11, whole(-1), None),
        ("the sum of a sealed one", FORM, sealed(0), None),
        ("one more, sealed", 11, sealed(1), None),
        ("by a row", 3, poll.forged().with(|v| v["tally"]["rows"][0]["recused"] = json!(0)).signed().bytes(), None),
        (
            "by a group of a row",
            3,
            poll.forged().with(|v| v["tally"]["rows"][0]["groups"][0]["recused"] = json!(0)).signed().bytes(),
            None,
        ),
        (
            "by a row on paper",
            3,
            poll.forged().with(|v| v["paper"]["A"]["rows"][0]["recused"] = json!(0)).signed().bytes(),
            None,
        ),
        (
            "no sum",
            3,
            poll.forged()
                .with(|v| drop(v["tally"]["sheets"].as_object_mut().unwrap().remove("recused")))
                .signed()
                .bytes(),
            None,
        ),
        (
            "a sum where a row is not told",
            3,
            small.forged().with(|v| v["tally"]["sheets"]["recused"] = json!(0)).signed().bytes(),
            None,
        ),
    ]);
}

#[test]
fn r46_an_account_of_paper_is_there_because_of_sheets() {
    let rows: Vec<Value> = (1..=3).map(|c| json!({"abstained": 0, "c": c, "marks": [0, 0, 0, 0], "void": 0})).collect();
    let nothing = json!({"invalid": 0, "issued": 0, "recused": 0, "returned": 0, "rows": rows});
    let with = |issued: u32| {
        let paper = |v: &mut Value| {
            v["paper"] = json!({"A": nothing});
            v["paper"]["A"]["issued"] = json!(issued);
        };
        Poll::standard().forged().with(paper).signed().bytes()
    };
    let mut made = Poll::standard().with_paper(9, 1);
    let paper = made.inputs.paper.get_mut("A").unwrap();
    (paper.issued, paper.returned, paper.invalid) = (0, 0, 0);
    paper.rows.iter_mut().for_each(|row| (row.marks, row.abstained, row.void) = (vec![0; 4], 0, 0));
    assert_eq!(made.forged().value["paper"], json!({}), "it is not made");
    let cases: Vec<Case> =
        vec![("sheets that did not come back", 0, with(1), None), ("an account of nothing", 3, with(0), None)];
    caught(cases);
    // In the first edition it held, and does.
    let mut before = Poll::of_before();
    before.inputs.paper = made.inputs.paper.clone();
    assert_eq!(before.round.frozen.edition(), Edition::First);
    caught(vec![("as before", 0, before.record(), None)]);
}
