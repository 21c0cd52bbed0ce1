//! The printed score combined with imported components: shares, adjustments, gates and the quota.
//! It starts from the finished table, because that is what was signed; it counts no ballot.

use num_bigint::BigInt;
use num_traits::{Signed, Zero};
use serde::{Deserialize, Serialize};

use super::exact::{DECIMALS_MAX, Exact, hundredths, parse_decimal, printed, rounded, short_text};
use super::grade::{Candidate, suggestions};
use super::opened::{Opened, factor};
use super::rank::ranks;
use super::rules::{Combination, Rules};
use super::table::{Flag, ScoreTable};

/// Most digits of an imported number before and after its point.
const IMPORTED_DIGITS_MAX: (usize, usize) = (4, 4);

/// What was imported for one subject.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Imported {
    /// The subject's number.
    pub subject: u16,
    /// The components as decimal strings, in the order of the rules.
    pub components: Vec<String>,
    /// Points added or, with `-`, taken away, as a decimal string; empty for none.
    pub adjustment: String,
    /// The best band that a decision outside leaves open: 0 is the best of all, and no cap.
    pub best_band: u32,
}

impl Imported {
    /// Whether there is a value, or a gap, for each of so many components, and all numbers are spelled in the one way: 0 to
    /// 9,999 with at most four decimals, the adjustment with or without `-`. The cap is one of the bands, or none.
    #[must_use]
    pub fn fits(&self, rules: &Rules) -> bool {
        let Some(combination) = &rules.combination else { return false };
        let is_open_or = |text: &str, holds: bool| text.is_empty() || holds;
        let adjustment = &self.adjustment;
        let best_band = usize::try_from(self.best_band).unwrap_or(usize::MAX);
        self.components.len() == combination.components.len()
            && self.components.iter().all(|text| is_open_or(text, is_imported(text)))
            && is_open_or(adjustment, is_imported(adjustment.strip_prefix('-').unwrap_or(adjustment)))
            && best_band < rules.bands.len().max(1)
    }
}

/// Whether a text is a number as it is imported: `91`, `91.0`, `0.25`, but neither `091` nor `.5`.
#[must_use]
pub fn is_imported(text: &str) -> bool {
    let (before, after) = text.split_once('.').map_or((text, None), |(before, after)| (before, Some(after)));
    let has_digits =
        |part: &str, most: usize| (1..=most).contains(&part.len()) && part.bytes().all(|sign| sign.is_ascii_digit());
    has_digits(before, IMPORTED_DIGITS_MAX.0)
        && (before == "0" || !before.starts_with('0'))
        && after.is_none_or(|after| has_digits(after, IMPORTED_DIGITS_MAX.1))
}

/// The total of one subject.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Combined {
    /// The subject's number.
    pub subject: u16,
    /// The total as printed; nothing where the score or a component is missing.
    pub total: Option<String>,
    /// Its place by the printed total.
    pub rank: Option<u32>,
    /// The [`super::Band::id`] that the total suggests.
    pub suggested_grade: Option<String>,
    /// What the print must say beside it.
    pub flags: Vec<Flag>,
    /// Why this suggested grade: the printed total and where its band begins, as `91.81 ≥ 90`.
    pub grade_reason: Option<String>,
    /// The total with its formula, as `40%×93.03 + 60%×91`.
    pub opened: Option<Opened>,
}

