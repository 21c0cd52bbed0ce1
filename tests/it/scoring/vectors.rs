//! The worked cases of tests/vectors/scoring.json, each by its id; a case that nobody reads fails.

use pingyi_rules::scoring::{
    Combination, Component, GroupCount, Imported, ItemAnswer, MissingGroup, MissingItem, Quota, QuotaLimit,
    QuotaRounding, RowPolicy, Rules, Trim, TurnoutRule, Worth, combine, item_row, printed, row_value,
};
use serde_json::Value;

use super::{four_grades, marks, means, score_one, table_of_scores};

const READ_HERE: [&str; 10] = [
    "weighted-groups",
    "missing-group",
    "trim-9",
    "trim-duplicated-extremes",
    "trim-below-threshold",
    "items",
    "items-missing",
    "turnout-42",
    "quota",
    "combination-with-tie",
];

fn cases() -> Vec<Value> {
    let file: Value = serde_json::from_str(include_str!("../../vectors/scoring.json")).unwrap();
    file["cases"].as_array().unwrap().clone()
}

pub fn case(id: &str) -> Value {
    cases().into_iter().find(|case| case["id"] == id).unwrap()
}

pub fn number(value: &Value) -> u32 {
    u32::try_from(value.as_u64().unwrap()).unwrap()
}

pub fn numbers(value: &Value) -> Vec<u32> {
    value.as_array().unwrap().iter().map(number).collect()
}

fn group_counts(case: &Value) -> (Vec<u32>, Vec<GroupCount>) {
    let groups = case["groups"].as_array().unwrap();
    let count = |group: &Value| GroupCount {
        abstained: group.get("abstain").map_or(0, number),
        recused: group.get("recused").map_or(0, number),
        ..marks(&numbers(&group["n"]))
    };
    (groups.iter().map(|group| number(&group["w"])).collect(), groups.iter().map(count).collect())
}

#[test]
fn c1_every_vector_is_read() {
    for case in cases() {
        let id = case["id"].as_str().unwrap();
        // "validity" is a sentence about the accounts of a round, not about scores.
        assert!(READ_HERE.contains(&id) || id == "validity", "nobody reads {id}");
    }
}

#[test]
fn c6_vector_weighted_groups() {
    let case = case("weighted-groups");
    let (weights, counts) = group_counts(&case);
    let scored = score_one(&Rules::default(), &weights, &four_grades(), counts.clone());
    let expected: Vec<Option<&str>> = case["expect"]["means"].as_array().unwrap().iter().map(Value::as_str).collect();
    assert_eq!(means(&scored), expected);
    assert_eq!(scored.score.as_deref(), case["expect"]["score"].as_str());
    assert_eq!(scored.pooled_mean.as_deref(), case["expect"]["pooled_mean"].as_str());
    assert_eq!(scored.explanation.score.unwrap().exact, case["expect"]["exact"]);
    let rules = Rules { abstain: RowPolicy::PointsHundredths(0), ..Rules::default() };
    let scored = score_one(&rules, &weights, &four_grades(), counts);
    assert_eq!(scored.score.as_deref(), case["expect"]["score_if_abstain_counts_0"].as_str());
}

#[test]
fn c7_vector_missing_group() {
    let case = case("missing-group");
    let (weights, counts) = group_counts(&case);
    for (policy, key) in
        [(MissingGroup::Renormalise, "renormalise"), (MissingGroup::Zero, "zero"), (MissingGroup::Block, "block")]
    {
        let rules = Rules { missing_group: policy, ..Rules::default() };
        let scored = score_one(&rules, &weights, &four_grades(), counts.clone());
        assert_eq!(scored.score.as_deref(), case["expect"][key].as_str(), "{key}");
    }
}

#[test]
fn c5_vectors_of_the_trimmed_mean() {
    for id in ["trim-9", "trim-duplicated-extremes", "trim-below-threshold"] {
        let case = case(id);
        assert_eq!((number(&case["trim"]["high"]), number(&case["trim"]["low"])), (1, 1));
        let (scale, count) = super::one_by_one(&numbers(&case["scores"]));
        let trimmed = Rules { trim: Some(Trim { more_than_rows: number(&case["trim"]["min_n"]) }), ..Rules::default() };
        let scored = score_one(&trimmed, &[10_000], &scale, vec![count.clone()]);
        assert_eq!(scored.score.as_deref(), case["expect"]["trimmed"].as_str(), "{id}");
        if let Some(plain) = case["expect"]["plain"].as_str() {
            let scored = score_one(&Rules::default(), &[10_000], &scale, vec![count]);
            assert_eq!(scored.score.as_deref(), Some(plain), "{id}");
        }
    }
}

