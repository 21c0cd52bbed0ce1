//! Random meetings: the crate and the paper must agree on every string.

use pingyi_rules::scoring::{
    GroupCount, ItemAnswer, MissingGroup, MissingItem, RowPolicy, Rules, SmallGroupPolicy, SubjectCount, Trim,
    TurnoutRule, Worth, item_row, percentages, score,
};
use proptest::prelude::*;

use super::naive::{self, Fraction, Row};
use super::{ALL_SHOWN, formulas, groups};

#[derive(Clone, Debug)]
struct Round {
    rules: Rules,
    weights: Vec<u32>,
    scale: Vec<Worth>,
    subjects: Vec<Vec<Vec<Row>>>,
}

fn row_policy() -> impl Strategy<Value = RowPolicy> {
    prop_oneof![Just(RowPolicy::Exclude), (0..=10_000_u32).prop_map(RowPolicy::PointsHundredths)]
}

fn rules() -> impl Strategy<Value = Rules> {
    let missing_group =
        prop_oneof![Just(MissingGroup::Renormalise), Just(MissingGroup::Zero), Just(MissingGroup::Block)];
    let missing_item = prop_oneof![Just(MissingItem::Require), Just(MissingItem::Renormalise)];
    let trim = prop::option::of((2..8_u32).prop_map(|more_than_rows| Trim { more_than_rows }));
    let items = prop::collection::vec(1..5_000_u32, 3);
    (0..=4_u32, row_policy(), row_policy(), trim, missing_group, missing_item, items).prop_map(
        |(decimals, abstain, unknown, trim, missing_group, missing_item, item_weights_bp)| Rules {
            decimals,
            abstain,
            unknown,
            trim,
            missing_group,
            missing_item,
            item_weights_bp,
            ..Rules::default()
        },
    )
}

fn worth() -> impl Strategy<Value = Worth> {
    prop_oneof![
        6 => (0..=10_000_u32).prop_map(Worth::PointsHundredths),
        1 => Just(Worth::Unknown),
        1 => Just(Worth::Abstain),
    ]
}

fn row(marks: usize) -> impl Strategy<Value = Row> {
    let item = prop_oneof![
        4 => (0..marks).prop_map(ItemAnswer::Mark),
        1 => Just(ItemAnswer::Open),
        1 => Just(ItemAnswer::NotApplicable),
    ];
    prop_oneof![
        8 => (0..marks).prop_map(Row::Mark),
        1 => Just(Row::Blank),
        1 => Just(Row::Recused),
        1 => Just(Row::Void),
        1 => prop::collection::vec(item, 3).prop_map(Row::Items),
    ]
}

fn round() -> impl Strategy<Value = Round> {
    (rules(), prop::collection::vec(1..=9_999_u32, 1..=3), prop::collection::vec(worth(), 1..=5)).prop_flat_map(
        |(rules, weights, scale)| {
            // At most 6 rows a group keep the paper's 128-bit denominators from running over.
            let rows = prop::collection::vec(row(scale.len()), 0..=6);
            let subject = prop::collection::vec(rows, weights.len());
            prop::collection::vec(subject, 1..=6).prop_map(move |subjects| Round {
                rules: rules.clone(),
                weights: weights.clone(),
                scale: scale.clone(),
                subjects,
            })
        },
    )
}

/// The pile of one group, counted.
fn counted(marks: usize, rows: &[Row]) -> GroupCount {
    let mut count = GroupCount { marks: vec![0; marks], ..GroupCount::default() };
    for row in rows {
        match row {
            Row::Mark(at) => count.marks[*at] += 1,
            Row::Blank => count.abstained += 1,
            Row::Recused => count.recused += 1,
            Row::Void => count.void += 1,
            Row::Items(answers) => count.put(&item_row(answers.iter().copied()), 1),
        }
    }
    count
}

