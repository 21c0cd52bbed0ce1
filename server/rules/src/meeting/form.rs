//! What the form in use makes of a plan: how a row is answered, and the marks that results show. What a form may ask is the
//! folder's question, and what a row is worth the scoring's.

use super::plan::{Form, Plan};
use crate::form::Answer;
use crate::form::answer::{RowForm, says};
use crate::form::overall::Overall;
use crate::form::{Mark, MarkKind};
use crate::scoring;

impl Plan {
    /// The plan with another form in place of its first.
    #[must_use]
    pub fn with_form(&self, form: &Form) -> Self {
        Self {
            scale: form.scale.clone(),
            numeric: form.numeric,
            items: form.items.clone(),
            sheet_rules: form.sheet_rules.clone(),
            scoring: form.scoring.clone(),
            ..self.clone()
        }
    }

    /// The places of the items that do not apply to a subject.
    #[must_use]
    pub fn without(&self, subject: u16) -> Vec<u16> {
        let places = (0u16..).zip(&self.items);
        places.filter(|(_, item)| item.not_for.contains(&subject)).map(|(place, _)| place).collect()
    }

    /// What this value of a paper row says of a subject, as `hao` or `hao..cha`; by the same rule as the ballots of phones.
    #[must_use]
    pub fn answer(&self, subject: u16, value: &str) -> Option<Answer> {
        let place = |mark: &str| self.scale.iter().position(|known| known.id == mark);
        let needs_all = self.scoring.missing_item == scoring::MissingItem::Require;
        let without = self.without(subject);
        let form = RowForm { items: self.items.len(), without: &without, needs_all, overall: self.overall() };
        says(place, &form, value)
    }

    /// What the last item of a row must be, where the sheet rules make it the overall mark.
    #[must_use]
    pub fn overall(&self) -> Option<Overall> {
        let scale = || self.scale.iter().map(|mark| (mark.id.clone(), mark.worth())).collect();
        self.sheet_rules.overall_matches.then(|| Overall::new(self.scoring.clone(), scale()))
    }

    /// The marks as results show them: of a scale of numbers the bands.
    #[must_use]
    pub fn shown_scale(&self) -> Vec<Mark> {
        if self.numeric.is_none() {
            return self.scale.clone();
        }
        let band = |band: &scoring::Band| Mark {
            id: band.id.clone(),
            label: band.label.clone(),
            label_en: band.label_en.clone(),
            kind: MarkKind::Grade,
            points_hundredths: band.from_hundredths,
        };
        self.scoring.bands.iter().map(band).collect()
    }

    /// Counts by mark as results show them: of a scale of numbers by band.
    #[must_use]
    pub fn shown_marks(&self, marks: &[u32]) -> Vec<u32> {
        if self.numeric.is_none() {
            return marks.to_vec();
        }
        let bands = &self.scoring.bands;
        let mut counts = vec![0; bands.len()];
        for (mark, count) in self.scale.iter().zip(marks) {
            let band = bands.iter().position(|band| mark.points_hundredths >= band.from_hundredths);
            band.and_then(|band| counts.get_mut(band)).into_iter().for_each(|sum: &mut u32| *sum += count);
        }
        counts
    }
}
