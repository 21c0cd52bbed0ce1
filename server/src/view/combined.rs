//! Totals: the printed score of a round combined with its imported components. They are cut as the score is, because whoever
//! has a total and its components has the score (rule s80).

use super::decimal;
use crate::protocol::{CombinationView, CombinedRow, ComponentView, ComponentsView};
use pingyi_rules::meeting::imported::ComponentsRow;
use pingyi_rules::meeting::plan::Plan;
use pingyi_rules::meeting::{Meeting, Round, RoundState};
use pingyi_rules::scoring::{Combination, Combined, Flag, Imported, ScoreTable, combine};

type Line = [String; 2];

/// The totals of a counted round in the order of its table; nothing where scores are not combined.
#[must_use]
pub fn combined(plan: &Plan, round: &Round, table: &ScoreTable) -> Option<Vec<Combined>> {
    combine(&plan.scoring, table, &round.imported)
}

/// How the plan combines scores.
#[must_use]
pub fn combination(plan: &Plan) -> Option<CombinationView> {
    plan.scoring.combination.as_ref().map(combination_view)
}

fn combination_view(combination: &Combination) -> CombinationView {
    let component = |component: &pingyi_rules::scoring::Component| ComponentView {
        name: component.name.clone(),
        share_percent: decimal(component.share_bp),
    };
    CombinationView {
        evaluation_share_percent: decimal(combination.evaluation_share_bp),
        components: combination.components.iter().map(component).collect(),
    }
}

/// One subject's total beside what was imported of it.
pub(super) fn row(plan: &Plan, round: &Round, combined: &Combined) -> CombinedRow {
    let imported = round.imported.iter().find(|row| row.subject == combined.subject);
    let names = plan.scoring.combination.iter().flat_map(|combination| &combination.components);
    let told = |text: &String| (!text.is_empty()).then(|| text.clone());
    let component = |(at, _)| imported.and_then(|row| row.components.get(at)).and_then(told);
    CombinedRow {
        components: names.enumerate().map(component).collect(),
        adjustment: imported.and_then(|row| told(&row.adjustment)),
        total: combined.total.clone(),
        rank: combined.rank,
        notes: combined.flags.iter().filter_map(|flag| missing(plan, flag)).collect(),
    }
}

/// Why there is no total.
pub(super) fn missing(plan: &Plan, flag: &Flag) -> Option<Line> {
    match flag {
        Flag::ComponentMissing(number) => {
            let at = usize::try_from(number.checked_sub(1)?).ok()?;
            let name = &plan.scoring.combination.as_ref()?.components.get(at)?.name;
            Some([format!("缺少“{name}”，不出综合得分。"), format!("Without “{name}” there is no total.")])
        }
        Flag::AdjustmentUnreadable => Some(
            ["加减分无法识别，不出综合得分。", "The adjustment is no number, so there is no total."].map(str::to_owned),
        ),
        Flag::GroupSharedOut(_)
        | Flag::GroupCountsZero(_)
        | Flag::BlockedByGroup(_)
        | Flag::SmallGroup
        | Flag::MovedByQuota
        | Flag::TieAcrossQuota
        | Flag::Capped => None,
    }
}

/// The components of the round of now; voters get nothing of them.
#[must_use]
pub fn components(meeting: &Meeting) -> Option<ComponentsView> {
    let round = meeting.round_of_now()?;
    let plan = meeting.form_plan(round);
    let combination = plan.scoring.combination.as_ref()?;
    let is_whole = |subject: &u16| {
        let row = round.imported.iter().find(|row| row.subject == *subject);
        row.is_some_and(|row| row.components.iter().all(|value| !value.is_empty()))
    };
    let is_over = matches!(round.state, RoundState::Certified | RoundState::Published | RoundState::Void);
    let bands = &plan.scoring.bands;
    Some(ComponentsView {
        round: round.number,
        combination: combination_view(combination),
        grades: bands.iter().map(|band| [band.label.clone(), band.label_en.clone()]).collect(),
        rows: rows(&round.imported),
        missing: round.subjects.iter().filter(|subject| !is_whole(subject)).copied().collect(),
        is_open: !is_over && meeting.phase != pingyi_rules::meeting::Phase::Archived,
    })
}

/// Rows as screens have them.
#[must_use]
pub fn rows(imported: &[Imported]) -> Vec<ComponentsRow> {
    imported.iter().cloned().map(ComponentsRow::from).collect()
}

/// Shares, gates and what a missing component does, in words.
pub(super) fn rules(plan: &Plan) -> Vec<Line> {
    let Some(combination) = &plan.scoring.combination else { return Vec::new() };
    let share = decimal(combination.evaluation_share_bp);
    let (mut zh, mut en) = (vec![format!("{share}%×测评得分")], vec![format!("{share} % × score")]);
    for component in &combination.components {
        let share = decimal(component.share_bp);
        zh.push(format!("{share}%×{}", component.name));
        en.push(format!("{share} % × {}", component.name));
    }
    let mut rules = vec![
        [
            format!("综合得分＝{}，再加减分；按保留后的测评得分计算，缺一项则不出综合得分。", zh.join("＋")),
            format!(
                "Total = {}, then adjustments; made from the rounded score, and none where a component is missing.",
                en.join(" + ")
            ),
        ],
        [
            "有综合得分的，建议等次按综合得分和综合位次给出。".to_owned(),
            "Where scores are combined, suggested grades follow from the total and its rank.".to_owned(),
        ],
    ];
    rules.extend(combination.gates.iter().filter_map(|gate| {
        let place = usize::try_from(gate.component).ok()?;
        let name = place.checked_sub(1).map(|at| combination.components.get(at).map(|part| part.name.as_str()));
        let (zh, en) = name.map_or(Some(("测评得分", "the score")), |name| name.map(|name| (name, name)))?;
        let band = plan.scoring.bands.get(usize::try_from(gate.best_band).ok()?)?;
        let label_en = if band.label_en.is_empty() { &band.label } else { &band.label_en };
        let below = decimal(gate.below_hundredths);
        Some([
            format!("{zh}低于 {below} 分的，建议等次不高于“{}”。", band.label),
            format!("Below {below} in {en} no grade better than “{label_en}” is suggested."),
        ])
    }));
    rules
}
