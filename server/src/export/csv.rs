//! A table as CSV (RFC 4180) in UTF-8 with a byte order mark, which spreadsheets need to see that it is UTF-8.

use super::tables::{Cell, Table};

/// Cells that a spreadsheet would take for a formula begin with one of these.
const FORMULA_STARTS: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// The file. The first line has the heads.
#[must_use]
pub fn csv(table: &Table) -> Vec<u8> {
    let mut writer =
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer("\u{feff}".as_bytes().to_vec());
    let heads = table.heads.iter().map(|head| match head.over.as_str() {
        "" => guarded(&head.text),
        over => guarded(&format!("{over} {}", head.text)),
    });
    // Writing to memory does not fail, and all rows are as long as the heads.
    let _ = writer.write_record(heads);
    for row in &table.rows {
        let _ = writer.write_record(row.iter().map(cell));
    }
    writer.into_inner().unwrap_or_default()
}

fn cell(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => guarded(text),
        Cell::Count(_) | Cell::Figure(_) | Cell::Hidden => cell.shown(),
    }
}

/// Somebody's words, with an apostrophe before them where a spreadsheet would calculate them.
pub(super) fn guarded(text: &str) -> String {
    if text.starts_with(FORMULA_STARTS) { format!("'{text}") } else { text.to_owned() }
}
