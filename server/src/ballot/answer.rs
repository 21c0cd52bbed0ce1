//! What the answer of a row says under its manifest: one mark, one mark for each item, or nothing at all.
//! The one place that knows how a row of several items is spelled; the phone's half is in `web-client/src/papers.ts`.

use super::cast::{ANSWER_BYTES_MAX, row_answer};
use super::manifest::{ABSTAIN, Manifest};
use crate::scoring::{ItemAnswer, item_row};

/// What stands between the marks of a row of several items; no mark's id has it.
const BETWEEN: char = '.';

/// What a row says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Nobody marked it (弃权).
    Blank,
    /// One overall mark: its place in the scale.
    Mark(usize),
    /// One mark or none for each item, as [`item_row`] writes it.
    Items(String),
}

/// What the value of a row says, as `hao` or `hao..cha`; nothing where the row may not be answered so (rule t22). `place` finds a
/// mark in the scale; `without` are the places of items that do not apply.
#[must_use]
pub fn says(
    place: impl Fn(&str) -> Option<usize>,
    items: usize,
    without: &[u16],
    needs_all: bool,
    value: &str,
) -> Option<Answer> {
    if value == ABSTAIN {
        return Some(Answer::Blank);
    }
    if items == 0 {
        return place(value).map(Answer::Mark);
    }
    let mut parts = value.split(BETWEEN);
    let mut answers = Vec::with_capacity(items);
    for item in 0..items {
        let applies = !without.iter().any(|without| usize::from(*without) == item);
        answers.push(match (applies, parts.next()?) {
            (false, "") => ItemAnswer::NotApplicable,
            (false, _) => return None,
            (true, "") => ItemAnswer::Open,
            (true, mark) => ItemAnswer::Mark(place(mark)?),
        });
    }
    let says_something = answers.iter().any(|answer| matches!(answer, ItemAnswer::Mark(_)));
    let is_whole = !needs_all || !answers.contains(&ItemAnswer::Open);
    let holds = parts.next().is_none() && says_something && is_whole;
    holds.then(|| Answer::Items(item_row(answers.into_iter())))
}

impl Manifest {
    /// What this value of a row's answer says; nothing where the row may not be answered so.
    #[must_use]
    pub fn answer(&self, contest: u16, value: &str) -> Option<Answer> {
        let row = self.contests.get(usize::from(contest).checked_sub(1)?)?;
        let place = |mark: &str| self.scale.iter().position(|known| known.id == mark);
        says(place, self.items.len(), &row.without, self.needs_all_items(), value)
    }

    /// Whether a row with an open item is no row; by the scoring rules' own word for it.
    #[must_use]
    pub fn needs_all_items(&self) -> bool {
        self.scoring.get("missing_item").and_then(serde_json::Value::as_str) == Some("require")
    }

    /// The longest answer that a row can have.
    pub(super) fn longest_answer(&self) -> String {
        let mark = self.scale.iter().map(|mark| mark.id.as_str()).max_by_key(|id| id.len()).unwrap_or_default();
        let row = vec![mark; self.items.len().max(1)].join(&BETWEEN.to_string());
        row_answer(if row.len() > ABSTAIN.len() { &row } else { ABSTAIN })
    }

    /// Whether the items can be asked for: marks that are all grades, no rule that counts single marks, and answers that fit.
    pub(super) fn items_fit(&self) -> bool {
        use super::manifest::{ITEMS_MAX, Live, MarkKind};
        let weights = self.scoring.get("item_weights_bp").and_then(serde_json::Value::as_array).map_or(0, Vec::len);
        let without_fits = |row: &super::manifest::Contest| {
            let without = &row.without;
            without.windows(2).all(|pair| pair[0] < pair[1])
                && without.last().is_none_or(|last| usize::from(*last) < self.items.len())
                && (without.is_empty() || without.len() < self.items.len())
        };
        let rules = &self.sheet_rules;
        let plain = self.items.is_empty()
            || (2..=ITEMS_MAX).contains(&self.items.len())
                && self.live != Live::Tally
                && self.scale.iter().all(|mark| mark.kind == MarkKind::Grade)
                && rules.distinct_min.is_none()
                && rules.top_max.is_none()
                && rules.low_min.is_none();
        let named = |item: &super::manifest::Item| {
            super::frozen::is_text(&item.label, 1, 40) && super::frozen::is_text(&item.label_en, 0, 60)
        };
        plain
            && weights == self.items.len()
            && self.items.iter().all(named)
            && self.contests.iter().all(without_fits)
            && self.longest_answer().len() <= ANSWER_BYTES_MAX
    }
}
