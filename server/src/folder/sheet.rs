//! A CSV file as rows of named cells with their lines. It knows which columns there may be, not what they mean.

use csv::{ReaderBuilder, StringRecord, Trim};

use super::line_starts::LineStarts;
use super::mistake::{CellProblem, FileProblem, FolderFile, Mistakes, Wanted};
use pingyi_rules::ballot::text::tidied;

/// The columns that a file may have.
#[derive(Clone, Copy)]
pub(super) struct Columns<'a> {
    pub(super) known: &'a [&'a str],
    /// How many of the known ones, from the first, must be there.
    pub(super) required: usize,
    /// Other names of known ones.
    pub(super) aliases: &'a [(&'a str, &'a str)],
}

/// One row.
pub(super) struct TableRow<'a> {
    pub(super) line: u32,
    cells: Vec<(&'a str, String)>,
}

impl TableRow<'_> {
    /// The cell of a column; empty where the file does not have it.
    pub(super) fn cell(&self, column: &str) -> &str {
        self.cells.iter().find(|(name, _)| *name == column).map_or("", |(_, cell)| cell)
    }

    /// A whole number in a range; nothing, and a mistake, where the cell is something else.
    pub(super) fn whole(
        &self,
        source: FolderFile,
        column: &str,
        (min, max): (u32, u32),
        found: &mut Mistakes,
    ) -> Option<u32> {
        let cell = self.cell(column);
        let digits = !cell.is_empty() && cell.bytes().all(|byte| byte.is_ascii_digit());
        let value = cell.parse().ok().filter(|value| digits && (min..=max).contains(value));
        if value.is_none() {
            found.add(source, Some(self.line), self.wrong(column, Wanted::Whole { min, max }));
        }
        value
    }

    /// One of the words; nothing, and a mistake, where the cell is something else.
    pub(super) fn one_of<T: Copy>(
        &self,
        source: FolderFile,
        column: &str,
        words: &[(&'static str, T)],
        found: &mut Mistakes,
    ) -> Option<T> {
        let value = words.iter().find(|(word, _)| *word == self.cell(column)).map(|(_, value)| *value);
        if value.is_none() {
            let words = words.iter().map(|(word, _)| *word).collect();
            found.add(source, Some(self.line), self.wrong(column, Wanted::OneOf(words)));
        }
        value
    }

    pub(super) fn wrong(&self, column: &str, wanted: Wanted) -> CellProblem {
        CellProblem::Wrong { name: column.to_owned(), found: self.cell(column).to_owned(), wanted }
    }
}

/// The rows of a file; nothing where its columns cannot be told or there are more than `rows_max`.
pub(super) fn rows<'a>(
    source: FolderFile,
    text: &str,
    columns: Columns<'a>,
    rows_max: usize,
    found: &mut Mistakes,
) -> Option<Vec<TableRow<'a>>> {
    let starts = LineStarts::of(text);
    let mut reader =
        ReaderBuilder::new().has_headers(false).flexible(true).trim(Trim::All).from_reader(text.as_bytes());
    let is_blank = |record: &StringRecord| record.iter().all(str::is_empty);
    let mut records = reader.records().filter_map(Result::ok).filter(|record| !is_blank(record));
    let header = header(source, &records.next().unwrap_or_default(), columns, found)?;
    let mut rows = Vec::new();
    for record in records {
        if rows.len() == rows_max {
            found.add(source, None, CellProblem::TooMany { what: source.name(), max: rows_max });
            return None;
        }
        let line = starts.line(begin(text, &record));
        if record.len() != header.len() {
            found.add(source, Some(line), FileProblem::RowLength { have: record.len(), want: header.len() });
        }
        let cells = header.iter().zip(&record);
        let cells = cells.filter_map(|(name, cell)| Some(((*name)?, cell.to_owned()))).collect();
        rows.push(TableRow { line, cells });
    }
    Some(rows)
}

/// Where a record begins: the reader's own position may still be at the line ends before it.
fn begin(text: &str, record: &StringRecord) -> usize {
    let position = record.position().map_or(0, csv::Position::byte);
    let position = usize::try_from(position).unwrap_or(usize::MAX).min(text.len());
    let line_ends = text.as_bytes()[position..].iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
    position + line_ends.count()
}

/// The known name of each column; nothing where a required one is missing.
fn header<'a>(
    source: FolderFile,
    record: &StringRecord,
    columns: Columns<'a>,
    found: &mut Mistakes,
) -> Option<Vec<Option<&'a str>>> {
    let mut header: Vec<Option<&'a str>> = Vec::new();
    let all_known = || columns.known.iter().map(|name| (*name).to_owned()).collect();
    for cell in record {
        let cell = tidied(cell);
        let cell = cell.as_str();
        let name = columns.aliases.iter().find(|(alias, _)| *alias == cell).map_or(cell, |(_, name)| name);
        let known = columns.known.iter().copied().find(|known| *known == name);
        let problem = match known {
            None => Some(FileProblem::ColumnUnknown { found: cell.to_owned(), known: all_known() }),
            Some(name) if header.contains(&Some(name)) => Some(FileProblem::ColumnTwice(cell.to_owned())),
            Some(_) => None,
        };
        if let Some(problem) = problem {
            found.add(source, Some(1), problem);
        }
        header.push(known);
    }
    let missing = columns.known[..columns.required].iter().filter(|name| !header.contains(&Some(**name)));
    let mut is_whole = true;
    for name in missing {
        is_whole = false;
        found.add(source, Some(1), FileProblem::ColumnMissing((*name).to_owned()));
    }
    is_whole.then_some(header)
}
