//! Suggested grades: bands, caps, the quota and its ties.

use pingyi_rules::scoring::{
    Combination, Component, Flag, Gate, Imported, Quota, QuotaLimit, QuotaRounding, Rules, combine,
};

use super::{four_bands, suggested, table_of_scores};

fn banded(quota: Option<Quota>) -> Rules {
    Rules { bands: four_bands(), quota, ..Rules::default() }
}

/// At most so many of 100 %, rounded down.
fn at_most(share_bp: u32) -> Option<Quota> {
    Some(Quota { limit: QuotaLimit::MaxTopBp(share_bp), rounding: QuotaRounding::Floor })
}

#[test]
fn c10_a_band_begins_at_its_lower_bound() {
    let table = table_of_scores(&banded(None), &[10_000, 9_000, 8_999, 7_500, 7_499, 6_000, 5_999, 0]);
    let expected = ["hao", "hao", "jiaohao", "jiaohao", "yiban", "yiban", "cha", "cha"].map(Some);
    assert_eq!(suggested(&table), expected);
    assert_eq!(suggested(&table_of_scores(&Rules::default(), &[9_000])), [None]);
}

#[test]
fn c10_the_printed_score_decides() {
    let rules = Rules { decimals: 1, ..banded(None) };
    let table = table_of_scores(&rules, &[8_995, 8_994]);
    assert_eq!(table.subjects[0].score.as_deref(), Some("90.0"));
    assert_eq!(suggested(&table), [Some("hao"), Some("jiaohao")]);
}

#[test]
fn c11_the_quota_moves_the_last_of_the_best() {
    let fifteen_below = Some(Quota { limit: QuotaLimit::MinBelowTopBp(1_500), rounding: QuotaRounding::Ceil });
    let table = table_of_scores(&banded(fifteen_below), &[9_900, 9_800, 9_700, 9_600, 9_500, 9_400, 9_300]);
    let expected = [["hao"; 5].as_slice(), &["jiaohao"; 2]].concat();
    assert_eq!(suggested(&table), expected.into_iter().map(Some).collect::<Vec<_>>());
    assert_eq!(table.subjects[5].flags, [Flag::MovedByQuota]);
    assert_eq!(table.subjects[4].flags, []);
}

#[test]
fn c11_a_quota_that_is_kept_anyway_moves_nobody() {
    let table = table_of_scores(&banded(at_most(5_000)), &[9_900, 9_000, 8_000, 7_000]);
    assert_eq!(suggested(&table), [Some("hao"), Some("hao"), Some("jiaohao"), Some("yiban")]);
}

#[test]
fn c11_a_tie_across_the_line_gets_no_suggestion() {
    let table = table_of_scores(&banded(at_most(5_000)), &[9_900, 9_500, 9_500, 9_100]);
    assert_eq!(suggested(&table), [Some("hao"), None, None, Some("jiaohao")]);
    for at in [1, 2] {
        assert_eq!(table.subjects[at].flags, [Flag::TieAcrossQuota]);
    }
    let whole_tie = table_of_scores(&banded(at_most(5_000)), &[9_500; 4]);
    assert_eq!(suggested(&whole_tie), [None; 4]);
    let none_at_top = table_of_scores(&banded(at_most(0)), &[9_500; 2]);
    assert_eq!(suggested(&none_at_top), [Some("jiaohao"); 2], "no place is no tie across a line");
}

fn combined_rules(gates: Vec<Gate>, quota: Option<Quota>) -> Rules {
    let daily = Component { name: "平时考核".to_owned(), share_bp: 5_000 };
    let combination = Combination { evaluation_share_bp: 5_000, components: vec![daily], gates };
    Rules { combination: Some(combination), ..banded(quota) }
}

fn imported(subject: u16, daily: &str) -> Imported {
    Imported { subject, components: vec![daily.to_owned()], ..Imported::default() }
}

#[test]
fn c15_adjustments_gates_and_then_the_quota() {
    let gate = Gate { component: 1, below_hundredths: 8_000, best_band: 1 };
    let rules = combined_rules(vec![gate], at_most(5_000));
    let table = table_of_scores(&rules, &[9_900, 9_800, 9_700, 9_000]);
    let adjusted = Imported { adjustment: "1.25".to_owned(), ..imported(4, "92") };
    let rows = [imported(1, "79.99"), imported(2, "90"), imported(3, "90"), adjusted];
    let combined = combine(&rules, &table, &rows).unwrap();
    let totals: Vec<Option<&str>> = combined.iter().map(|row| row.total.as_deref()).collect();
    // 89.495 is rounded half-up; subject 1 is second in neither band nor quota, because the gate took it out first.
    assert_eq!(totals, [Some("89.50"), Some("94.00"), Some("93.50"), Some("92.25")]);
    let grades: Vec<Option<&str>> = combined.iter().map(|row| row.suggested_grade.as_deref()).collect();
    assert_eq!(grades, [Some("jiaohao"), Some("hao"), Some("hao"), Some("jiaohao")]);
    assert_eq!(combined[3].flags, [Flag::MovedByQuota]);
    assert_eq!(combined.iter().map(|row| row.rank).collect::<Vec<_>>(), [Some(4), Some(1), Some(2), Some(3)]);
}

#[test]
fn c15_a_gate_or_a_decision_caps_the_grade_and_frees_its_place() {
    let gate = Gate { component: 0, below_hundredths: 9_950, best_band: 2 };
    let rules = combined_rules(vec![gate], at_most(5_000));
    let table = table_of_scores(&rules, &[9_900, 9_960]);
    let combined = combine(&rules, &table, &[imported(1, "100"), imported(2, "90")]).unwrap();
    assert_eq!(combined[0].suggested_grade.as_deref(), Some("yiban"));
    assert_eq!(combined[0].flags, [Flag::Capped]);
    assert_eq!(combined[1].suggested_grade.as_deref(), Some("hao"), "the capped one takes no place at the top");
    let decided = Imported { best_band: 99, ..imported(2, "100") };
    let combined = combine(&rules, &table, &[imported(1, "100"), decided]).unwrap();
    assert_eq!(combined[1].suggested_grade.as_deref(), Some("cha"));
}

#[test]
fn c15_a_missing_component_gives_no_total_and_is_told() {
    let rules = combined_rules(Vec::new(), None);
    let table = table_of_scores(&rules, &[9_900, 9_800, 9_700]);
    let unreadable = Imported { adjustment: "one".to_owned(), ..imported(3, "90") };
    let combined = combine(&rules, &table, &[imported(1, "n/a"), unreadable]).unwrap();
    for row in &combined {
        assert_eq!((row.total.as_deref(), row.rank, row.suggested_grade.as_deref()), (None, None, None));
    }
    assert_eq!(combined[0].flags, [Flag::ComponentMissing(1)]);
    assert_eq!(combined[1].flags, [Flag::ComponentMissing(1)], "a subject without a line");
    assert_eq!(combined[2].flags, [Flag::AdjustmentUnreadable]);
    assert_eq!(combine(&Rules::default(), &table, &[]), None);
}
