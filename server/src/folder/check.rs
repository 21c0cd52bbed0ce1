//! What must hold within a plan and between a plan and its seats, whichever way they came. It reads no file; where it is told
//! the lines of one, it says them.

use std::collections::HashMap;
use std::hash::Hash;

use super::combination;
use super::mistake::{CellProblem, FolderFile, FolderProblem, Found, Setting, Wanted};
use pingyi_rules::ballot::text::{first_refused, is_plain, is_refused};
use pingyi_rules::meeting::plan::{
    EntitledSeat, FORMS_MAX, GROUPS_MAX, Group, Plan, SEATS_MAX, STEPS_MAX, SUBJECTS_MAX,
};
use pingyi_rules::scoring::percent_text;

/// The longest report in minutes.
pub(super) const MINUTES_MAX: u32 = 120;
/// The limit of `k_min`, `pool_k` and the counts of sheet rules, as the manifest has it.
pub(super) const SMALL_NUMBER_MAX: u32 = 1_000;
/// The longest written report in characters.
const REPORT_TEXT_MAX: usize = 40_000;

/// Where the rows of a plan came from, and which of its parts could be read at all: only those are compared.
pub(super) struct Lines {
    pub(super) keys: Vec<(&'static str, u32)>,
    pub(super) groups: Vec<u32>,
    pub(super) form: FormLines,
    pub(super) forms: Vec<FormLines>,
    pub(super) subjects: Vec<u32>,
    pub(super) steps: Vec<u32>,
    pub(super) seats: Vec<u32>,
    pub(super) has_groups: bool,
    pub(super) has_weights: bool,
    pub(super) has_subjects: bool,
    pub(super) has_steps: bool,
    pub(super) has_seats: bool,
}

impl Lines {
    /// Of a plan without lines, all of which is there.
    pub(super) fn whole() -> Self {
        Self {
            keys: Vec::new(),
            groups: Vec::new(),
            form: FormLines::default(),
            forms: Vec::new(),
            subjects: Vec::new(),
            steps: Vec::new(),
            seats: Vec::new(),
            has_groups: true,
            has_weights: true,
            has_subjects: true,
            has_steps: true,
            has_seats: true,
        }
    }

    pub(super) fn key(&self, key: &str) -> Option<u32> {
        self.keys.iter().find(|(other, _)| *other == key).map(|(_, line)| *line)
    }
}

/// The same of one form.
pub(super) struct FormLines {
    /// Where it begins; nothing of the first, which is the file itself.
    pub(super) line: Option<u32>,
    pub(super) keys: Vec<(&'static str, u32)>,
    pub(super) marks: Vec<u32>,
    pub(super) items: Vec<u32>,
    pub(super) has_points: bool,
    pub(super) has_item_weights: bool,
}

impl Default for FormLines {
    fn default() -> Self {
        let (keys, marks, items) = (Vec::new(), Vec::new(), Vec::new());
        Self { line: None, keys, marks, items, has_points: true, has_item_weights: true }
    }
}

impl FormLines {
    pub(super) fn key(&self, key: &str) -> Option<u32> {
        self.keys.iter().find(|(other, _)| *other == key).map(|(_, line)| *line).or(self.line)
    }
}

/// Everything that is wrong with the plan and its seats (rules d5 to d8); empty where a meeting can be made of them.
pub(super) fn check(plan: &Plan, seats: &[EntitledSeat], lines: &Lines) -> Vec<Found> {
    let mut check = FolderCheck { plan, seats, lines, found: Vec::new() };
    check.counts();
    if check.is_beyond_limits() {
        // What is beyond the limits is not gone through row by row.
        return check.found;
    }
    check.settings();
    check.found.extend(combination::check(plan, lines));
    check.groups();
    check.forms();
    check.subjects();
    check.agenda();
    check.reports();
    check.roster();
    check.leaders();
    check.found
}

pub(super) struct FolderCheck<'a> {
    pub(super) plan: &'a Plan,
    pub(super) seats: &'a [EntitledSeat],
    pub(super) lines: &'a Lines,
    found: Vec<Found>,
}

impl FolderCheck<'_> {
    pub(super) fn add(&mut self, source: FolderFile, line: Option<u32>, problem: impl Into<FolderProblem>) {
        self.found.push(Found { source, line, problem: problem.into() });
    }

