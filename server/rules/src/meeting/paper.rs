//! Paper sheets and shared tablets in the same count as phones: how many were handed out, what teller and scrutineer entered, each without the
//! other, and what they agreed on. Only sums are here: a sheet that was typed in as a whole is added up before it is kept.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::plan::{Group, Plan};
use super::refusal::Refusal;
use super::round::{Round, RoundState};
use super::{Meeting, Phase};
use crate::form::ABSTAIN;
use crate::form::Answer;
use crate::form::sheet_rules::SheetRow;
use crate::form::{MarkKind, OwnBranch};

/// Most paper sheets of one group in a round: as many as a meeting has seats.
pub const SHEETS_MAX: u32 = 20_000;
/// Most sheets that are entered one by one for a group; more come as totals.
pub const SHEETS_ENTERED_MAX: usize = 500;

/// The paper of a round.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paper {
    /// Sheets handed out (发出) by group; a group without any is not there.
    pub issued: BTreeMap<String, u32>,
    /// What was entered by group, until everything agrees.
    pub entries: BTreeMap<String, Entries>,
    /// What they agreed on, by group: from then on the round's tally and accounts hold it too.
    pub counted: Option<BTreeMap<String, PaperCount>>,
}

/// What two people entered for one group.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entries {
    /// With the teller's link.
    pub teller: Option<PaperCount>,
    /// With the scrutineer's link.
    pub scrutineer: Option<PaperCount>,
}

/// Whose link an entry was made with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum EnteredBy {
    /// 计票人.
    Teller,
    /// 监票人.
    Scrutineer,
}

impl EnteredBy {
    /// Its name on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Teller => "teller",
            Self::Scrutineer => "scrutineer",
        }
    }
}

/// The paper sheets of one group, added up.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct PaperCount {
    /// Sheets that came back (收回).
    pub returned: u32,
    /// Of them invalid as a whole (无效).
    pub invalid: u32,
    /// One row a subject, in the order of the round's sheet; each adds up to the valid sheets.
    pub rows: Vec<PaperMarks>,
}

/// The valid paper ballots for one subject.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct PaperMarks {
    /// Ballots by mark, in the order of the scale; none where rows have several items.
    pub marks: Vec<u32>,
    /// Ballots by answer, as `hao..cha`, where rows have several items; none elsewhere.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[ts(as = "Option<BTreeMap<String, u32>>", optional)]
    pub answers: BTreeMap<String, u32>,
    /// Rows left blank (弃权).
    pub abstained: u32,
    /// Rows of the voter who leads this subject (回避): 0 or 1.
    pub recused: u32,
}

/// A sheet as it is typed in: nothing where it is invalid, else for each subject the mark's place in the scale from 0, the
/// scale's length for a blank row, one more for the own branch. Where rows have several items, so many numbers for each subject,
/// the scale's length for an item that is open or does not apply.
pub type TypedSheet = Option<Vec<u8>>;

/// How a group's paper is entered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "as", rename_all = "snake_case", deny_unknown_fields)]
pub enum PaperEntry {
    /// Sheet by sheet, in any order: at most 500. The server adds them up and keeps the sums.
    Sheets {
        /// Nothing for an invalid sheet; else for each subject of the round the mark's place in the scale from 0, the scale's
        /// length for a blank row, one more for the own branch.
        sheets: Vec<TypedSheet>,
    },
    /// As sums.
    Totals {
        /// What is on all of them.
        count: PaperCount,
    },
}

impl Entries {
    fn of(&mut self, by: EnteredBy) -> &mut Option<PaperCount> {
        match by {
            EnteredBy::Teller => &mut self.teller,
            EnteredBy::Scrutineer => &mut self.scrutineer,
        }
    }

    /// Whether both are there and the same.
    #[must_use]
    pub fn agree(&self) -> bool {
        self.teller.is_some() && self.teller == self.scrutineer
    }
}

impl Paper {
    /// Whether sheets were handed out, or entered, that are not counted yet.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.counted.is_none() && !(self.issued.is_empty() && self.entries.is_empty())
    }

    /// Sheets handed out to these groups together.
    #[must_use]
    pub fn issued_to(&self, groups: &[String]) -> u32 {
        groups.iter().filter_map(|group| self.issued.get(group)).sum()
    }

    /// Groups that vote as one from now on have their sheets together.
    pub(super) fn merge(&mut self, merged: &[Vec<String>]) {
        for (first, others) in merged.iter().filter_map(|alike| alike.split_first()) {
            let more: u32 = others.iter().filter_map(|other| self.issued.remove(other)).sum();
            if more > 0 {
                *self.issued.entry(first.clone()).or_default() += more;
            }
        }
    }
}

impl Round {
    /// Whether paper sheets can still be handed out.
    #[must_use]
    pub fn issues_paper(&self) -> bool {
        self.state == RoundState::Draft || self.state.issues_papers()
    }

    /// Whether the certificate waits for paper.
    #[must_use]
    pub fn waits_for_paper(&self) -> bool {
        self.state == RoundState::Closed && self.paper.is_open()
    }

