//! A printed number, opened into its formula with the numbers in it, so that anybody can recalculate it by hand.
//! It writes what `table` and `combine` calculated and calculates nothing that is printed elsewhere.

use serde::{Deserialize, Serialize};

use super::exact::{Exact, exact_text, hundredths, printed, short_text};
use super::mean::Mean;
use super::rows::CountedRows;

/// One printed number with the way to it. The signs `× ÷ + − ( )` are the same in every language; percents stand as plain
/// numbers, so that `40×92` is a weight of 40 % on a mean of 92.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opened {
    /// As `(100×5 + 80×2) ÷ 7`.
    pub expression: String,
    /// Its exact value in lowest terms, as `660/7`.
    pub exact: String,
    /// What is printed of it, as `94.29`.
    pub printed: String,
}

impl Opened {
    pub(crate) fn new(expression: String, value: &Exact, decimals: u32) -> Self {
        Self { expression, exact: exact_text(value), printed: printed(value, decimals) }
    }
}

/// The numbers of one subject, opened. Nothing stands where nothing is printed or where a small group would show through.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Explanation {
    /// The mean of each group, in the order of the groups.
    pub group_means: Vec<Option<Opened>>,
    /// The weighted score.
    pub score: Option<Opened>,
    /// The mean of all counted rows in one pile.
    pub pooled_mean: Option<Opened>,
    /// The rate of the top mark in percent.
    pub top_rate_percent: Option<Opened>,
    /// Why this suggested grade: the printed score and where its band begins, as `93.03 ≥ 90`.
    pub suggested_grade: Option<String>,
}

/// `(100×5 + 80×2) ÷ 7`; of a trimmed mean `(96×1 + … − 96 − 70) ÷ (9 − 2)`.
pub(crate) fn mean_expression(mean: &Mean) -> String {
    let sum = sum_of_rows(&mean.rows);
    let rows = mean.rows.rows();
    match &mean.dropped {
        None => format!("({sum}) ÷ {rows}"),
        Some((highest, lowest)) => {
            format!("({sum} − {} − {}) ÷ ({rows} − 2)", short_text(highest), short_text(lowest))
        }
    }
}

fn sum_of_rows(rows: &CountedRows) -> String {
    let terms: Vec<String> = rows.0.iter().map(|(value, rows)| format!("{}×{rows}", factor(value))).collect();
    terms.join(" + ")
}

/// `(40×(660/7) + 30×92) ÷ 70` from weights in basis points and means.
pub(crate) fn weighted_expression(terms: &[(u32, Exact)]) -> String {
    let weights: i64 = terms.iter().map(|(weight_bp, _)| i64::from(*weight_bp)).sum();
    let products: Vec<String> = terms
        .iter()
        .map(|(weight_bp, mean)| format!("{}×{}", short_text(&hundredths((*weight_bp).into())), factor(mean)))
        .collect();
    format!("({}) ÷ {}", products.join(" + "), short_text(&hundredths(weights)))
}

/// A number inside a product: fractions and negative numbers stand in brackets.
pub(crate) fn factor(value: &Exact) -> String {
    let text = short_text(value);
    if text.contains(['/', '-']) { format!("({text})") } else { text }
}