#[test]
fn c2_vectors_of_items() {
    let mut checked = 0;
    for id in ["items", "items-missing"] {
        let case = case(id);
        let points = case["row"].as_array().unwrap();
        let worth = |points: &Value| Worth::PointsHundredths(points.as_u64().map_or(0, |_| number(points) * 100));
        let scale: Vec<Worth> = points.iter().map(worth).collect();
        let answer = |(place, points): (usize, &Value)| match points.as_u64() {
            Some(_) => ItemAnswer::Mark(place),
            None => ItemAnswer::Open,
        };
        let row = item_row(points.iter().enumerate().map(answer));
        for (policy, key) in [(MissingItem::Require, "require"), (MissingItem::Renormalise, "renormalise")] {
            let Some(expected) = case["expect"].get(key) else {
                continue;
            };
            let rules =
                Rules { item_weights_bp: numbers(&case["item_weights"]), missing_item: policy, ..Rules::default() };
            let value = row_value(&rules, &scale, &row).map(|value| printed(&value, 2));
            assert_eq!(value.as_deref(), expected.as_str(), "{id} {key}");
            let mut count = GroupCount::default();
            count.put(&row, 1);
            let scored = score_one(&rules, &[10_000], &scale, vec![count]);
            assert_eq!(scored.score.as_deref(), expected.as_str(), "{id} {key} as a score");
            checked += 1;
        }
    }
    assert_eq!(checked, 3);
}

#[test]
fn a10_vector_turnout() {
    let case = case("turnout-42");
    let entitled = number(&case["entitled"]);
    for (rule, key) in [
        (TurnoutRule::MoreThanHalf, "gt_1_2"),
        (TurnoutRule::AtLeastTwoThirds, "ge_2_3"),
        (TurnoutRule::MoreThanTwoThirds, "gt_2_3"),
        (TurnoutRule::AtLeastFourFifths, "ge_4_5"),
        (TurnoutRule::MoreThanFourFifths, "gt_4_5"),
    ] {
        assert_eq!(rule.needed(entitled), number(&case["expect"][key]), "{key}");
    }
}

#[test]
fn c11_vectors_of_the_quota() {
    for line in case("quota")["expect"].as_array().unwrap() {
        let subjects = number(&line["subjects"]);
        if let Some(share) = line.get("min_below_bp") {
            let quota = Quota { limit: QuotaLimit::MinBelowTopBp(number(share)), rounding: QuotaRounding::Ceil };
            assert_eq!(quota.max_top(subjects), number(&line["max_top"]), "{line}");
            continue;
        }
        for (rounding, key) in
            [(QuotaRounding::Floor, "floor"), (QuotaRounding::HalfUp, "half_up"), (QuotaRounding::Ceil, "ceil")]
        {
            let quota = Quota { limit: QuotaLimit::MaxTopBp(number(&line["max_bp"])), rounding };
            assert_eq!(quota.max_top(subjects), number(&line[key]), "{line} {key}");
        }
    }
}

#[test]
fn c15_vector_combination_with_a_tie() {
    let case = case("combination-with-tie");
    let rows = case["rows"].as_array().unwrap();
    let text = |row: &Value, at: usize| row[at].as_str().unwrap().to_owned();
    let hundredths = |text: String| text.replace('.', "").parse::<u32>().unwrap();
    let daily = Component { name: "平时考核".to_owned(), share_bp: 6_000 };
    let combination = Combination { evaluation_share_bp: 4_000, components: vec![daily], gates: Vec::new() };
    let rules = Rules { combination: Some(combination), ..Rules::default() };
    let scores: Vec<u32> = rows.iter().map(|row| hundredths(text(row, 1))).collect();
    let table = table_of_scores(&rules, &scores);
    let imported: Vec<Imported> = (1..)
        .zip(rows)
        .map(|(subject, row)| Imported { subject, components: vec![text(row, 2)], ..Imported::default() })
        .collect();
    let combined = combine(&rules, &table, &imported).unwrap();
    assert_eq!(combined.len(), 7);
    for row in &combined {
        let subject = row.subject.to_string();
        assert_eq!(row.total.as_deref(), case["expect"]["total"][&subject].as_str(), "total of {subject}");
        assert_eq!(row.rank, Some(number(&case["expect"]["rank"][&subject])), "rank of {subject}");
    }
}

#[test]
fn c1_half_a_unit_is_printed_upwards() {
    let (scale, count) = (vec![Worth::PointsHundredths(9_012), Worth::PointsHundredths(9_013)], marks(&[1, 1]));
    let scored = score_one(&Rules::default(), &[10_000], &scale, vec![count]);
    assert_eq!(scored.score.as_deref(), Some("90.13"));
    assert_eq!(scored.explanation.score.unwrap().exact, "721/8");
}