fn counts(round: &Round) -> Vec<SubjectCount> {
    let groups = |rows: &Vec<Vec<Row>>| rows.iter().map(|rows| counted(round.scale.len(), rows)).collect();
    (1..).zip(&round.subjects).map(|(subject, rows)| SubjectCount { subject, groups: groups(rows) }).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, ..ProptestConfig::default() })]

    #[test]
    fn c6_the_table_agrees_with_a_count_on_paper(round in round()) {
        let table = score(&round.rules, &groups(&round.weights), &round.scale, &counts(&round), ALL_SHOWN);
        let mut paper: Vec<_> = round
            .subjects
            .iter()
            .map(|rows| naive::subject(&round.rules, &round.weights, &round.scale, rows))
            .collect();
        naive::rank(round.rules.decimals, &mut paper);
        for (scored, paper) in table.subjects.iter().zip(&paper) {
            let means: Vec<Option<String>> = scored.groups.iter().map(|group| group.mean.clone()).collect();
            prop_assert_eq!(&means, &paper.means);
            prop_assert_eq!(&scored.score, &paper.score);
            prop_assert_eq!(scored.rank, paper.rank);
            prop_assert_eq!(&scored.pooled_mean, &paper.pooled);
            prop_assert_eq!(&scored.top_rate_percent, &paper.top_rate);
        }
    }

    #[test]
    fn c16_every_formula_has_the_value_beside_it(round in round()) {
        let table = score(&round.rules, &groups(&round.weights), &round.scale, &counts(&round), ALL_SHOWN);
        for scored in &table.subjects {
            let explanation = &scored.explanation;
            let shown = |number: &Option<String>| number.clone();
            for (mean, opened) in scored.groups.iter().zip(&explanation.group_means) {
                prop_assert_eq!(shown(&mean.mean), opened.as_ref().map(|opened| opened.printed.clone()));
            }
            prop_assert_eq!(&scored.score, &explanation.score.as_ref().map(|opened| opened.printed.clone()));
            prop_assert_eq!(&scored.pooled_mean, &explanation.pooled_mean.as_ref().map(|opened| opened.printed.clone()));
            let all = explanation.group_means.iter().flatten();
            let all = all.chain(&explanation.score).chain(&explanation.pooled_mean).chain(&explanation.top_rate_percent);
            for opened in all {
                prop_assert_eq!(formulas::value(&opened.expression), formulas::value(&opened.exact), "{}", opened.expression);
            }
        }
    }

    #[test]
    fn c14_hiding_leaves_no_group_figure(round in round(), k_min in 0..6_u32, totals_only: bool) {
        let shown = SmallGroupPolicy { k_min, totals_only };
        let counts = counts(&round);
        let table = score(&round.rules, &groups(&round.weights), &round.scale, &counts, shown);
        for (scored, count) in table.subjects.iter().zip(&counts) {
            let is_small = count.groups.iter().any(|group| (1..u64::from(k_min)).contains(&group.ballots()));
            prop_assert!(!is_small || (table.has_small_group && table.decimals <= 1));
            let hidden = is_small || totals_only;
            let figures = scored.groups.iter().any(|group| group.mean.is_some() || group.counted_rows.is_some());
            let formulas = scored.explanation.group_means.iter().any(Option::is_some) || scored.explanation.score.is_some();
            prop_assert!(!hidden || (!figures && !formulas));
            prop_assert!(hidden || scored.groups.iter().all(|group| group.counted_rows.is_some()));
        }
    }

    #[test]
    fn c13_percentages_add_up(counts in prop::collection::vec(0..100_000_u32, 1..12)) {
        let tenths: Vec<u64> = percentages(&counts).iter().map(|text| text.replace('.', "").parse().unwrap()).collect();
        let total: u64 = counts.iter().copied().map(u64::from).sum();
        prop_assert_eq!(tenths.iter().sum::<u64>(), if total == 0 { 0 } else { 1_000 });
        for (tenths, count) in tenths.iter().zip(&counts) {
            let exact = u64::from(*count) * 1_000;
            // Never more than one tenth away from the exact share.
            prop_assert!(total == 0 || (tenths * total).abs_diff(exact) < total);
        }
    }

    #[test]
    fn a10_the_number_needed_is_the_smallest_that_satisfies(entitled in 1..20_000_u32) {
        let satisfies = |rule: TurnoutRule, present: u32| {
            let (present, entitled) = (u64::from(present), u64::from(entitled));
            match rule {
                TurnoutRule::None => true,
                TurnoutRule::MoreThanHalf => 2 * present > entitled,
                TurnoutRule::AtLeastTwoThirds => 3 * present >= 2 * entitled,
                TurnoutRule::MoreThanTwoThirds => 3 * present > 2 * entitled,
                TurnoutRule::AtLeastFourFifths => 5 * present >= 4 * entitled,
                TurnoutRule::MoreThanFourFifths => 5 * present > 4 * entitled,
            }
        };
        for rule in TurnoutRule::ALL {
            let needed = rule.needed(entitled);
            prop_assert!(satisfies(rule, needed) && rule.is_reached(entitled, needed) && needed <= entitled);
            prop_assert!(needed == 0 || (!satisfies(rule, needed - 1) && !rule.is_reached(entitled, needed - 1)));
        }
    }
}

#[test]
fn c1_the_paper_itself_rounds_half_up() {
    assert_eq!(Fraction::new(721, 8).text(2), "90.13");
    assert_eq!(Fraction::new(3_256, 35).text(2), "93.03");
}