    /// Adds what was agreed on to accounts and tally (rule a6).
    fn count_paper(&mut self, plan: &Plan) {
        let open = || self.paper.issued.keys().chain(self.paper.entries.keys());
        let agrees = |group: &String| self.paper.entries.get(group).is_some_and(Entries::agree);
        if !open().all(agrees) {
            return;
        }
        let entries = std::mem::take(&mut self.paper.entries);
        let agreed = entries.into_iter().filter_map(|(group, entries)| Some((group, entries.teller?)));
        let counted: BTreeMap<String, PaperCount> = agreed.collect();
        for account in self.accounting.iter_mut().flat_map(|accounting| &mut accounting.groups) {
            let Some(count) = counted.get(&account.group) else { continue };
            account.paper_returned = count.returned;
            account.paper_invalid = count.invalid;
            account.returned += count.returned;
            account.invalid += count.invalid;
            account.valid += count.returned - count.invalid;
        }
        for (at, row) in self.tally.iter_mut().flat_map(|tally| &mut tally.rows).enumerate() {
            for (group, sum) in plan.groups.iter().zip(&mut row.groups) {
                let Some(paper) = counted.get(&group.id).and_then(|count| count.rows.get(at)) else { continue };
                sum.marks.iter_mut().zip(&paper.marks).for_each(|(sum, marks)| *sum += marks);
                for (answer, rows) in &paper.answers {
                    if let Some(Answer::Items(answer)) = plan.answer(row.subject, answer) {
                        sum.put(&answer, *rows);
                    }
                }
                sum.abstained += paper.abstained;
                sum.recused += paper.recused;
            }
        }
        self.paper.counted = Some(counted);
    }
}

impl Meeting {
    /// So many sheets were handed out to a group in all; how many phones have papers is looked at by whoever knows.
    pub(super) fn issue_paper(&mut self, number: u32, group: &str, sheets: u32) -> Result<(), Refusal> {
        if !matches!(self.phase, Phase::Checkin | Phase::InSession) {
            return Err(Refusal::WrongPhase);
        }
        let plan = self.plan_of(self.round(number).ok_or(Refusal::UnknownRound)?).into_owned();
        let entitled = plan.group(group).ok_or(Refusal::OutOfRange)?.entitled;
        let round = self.round_mut(number)?;
        if round.paper.issued.get(group).copied().unwrap_or(0) == sheets {
            return Ok(());
        }
        if !round.issues_paper() {
            return Err(Refusal::WrongRoundState);
        }
        if sheets > entitled.min(SHEETS_MAX) {
            return Err(Refusal::TooMuchPaper);
        }
        match sheets {
            0 => drop(round.paper.issued.remove(group)),
            sheets => drop(round.paper.issued.insert(group.to_owned(), sheets)),
        }
        Ok(())
    }

    /// Counts a seat at a shared tablet: only heads come of it, with the accounts.
    pub(super) fn seat_at_kiosk(&mut self, number: u32, group: &str, credential: &str) -> Result<(), Refusal> {
        let round = self.round_mut(number)?;
        if round.state != RoundState::Open {
            return Err(Refusal::WrongRoundState);
        }
        if round.kiosk.len() >= SHEETS_MAX as usize {
            return Err(Refusal::LimitIsReached);
        }
        round.kiosk.insert(credential.to_owned(), group.to_owned());
        Ok(())
    }

    pub(super) fn enter_paper(
        &mut self,
        number: u32,
        group: &str,
        by: EnteredBy,
        count: &PaperCount,
    ) -> Result<(), Refusal> {
        if self.phase == Phase::Archived {
            return Err(Refusal::WrongPhase);
        }
        let plan = self.plan_of(self.round(number).ok_or(Refusal::UnknownRound)?).into_owned();
        let of = plan.group(group).ok_or(Refusal::OutOfRange)?;
        let round = self.round_mut(number)?;
        if round.paper.counted.as_ref().and_then(|counted| counted.get(group)) == Some(count) {
            return Ok(());
        }
        if round.state != RoundState::Closed || round.paper.counted.is_some() {
            return Err(Refusal::WrongRoundState);
        }
        count.fits(&plan, of, &round.subjects)?;
        *round.paper.entries.entry(group.to_owned()).or_default().of(by) = Some(count.clone());
        round.count_paper(&plan);
        Ok(())
    }
}

