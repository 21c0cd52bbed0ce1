//! The rows of a manifest: what may be answered in them, and whether their items can be asked for at all.
//! How an answer is spelled is the form's business.

use super::cast::{ANSWER_BYTES_MAX, row_answer};
use super::edition::Edition;
use super::manifest::{Contest, Manifest, ManifestItem};
use super::record;
use crate::form::answer::{ABSTAIN, Answer, BETWEEN, RowForm, says};
use crate::form::items::ITEMS_MAX;
use crate::form::overall::Overall;
use crate::form::{Live, MarkKind};

impl Manifest {
    /// What this value of a row's answer says; nothing where the row may not be answered so.
    #[must_use]
    pub fn answer(&self, contest: u16, value: &str) -> Option<Answer> {
        let row = self.contests.get(usize::from(contest).checked_sub(1)?)?;
        let place = |mark: &str| self.scale.iter().position(|known| known.id == mark);
        let (items, without) = (self.items.len(), row.without.as_slice());
        let form = RowForm { items, without, needs_all: self.needs_all_items(), overall: self.overall() };
        says(place, &form, value)
    }

    /// What the last item must be, where the sheet rules make it the overall mark.
    #[must_use]
    pub fn overall(&self) -> Option<Overall> {
        // Rules that nobody can count by have no bands, and so no row fits.
        let rules = || record::rules(self).unwrap_or_default();
        let scale = || self.scale.iter().map(|mark| (mark.id.clone(), mark.worth())).collect();
        self.sheet_rules.overall_matches.then(|| Overall::new(rules(), scale()))
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
    pub(super) fn items_fit(&self, edition: Edition) -> bool {
        let weights = self.scoring.get("item_weights_bp").and_then(serde_json::Value::as_array).map_or(0, Vec::len);
        let without_fits = |row: &Contest| {
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
        let named = |item: &ManifestItem| {
            super::text::fits(edition, &item.label, 1, 40) && super::text::fits(edition, &item.label_en, 0, 60)
        };
        plain
            && (!rules.overall_matches || self.overall_fits())
            && weights == self.items.len()
            && self.items.iter().all(named)
            && self.contests.iter().all(without_fits)
            && self.longest_answer().len() <= ANSWER_BYTES_MAX
    }

    /// Whether the last item can be an overall mark: it weighs nothing, applies everywhere, and each band is one of the grades.
    fn overall_fits(&self) -> bool {
        let Some(rules) = record::rules(self) else { return false };
        let last = self.items.len().wrapping_sub(1);
        let applies = self.contests.iter().all(|row| row.without.iter().all(|item| usize::from(*item) != last));
        let is_grade = |id: &str| self.scale.iter().any(|mark| mark.id == id && mark.kind == MarkKind::Grade);
        rules.item_weights_bp.last() == Some(&0)
            && applies
            && !rules.bands.is_empty()
            && rules.bands.iter().all(|band| is_grade(&band.id))
    }
}
