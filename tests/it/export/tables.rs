//! Tables as xlsx and CSV, read back by a reader that did not write them.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use pingyi::export::csv::csv;
use pingyi::export::tables::{Cell, Table};
use pingyi::export::words::Language;
use pingyi::export::xlsx::xlsx;
use pingyi_rules::meeting::plan::Publication;
use pingyi_rules::meeting::round::PublicRecord;

use super::{Shown, expected, institute, published, with_a_small_group};

/// Rows of a sheet below titles and heads, as a reader sees them.
fn rows_of(workbook: &mut Xlsx<Cursor<Vec<u8>>>, table: &Table) -> Vec<Vec<String>> {
    let sheet = workbook.worksheet_range(&table.name).unwrap();
    let mut rows = Vec::new();
    for (place, cells) in table.rows.iter().enumerate() {
        let row = u32::try_from(place).unwrap() + 4;
        let read = |(column, cell): (usize, &Cell)| {
            let decimals = cell.shown().split_once('.').map_or(0, |(_, decimals)| decimals.len());
            match sheet.get_value((row, u32::try_from(column).unwrap())).unwrap_or(&Data::Empty) {
                Data::String(text) => text.clone(),
                Data::Float(number) => format!("{number:.decimals$}"),
                Data::Int(number) => number.to_string(),
                Data::Empty => String::new(),
                other => panic!("{other:?}"),
            }
        };
        rows.push(cells.iter().enumerate().map(read).collect());
    }
    rows
}

fn shown(table: &Table) -> Vec<Vec<String>> {
    table.rows.iter().map(|row| row.iter().map(Cell::shown).collect()).collect()
}

fn open(tables: &[Table]) -> Xlsx<Cursor<Vec<u8>>> {
    Xlsx::new(Cursor::new(xlsx(tables).unwrap())).unwrap()
}

#[test]
fn e1_the_institute_reads_the_same_on_screen_in_xlsx_and_in_csv() {
    let meeting = institute(Publication::HallScores);
    let shown_to_chair = Shown::of(&meeting);
    for language in [Language::Zh, Language::En] {
        let source = shown_to_chair.source(language);
        let tables = source.tables();
        let mut workbook = open(&tables);
        for table in &tables {
            assert_eq!(rows_of(&mut workbook, table), shown(table), "{}", table.name);
            let text = String::from_utf8(csv(table)).unwrap();
            let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
            let read: Vec<Vec<String>> =
                reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
            assert_eq!(read, shown(table), "{}", table.name);
        }
        // Against the table that must come out, which none of this made.
        let summary = rows_of(&mut workbook, &tables[0]);
        for (row, expected) in summary.iter().zip(expected()) {
            let marks = [&row[4], &row[6], &row[8], &row[10]].map(String::as_str).join("/");
            assert_eq!(marks, expected["all_marks"]);
            let figures = [12, 13, 14, 15, 16, 17, 18, 20].map(|place| row[place].clone());
            let names = ["abstained", "recused", "A_mean", "B_mean", "C_mean", "score", "rank", "top_rate_percent"];
            assert_eq!(figures, names.map(|name| expected[name].clone()));
        }
        // The screen has strings; they are those of the file.
        for (row, on_screen) in summary.iter().zip(&shown_to_chair.result.rows) {
            assert_eq!(Some(&row[17]), on_screen.score.as_ref());
            let percents = [&row[5], &row[7], &row[9], &row[11]].map(Clone::clone);
            assert_eq!(Some(percents.to_vec()), on_screen.percents);
        }
    }
}

#[test]
fn e2_a_name_that_begins_like_a_formula_stays_a_name() {
    let mut meeting = institute(Publication::HallScores);
    let nasty = ["=cmd|' /C calc'!A0", "+1+1", "-2", "@SUM(A1)", "\t=1", "\r=1", "a\"b,\nc"];
    for (subject, name) in meeting.plan.subjects.iter_mut().zip(nasty) {
        subject.secretary = name.to_owned();
        subject.branch = format!("={name}");
    }
    let seen = Shown::of(&meeting);
    let source = seen.source(Language::Zh);
    let tables = source.tables();
    let mut workbook = open(&tables);
    for table in &tables {
        assert_eq!(workbook.worksheet_formula(&table.name).unwrap().used_cells().count(), 0);
    }
    for (row, name) in rows_of(&mut workbook, &tables[0]).iter().zip(nasty) {
        assert_eq!((&row[1], row[2].as_str()), (&format!("={name}"), name));
    }
    let file = csv(&source.summary());
    let mut reader = csv::Reader::from_reader(&file[3..]);
    for (row, name) in reader.records().zip(nasty) {
        let row = row.unwrap();
        assert_eq!(row[1], format!("'={name}"));
        let is_guarded = name.starts_with(['=', '+', '-', '@', '\t', '\r']);
        assert_eq!(row[2], if is_guarded { format!("'{name}") } else { name.to_owned() });
        // Figures are the server's own and stay numbers.
        assert!(row[17].parse::<f64>().is_ok());
    }
}

