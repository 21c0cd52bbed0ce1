//! The file of imported components, `components.csv` or `components.xlsx`: one row a subject, one column a component by its
//! name, an adjustment and the best grade that is still possible. It reads; what a total is made of is `scoring`'s question.

use std::io::{Cursor, Read as _};

use calamine::{DataRef, Reader as _, Xlsx};

use super::combination::{COLUMNS, COLUMNS_ZH};
use super::mistake::{CellProblem, Combining, FileProblem, FolderFile, Mistakes, Relation, Wanted};
use super::sheet::{Columns, TableRow, rows};
use super::tables::subject_number;
use super::text_of;
use pingyi_rules::meeting::plan::{Plan, SUBJECTS_MAX};
use pingyi_rules::scoring::{Imported, Rules, is_imported};

/// Most bytes of an unpacked workbook.
const UNPACKED_BYTES_MAX: u64 = 64 * 1024 * 1024;
/// Most rows and columns of a workbook that are looked at; a table has 201 rows and 20 columns.
const SHEET_MAX: (u32, u32) = (1_000, 64);
/// What a workbook begins with: it is a zip file.
const XLSX_BEGIN: &[u8] = b"PK\x03\x04";

/// The values of a file for the subjects of a plan, by subject. An empty cell is a component that is missing.
pub(super) fn read(
    source: FolderFile,
    bytes: &[u8],
    plan: &Plan,
    knows_subjects: bool,
    found: &mut Mistakes,
) -> Vec<Imported> {
    let text = if is_workbook(bytes) {
        workbook(source, bytes, found)
    } else {
        text_of(source, Some(bytes), found).map(str::to_owned)
    };
    let Some(text) = text else { return Vec::new() };
    let Some(combination) = &plan.scoring.combination else {
        found.add(source, None, Combining::NoCombination);
        return Vec::new();
    };
    let names: Vec<&str> = combination.components.iter().map(|component| component.name.as_str()).collect();
    let known: Vec<&str> =
        [COLUMNS[0]].into_iter().chain(names.iter().copied()).chain(COLUMNS[1..].iter().copied()).collect();
    let aliases: Vec<(&str, &str)> = COLUMNS_ZH.into_iter().zip(COLUMNS).collect();
    let columns = Columns { known: &known, required: 1 + names.len(), aliases: &aliases };
    let Some(rows) = rows(source, &text, columns, SUBJECTS_MAX, found) else { return Vec::new() };
    let mut imported: Vec<Imported> = Vec::new();
    let mut lines: Vec<u32> = Vec::new();
    for row in &rows {
        let Some(subject) = subject_number(row, source, COLUMNS[0], found) else { continue };
        if let Some(at) = imported.iter().position(|other| other.subject == subject) {
            let value = subject.to_string();
            found.add(
                source,
                Some(row.line),
                CellProblem::Twice { name: COLUMNS[0], value, first_line: lines.get(at).copied() },
            );
            continue;
        }
        if knows_subjects && !branch(source, row, subject, plan, found) {
            continue;
        }
        imported.push(Imported {
            subject,
            components: names.iter().map(|name| value(source, row, name, found)).collect(),
            adjustment: adjustment(source, row, found),
            best_band: best_band(source, row, &plan.scoring, found),
        });
        lines.push(row.line);
    }
    imported.sort_by_key(|row| row.subject);
    imported
}

/// Whether a file is a workbook and no text.
pub(super) fn is_workbook(bytes: &[u8]) -> bool {
    bytes.starts_with(XLSX_BEGIN)
}

/// Whether the subject is there; the branch beside its number must be its own: a file whose rows are shifted is told.
fn branch(source: FolderFile, row: &TableRow<'_>, subject: u16, plan: &Plan, found: &mut Mistakes) -> bool {
    let Some(known) = plan.subject(subject) else {
        found.add(source, Some(row.line), Relation::SubjectUnknown(subject));
        return false;
    };
    // Our own files put what looks like a formula behind an apostrophe.
    let told = row.cell(COLUMNS[1]).trim_start_matches('\'');
    if !told.is_empty() && told != known.branch {
        found.add(source, Some(row.line), Combining::BranchDiffers { subject, branch: known.branch.clone() });
    }
    true
}

