//! Rules as they are written, and what can be wrong with them.

use pingyi_rules::scoring::{
    Combination, Component, Gate, MissingGroup, Quota, QuotaLimit, QuotaRounding, RowPolicy, Rules, RulesFault,
    ScoreTable, TieBreak, Trim,
};
use serde_json::Value;

use super::{four_bands, four_grades, marks, table};

/// Every rule set to something else than its default.
fn full() -> Rules {
    Rules {
        decimals: 3,
        abstain: RowPolicy::PointsHundredths(6_000),
        unknown: RowPolicy::PointsHundredths(0),
        item_weights_bp: vec![6_000, 4_000],
        trim: Some(Trim { more_than_rows: 5 }),
        missing_group: MissingGroup::Block,
        tie_breaks: vec![TieBreak::GroupMean("A".to_owned()), TieBreak::TopRate],
        bands: four_bands(),
        quota: Some(Quota { limit: QuotaLimit::MinBelowTopBp(1_500), rounding: QuotaRounding::Ceil }),
        combination: Some(Combination {
            evaluation_share_bp: 4_000,
            components: vec![Component { name: "平时考核".to_owned(), share_bp: 6_000 }],
            gates: vec![Gate { component: 1, below_hundredths: 6_000, best_band: 1 }],
        }),
        ..Rules::default()
    }
}

fn only_integers_and_strings(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(_) => false,
        Value::Number(number) => number.is_u64(),
        Value::String(_) => true,
        Value::Array(values) => values.iter().all(only_integers_and_strings),
        Value::Object(values) => values.values().all(only_integers_and_strings),
    }
}

#[test]
fn c17_rules_are_integers_and_strings_and_read_back() {
    for rules in [Rules::default(), full()] {
        let written = serde_json::to_value(&rules).unwrap();
        assert!(only_integers_and_strings(&written), "{written}");
        assert_eq!(serde_json::from_value::<Rules>(written).unwrap(), rules);
    }
    assert_eq!(serde_json::from_str::<Rules>("{}").unwrap(), Rules::default());
    assert!(serde_json::from_str::<Rules>(r#"{"trimm":{}}"#).is_err());
    assert!(serde_json::from_str::<Rules>(r#"{"trim":{"more_than_rows":5,"low":2}}"#).is_err());
}

#[test]
fn c17_a_table_reads_back() {
    let table = table(&full(), &[10_000], &four_grades(), vec![vec![marks(&[3, 2, 1, 0])]]);
    let written = serde_json::to_string(&table).unwrap();
    assert_eq!(serde_json::from_str::<ScoreTable>(&written).unwrap(), table);
}

#[test]
fn c18_good_rules_have_no_fault() {
    assert_eq!(Rules::default().faults(&["A"]), []);
    assert_eq!(full().faults(&["A", "B"]), []);
}

#[test]
fn c18_every_fault_is_found_at_once() {
    let mut wrong = full();
    wrong.decimals = u32::MAX;
    wrong.item_weights_bp = vec![1; 17];
    wrong.trim = Some(Trim { more_than_rows: 1 });
    wrong.tie_breaks = vec![TieBreak::GroupMean("Z".to_owned())];
    wrong.bands = four_bands()[..1].to_vec();
    wrong.quota = Some(Quota { limit: QuotaLimit::MaxTopBp(10_001), rounding: QuotaRounding::Floor });
    if let Some(combination) = &mut wrong.combination {
        combination.evaluation_share_bp = 5_000;
        combination.gates[0].component = 2;
    }
    assert_eq!(
        wrong.faults(&["A"]),
        [
            RulesFault::TooManyDecimals,
            RulesFault::TooManyEntries,
            RulesFault::ItemWeightsAreNotWhole,
            RulesFault::TrimLeavesNoRow,
            RulesFault::TieBreakOfUnknownGroup,
            RulesFault::BandsAreNotDescendingToZero,
            RulesFault::QuotaNeedsTwoBands,
            RulesFault::QuotaIsOverWhole,
            RulesFault::SharesAreNotWhole,
            RulesFault::GateOfUnknownComponentOrBand,
        ]
    );
    let scored = table(&wrong, &[10_000], &four_grades(), vec![vec![marks(&[3, 0, 0, 0])]]);
    assert_eq!(scored.subjects[0].score.as_deref(), Some("100.000000"));
}

#[test]
fn c18_bands_go_down_and_are_unique() {
    for (change, holds) in [((1, 9_000), false), ((1, 8_999), true), ((3, 1), false)] {
        let mut rules = Rules { bands: four_bands(), ..Rules::default() };
        rules.bands[change.0].from_hundredths = change.1;
        assert_eq!(rules.faults(&[]).is_empty(), holds, "{change:?}");
    }
    let mut twice = Rules { bands: four_bands(), ..Rules::default() };
    twice.bands[2].id = "hao".to_owned();
    assert_eq!(twice.faults(&[]), [RulesFault::BandsAreNotDescendingToZero]);
}
