//! Tables as a workbook: plain sheets without macros or formulas, heads that repeat on every printed page, fitted to the
//! width of A4. Figures are numbers that show as many decimals as the finished string has, so that both read the same.

use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError};

use super::tables::{Cell, ColumnHead, Table};

/// Rows above the heads: host and meeting, and the title.
const TITLE_ROWS: u32 = 2;
/// Heads take two rows: what is over several columns, and the columns.
const HEAD_ROWS: u32 = 2;
/// Most characters of a sheet's name, as the format says.
const NAME_CHARS_MAX: usize = 31;
/// Most characters of a cell, as the format says.
const CELL_CHARS_MAX: usize = 32_767;
/// The widest column, in characters.
const WIDTH_MAX: f64 = 60.0;
/// A4.
const PAPER_A4: u8 = 9;

/// The file.
///
/// # Errors
/// In words, where the format has no room for a table; within the limits of a meeting it has.
pub fn xlsx(tables: &[Table]) -> Result<Vec<u8>, String> {
    let mut workbook = Workbook::new();
    let mut names = Vec::new();
    for table in tables {
        let name = name(&table.name, &names);
        let sheet = workbook.add_worksheet();
        write(sheet, table, &name).map_err(|error| error.to_string())?;
        names.push(name);
    }
    workbook.save_to_buffer().map_err(|error| error.to_string())
}

/// The name of a sheet, without signs that the format forbids and unlike those before it.
fn name(wanted: &str, taken: &[String]) -> String {
    let allowed = |sign: &char| !r"[]:*?/\'".contains(*sign) && !sign.is_control();
    let mut name: String = wanted.chars().filter(allowed).take(NAME_CHARS_MAX - 3).collect();
    if name.is_empty() || taken.iter().any(|taken| taken.to_lowercase() == name.to_lowercase()) {
        name = format!("{name} {}", taken.len() + 1);
    }
    name
}

fn column(place: usize) -> u16 {
    u16::try_from(place).unwrap_or(u16::MAX)
}

fn write(sheet: &mut Worksheet, table: &Table, name: &str) -> Result<(), XlsxError> {
    let last = column(table.heads.len().saturating_sub(1));
    sheet.set_name(name)?;
    titles(sheet, table, last)?;
    heads(sheet, &table.heads)?;
    let first_row = TITLE_ROWS + HEAD_ROWS;
    let mut row = first_row;
    for cells in &table.rows {
        for (place, cell) in cells.iter().enumerate() {
            put(sheet, row, column(place), cell)?;
        }
        row += 1;
    }
    if !table.remark.is_empty() {
        sheet.write_string(row, 0, &table.remark)?;
        row += 1;
    }
    for place in 0..table.heads.len() {
        sheet.set_column_width(column(place), width(table, place))?;
    }
    sheet.set_freeze_panes(first_row, 0)?;
    sheet.set_print_area(0, 0, row.saturating_sub(1), last)?;
    sheet.set_repeat_rows(0, first_row - 1)?;
    // Zero pages of height: as many as there must be.
    sheet.set_landscape().set_paper_size(PAPER_A4).set_print_fit_to_pages(1, 0);
    sheet.set_footer(format!("&L{}&R&P / &N", table.foot.replace('&', "&&")));
    Ok(())
}

fn titles(sheet: &mut Worksheet, table: &Table, last: u16) -> Result<(), XlsxError> {
    let centred = Format::new().set_align(FormatAlign::Center);
    let title = centred.clone().set_bold().set_font_size(16);
    for (row, text, format) in [(0, &table.above, &centred), (1, &table.title, &title)] {
        if last > 0 {
            sheet.merge_range(row, 0, row, last, text, format)?;
        } else {
            sheet.write_string_with_format(row, 0, text, format)?;
        }
    }
    Ok(())
}

/// Two rows: a head that is alone takes both, those of one mark share the upper one.
fn heads(sheet: &mut Worksheet, heads: &[ColumnHead]) -> Result<(), XlsxError> {
    let format = framed(FormatAlign::Center).set_bold().set_text_wrap().set_align(FormatAlign::VerticalCenter);
    let (upper, lower) = (TITLE_ROWS, TITLE_ROWS + 1);
    let mut from = 0;
    while from < heads.len() {
        let over = &heads[from].over;
        if over.is_empty() {
            let at = column(from);
            sheet.merge_range(upper, at, lower, at, &heads[from].text, &format)?;
            from += 1;
            continue;
        }
        let until = from + heads[from..].iter().take_while(|head| head.over == *over).count();
        if until - from > 1 {
            sheet.merge_range(upper, column(from), upper, column(until - 1), over, &format)?;
        } else {
            sheet.write_string_with_format(upper, column(from), over, &format)?;
        }
        for (place, head) in heads.iter().enumerate().take(until).skip(from) {
            sheet.write_string_with_format(lower, column(place), &head.text, &format)?;
        }
        from = until;
    }
    Ok(())
}

fn framed(align: FormatAlign) -> Format {
    Format::new().set_border(FormatBorder::Thin).set_align(align)
}

fn put(sheet: &mut Worksheet, row: u32, column: u16, cell: &Cell) -> Result<(), XlsxError> {
    match cell {
        Cell::Text(text) => {
            let text: String = text.chars().take(CELL_CHARS_MAX).collect();
            // Written as a string, so that `=1+1` stays the words that somebody typed.
            sheet.write_string_with_format(row, column, text, &framed(FormatAlign::Left))?;
        }
        Cell::Count(count) => {
            sheet.write_number_with_format(row, column, *count, &framed(FormatAlign::Center))?;
        }
        Cell::Figure(figure) => {
            let decimals = figure.split_once('.').map_or(0, |(_, decimals)| decimals.len());
            let shape = if decimals == 0 { "0".to_owned() } else { format!("0.{}", "0".repeat(decimals)) };
            let format = framed(FormatAlign::Center).set_num_format(shape);
            match figure.parse::<f64>() {
                Ok(number) => sheet.write_number_with_format(row, column, number, &format)?,
                Err(_) => sheet.write_string_with_format(row, column, figure, &format)?,
            };
        }
        Cell::Hidden => {
            sheet.write_string_with_format(row, column, cell.shown(), &framed(FormatAlign::Center))?;
        }
    }
    Ok(())
}

/// Room for the longest cell and for the head, in characters; a Chinese sign takes two.
fn width(table: &Table, place: usize) -> f64 {
    let cells = table.rows.iter().filter_map(|row| row.get(place)).map(|cell| signs(&cell.shown()));
    let longest = cells.chain([signs(&table.heads[place].text)]).max().unwrap_or(0);
    (f64::from(longest) + 2.0).min(WIDTH_MAX)
}

fn signs(text: &str) -> u32 {
    text.chars().map(|sign| if sign >= '\u{2e80}' { 2 } else { 1 }).sum()
}
