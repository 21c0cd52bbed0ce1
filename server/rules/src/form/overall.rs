//! The overall mark of a row of several items: how it follows from the others, where the sheet rules make the last item one.
//! What the row is worth is the scoring's question.

use crate::scoring::{ItemAnswer, Rules, Worth, band_of_row, item_row};

/// What the last item of a row must be, where it is the row's overall mark (rule t23): the grade in whose band the row lies.
pub struct Overall {
    rules: Rules,
    /// Ids and worths of the scale, in its order.
    scale: Vec<(String, Worth)>,
}

impl Overall {
    /// By these rules, over a scale of grades.
    #[must_use]
    pub fn new(rules: Rules, scale: Vec<(String, Worth)>) -> Self {
        Self { rules, scale }
    }

    /// The overall mark of a row, by all its answers but the last; nothing where they have no value.
    #[must_use]
    pub fn of(&self, answers: &[ItemAnswer]) -> Option<&str> {
        let (_, items) = answers.split_last()?;
        // The overall mark weighs nothing: any one will do to find it.
        let row = item_row(items.iter().copied().chain([ItemAnswer::Mark(0)]));
        let worths: Vec<Worth> = self.scale.iter().map(|(_, worth)| *worth).collect();
        Some(&band_of_row(&self.rules, &worths, &row)?.id)
    }

    pub(super) fn fits(&self, answers: &[ItemAnswer]) -> bool {
        let Some(ItemAnswer::Mark(place)) = answers.last() else { return false };
        self.scale.get(*place).is_some_and(|(id, _)| self.of(answers) == Some(id))
    }
}
