//! "Explain this figure": recalculated from its own text, each figure is what is printed.

use pingyi::protocol::{ExplainedFigure, ExplainedRow, Figure};
use pingyi::view::explained::explained;
use pingyi_rules::meeting::plan::Publication;
use pingyi_rules::scoring::{TieBreak, printed};

use super::{institute, marks, published, small_group_plan, with_a_small_group};
use crate::scoring::formulas::value;

fn rows(meeting: &pingyi_rules::meeting::Meeting) -> Vec<ExplainedRow> {
    explained(meeting, &meeting.rounds[0]).unwrap().rows
}

fn of(row: &ExplainedRow, figure: Figure) -> &ExplainedFigure {
    row.figures.iter().find(|each| each.figure == figure).unwrap()
}

/// The formula of a line `… = exact ≈ printed`, recalculated.
fn recalculated(figure: &ExplainedFigure) -> String {
    let line = figure.lines[0][0].trim_end_matches(" %");
    let decimals = figure.printed.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    let (formula, rest) = line.split_once(" = ").unwrap();
    let value = value(formula);
    let exact = rest.split(" ≈ ").next().unwrap();
    assert_eq!(self::value(exact), value, "{line}");
    printed(&value, u32::try_from(decimals).unwrap())
}

#[test]
fn e6_every_figure_of_the_institute_recalculates() {
    let meeting = institute(Publication::HallScores);
    let all = rows(&meeting);
    assert_eq!(all.len(), 7);
    for row in &all {
        for figure in &row.figures {
            assert!(figure.lines.iter().flatten().all(|line| !line.is_empty()), "{figure:?}");
            match &figure.figure {
                Figure::GroupMean { .. } | Figure::Score | Figure::TopRate | Figure::Total => {
                    assert_eq!(recalculated(figure), figure.printed, "{figure:?}");
                }
                Figure::Mark { .. } | Figure::Abstained | Figure::Recused => {
                    let (terms, sum) = figure.lines[0][0].split_once(" = ").unwrap();
                    let terms = terms.split(" + ").map(|term| term[1..].trim().parse::<u32>().unwrap());
                    assert_eq!(
                        (terms.sum::<u32>().to_string(), sum),
                        (figure.printed.clone(), figure.printed.as_str())
                    );
                }
                Figure::Rank | Figure::TotalRank | Figure::SuggestedGrade | Figure::Item { .. } => {}
            }
        }
        // Four marks, abstained, recused, three means, score, rank, grade and rate: all that the page shows.
        assert_eq!(row.figures.len(), 13);
    }
    let score = of(&all[0], Figure::Score);
    assert!(score.lines[0][0].starts_with("(40×(660/7) + "), "{score:?}");
    let rank = of(&all[0], Figure::Rank);
    assert!(rank.lines[0][1].starts_with("3 stand before ("), "{rank:?}");
    assert_eq!(of(&all[0], Figure::SuggestedGrade).lines[0][0], "93.71 ≥ 90");
}

#[test]
fn e6_ties_say_how_they_were_broken_or_that_they_were_not() {
    let mut plan = small_group_plan();
    plan.groups.truncate(2);
    plan.groups[0].weight_bp = 5_000;
    plan.groups[1].weight_bp = 5_000;
    let counts =
        vec![vec![marks(&[10, 0, 0, 0]), marks(&[0, 10, 0, 0])], vec![marks(&[0, 10, 0, 0]), marks(&[10, 0, 0, 0])]];
    let meeting = published(plan.clone(), counts.clone(), Publication::HallScores);
    let shared = of(&rows(&meeting)[1], Figure::Rank).clone();
    assert_eq!(shared.printed, "1");
    let text =
        |figure: &ExplainedFigure| figure.lines.iter().map(|line| line[1].clone()).collect::<Vec<_>>().join("\n");
    assert!(text(&shared).contains("They share the place."), "{shared:?}");
    plan.scoring.tie_breaks = vec![TieBreak::GroupMean("A".to_owned())];
    let meeting = published(plan, counts, Publication::HallScores);
    let broken = of(&rows(&meeting)[1], Figure::Rank).clone();
    assert_eq!(broken.printed, "2");
    assert!(text(&broken).contains("Compared by the mean of group A: 第2支部 80.00, 第1支部 100.00."), "{broken:?}");
    assert!(!text(&broken).contains("share the place"));
}

#[test]
fn e5_no_explanation_names_a_small_group() {
    let all = rows(&with_a_small_group());
    for row in &all {
        assert!(!row.figures.iter().any(|figure| matches!(figure.figure, Figure::GroupMean { .. })), "{row:?}");
        let score = of(row, Figure::Score);
        assert!(score.lines[0][1].starts_with("Σ weight"), "{score:?}");
        // A sum over the groups would tell each of them.
        for figure in &row.figures {
            assert!(!figure.lines.iter().flatten().any(|line| line.contains("C 1") || line.contains("(220/3)")));
        }
    }
}

#[test]
fn e4_there_is_nothing_to_explain_before_the_publication_or_of_a_held_result() {
    for publication in [Publication::Held, Publication::Chair] {
        let meeting = institute(publication);
        let is_told = explained(&meeting, &meeting.rounds[0]).is_some();
        assert_eq!(is_told, publication == Publication::Chair);
    }
    let mut meeting = institute(Publication::HallScores);
    for state in [pingyi_rules::meeting::RoundState::Closed, pingyi_rules::meeting::RoundState::Certified] {
        meeting.rounds[0].state = state;
        assert_eq!(explained(&meeting, &meeting.rounds[0]), None);
        assert!(pingyi::view::result::all_for_chair(&meeting).is_empty());
    }
}
