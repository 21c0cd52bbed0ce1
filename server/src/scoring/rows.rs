//! Which rows of a group are counted, and what each is worth.
//! It knows one group's rows of one subject; it neither averages nor weighs groups.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use num_traits::Zero;
use serde::{Deserialize, Serialize};

use super::exact::{Exact, divided, hundredths, whole};
use super::rules::{MissingItem, RowPolicy, Rules};

/// What a mark of the scale is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Worth {
    /// A grade of this many hundredths of a point.
    PointsHundredths(u32),
    /// 不了解.
    Unknown,
    /// 弃权, marked as such.
    Abstain,
}

/// What one group put on the table for one subject; every row is in exactly one of these.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct GroupCount {
    /// Rows by mark, in the order of the scale, marks that are no grade included. Shorter than the scale means zeros.
    pub marks: Vec<u32>,
    /// Rows that nobody marked.
    pub abstained: u32,
    /// Rows that were never issued, because the voter leads the subject.
    pub recused: u32,
    /// Rows that broke a rule.
    pub void: u32,
    /// Rows of several items; empty where a row is one overall mark.
    pub item_rows: Vec<ItemRow>,
}

impl GroupCount {
    /// Ballots in the box: every row but the recused ones.
    #[must_use]
    pub fn ballots(&self) -> u64 {
        let marks: u64 = self.marks.iter().copied().map(u64::from).sum();
        // A length fits into 64 bits on every machine there is.
        let item_rows = self.item_rows.len() as u64;
        marks + item_rows + u64::from(self.abstained) + u64::from(self.void)
    }
}

/// One row of several items, in the order of [`Rules::item_weights_bp`]. Items missing at the end are open.
pub type ItemRow = Vec<ItemAnswer>;

/// What a row says of one item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemAnswer {
    /// The item does not apply to this subject.
    NotApplicable,
    /// The item was left open.
    Open,
    /// This many hundredths of a point.
    PointsHundredths(u32),
}

/// The counted rows of a group: how many have which value, highest first, every value once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CountedRows(pub Vec<(Exact, u64)>);

impl CountedRows {
    /// How many rows are counted.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.0.iter().map(|(_, rows)| rows).sum()
    }

    /// The sum of all values.
    #[must_use]
    pub fn sum(&self) -> Exact {
        self.0.iter().map(|(value, rows)| value * whole(*rows)).fold(Exact::zero(), |sum, term| sum + term)
    }

    /// These rows and those, in one pile.
    #[must_use]
    pub fn with(&self, other: &Self) -> Self {
        Self::sorted(self.0.iter().chain(&other.0).cloned())
    }

    fn sorted(rows: impl Iterator<Item = (Exact, u64)>) -> Self {
        let mut by_value: BTreeMap<Reverse<Exact>, u64> = BTreeMap::new();
        for (value, count) in rows.filter(|(_, count)| *count > 0) {
            *by_value.entry(Reverse(value)).or_default() += count;
        }
        Self(by_value.into_iter().map(|(Reverse(value), count)| (value, count)).collect())
    }
}

/// The rows of a group that are counted (rules c2 to c4): grades always, abstentions and 不了解 by policy, itemised rows by
/// [`row_value`]; void and recused rows never.
#[must_use]
pub fn counted_rows(rules: &Rules, scale: &[Worth], count: &GroupCount) -> CountedRows {
    let by_policy = |policy: RowPolicy| match policy {
        RowPolicy::Exclude => None,
        RowPolicy::PointsHundredths(points) => Some(hundredths(points.into())),
    };
    let marks = scale.iter().zip(&count.marks).filter_map(|(worth, rows)| {
        let value = match worth {
            Worth::PointsHundredths(points) => Some(hundredths((*points).into())),
            Worth::Unknown => by_policy(rules.unknown),
            Worth::Abstain => by_policy(rules.abstain),
        };
        Some((value?, u64::from(*rows)))
    });
    let blank = by_policy(rules.abstain).map(|value| (value, u64::from(count.abstained)));
    let itemised = count.item_rows.iter().filter_map(|row| Some((row_value(rules, row)?, 1)));
    CountedRows::sorted(marks.chain(blank).chain(itemised))
}

/// The value of an itemised row, `Σ u·points / Σ u` over its applicable items (rule c2); nothing where the row is void,
/// or where no item applies or has an answer.
#[must_use]
pub fn row_value(rules: &Rules, row: &[ItemAnswer]) -> Option<Exact> {
    let mut sum = Exact::zero();
    let mut weights = 0_u64;
    let answers = row.iter().copied().chain(std::iter::repeat(ItemAnswer::Open));
    for (weight, answer) in rules.item_weights_bp.iter().zip(answers) {
        match (answer, rules.missing_item) {
            (ItemAnswer::NotApplicable, _) | (ItemAnswer::Open, MissingItem::Renormalise) => {}
            (ItemAnswer::Open, MissingItem::Require) => return None,
            (ItemAnswer::PointsHundredths(points), _) => {
                sum += hundredths(points.into()) * whole((*weight).into());
                weights += u64::from(*weight);
            }
        }
    }
    divided(&sum, &whole(weights))
}