    pub(super) fn hold<P: Into<FolderProblem>>(
        &mut self,
        holds: bool,
        source: FolderFile,
        line: Option<u32>,
        problem: impl FnOnce() -> P,
    ) {
        if !holds {
            self.add(source, line, problem());
        }
    }

    pub(super) fn text(
        &mut self,
        source: FolderFile,
        line: Option<u32>,
        name: &str,
        text: &str,
        (min, max): (usize, usize),
    ) {
        if self.has_unseen(source, line, name, text) {
            return;
        }
        let holds = (min..=max).contains(&text.chars().count()) && is_plain(text);
        self.hold(holds, source, line, || CellProblem::Wrong {
            name: name.to_owned(),
            // A text that is too long is told by its beginning.
            found: text.chars().filter(|sign| !sign.is_control()).take(20).collect(),
            wanted: Wanted::Text { min, max },
        });
    }

    /// Whether a text has a character that nobody sees: then two texts that look the same could be two.
    pub(super) fn has_unseen(&mut self, source: FolderFile, line: Option<u32>, name: &str, text: &str) -> bool {
        let unseen = unseen(name, text);
        let is_there = unseen.is_some();
        unseen.into_iter().for_each(|problem| self.add(source, line, problem));
        is_there
    }

    pub(super) fn number(
        &mut self,
        source: FolderFile,
        line: Option<u32>,
        name: &str,
        number: u32,
        (min, max): (u32, u32),
    ) {
        self.hold((min..=max).contains(&number), source, line, || CellProblem::Wrong {
            name: name.to_owned(),
            found: number.to_string(),
            wanted: Wanted::Whole { min, max },
        });
    }

    /// Reports every value that came before.
    pub(super) fn once<T: Eq + Hash + ToString>(
        &mut self,
        source: FolderFile,
        lines: &[u32],
        name: &'static str,
        values: impl Iterator<Item = T>,
    ) {
        let mut seen = HashMap::new();
        for (at, value) in values.enumerate() {
            let text = value.to_string();
            if let Some(first) = seen.insert(value, at) {
                let first_line = lines.get(first).copied();
                self.add(source, lines.get(at).copied(), CellProblem::Twice { name, value: text, first_line });
            }
        }
    }

    fn counts(&mut self) {
        let (plan, lines) = (self.plan, self.lines);
        let lists = [
            (FolderFile::Meeting, plan.groups.len(), GROUPS_MAX, "groups", lines.has_groups),
            (FolderFile::Meeting, plan.forms.len() + 1, FORMS_MAX + 1, "forms", true),
            (FolderFile::Subjects, plan.subjects.len(), SUBJECTS_MAX, "subjects", lines.has_subjects),
            (FolderFile::Agenda, plan.agenda.len(), STEPS_MAX, "agenda", lines.has_steps),
            (FolderFile::Roster, self.seats.len(), SEATS_MAX, "roster", lines.has_seats),
        ];
        for (source, count, max, what, was_read) in lists {
            self.hold(count <= max, source, None, || CellProblem::TooMany { what, max });
            self.hold(count > 0 || !was_read, source, None, || CellProblem::Empty(what));
        }
    }

    fn is_beyond_limits(&self) -> bool {
        self.found.iter().any(|found| matches!(found.problem, FolderProblem::Cell(CellProblem::TooMany { .. })))
    }

    fn settings(&mut self) {
        let (plan, lines, source) = (self.plan, self.lines, FolderFile::Meeting);
        self.text(source, lines.key("title"), "title", &plan.title, (1, 80));
        self.text(source, lines.key("host"), "host", &plan.host, (1, 80));
        self.number(source, lines.key("k_min"), "k_min", plan.k_min, (1, SMALL_NUMBER_MAX));
        self.number(source, lines.key("opinions_min"), "opinions_min", plan.opinions_min, (1, SMALL_NUMBER_MAX));
        self.number(source, lines.key("pool_k"), "pool_k", plan.pool_k, (1, SMALL_NUMBER_MAX));
    }

