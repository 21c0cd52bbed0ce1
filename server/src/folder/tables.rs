//! The three tables of a folder: subjects, agenda and roster become the plan's own types.
//! It reads cells; what must hold between rows and files is `check`'s question.

use pingyi_rules::ballot::text::tidied;
use pingyi_rules::meeting::plan::{EntitledSeat, Report, SEATS_MAX, STEPS_MAX, SUBJECTS_MAX, Step, StepKind, Subject};

use super::check::{Lines, MINUTES_MAX};
use super::mistake::{FolderFile, Mistakes, Relation};
use super::sheet::{Columns, TableRow, rows};

const SUBJECT_COLUMNS: Columns<'static> =
    Columns { known: &["subject", "branch", "secretary", "report", "minutes", "text"], required: 5, aliases: &[] };
const AGENDA_COLUMNS: Columns<'static> =
    Columns { known: &["step", "subject", "mode", "form"], required: 2, aliases: &[] };
const ROSTER_COLUMNS: Columns<'static> =
    Columns { known: &["seat", "group", "leads_subject", "name", "role", "present"], required: 3, aliases: &[] };

const REPORTS: [(&str, Report); 2] = [("onsite", Report::Onsite), ("written", Report::Written)];
const STEPS: [(&str, StepKind); 8] = [
    ("opening", StepKind::Opening),
    ("tellers", StepKind::Tellers),
    ("report", StepKind::Report),
    ("comment", StepKind::Comment),
    ("evaluation", StepKind::Evaluation),
    ("speech", StepKind::Speech),
    ("break", StepKind::Break),
    ("close", StepKind::Close),
];

/// The word of a step in `agenda.csv`.
pub(super) fn step_word(kind: StepKind) -> &'static str {
    STEPS.iter().find(|(_, other)| *other == kind).map_or("", |(word, _)| word)
}

/// The subjects. A row whose number cannot be read is left out, and nothing is compared with the subjects then.
pub(super) fn subjects(text: &str, lines: &mut Lines, found: &mut Mistakes) -> Vec<Subject> {
    let source = FolderFile::Subjects;
    let Some(rows) = rows(source, text, SUBJECT_COLUMNS, SUBJECTS_MAX, found) else {
        lines.has_subjects = false;
        return Vec::new();
    };
    let mut subjects = Vec::new();
    for row in rows {
        let id = subject_number(&row, source, "subject", found);
        let report = row.one_of(source, "report", &REPORTS, found).unwrap_or(Report::Onsite);
        let minutes = row.whole(source, "minutes", (0, MINUTES_MAX), found).unwrap_or(0);
        let Some(id) = id else {
            lines.has_subjects = false;
            continue;
        };
        let text = |column| tidied(row.cell(column));
        subjects.push(Subject {
            id,
            branch: text("branch"),
            secretary: text("secretary"),
            report,
            minutes,
            text: row.cell("text").to_owned(),
        });
        lines.subjects.push(row.line);
    }
    subjects
}

pub(super) fn subject_number(
    row: &TableRow<'_>,
    source: FolderFile,
    column: &'static str,
    found: &mut Mistakes,
) -> Option<u16> {
    // 200 subjects at most: the conversions cannot fail.
    let max = u32::try_from(SUBJECTS_MAX).unwrap_or(u32::MAX);
    row.whole(source, column, (1, max), found).and_then(|number| u16::try_from(number).ok())
}

/// The agenda. `mode` repeats how a subject reports, for whoever reads the file; it must agree.
pub(super) fn agenda(text: &str, subjects: &[Subject], lines: &mut Lines, found: &mut Mistakes) -> Vec<Step> {
    let source = FolderFile::Agenda;
    let Some(rows) = rows(source, text, AGENDA_COLUMNS, STEPS_MAX, found) else {
        lines.has_steps = false;
        return Vec::new();
    };
    let mut steps = Vec::new();
    for (id, row) in (1..).zip(rows) {
        let kind = row.one_of(source, "step", &STEPS, found);
        let has_subject = !row.cell("subject").is_empty();
        let subject = has_subject.then(|| subject_number(&row, source, "subject", found)).flatten();
        if !row.cell("mode").is_empty() {
            check_mode(&row, subjects.iter().find(|other| Some(other.id) == subject), found);
        }
        // A step that cannot be read must not make others look wrong, as a report that seems to be missing.
        let (Some(kind), true) = (kind, subject.is_some() == has_subject) else {
            lines.has_steps = false;
            continue;
        };
        let form = Some(row.cell("form").to_owned()).filter(|form| !form.is_empty());
        steps.push(Step { id, kind, subject, form });
        lines.steps.push(row.line);
    }
    steps
}

fn check_mode(row: &TableRow<'_>, reporter: Option<&Subject>, found: &mut Mistakes) {
    let Some(mode) = row.one_of(FolderFile::Agenda, "mode", &REPORTS, found) else {
        return;
    };
    if let Some(reporter) = reporter.filter(|reporter| reporter.report != mode) {
        let wanted = REPORTS.iter().find(|(_, report)| *report == reporter.report).map_or("", |(word, _)| word);
        found.add(FolderFile::Agenda, Some(row.line), Relation::ModeDiffers { subject: reporter.id, wanted });
    }
}

/// The entitled voters. A row whose seat cannot be read is left out, and nothing is compared with the seats then.
pub(super) fn roster(text: &str, lines: &mut Lines, found: &mut Mistakes) -> Vec<EntitledSeat> {
    let source = FolderFile::Roster;
    let Some(rows) = rows(source, text, ROSTER_COLUMNS, SEATS_MAX, found) else {
        lines.has_seats = false;
        return Vec::new();
    };
    // 20,000 seats at most: the conversion cannot fail.
    let seats_max = u32::try_from(SEATS_MAX).unwrap_or(u32::MAX);
    let mut seats = Vec::new();
    for row in rows {
        let seat = row.whole(source, "seat", (1, seats_max), found);
        let leads = !row.cell("leads_subject").is_empty();
        let leads_subject = leads.then(|| subject_number(&row, source, "leads_subject", found)).flatten();
        let present = match row.cell("present") {
            "" => Some(true),
            _ => row.one_of(source, "present", &[("yes", true), ("no", false)], found),
        };
        let (Some(seat), true) = (seat, leads_subject.is_some() == leads) else {
            lines.has_seats = false;
            continue;
        };
        let text = |column| tidied(row.cell(column));
        seats.push(EntitledSeat {
            seat,
            name: text("name"),
            role: text("role"),
            group: text("group"),
            leads_subject,
            present: present.unwrap_or(true),
        });
        lines.seats.push(row.line);
    }
    seats
}
