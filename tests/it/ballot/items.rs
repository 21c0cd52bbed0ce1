//! Rows of several items: what may be said of them, and what a manifest may ask.

use pingyi_rules::ballot::cast::{ANSWER_BYTES_MAX, cast_bytes};
use pingyi_rules::ballot::manifest::{Manifest, ManifestItem};
use pingyi_rules::ballot::{BadCast, BadManifest, Frozen, check};
use pingyi_rules::form::Answer;
use pingyi_rules::form::Live;
use pingyi_rules::form::sheet_rules::{BrokenRule, Rule, TopMax};
use pingyi_rules::scoring::MissingItem;

use super::round::Round;
use crate::record::fixtures::{itemised, matched};

fn round(missing: MissingItem) -> Round {
    Round::with(|manifest| itemised(manifest, missing))
}

#[test]
fn t22_a_row_with_items_says_a_mark_an_item_in_one_spelling() {
    let (whole, partly) = (round(MissingItem::Require), round(MissingItem::Renormalise));
    let says = |round: &Round, contest, value| round.frozen.manifest().answer(contest, value);
    let items = |row: &str| Some(Answer::Items(row.to_owned()));
    for round in [&whole, &partly] {
        assert_eq!(says(round, 1, "hao.cha.jiaohao"), items("0.2.1"));
        assert_eq!(says(round, 2, "hao..jiaohao"), items("0.-.1"), "the second item does not apply to the second row");
        assert_eq!(says(round, 1, "abstain"), Some(Answer::Blank));
        for wrong in [
            "",
            "..",
            "hao",
            "hao.hao",
            "hao.hao.hao.hao",
            "hao.hao.",
            "hao.hao.mark",
            "hao.abstain.hao",
            " hao.hao.hao",
        ] {
            let may_be_open = wrong == "hao.hao." && std::ptr::eq(round, &partly);
            assert_eq!(says(round, 1, wrong).is_some(), may_be_open, "{wrong:?}");
        }
        assert_eq!(says(round, 2, "hao.hao.hao"), None, "nobody marks what does not apply");
        assert_eq!((says(round, 0, "hao.hao.hao"), says(round, 4, "hao.hao.hao")), (None, None));
    }
    assert_eq!(says(&partly, 1, "..cha"), items("..2"));
    assert_eq!(says(&whole, 1, "..cha"), None);
}

#[test]
fn t22_the_box_takes_whole_rows_only_where_all_items_are_asked_for() {
    let cast = |round: &Round, marks| {
        let batch = round.phone("A", None, 1).fills_in(marks);
        check(&round.frozen, &batch).map(|items| items.len())
    };
    let (whole, partly) = (round(MissingItem::Require), round(MissingItem::Renormalise));
    assert_eq!(cast(&whole, ["hao.hao.hao", "hao..cha", ""]), Ok(4));
    assert_eq!(cast(&whole, ["hao.hao.", "hao..cha", ""]), Err(BadCast::Answer(1)));
    assert_eq!(cast(&partly, ["hao.hao.", "hao..cha", ""]), Ok(4));
    assert_eq!(cast(&partly, ["hao", "hao..cha", ""]), Err(BadCast::Answer(1)));
}

#[test]
fn t22_casts_of_all_rows_have_one_length() {
    let round = round(MissingItem::Renormalise);
    let length = |marks| round.phone("B", None, 2).fills_in(marks).encode(cast_bytes(round.frozen.manifest())).len();
    let longest = length(["jiaohao.jiaohao.jiaohao", "jiaohao..jiaohao", "jiaohao.jiaohao.jiaohao"]);
    assert_eq!(length(["", "", ""]), longest);
    assert_eq!(length(["cha..", "cha..", "..cha"]), longest);
}