impl PaperCount {
    /// Whether the figures of a group can be true together (rule a8). More returned than handed out can: then the accounts
    /// do not close.
    fn fits(&self, plan: &Plan, group: &Group, subjects: &[u16]) -> Result<(), Refusal> {
        if self.returned > SHEETS_MAX || self.rows.len() != subjects.len() {
            return Err(Refusal::OutOfRange);
        }
        let valid = self.returned.checked_sub(self.invalid).ok_or(Refusal::PaperDoesNotAddUp)?;
        for (row, subject) in self.rows.iter().zip(subjects) {
            let is_row = |answer: &String| matches!(plan.answer(*subject, answer), Some(Answer::Items(_)));
            let (marks, answers) = if plan.items.is_empty() { (plan.scale.len(), 0) } else { (0, row.answers.len()) };
            let has_its_form = row.marks.len() == marks && row.answers.len() == answers;
            if !has_its_form || !row.answers.keys().all(is_row) || row.answers.values().any(|rows| *rows == 0) {
                return Err(Refusal::OutOfRange);
            }
            let all = row.marks.iter().chain(row.answers.values()).chain([&row.abstained, &row.recused]);
            if all.copied().map(u64::from).sum::<u64>() != u64::from(valid) {
                return Err(Refusal::PaperDoesNotAddUp);
            }
        }
        // A subject has one leader, and a leader one sheet with one row less.
        let recuses = plan.own_branch == OwnBranch::Recused && group.leaders > 0;
        let recused: u64 = self.rows.iter().map(|row| u64::from(row.recused)).sum();
        let most = if recuses { u64::from(valid.min(group.leaders)) } else { 0 };
        if recused > most || self.rows.iter().any(|row| row.recused > 1) {
            return Err(Refusal::PaperRecusal);
        }
        Ok(())
    }

    /// Adds sheets up that were typed in one by one, each held to the rules that a phone's sheet is held to (rule a8).
    ///
    /// # Errors
    /// `LimitIsReached` for more than [`SHEETS_ENTERED_MAX`], `OutOfRange` for what is no sheet of this round, `PaperRecusal`,
    /// `PaperSheetBreaksRule`.
    pub fn of_sheets(plan: &Plan, subjects: &[u16], sheets: &[TypedSheet]) -> Result<Self, Refusal> {
        if sheets.len() > SHEETS_ENTERED_MAX {
            return Err(Refusal::LimitIsReached);
        }
        let marks = if plan.items.is_empty() { plan.scale.len() } else { 0 };
        let empty = PaperMarks { marks: vec![0; marks], ..PaperMarks::default() };
        let mut count = Self { rows: vec![empty; subjects.len()], ..Self::default() };
        for sheet in sheets {
            count.returned += 1;
            let Some(sheet) = sheet else {
                count.invalid += 1;
                continue;
            };
            for (row, typed) in count.rows.iter_mut().zip(typed_rows(plan, subjects, sheet)?) {
                match typed {
                    Typed::Own => row.recused += 1,
                    Typed::Says(Answer::Blank, _) => row.abstained += 1,
                    Typed::Says(Answer::Mark(place), _) => {
                        row.marks.get_mut(place).into_iter().for_each(|mark| *mark += 1)
                    }
                    Typed::Says(Answer::Items(_), value) => *row.answers.entry(value).or_default() += 1,
                }
            }
        }
        Ok(count)
    }
}

/// A row as it was typed in.
enum Typed {
    /// The own branch.
    Own,
    /// Anything else, and its value as phones cast it.
    Says(Answer, String),
}

/// The rows of a valid sheet that keeps its rules.
fn typed_rows(plan: &Plan, subjects: &[u16], sheet: &[u8]) -> Result<Vec<Typed>, Refusal> {
    let (marks, items) = (plan.scale.len(), plan.items.len().max(1));
    if sheet.len() != subjects.len() * items || sheet.iter().any(|place| usize::from(*place) > marks + 1) {
        return Err(Refusal::OutOfRange);
    }
    let mut rows = Vec::with_capacity(subjects.len());
    for (subject, places) in subjects.iter().zip(sheet.chunks(items)) {
        if places.iter().all(|place| usize::from(*place) == marks + 1) {
            rows.push(Typed::Own);
            continue;
        }
        let id = |place: &u8| plan.scale.get(usize::from(*place)).map_or("", |mark| mark.id.as_str());
        let value = match places.iter().map(id).collect::<Vec<_>>().join(".") {
            blank if blank.chars().all(|sign| sign == '.') => ABSTAIN.to_owned(),
            value => value,
        };
        // An item left open voids the row: what a phone would not send, no sheet can hold that is valid.
        let answer = plan.answer(*subject, &value).ok_or(Refusal::PaperSheetBreaksRule)?;
        rows.push(Typed::Says(answer, value));
    }
    if rows.iter().filter(|row| matches!(row, Typed::Own)).count() > 1 {
        return Err(Refusal::PaperRecusal);
    }
    let grades = plan.scale.iter().filter(|mark| mark.kind == MarkKind::Grade);
    let grades: Vec<&str> = grades.map(|mark| mark.id.as_str()).collect();
    let marked = rows.iter().filter_map(|row| match row {
        Typed::Own => None,
        // What is written on paper is not typed in: whether a reason is there, who types the sheet sees.
        Typed::Says(Answer::Blank, _) => Some(SheetRow { mark: None, has_reason: true }),
        Typed::Says(_, value) => Some(SheetRow { mark: Some(value.as_str()), has_reason: true }),
    });
    if plan.sheet_rules.broken(&grades, marked).is_empty() { Ok(rows) } else { Err(Refusal::PaperSheetBreaksRule) }
}
