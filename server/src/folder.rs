//! Meeting folders: `meeting.toml`, `roster.csv`, `subjects.csv`, `agenda.csv` and, where scores are combined, `components.csv`
//! become a checked plan and its seats.
//! Every mistake is reported at once, with file, line and what to write instead. It makes no meeting and knows no store.

mod check;
mod check_form;
mod check_rows;
mod combination;
mod components;
mod form;
mod line_starts;
mod mistake;
mod presets;
mod settings;
mod settings_table;
mod sheet;
mod tables;
mod tidy;
mod words;

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;

use pingyi_rules::meeting::plan::{EntitledSeat, Plan};
use pingyi_rules::scoring::Imported;

use check::{Lines, check};
use mistake::{FileProblem, FolderFile, Found, Mistakes};

pub use mistake::Mistake;
pub use tidy::tidy;

/// Most bytes of a file of the folder.
pub const FILE_BYTES_MAX: usize = 8 * 1024 * 1024;

/// The language of what is reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReportLanguage {
    /// 中文.
    Chinese,
    /// English.
    English,
}

/// A folder that is free of mistakes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folder {
    /// What was decided before the meeting.
    pub plan: Plan,
    /// The entitled voters in the order of the roster.
    pub seats: Vec<EntitledSeat>,
}

/// The files of a folder, as bytes; nothing for one that is not there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Files {
    /// `meeting.toml`: title, host, groups, scale, rules.
    pub meeting: Option<Vec<u8>>,
    /// `roster.csv`: one row an entitled voter.
    pub roster: Option<Vec<u8>>,
    /// `subjects.csv`: one row a subject.
    pub subjects: Option<Vec<u8>>,
    /// `agenda.csv`: one row a step.
    pub agenda: Option<Vec<u8>>,
    /// `components.csv` or `components.xlsx`: one row a subject; only where scores are combined, and not needed before the count.
    pub components: Option<Vec<u8>>,
}

/// Reads the folder at a path (rules d1 to d9).
///
/// # Errors
/// Every mistake of all files in the order of files and lines, worded in the language; a file that cannot be opened is one.
pub fn read(path: &Path, language: ReportLanguage) -> Result<Folder, Vec<Mistake>> {
    let mut found = Mistakes::default();
    let mut bytes = |source: FolderFile| match bytes_of(&path.join(source.name())) {
        Ok(bytes) => bytes,
        Err(error) => {
            found.add(source, None, FileProblem::Unreadable(error.to_string()));
            // What cannot be opened is reported as that, and not once more as missing.
            Some(Vec::new())
        }
    };
    let files = Files {
        meeting: bytes(FolderFile::Meeting),
        roster: bytes(FolderFile::Roster),
        subjects: bytes(FolderFile::Subjects),
        agenda: bytes(FolderFile::Agenda),
        components: bytes(FolderFile::Components).or_else(|| bytes(FolderFile::ComponentsWorkbook)),
    };
    if found.0.is_empty() { read_files(&files, language) } else { Err(found.worded(language)) }
}

/// Reads the files, wherever they come from (rules d1 to d9).
///
/// # Errors
/// As [`read`].
pub fn read_files(files: &Files, language: ReportLanguage) -> Result<Folder, Vec<Mistake>> {
    let mut found = Mistakes::default();
    let mut lines = Lines::whole();
    let settings = text_of(FolderFile::Meeting, files.meeting.as_deref(), &mut found)
        .and_then(|text| settings::settings(text, &mut lines, &mut found));
    let subjects = text_of(FolderFile::Subjects, files.subjects.as_deref(), &mut found)
        .map(|text| tables::subjects(text, &mut lines, &mut found));
    let agenda = text_of(FolderFile::Agenda, files.agenda.as_deref(), &mut found)
        .map(|text| tables::agenda(text, subjects.as_deref().unwrap_or(&[]), &mut lines, &mut found));
    let seats = text_of(FolderFile::Roster, files.roster.as_deref(), &mut found)
        .map(|text| tables::roster(text, &mut lines, &mut found));
    // What is in two files is compared only where both could be read; the rest is checked all the same.
    lines.has_groups &= settings.is_some();
    lines.has_subjects &= subjects.is_some();
    lines.has_steps &= agenda.is_some();
    lines.has_seats &= seats.is_some();
    let seats = seats.unwrap_or_default();
    let settings = settings.unwrap_or_else(settings::placeholder);
    let mut plan = settings.plan(subjects.unwrap_or_default(), agenda.unwrap_or_default(), &seats);
    if let Some(bytes) = &files.components {
        plan.imported = components::read(components_source(bytes), bytes, &plan, lines.has_subjects, &mut found);
    }
    found.extend(check(&plan, &seats, &lines));
    if found.0.is_empty() { Ok(Folder { plan, seats }) } else { Err(found.worded(language)) }
}

/// The values of one file of components for a plan, wherever it comes from (rule d12).
///
/// # Errors
/// Every mistake by its line, worded in the language.
pub fn read_components(bytes: &[u8], plan: &Plan, language: ReportLanguage) -> Result<Vec<Imported>, Vec<Mistake>> {
    let mut found = Mistakes::default();
    let imported = components::read(components_source(bytes), bytes, plan, true, &mut found);
    if found.0.is_empty() { Ok(imported) } else { Err(found.worded(language)) }
}

/// The names of the columns of such a file beside its components: number, branch, adjustment, best grade.
#[must_use]
pub fn components_columns(is_chinese: bool) -> [&'static str; 4] {
    if is_chinese { combination::COLUMNS_ZH } else { combination::COLUMNS }
}

fn components_source(bytes: &[u8]) -> FolderFile {
    if components::is_workbook(bytes) { FolderFile::ComponentsWorkbook } else { FolderFile::Components }
}

/// What is wrong with a plan and its seats that came another way than by a folder, in Chinese and English; empty where a
/// meeting can be made of them (rule d9).
#[must_use]
pub fn faults(plan: &Plan, seats: &[EntitledSeat]) -> Vec<String> {
    let problems = check(plan, seats, &Lines::whole());
    let both = |found: &Found| {
        let [chinese, english] = [ReportLanguage::Chinese, ReportLanguage::English]
            .map(|language| words::sentence(&found.problem, language));
        format!("{}: {chinese} / {english}", found.source.name())
    };
    problems.iter().map(both).collect()
}

fn bytes_of(path: &Path) -> std::io::Result<Option<Vec<u8>>> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let mut bytes = Vec::new();
    // One byte more than allowed is enough to know that a file is too big. Eight MiB fit into 64 bits.
    file.take(FILE_BYTES_MAX as u64 + 1).read_to_end(&mut bytes)?;
    Ok(Some(bytes))
}

fn text_of<'a>(source: FolderFile, bytes: Option<&'a [u8]>, found: &mut Mistakes) -> Option<&'a str> {
    let problem = match bytes {
        None => FileProblem::FileMissing,
        Some(bytes) if bytes.len() > FILE_BYTES_MAX => FileProblem::FileTooBig,
        Some(bytes) => match std::str::from_utf8(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)) {
            Ok(text) => return Some(text),
            Err(error) => {
                let line = bytes[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count() + 1;
                found.add(source, u32::try_from(line).ok(), FileProblem::NotUtf8);
                return None;
            }
        },
    };
    found.add(source, None, problem);
    None
}
