//! Single rules, each at its edge.

use pingyi_rules::scoring::{
    Flag, GroupCount, MissingGroup, MissingItem, RowPolicy, Rules, SmallGroupPolicy, SubjectCount, TieBreak, Trim,
    TurnoutRule, Worth, percent_text, percentages, publish, row_value, score, short_text,
};

use super::{four_grades, groups, marks, means, ranks, score_one, table, table_of_scores};

#[test]
fn c2_an_item_that_does_not_apply_leaves_its_weight_to_the_others() {
    let rules = Rules { item_weights_bp: vec![5_000, 3_000, 2_000], ..Rules::default() };
    let scale = [Worth::PointsHundredths(9_000), Worth::PointsHundredths(6_000), Worth::Unknown];
    let row_value = |rules, row| row_value(rules, &scale, row);
    assert_eq!(row_value(&rules, "0.-.1").map(|value| short_text(&value)).as_deref(), Some("570/7"));
    let renormalises = Rules { missing_item: MissingItem::Renormalise, ..rules.clone() };
    assert_eq!(row_value(&rules, "0.-"), None, "an item missing at the end is open");
    assert_eq!(row_value(&renormalises, "0.-").map(|value| short_text(&value)).as_deref(), Some("90"));
    assert_eq!(row_value(&renormalises, ""), None);
    assert_eq!(row_value(&rules, "0.-.2"), None, "a mark that is no grade leaves its item open");
    assert_eq!(row_value(&renormalises, "0..2").map(|value| short_text(&value)).as_deref(), Some("90"));
}

#[test]
fn c3_abstentions_leave_the_denominator_or_count_as_points() {
    let scale = [four_grades(), vec![Worth::Abstain]].concat();
    let count = GroupCount { abstained: 1, ..marks(&[2, 0, 0, 0, 1]) };
    let with = |abstain| {
        let rules = Rules { abstain, ..Rules::default() };
        score_one(&rules, &[10_000], &scale, vec![count.clone()])
    };
    assert_eq!(with(RowPolicy::Exclude).score.as_deref(), Some("100.00"));
    let counted = with(RowPolicy::PointsHundredths(6_000));
    assert_eq!(counted.score.as_deref(), Some("80.00"));
    assert_eq!(counted.groups[0].counted_rows, Some(4));
}

#[test]
fn c4_unknown_has_a_policy_of_its_own() {
    let scale = [four_grades(), vec![Worth::Unknown]].concat();
    let count = GroupCount { abstained: 1, recused: 1, void: 3, ..marks(&[1, 0, 0, 0, 1]) };
    let rules = Rules { unknown: RowPolicy::PointsHundredths(5_000), ..Rules::default() };
    assert_eq!(score_one(&rules, &[10_000], &scale, vec![count.clone()]).score.as_deref(), Some("75.00"));
    assert_eq!(score_one(&Rules::default(), &[10_000], &scale, vec![count]).score.as_deref(), Some("100.00"));
}

#[test]
fn c5_two_rows_are_never_trimmed_away() {
    let rules = Rules { trim: Some(Trim { more_than_rows: 0 }), ..Rules::default() };
    let scored = score_one(&rules, &[10_000], &four_grades(), vec![marks(&[1, 1, 0, 0])]);
    assert_eq!(scored.score.as_deref(), Some("90.00"));
    let scored = score_one(&rules, &[10_000], &four_grades(), vec![marks(&[1, 1, 1, 0])]);
    assert_eq!(scored.score.as_deref(), Some("80.00"));
}

#[test]
fn c7_a_missing_group_is_told() {
    let counts = vec![marks(&[1, 0, 0, 0]), marks(&[])];
    let with = |missing_group| {
        let rules = Rules { missing_group, ..Rules::default() };
        score_one(&rules, &[6_000, 4_000], &four_grades(), counts.clone())
    };
    let b = "B".to_owned();
    assert_eq!(with(MissingGroup::Renormalise).flags, [Flag::GroupSharedOut(b.clone())]);
    assert_eq!(with(MissingGroup::Zero).flags, [Flag::GroupCountsZero(b.clone())]);
    assert_eq!(with(MissingGroup::Block).flags, [Flag::BlockedByGroup(b)]);
    assert_eq!(with(MissingGroup::Block).rank, None);
}

