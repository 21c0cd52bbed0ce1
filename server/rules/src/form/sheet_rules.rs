//! The sheet rules: what the marks of one sheet must satisfy together, so that an invalid sheet never leaves the phone.
//! A pure function over marks; the phone's `sheet_rules.ts` and this file answer the same vectors (tests/vectors/sheet_rules.json).

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What a sheet must satisfy. The default asks for nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields, default)]
pub struct SheetRules {
    /// Every row that the voter has must be marked; an explicit mark that is no grade (不了解) counts as marked.
    pub all_rows: bool,
    /// At least so many different grades on the sheet; nothing for no rule. 1 to the number of grades.
    pub distinct_min: Option<u32>,
    /// At most so many rows with the top grade (the scale's first); nothing for no rule.
    pub top_max: Option<TopMax>,
    /// At least so many rows with a low grade; nothing for no rule.
    pub low_min: Option<LowMin>,
    /// A row with the worst grade (the scale's last), in itself or in an item, needs an opinion that says why. Left out where it
    /// is not asked, and so is the next one: a manifest without them is spelled as it was before there were such rules.
    #[serde(skip_serializing_if = "is_not_asked")]
    #[ts(as = "Option<bool>", optional)]
    pub worst_reason: bool,
    /// The last item of a row is its overall mark, which weighs nothing and must be the grade in whose band the row's total lies
    /// (rule t23). It is held row by row, where answers are read, and not by [`Self::broken`].
    #[serde(skip_serializing_if = "is_not_asked")]
    #[ts(as = "Option<bool>", optional)]
    pub overall_matches: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
fn is_not_asked(rule: &bool) -> bool {
    !rule
}

/// The most rows that may carry the top grade.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TopMax {
    /// A number of rows.
    Count(u32),
    /// A share, 0 to 100 per cent of the rows that the voter has, rounded down: "at most" never rounds up.
    Percent(u32),
}

/// The fewest rows that must carry a low grade.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct LowMin {
    /// The number of rows.
    pub count: u32,
    /// The id of the best grade that still counts as low; every grade after it in the scale counts too.
    pub from: String,
}

/// Which rule a sheet breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// [`SheetRules::all_rows`]: `have` rows are marked of `limit`.
    AllRows,
    /// [`SheetRules::distinct_min`]: `have` different grades, at least `limit` asked.
    DistinctMin,
    /// [`SheetRules::top_max`]: `have` rows with the top grade, at most `limit` allowed.
    TopMax,
    /// [`SheetRules::low_min`]: `have` rows with a low grade, at least `limit` asked.
    LowMin,
    /// [`SheetRules::worst_reason`]: `have` rows with the worst grade say no reason, where `limit`, 0, may.
    WorstReason,
}

/// A row of a sheet, as the rules see it.
#[derive(Clone, Copy, Debug)]
pub struct SheetRow<'a> {
    /// Its mark, or with items the marks of all of them as they are cast, `hao..cha`; nothing where it is blank.
    pub mark: Option<&'a str>,
    /// Whether an opinion is written about it.
    pub has_reason: bool,
}

/// A broken rule with its numbers, as the phone's live counter shows them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BrokenRule {
    /// The rule.
    pub rule: Rule,
    /// What the sheet has.
    pub have: u32,
    /// What the rule asks or allows.
    pub limit: u32,
}

impl SheetRules {
    /// Whether the rules can be asked of a scale with these grades, best first.
    #[must_use]
    pub fn fit(&self, grades: &[&str]) -> bool {
        let distinct = self.distinct_min.is_none_or(|min| min >= 1 && min as usize <= grades.len());
        let percent = !matches!(self.top_max, Some(TopMax::Percent(percent)) if percent > 100);
        let low = self.low_min.as_ref().is_none_or(|low| grades.contains(&low.from.as_str()));
        distinct && percent && low
    }

    /// The rules that a sheet breaks, in the order of [`Rule`]; empty where it may be cast.
    ///
    /// `grades` are the ids of the scale's grades, best first; `sheet` every row that the voter has.
    #[must_use]
    pub fn broken<'a>(&self, grades: &[&str], sheet: impl Iterator<Item = SheetRow<'a>> + Clone) -> Vec<BrokenRule> {
        let rows = sheet.clone().map(|row| row.mark);
        let count = |counts: &dyn Fn(&str) -> bool| -> u32 {
            let counted = rows.clone().flatten().filter(|mark| counts(mark)).count();
            u32::try_from(counted).unwrap_or(u32::MAX)
        };
        let rows_total = u32::try_from(rows.clone().count()).unwrap_or(u32::MAX);
        let mut broken = Vec::new();
        let mut note = |rule, have, limit, holds: bool| {
            if !holds {
                broken.push(BrokenRule { rule, have, limit });
            }
        };
        if self.all_rows {
            let have = count(&|_| true);
            note(Rule::AllRows, have, rows_total, have == rows_total);
        }
        if let Some(limit) = self.distinct_min {
            let used = grades.iter().filter(|grade| rows.clone().flatten().any(|mark| mark == **grade)).count();
            let have = u32::try_from(used).unwrap_or(u32::MAX);
            note(Rule::DistinctMin, have, limit, have >= limit);
        }
        if let Some(top_max) = self.top_max {
            let have = count(&|mark| grades.first() == Some(&mark));
            let limit = top_max.rows(rows_total);
            note(Rule::TopMax, have, limit, have <= limit);
        }
        if let Some(low) = &self.low_min {
            let first = grades.iter().position(|grade| *grade == low.from).unwrap_or(grades.len());
            let have = count(&|mark| grades[first..].contains(&mark));
            note(Rule::LowMin, have, low.count, have >= low.count);
        }
        if self.worst_reason {
            let is_worst = |mark: &str| mark.split('.').any(|part| grades.last() == Some(&part));
            let open = sheet.filter(|row| row.mark.is_some_and(is_worst) && !row.has_reason).count();
            note(Rule::WorstReason, u32::try_from(open).unwrap_or(u32::MAX), 0, open == 0);
        }
        broken
    }
}

impl TopMax {
    /// The number of rows that it allows of `rows_total`.
    #[must_use]
    pub fn rows(self, rows_total: u32) -> u32 {
        match self {
            Self::Count(count) => count,
            Self::Percent(percent) => {
                u32::try_from(u64::from(rows_total) * u64::from(percent) / 100).unwrap_or(u32::MAX)
            }
        }
    }
}