#[test]
fn t22_a_manifest_asks_for_items_that_can_be_counted_and_answered() {
    let frozen = |change: fn(&mut Manifest)| {
        let mut manifest = round(MissingItem::Require).frozen.manifest().clone();
        change(&mut manifest);
        Frozen::new(manifest).err()
    };
    let refused = Some(BadManifest::OutOfLimits("items"));
    assert_eq!(frozen(|_| {}), None, "the control");
    assert_eq!(frozen(|manifest| drop(manifest.items.pop())), refused, "a weight is left over");
    assert_eq!(frozen(|manifest| manifest.live = Live::Tally), refused);
    assert_eq!(frozen(|manifest| manifest.sheet_rules.top_max = Some(TopMax::Count(1))), refused);
    assert_eq!(frozen(|manifest| manifest.sheet_rules.all_rows = true), None);
    assert_eq!(frozen(|manifest| manifest.contests[0].without = vec![0, 1, 2]), refused, "no item is left");
    assert_eq!(frozen(|manifest| manifest.contests[0].without = vec![1, 0]), refused);
    assert_eq!(frozen(|manifest| manifest.contests[0].without = vec![3]), refused);
    let long = |manifest: &mut Manifest| {
        manifest.items = (0..16).map(|at| ManifestItem { label: format!("{at}"), label_en: String::new() }).collect();
        manifest.scoring["item_weights_bp"] = vec![625; 16].into();
    };
    let mut manifest = round(MissingItem::Require).frozen.manifest().clone();
    long(&mut manifest);
    assert!(r#"{"v":""}"#.len() + 16 * "jiaohao".len() + 15 > ANSWER_BYTES_MAX);
    assert_eq!(Frozen::new(manifest).err(), refused, "sixteen long marks do not fit into an answer");
}

/// The worth of a row is 100, 80 or 40 points an item by 5 : 3 : 2; the grades begin at 85, 60 and 0.
#[test]
fn t23_the_overall_mark_is_the_grade_in_whose_band_the_row_lies() {
    let [whole, partly] = [MissingItem::Require, MissingItem::Renormalise]
        .map(|missing| Round::with(|manifest| matched(manifest, missing)));
    let is_answer = |round: &Round, contest, value: &str| round.frozen.manifest().answer(contest, value).is_some();
    for round in [&whole, &partly] {
        for (row, overall) in [
            ("hao.hao.hao", "hao"),
            ("hao.jiaohao.jiaohao", "hao"),
            ("hao.cha.jiaohao", "jiaohao"),
            ("cha.cha.hao", "cha"),
        ] {
            for said in ["hao", "jiaohao", "cha", ""] {
                assert_eq!(is_answer(round, 1, &format!("{row}.{said}")), said == overall, "{row}.{said}");
            }
        }
        assert!(
            is_answer(round, 2, "hao..jiaohao.hao"),
            "(5 · 100 + 2 · 80) / 7, without the item that does not apply"
        );
        assert!(is_answer(round, 1, "abstain"));
        assert!(!is_answer(round, 1, "...hao"), "an overall mark of nothing");
    }
    assert!(is_answer(&partly, 1, "hao...hao") && !is_answer(&whole, 1, "hao...hao"));
}

#[test]
fn t23_the_box_refuses_an_overall_mark_that_does_not_match() {
    let round = Round::with(|manifest| matched(manifest, MissingItem::Require));
    let cast = |marks| check(&round.frozen, &round.phone("A", None, 1).fills_in(marks)).map(|items| items.len());
    assert_eq!(cast(["hao.hao.hao.hao", "hao..cha.jiaohao", ""]), Ok(4));
    assert_eq!(cast(["hao.hao.hao.hao", "hao..cha.hao", ""]), Err(BadCast::Answer(2)));
}

#[test]
fn t23_a_manifest_asks_for_an_overall_mark_that_can_match() {
    let frozen = |change: fn(&mut Manifest)| {
        let mut manifest = Round::with(|manifest| matched(manifest, MissingItem::Require)).frozen.manifest().clone();
        change(&mut manifest);
        Frozen::new(manifest).err()
    };
    let refused = Some(BadManifest::OutOfLimits("items"));
    assert_eq!(frozen(|_| {}), None, "the control");
    assert_eq!(frozen(|manifest| manifest.scoring["bands"] = serde_json::json!([])), refused);
    assert_eq!(frozen(|manifest| manifest.scoring["bands"][0]["id"] = "top".into()), refused, "no grade of the scale");
    let weights =
        |manifest: &mut Manifest| manifest.scoring["item_weights_bp"] = vec![5_000, 3_000, 1_000, 1_000].into();
    assert_eq!(frozen(weights), refused, "it would count twice");
    assert_eq!(frozen(|manifest| manifest.contests[0].without = vec![3]), refused, "it stands for every row");
}

#[test]
fn t24_a_manifest_asks_for_reasons_where_they_can_be_written() {
    let frozen = |change: fn(&mut Manifest)| {
        let mut manifest = Round::with(|manifest| manifest.sheet_rules.worst_reason = true).frozen.manifest().clone();
        change(&mut manifest);
        Frozen::new(manifest).err()
    };
    assert_eq!(frozen(|_| {}), None, "the control");
    assert_eq!(frozen(|manifest| manifest.opinions = false), Some(BadManifest::OutOfLimits("sheet_rules")));
}

#[test]
fn t24_the_box_takes_the_worst_grade_only_with_a_reason() {
    let round = Round::with(|manifest| manifest.sheet_rules.worst_reason = true);
    let cast = |written: &[(u16, String)], marks| {
        let mut phone = round.phone("A", None, 1);
        phone.written = written.to_vec();
        check(&round.frozen, &phone.fills_in(marks)).map(|items| items.len())
    };
    let why = |contest| [(contest, "材料不全".to_owned())];
    assert_eq!(cast(&[], ["hao", "jiaohao", ""]), Ok(4));
    assert_eq!(cast(&why(2), ["hao", "cha", ""]), Ok(5), "the sheet, three rows, an opinion");
    let broken = Err(BadCast::SheetRules(vec![BrokenRule { rule: Rule::WorstReason, have: 1, limit: 0 }]));
    assert_eq!(cast(&[], ["hao", "cha", ""]), broken);
    assert_eq!(cast(&why(1), ["hao", "cha", ""]), broken, "a reason for another row");
}