#[test]
fn e3_a_workbook_has_its_sheets_and_is_set_for_the_printer() {
    let mut meeting = institute(Publication::HallScores);
    meeting.rounds[0].record = Some(PublicRecord {
        digest: "a3".repeat(32),
        digits: "M4VX-8TQ0-2JRW-6BKC-97ZD-H1YE".to_owned(),
        sealed: false,
    });
    let seen = Shown::of(&meeting);
    let tables = seen.source(Language::Zh).tables();
    let bytes = xlsx(&tables).unwrap();
    let workbook = Xlsx::new(Cursor::new(bytes.clone())).unwrap();
    assert_eq!(workbook.sheet_names(), ["汇总表", "票种 A", "票种 B", "票种 C", "票数统计", "计分规则"]);
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let names: Vec<String> = zip.file_names().map(|name| name.unwrap().into_owned()).collect();
    assert!(!names.iter().any(|name| name.contains("vba") || name.contains("external")), "{names:?}");
    let mut part = |name: &str| std::io::read_to_string(zip.by_name(name).unwrap()).unwrap();
    let sheet = part("xl/worksheets/sheet1.xml");
    assert!(sheet.contains("orientation=\"landscape\"") && sheet.contains("paperSize=\"9\""), "{sheet}");
    assert!(sheet.contains("fitToHeight=\"0\"") && sheet.contains("fitToPage=\"1\""));
    assert!(sheet.contains("&amp;P / &amp;N") && sheet.contains("H7K2-9QXM-4TDW-0R3B-ZC8V-61NP"));
    assert!(sheet.contains("记录码 M4VX-8TQ0-2JRW-6BKC-97ZD-H1YE"), "{sheet}");
    // Merged cells stand above the figures only.
    for merged in sheet.split("mergeCell ref=\"").skip(1) {
        let last_row: String =
            merged.split('"').next().unwrap().chars().rev().take_while(char::is_ascii_digit).collect();
        assert!(last_row.chars().rev().collect::<String>().parse::<u32>().unwrap() <= 4, "{merged}");
    }
    let book = part("xl/workbook.xml");
    assert!(book.contains("Print_Titles") && book.contains("Print_Area"), "{book}");
    let file = csv(&tables[0]);
    assert!(file.starts_with(b"\xef\xbb\xbf") && file.ends_with(b"\r\n"));
}

#[test]
fn e3_names_of_sheets_are_what_the_format_allows() {
    let mut plan = super::small_group_plan();
    for (group, id) in plan.groups.iter_mut().zip(["a/b:[c]*?\\'", "x".repeat(40).as_str(), "A/B:c"]) {
        group.id = id.to_owned();
    }
    let many = || vec![super::marks(&[9, 0, 0, 0]), super::marks(&[9, 0, 0, 0]), super::marks(&[9, 0, 0, 0])];
    let meeting = published(plan, vec![many(), many()], Publication::HallScores);
    let seen = Shown::of(&meeting);
    let workbook = open(&seen.source(Language::En).tables());
    assert_eq!(workbook.sheet_names().len(), 6, "{:?}", workbook.sheet_names());
}

#[test]
fn e5_a_small_group_is_in_no_table() {
    let meeting = with_a_small_group();
    let seen = Shown::of(&meeting);
    let source = seen.source(Language::Zh);
    assert!(source.all_groups().rows.is_empty());
    let tables = source.tables();
    assert_eq!(tables.len(), 3, "no group has a sheet of its own");
    let text = format!("{tables:?}");
    for hidden in ["73.33", "46.67", "73.3", "46.7", "93.33"] {
        assert!(!text.contains(hidden), "{hidden} in {text}");
    }
    // The control: the same counts with a small enough limit give them.
    let mut meeting = meeting;
    meeting.plan.k_min = 1;
    let seen = Shown::of(&meeting);
    let text = format!("{:?}", seen.source(Language::Zh).tables());
    assert!(text.contains("73.33") && text.contains("46.67"));
}
