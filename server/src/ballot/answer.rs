//! What the answer of a row says under its manifest: one mark, one mark for each item, or nothing at all.
//! The one place that knows how a row of several items is spelled; the phone's half is in `web-client/src/ballot/tokens.ts`.

use super::cast::{ANSWER_BYTES_MAX, row_answer};
use super::edition::Edition;
use super::manifest::{ABSTAIN, Manifest, MarkKind};
use super::record;
use crate::scoring::{ItemAnswer, Rules, Worth, band_of_row, item_row};

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

    fn fits(&self, answers: &[ItemAnswer]) -> bool {
        let Some(ItemAnswer::Mark(place)) = answers.last() else { return false };
        self.scale.get(*place).is_some_and(|(id, _)| self.of(answers) == Some(id))
    }
}

/// What a row is asked for.
pub struct Asked<'a> {
    /// How many items; 0 for one overall mark.
    pub items: usize,
    /// The places of items that do not apply.
    pub without: &'a [u16],
    /// Whether an open item voids the row.
    pub needs_all: bool,
    /// Where the last item must fit the others.
    pub overall: Option<Overall>,
}

/// What the value of a row says, as `hao` or `hao..cha`; nothing where the row may not be answered so (rules t22, t23). `place`
/// finds a mark in the scale.
#[must_use]
pub fn says(place: impl Fn(&str) -> Option<usize>, asked: &Asked<'_>, value: &str) -> Option<Answer> {
    let Asked { items, without, needs_all, ref overall } = *asked;
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
    let is_matched = overall.as_ref().is_none_or(|overall| overall.fits(&answers));
    let holds = parts.next().is_none() && says_something && is_whole && is_matched;
    holds.then(|| Answer::Items(item_row(answers.into_iter())))
}

impl Manifest {
    /// What this value of a row's answer says; nothing where the row may not be answered so.
    #[must_use]
    pub fn answer(&self, contest: u16, value: &str) -> Option<Answer> {
        let row = self.contests.get(usize::from(contest).checked_sub(1)?)?;
        let place = |mark: &str| self.scale.iter().position(|known| known.id == mark);
        let (items, without) = (self.items.len(), row.without.as_slice());
        let asked = Asked { items, without, needs_all: self.needs_all_items(), overall: self.overall() };
        says(place, &asked, value)
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
        use super::manifest::{ITEMS_MAX, Live};
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
