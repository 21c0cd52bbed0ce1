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
    /// Rows of several items, ascending; empty where a row is one overall mark. Then `marks` are none.
    pub item_rows: Vec<ItemRows>,
}

impl GroupCount {
    /// Ballots in the box: every row but the recused ones.
    #[must_use]
    pub fn ballots(&self) -> u64 {
        let marks: u64 = self.marks.iter().copied().map(u64::from).sum();
        let item_rows: u64 = self.item_rows.iter().map(|same| u64::from(same.rows)).sum();
        marks + item_rows + u64::from(self.abstained) + u64::from(self.void)
    }

    /// Puts so many rows of several items in.
    pub fn put(&mut self, row: &str, rows: u32) {
        match self.item_rows.binary_search_by(|same| same.row.as_str().cmp(row)) {
            Ok(at) => self.item_rows[at].rows += rows,
            Err(at) => self.item_rows.insert(at, ItemRows { row: row.to_owned(), rows }),
        }
    }

    /// Rows of several items by item: in each by mark of the scale, and last those that leave the item empty.
    #[must_use]
    pub fn item_marks(&self, items: usize, marks: usize) -> Vec<Vec<u32>> {
        let mut counts = vec![vec![0; marks + 1]; items];
        for same in &self.item_rows {
            for (count, answer) in counts.iter_mut().zip(answers(&same.row)) {
                let place = match answer {
                    ItemAnswer::Mark(mark) => mark.min(marks),
                    ItemAnswer::NotApplicable | ItemAnswer::Open => marks,
                };
                count[place] += same.rows;
            }
        }
        counts
    }
}

/// Rows of several items that say the same. Which row came from whom, or when, is not known here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ItemRows {
    /// One part for each item in the order of [`Rules::item_weights_bp`], with dots between: the mark's place in the scale from 0,
    /// nothing where the item is open, `-` where it does not apply; as `0.1..-`.
    pub row: String,
    /// How many rows say this.
    pub rows: u32,
}

/// What a row says of one item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ItemAnswer {
    /// The item does not apply to this subject.
    NotApplicable,
    /// The item was left open.
    Open,
    /// The mark at this place of the scale.
    Mark(usize),
}

/// What a row of several items says, item by item.
pub fn answers(row: &str) -> impl Iterator<Item = ItemAnswer> {
    row.split('.').map(|part| match part {
        "-" => ItemAnswer::NotApplicable,
        part => part.parse().map_or(ItemAnswer::Open, ItemAnswer::Mark),
    })
}

/// A row of several items as [`ItemRows`] has it.
#[must_use]
pub fn item_row(answers: impl Iterator<Item = ItemAnswer>) -> String {
    let part = |answer| match answer {
        ItemAnswer::NotApplicable => "-".to_owned(),
        ItemAnswer::Open => String::new(),
        ItemAnswer::Mark(place) => place.to_string(),
    };
    answers.map(part).collect::<Vec<_>>().join(".")
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
    let itemised =
        count.item_rows.iter().filter_map(|same| Some((row_value(rules, scale, &same.row)?, u64::from(same.rows))));
    CountedRows::sorted(marks.chain(blank).chain(itemised))
}

/// The value of an itemised row, `Σ u·points / Σ u` over its applicable items (rule c2); nothing where the row is void,
/// or where no item applies or has an answer. A mark that is no grade leaves its item open.
#[must_use]
pub fn row_value(rules: &Rules, scale: &[Worth], row: &str) -> Option<Exact> {
    let mut sum = Exact::zero();
    let mut weights = 0_u64;
    let answers = answers(row).chain(std::iter::repeat(ItemAnswer::Open));
    for (weight, answer) in rules.item_weights_bp.iter().zip(answers) {
        let worth = match answer {
            ItemAnswer::NotApplicable => continue,
            ItemAnswer::Open => None,
            ItemAnswer::Mark(place) => scale.get(place),
        };
        match (worth, rules.missing_item) {
            (Some(Worth::PointsHundredths(points)), _) => {
                sum += hundredths((*points).into()) * whole((*weight).into());
                weights += u64::from(*weight);
            }
            (_, MissingItem::Renormalise) => {}
            (_, MissingItem::Require) => return None,
        }
    }
    divided(&sum, &whole(weights))
}