#[test]
fn c7_where_nobody_marked_there_is_no_score() {
    for missing_group in [MissingGroup::Renormalise, MissingGroup::Zero, MissingGroup::Block] {
        let rules = Rules { missing_group, ..Rules::default() };
        let scored = score_one(&rules, &[6_000, 4_000], &four_grades(), vec![marks(&[]), marks(&[])]);
        assert_eq!((scored.score, scored.rank, scored.top_rate_percent), (None, None, None));
        assert_eq!(means(&score_one(&rules, &[10_000], &four_grades(), Vec::new())), [None]);
    }
}

#[test]
fn c8_ranks_follow_the_printed_score() {
    let plain = table_of_scores(&Rules::default(), &[9_000, 9_500, 9_000, 8_000]);
    assert_eq!(ranks(&plain), [Some(2), Some(1), Some(2), Some(4)]);
    let coarse = Rules { decimals: 0, ..Rules::default() };
    let equal = table_of_scores(&coarse, &[9_049, 8_950, 8_949]);
    assert_eq!(ranks(&equal), [Some(1), Some(1), Some(3)], "90.49 and 89.50 are both printed as 90");
}

#[test]
fn c8_a_subject_without_a_score_takes_no_rank_away() {
    let counts = [[1, 0, 0, 0], [0; 4], [0, 1, 0, 0]].map(|count| vec![marks(&count)]);
    let table = table(&Rules::default(), &[10_000], &four_grades(), counts.to_vec());
    assert_eq!(ranks(&table), [Some(1), None, Some(2)]);
}

/// Both score 90.00; subject 1 has the better mean in A, subject 2 the higher top rate.
fn a_tie() -> Vec<Vec<GroupCount>> {
    vec![vec![marks(&[5, 0, 0, 0]), marks(&[0, 10, 0, 0])], vec![marks(&[0, 5, 0, 0]), marks(&[10, 0, 0, 0])]]
}

#[test]
fn c9_tie_breaks_decide_in_their_order() {
    let by_group = TieBreak::GroupMean("A".to_owned());
    for (tie_breaks, expected) in [
        (vec![], [Some(1), Some(1)]),
        (vec![by_group.clone()], [Some(1), Some(2)]),
        (vec![TieBreak::TopRate, by_group.clone()], [Some(2), Some(1)]),
        (vec![by_group, TieBreak::TopRate], [Some(1), Some(2)]),
        (vec![TieBreak::GroupMean("Z".to_owned())], [Some(1), Some(1)]),
    ] {
        let rules = Rules { tie_breaks, ..Rules::default() };
        assert_eq!(ranks(&table(&rules, &[5_000, 5_000], &four_grades(), a_tie())), expected, "{:?}", rules.tie_breaks);
    }
}

#[test]
fn c14_a_small_group_breaks_no_tie_and_shortens_the_table() {
    let rules = Rules { tie_breaks: vec![TieBreak::GroupMean("A".to_owned())], ..Rules::default() };
    let counts: Vec<SubjectCount> =
        (1..).zip(a_tie()).map(|(subject, groups)| SubjectCount { subject, groups }).collect();
    let score_with = |shown| score(&rules, &groups(&[5_000, 5_000]), &four_grades(), &counts, shown);
    let open = score_with(SmallGroupPolicy { k_min: 5, totals_only: false });
    assert_eq!((open.has_small_group, open.decimals, ranks(&open)), (false, 2, vec![Some(1), Some(2)]));
    let small = score_with(SmallGroupPolicy { k_min: 6, totals_only: false });
    assert_eq!((small.has_small_group, small.decimals, ranks(&small)), (true, 1, vec![Some(1), Some(1)]));
    assert_eq!(small.subjects[0].score.as_deref(), Some("90.0"));
    assert_eq!(small.subjects[0].flags, [Flag::SmallGroup]);
    let totals = score_with(SmallGroupPolicy { k_min: 5, totals_only: true });
    assert_eq!((totals.decimals, ranks(&totals)), (2, vec![Some(1), Some(1)]));
    assert_eq!(means(&totals.subjects[0]), [None, None]);
}