fn value(source: FolderFile, row: &TableRow<'_>, column: &str, found: &mut Mistakes) -> String {
    let cell = row.cell(column);
    if cell.is_empty() || is_imported(cell) {
        return cell.to_owned();
    }
    found.add(source, Some(row.line), row.wrong(column, Wanted::Component));
    String::new()
}

fn adjustment(source: FolderFile, row: &TableRow<'_>, found: &mut Mistakes) -> String {
    let column = COLUMNS[2];
    let cell = row.cell(column);
    // People write +2, and a typesetter's minus.
    let cell = cell.strip_prefix('+').unwrap_or(cell).replace('−', "-");
    if cell.is_empty() || is_imported(cell.strip_prefix('-').unwrap_or(&cell)) {
        return cell;
    }
    found.add(source, Some(row.line), row.wrong(column, Wanted::Adjustment));
    String::new()
}

/// By id or label; an empty cell is no cap.
fn best_band(source: FolderFile, row: &TableRow<'_>, rules: &Rules, found: &mut Mistakes) -> u32 {
    let cell = row.cell(COLUMNS[3]);
    if cell.is_empty() {
        return 0;
    }
    let place =
        rules.bands.iter().position(|band| [&band.id, &band.label, &band.label_en].iter().any(|name| *name == cell));
    if let Some(place) = place {
        // At most 16 bands.
        return u32::try_from(place).unwrap_or(0);
    }
    let known = rules.bands.iter().map(|band| band.label.clone()).collect();
    let problem = Combining::BestUnknown { found: cell.to_owned(), known };
    found.add(source, Some(row.line), if rules.bands.is_empty() { Combining::NoBands } else { problem });
    0
}

/// The first sheet of a workbook as the text of a CSV file with the same lines.
fn workbook(source: FolderFile, bytes: &[u8], found: &mut Mistakes) -> Option<String> {
    if bytes.len() > super::FILE_BYTES_MAX || unpacked(bytes).is_none_or(|size| size > UNPACKED_BYTES_MAX) {
        found.add(source, None, FileProblem::FileTooBig);
        return None;
    }
    match cells(bytes) {
        Ok(cells) => csv_of(&cells),
        Err(error) => {
            found.add(source, None, FileProblem::Unreadable(error));
            None
        }
    }
}

/// How many bytes the parts of a workbook unpack to, by unpacking them; more than allowed is not gone through to its end.
fn unpacked(bytes: &[u8]) -> Option<u64> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).ok()?;
    let mut size = 0;
    for at in 0..zip.len() {
        let part = zip.by_index(at).ok()?;
        size += std::io::copy(&mut part.take(UNPACKED_BYTES_MAX + 1 - size), &mut std::io::sink()).ok()?;
        if size > UNPACKED_BYTES_MAX {
            break;
        }
    }
    Some(size)
}

/// The cells one by one: a single one far away must not make a table of a billion.
fn cells(bytes: &[u8]) -> Result<Vec<Vec<String>>, String> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|error| error.to_string())?;
    let name = book.sheet_names().first().cloned().ok_or("no sheet")?;
    let mut reader = book.worksheet_cells_reader(&name).map_err(|error| error.to_string())?;
    let mut table: Vec<Vec<String>> = Vec::new();
    while let Some(cell) = reader.next_cell().map_err(|error| error.to_string())? {
        let (row, column) = cell.get_position();
        let text = match cell.get_value() {
            DataRef::Empty | DataRef::Error(_) => continue,
            value => calamine::Data::from(value.clone()).to_string(),
        };
        if row >= SHEET_MAX.0 || column >= SHEET_MAX.1 {
            return Err(format!("cell in row {}, column {}", row + 1, column + 1));
        }
        let [row, column] = [row, column].map(|place| usize::try_from(place).unwrap_or(usize::MAX));
        table.resize_with(table.len().max(row + 1), Vec::new);
        let cells = &mut table[row];
        cells.resize(cells.len().max(column + 1), String::new());
        cells[column] = text.replace(['\r', '\n'], " ").trim().to_owned();
    }
    Ok(table)
}

fn csv_of(table: &[Vec<String>]) -> Option<String> {
    let width = table.iter().map(Vec::len).max().unwrap_or(0).max(1);
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in table {
        let cells = row.iter().map(String::as_str).chain(std::iter::repeat("")).take(width);
        writer.write_record(cells).ok()?;
    }
    String::from_utf8(writer.into_inner().ok()?).ok()
}