    fn groups(&mut self) {
        let (plan, lines, source) = (self.plan, self.lines, FolderFile::Meeting);
        self.once(source, &lines.groups, "groups.id", plan.groups.iter().map(|group| &group.id));
        let mut total_bp = 0_u64;
        for (at, group) in plan.groups.iter().enumerate() {
            let line = lines.groups.get(at).copied();
            let id = &group.id;
            let holds = (1..=8).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
            let known = lines.has_groups;
            self.hold(holds || !known, source, line, || wrong("groups.id", id, Wanted::GroupId));
            self.text(source, line, "groups.name", &group.name, (1, 40));
            total_bp += u64::from(group.weight_bp);
            self.heads(group, line);
        }
        let total_percent = || percent_text(u32::try_from(total_bp).unwrap_or(u32::MAX));
        let holds = total_bp == 10_000 || !lines.has_weights || plan.groups.is_empty();
        self.hold(holds, source, lines.groups.first().copied(), || Setting::Weights { total_percent: total_percent() });
    }

    /// The heads of a group are those of its seats.
    fn heads(&mut self, group: &Group, line: Option<u32>) {
        if !self.lines.has_seats || !self.lines.has_groups {
            return;
        }
        let seats = self.seats.iter().filter(|seat| seat.group == group.id);
        let leaders = seats.clone().filter(|seat| seat.leads_subject.is_some()).count();
        let entitled = seats.count();
        let heads = [entitled, leaders].map(|heads| u32::try_from(heads).unwrap_or(u32::MAX));
        self.hold(entitled > 0, FolderFile::Meeting, line, || Setting::GroupEmpty(group.id.clone()));
        self.hold(heads == [group.entitled, group.leaders], FolderFile::Meeting, line, || Setting::HeadCount {
            group: group.id.clone(),
            entitled: heads[0],
            leaders: heads[1],
        });
    }

    fn subjects(&mut self) {
        let (plan, lines, source) = (self.plan, self.lines, FolderFile::Subjects);
        self.once(source, &lines.subjects, "subject", plan.subjects.iter().map(|subject| subject.id));
        for (at, subject) in plan.subjects.iter().enumerate() {
            let line = lines.subjects.get(at).copied();
            // 200 fits.
            let max = u32::try_from(SUBJECTS_MAX).unwrap_or(u32::MAX);
            self.number(source, line, "subject", subject.id.into(), (1, max));
            self.text(source, line, "branch", &subject.branch, (1, 60));
            self.text(source, line, "secretary", &subject.secretary, (1, 40));
            self.number(source, line, "minutes", subject.minutes, (0, MINUTES_MAX));
            // A report has lines and tabs, which are control characters; it is read, and decides nothing.
            let is_other = |sign: char| sign.is_control() && !matches!(sign, '\n' | '\r' | '\t');
            let max = REPORT_TEXT_MAX;
            let holds = subject.text.chars().count() <= max && !subject.text.chars().any(is_other);
            self.hold(holds, source, line, || {
                wrong("text", &subject.text.chars().take(20).collect::<String>(), Wanted::Text { min: 0, max })
            });
        }
    }
}

/// The first character of a text that nobody sees, or that is none, as a mistake.
pub(super) fn unseen(name: &str, text: &str) -> Option<CellProblem> {
    let (sign, place) = first_refused(text)?;
    let seen = text.chars().filter(|sign| !is_refused(*sign)).take(20).collect();
    Some(CellProblem::Invisible { name: name.to_owned(), seen, sign, place })
}

pub(super) fn wrong(name: &str, found: &str, wanted: Wanted) -> CellProblem {
    CellProblem::Wrong { name: name.to_owned(), found: found.to_owned(), wanted }
}