/// `Σ share × component`, then adjustments, gates and quota (rule c15), for the subjects of the table in its order. Nothing where
/// the rules have no combination.
#[must_use]
pub fn combine(rules: &Rules, table: &ScoreTable, imported: &[Imported]) -> Option<Vec<Combined>> {
    let combination = rules.combination.as_ref()?;
    // The components were not made by this round, so a small group does not shorten the total; its own score is short already.
    let decimals = rules.decimals.min(DECIMALS_MAX);
    let mut totals = Vec::new();
    let mut caps = Vec::new();
    for subject in &table.subjects {
        let nothing = Imported::default();
        let imported = imported.iter().find(|row| row.subject == subject.subject).unwrap_or(&nothing);
        let values = values_of(combination, subject.score.as_deref(), imported);
        caps.push(cap(combination, imported, values.as_ref().map_or(&[], |(values, _)| values)));
        totals.push(values.map(|(values, adjustment)| total(combination, &values, &adjustment, decimals)));
    }
    let keys: Vec<Option<BigInt>> =
        totals.iter().map(|total| Some(rounded(&total.as_ref().ok()?.0, decimals))).collect();
    let ranks = ranks(&keys);
    let candidates: Vec<Option<Candidate>> = totals
        .iter()
        .zip(&ranks)
        .zip(caps)
        .map(|((total, rank), best_band)| {
            Some(Candidate { best_band, ..Candidate::new(&total.as_ref().ok()?.0, decimals, (*rank)?) })
        })
        .collect();
    let suggested = suggestions(rules, &candidates);
    let rows =
        table.subjects.iter().zip(totals).zip(ranks).zip(suggested).map(|(((subject, total), rank), suggestion)| {
            let (total, mut flags) = match total {
                Ok(total) => (Some(total), Vec::new()),
                Err(flags) => (None, flags),
            };
            flags.extend(suggestion.flags);
            Combined {
                subject: subject.subject,
                total: total.as_ref().map(|(value, _)| printed(value, decimals)),
                rank,
                suggested_grade: suggestion.band,
                flags,
                grade_reason: suggestion.reason,
                opened: total.map(|(_, opened)| opened),
            }
        });
    Some(rows.collect())
}

/// The score and the components as numbers, and the adjustment; or what is missing. A subject without a score already says why.
fn values_of(
    combination: &Combination,
    score: Option<&str>,
    imported: &Imported,
) -> Result<(Vec<Exact>, Exact), Vec<Flag>> {
    let mut flags = Vec::new();
    let score = score.and_then(parse_decimal);
    let mut values: Vec<Exact> = score.iter().cloned().collect();
    for at in 0..combination.components.len() {
        match imported.components.get(at).and_then(|text| parse_decimal(text.trim())) {
            Some(value) => values.push(value),
            None => flags.push(Flag::ComponentMissing(u32::try_from(at + 1).unwrap_or(u32::MAX))),
        }
    }
    let adjustment = match imported.adjustment.trim() {
        "" => Some(Exact::zero()),
        text => parse_decimal(text),
    };
    if adjustment.is_none() {
        flags.push(Flag::AdjustmentUnreadable);
    }
    match adjustment {
        Some(adjustment) if flags.is_empty() && score.is_some() => Ok((values, adjustment)),
        _ => Err(flags),
    }
}

fn total(combination: &Combination, values: &[Exact], adjustment: &Exact, decimals: u32) -> (Exact, Opened) {
    let mut value = Exact::zero();
    let mut terms = Vec::new();
    for (share_bp, component) in shares(combination).zip(values) {
        let percent = hundredths(share_bp.into());
        value += &percent * component / hundredths(10_000);
        terms.push(format!("{}%×{}", short_text(&percent), factor(component)));
    }
    value += adjustment;
    let mut expression = terms.join(" + ");
    if !adjustment.is_zero() {
        let sign = if adjustment.is_negative() { '−' } else { '+' };
        expression = format!("{expression} {sign} {}", short_text(&adjustment.abs()));
    }
    let opened = Opened::new(expression, &value, decimals);
    (value, opened)
}

fn shares(combination: &Combination) -> impl Iterator<Item = u32> {
    std::iter::once(combination.evaluation_share_bp)
        .chain(combination.components.iter().map(|component| component.share_bp))
}

/// The best band that the closed gates and the decision outside leave open.
fn cap(combination: &Combination, imported: &Imported, values: &[Exact]) -> usize {
    let closed = combination.gates.iter().filter(|gate| {
        let component = usize::try_from(gate.component).ok().and_then(|at| values.get(at));
        component.is_some_and(|value| *value < hundredths(gate.below_hundredths.into()))
    });
    let best_band = closed.map(|gate| gate.best_band).chain([imported.best_band]).max().unwrap_or(0);
    usize::try_from(best_band).unwrap_or(usize::MAX)
}