#[test]
fn c12_the_top_rate_is_of_grades_given() {
    let scale = [four_grades(), vec![Worth::Unknown, Worth::Abstain]].concat();
    let count = GroupCount { abstained: 4, recused: 1, ..marks(&[2, 1, 0, 0, 5, 5]) };
    let rules = Rules { abstain: RowPolicy::PointsHundredths(0), ..Rules::default() };
    let scored = score_one(&rules, &[10_000], &scale, vec![count]);
    assert_eq!(scored.top_rate_percent.as_deref(), Some("66.67"));
}

#[test]
fn c13_percentages_favour_the_earlier_of_equal_remainders() {
    assert_eq!(percentages(&[1, 1, 1]), ["33.4", "33.3", "33.3"]);
    assert_eq!(percentages(&[21, 8, 1, 0]), ["70.0", "26.7", "3.3", "0.0"]);
    assert_eq!(percentages(&[0, 0]), ["0.0", "0.0"]);
    assert_eq!(percentages(&[u32::MAX, u32::MAX]), ["50.0", "50.0"]);
    assert_eq!((percent_text(4_000), percent_text(3_333)), ("40".to_owned(), "33.33".to_owned()));
}

#[test]
fn a10_two_thirds_of_nine_is_six() {
    assert_eq!(TurnoutRule::AtLeastTwoThirds.needed(9), 6);
    assert_eq!(TurnoutRule::MoreThanTwoThirds.needed(9), 7);
    assert_eq!(TurnoutRule::AtLeastFourFifths.needed(u32::MAX), 3_435_973_836);
    assert!(TurnoutRule::None.is_reached(9, 0));
    assert!(!TurnoutRule::MoreThanHalf.is_reached(0, 0));
}

#[test]
fn c19_a_score_and_counts_that_leave_too_few_are_not_both_given() {
    let count = |marks: [u32; 2]| GroupCount { marks: marks.to_vec(), ..GroupCount::default() };
    let scale = [Worth::PointsHundredths(10_000), Worth::PointsHundredths(4_000)];
    let told = |weights: &[u32], counts: &[[u32; 2]]| {
        let subject = SubjectCount { subject: 1, groups: counts.iter().copied().map(count).collect() };
        let returned: Vec<u32> = counts.iter().map(|marks| marks.iter().sum()).collect();
        let shown = SmallGroupPolicy { k_min: 5, totals_only: false };
        let published = publish(&Rules::default(), &groups(weights), &scale, &[subject], &returned, shown);
        let score = published.table.subjects[0].score.clone();
        (published.shows_groups[0], published.shows_totals[0], score)
    };
    // Three groups: two equations do not give three means.
    assert_eq!(told(&[5_000, 3_000, 2_000], &[[3, 0], [5, 4], [6, 5]]), (false, true, Some("86.5".to_owned())));
    // Two groups, and three of which two pull alike: the third would be had from score and counts.
    assert_eq!(told(&[6_000, 4_000], &[[3, 0], [5, 5]]), (false, false, Some("88.0".to_owned())));
    assert_eq!(told(&[6_000, 2_000, 2_000], &[[3, 0], [5, 5], [9, 1]]), (false, false, Some("92.8".to_owned())));
    // A score that few ballots make, and fewer than k_min in all.
    assert_eq!(told(&[10_000, 0], &[[3, 0], [5, 5]]), (false, true, None));
    assert_eq!(told(&[6_000, 4_000], &[[3, 0], [1, 0]]), (false, false, None));
    // The control: with enough of each everything is given.
    assert_eq!(told(&[6_000, 4_000], &[[3, 2], [5, 5]]), (true, true, Some("73.60".to_owned())));
}
