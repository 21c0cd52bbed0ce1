//! What must hold between rows: the agenda's steps, the reports, the seats and their subjects.
//! It is the second half of `check` and finds its places the same way.

use std::collections::{HashMap, HashSet};

use super::check::{FolderCheck, wrong};
use super::mistake::{FolderFile, Relation, Wanted};
use super::tables::step_word;
use pingyi_rules::meeting::plan::{Admission, SEATS_MAX, Step, StepKind, Subject};

impl<'a> FolderCheck<'a> {
    pub(super) fn agenda(&mut self) {
        let (plan, lines, source) = (self.plan, self.lines, FolderFile::Agenda);
        self.once(source, &lines.steps, "step id", plan.agenda.iter().map(|step| step.id));
        for (at, step) in plan.agenda.iter().enumerate() {
            let line = lines.steps.get(at).copied();
            self.step(step, line);
            let holds = step.kind != StepKind::Close || at + 1 == plan.agenda.len() || !lines.has_steps;
            self.hold(holds, source, line, || Relation::CloseNotLast);
        }
        if lines.has_steps && !plan.agenda.is_empty() {
            let has = |kind| plan.agenda.iter().any(|step| step.kind == kind);
            self.hold(has(StepKind::Evaluation), source, None, || Relation::EvaluationMissing);
            self.hold(has(StepKind::Close), source, None, || Relation::CloseMissing);
        }
    }

    fn step(&mut self, step: &Step, line: Option<u32>) {
        let source = FolderFile::Agenda;
        let may = matches!(step.kind, StepKind::Report | StepKind::Comment | StepKind::Evaluation);
        let word = step_word(step.kind);
        self.hold(step.id >= 1, source, line, || wrong("id", "0", Wanted::Whole { min: 1, max: u32::MAX }));
        match step.subject {
            None => self.hold(step.kind != StepKind::Report, source, line, || Relation::StepNeedsSubject(word)),
            Some(_) if !may => self.add(source, line, Relation::StepTakesNoSubject(word)),
            Some(subject) => self.known_subject(source, line, subject),
        }
    }

    fn known_subject(&mut self, source: FolderFile, line: Option<u32>, subject: u16) {
        let holds = self.plan.subject(subject).is_some() || !self.lines.has_subjects;
        self.hold(holds, source, line, || Relation::SubjectUnknown(subject));
    }

    /// Every subject reports exactly once.
    pub(super) fn reports(&mut self) {
        let (plan, lines) = (self.plan, self.lines);
        let mut reports = HashMap::new();
        for (at, step) in plan.agenda.iter().enumerate().filter(|(_, step)| step.kind == StepKind::Report) {
            let Some(subject) = step.subject else {
                continue;
            };
            if let Some(first) = reports.insert(subject, at) {
                let first_line = lines.steps.get(first).copied();
                let line = lines.steps.get(at).copied();
                self.add(FolderFile::Agenda, line, Relation::ReportTwice { subject, first_line });
            }
        }
        if !lines.has_steps || plan.agenda.is_empty() {
            return;
        }
        for (at, subject) in self.subjects_once() {
            let holds = reports.contains_key(&subject.id);
            let (line, branch) = (lines.subjects.get(at).copied(), subject.branch.clone());
            self.hold(holds, FolderFile::Subjects, line, || Relation::ReportMissing { subject: subject.id, branch });
        }
    }

    /// The subjects with their places, without those whose number was there before: that is told already.
    fn subjects_once(&self) -> Vec<(usize, &'a Subject)> {
        let mut seen = HashSet::new();
        let subjects = self.plan.subjects.iter().enumerate();
        subjects.filter(|(_, subject)| seen.insert(subject.id)).collect()
    }

    pub(super) fn roster(&mut self) {
        let (plan, lines, source) = (self.plan, self.lines, FolderFile::Roster);
        self.once(source, &lines.seats, "seat", self.seats.iter().map(|seat| seat.seat));
        let known: Vec<String> = plan.groups.iter().map(|group| group.id.clone()).collect();
        for (at, seat) in self.seats.iter().enumerate() {
            let line = lines.seats.get(at).copied();
            // 20,000 fits.
            self.number(source, line, "seat", seat.seat, (1, u32::try_from(SEATS_MAX).unwrap_or(u32::MAX)));
            self.text(source, line, "name", &seat.name, (0, 40));
            self.text(source, line, "role", &seat.role, (0, 60));
            let named = plan.admission != Admission::Roster || !seat.name.is_empty();
            self.hold(named, source, line, || Relation::NameMissing(seat.seat));
            let holds = known.contains(&seat.group) || !lines.has_groups;
            let group = || Relation::GroupUnknown { group: seat.group.clone(), known: known.clone() };
            self.hold(holds, source, line, group);
            if let Some(subject) = seat.leads_subject {
                self.known_subject(source, line, subject);
            }
        }
    }

    /// Every subject has exactly one leader among the seats.
    pub(super) fn leaders(&mut self) {
        let lines = self.lines;
        let mut leaders = HashMap::new();
        for (at, seat) in self.seats.iter().enumerate() {
            let Some(subject) = seat.leads_subject else {
                continue;
            };
            if let Some(first) = leaders.insert(subject, at) {
                let first_line = lines.seats.get(first).copied();
                let line = lines.seats.get(at).copied();
                self.add(FolderFile::Roster, line, Relation::LeaderTwice { subject, first_line });
            }
        }
        if !lines.has_seats || self.seats.is_empty() {
            return;
        }
        for (at, subject) in self.subjects_once() {
            let holds = leaders.contains_key(&subject.id);
            let (line, branch) = (lines.subjects.get(at).copied(), subject.branch.clone());
            self.hold(holds, FolderFile::Subjects, line, || Relation::LeaderMissing { subject: subject.id, branch });
        }
    }
}
