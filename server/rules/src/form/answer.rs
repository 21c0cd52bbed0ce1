//! What the answer of a row says under its form: one mark, one mark for each item, or nothing at all.
//! The one place that knows how a row of several items is spelled; the phone's half is in `web-client/src/ballot/tokens.ts`.

use super::overall::Overall;
use crate::scoring::{ItemAnswer, item_row};

/// The answer of a row that nobody marked; no mark may have this id.
pub const ABSTAIN: &str = "abstain";
/// What is between the marks of a row of several items; no mark's id has it.
pub(crate) const BETWEEN: char = '.';

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

/// How a row is to be answered.
pub struct RowForm<'a> {
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
pub fn says(place: impl Fn(&str) -> Option<usize>, form: &RowForm<'_>, value: &str) -> Option<Answer> {
    let RowForm { items, without, needs_all, ref overall } = *form;
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
