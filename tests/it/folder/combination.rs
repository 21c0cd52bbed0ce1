//! How scores are combined, and with what: `[scoring.combination]` and the file of components.

use pingyi::folder::{Files, ReportLanguage, read, read_components, read_files};
use pingyi_rules::meeting::plan::Plan;
use pingyi_rules::scoring::{Combination, Component, Gate};

use super::{files, loads, mistakes, places, replaced};

const SECTION: &str = r#"
[scoring.combination]
evaluation_share = 40
[[scoring.combination.components]]
name = "平时考核"
share = 35.5
[[scoring.combination.components]]
name = "工作实绩"
share = 24.5
[[scoring.combination.gates]]
component = "平时考核"
below = 80
best = "jiaohao"
[[scoring.combination.gates]]
component = "evaluation"
below = 60.5
best = "yiban"
"#;

const VALUES: &str = "\
序号,党组织,平时考核,工作实绩,加减分,等次上限
1,第一党支部,91.0,88,,
2,第二党支部,93.5,90.25,+1.5,
3,第三党支部,90.5,,−0.5,
7,第七党支部,91.8,85,,较好
";

fn combining() -> Files {
    let mut files = files("institute");
    // In the place of the sample lines.
    let text = String::from_utf8(files.meeting.take().unwrap()).unwrap();
    let settings = &text[..text.find("# 综合得分").unwrap()];
    files.meeting = Some([settings, SECTION].concat().into_bytes());
    files.components = Some(VALUES.as_bytes().to_vec());
    files
}

#[test]
fn d11_a_meeting_says_how_scores_are_combined() {
    let component = |name: &str, share_bp| Component { name: name.to_owned(), share_bp };
    let gate = |component, below_hundredths, best_band| Gate { component, below_hundredths, best_band };
    let expected = Combination {
        evaluation_share_bp: 4_000,
        components: vec![component("平时考核", 3_550), component("工作实绩", 2_450)],
        gates: vec![gate(1, 8_000, 1), gate(0, 6_050, 2)],
    };
    assert_eq!(loads(&combining()).plan.scoring.combination, Some(expected));
}

#[test]
fn d11_the_commented_lines_of_the_shipped_folders_can_be_used_as_they_are() {
    for meeting in ["institute", "college"] {
        let mut files = files(meeting);
        let text = String::from_utf8(files.meeting.take().unwrap()).unwrap();
        let begin = text.find("# [scoring.combination]").expect("the sample lines are there");
        let used = text[begin..].replace("\n# ", "\n").replacen("# ", "", 1);
        files.meeting = Some([&text[..begin], &used].concat().into_bytes());
        let combination = loads(&files).plan.scoring.combination.unwrap();
        assert_eq!((combination.components.len(), combination.gates.len()), (1, 1), "{meeting}");
    }
}

#[test]
fn d11_each_mistake_of_a_combination_is_told() {
    let text = String::from_utf8(combining().meeting.unwrap()).unwrap();
    let begins = text[..text.find("[scoring.combination]").unwrap()].lines().count();
    let cases = [
        ("evaluation_share = 40", "", "is missing; add it"),
        ("share = 35.5", "share = 35.555", "a percentage from 0 to 100"),
        ("share = 35.5", "share = 35", "shares add up to 100 %"),
        ("name = \"工作实绩\"", "name = \"平时考核\"", "use each name once"),
        ("name = \"工作实绩\"", "name = \"branch\"", "a component cannot be called `branch`"),
        ("name = \"工作实绩\"", "name = \"=1+1\"", "a component cannot be called `=1+1`"),
        ("component = \"平时考核\"", "component = \"群众评议\"", "write one of evaluation, 平时考核, 工作实绩"),
        ("best = \"yiban\"", "best = \"bad\"", "there is no grade `bad`; write one of hao, jiaohao, yiban, cha"),
        ("below = 80\n", "", "`scoring.combination.gates.below` is missing"),
        ("below = 80", "below = 80\nabove = 1", "unknown key"),
    ];
    for (text, by, wanted) in cases {
        let mut files = combining();
        files.components = None;
        replaced(&mut files.meeting, text, by);
        let found = mistakes(&files);
        assert!(found.iter().any(|mistake| mistake.message.contains(wanted)), "{by}: {found:#?}");
        assert!(found.iter().all(|mistake| mistake.line.is_some()), "{found:#?}");
        let in_section = found.iter().any(|mistake| mistake.line.unwrap() as usize > begins);
        assert!(in_section || wanted.contains("add up") || wanted.contains("once") || wanted.contains("called"));
    }
    let mut no_bands = combining();
    replaced(&mut no_bands.meeting, "bands = [90, 75, 60, 0]", "");
    replaced(&mut no_bands.meeting, "[scoring.quota]\nmin_below_top = 15\nrounding = \"ceil\"", "");
    no_bands.components = None;
    assert!(mistakes(&no_bands).iter().any(|mistake| mistake.message.contains("where each grade begins")));
}

#[test]
fn d12_components_are_read_by_their_names() {
    let imported = loads(&combining()).plan.imported;
    let rows: Vec<(u16, Vec<&str>, &str, u32)> = imported
        .iter()
        .map(|row| {
            let components = row.components.iter().map(String::as_str).collect();
            (row.subject, components, row.adjustment.as_str(), row.best_band)
        })
        .collect();
    assert_eq!(
        rows,
        [
            (1, vec!["91.0", "88"], "", 0),
            (2, vec!["93.5", "90.25"], "1.5", 0),
            (3, vec!["90.5", ""], "-0.5", 0),
            (7, vec!["91.8", "85"], "", 1),
        ]
    );
    // English heads, another order, without the columns that may be absent.
    let mut english = combining();
    english.components = Some("工作实绩,subject,平时考核\n88,1,91.0\n".as_bytes().to_vec());
    assert_eq!(loads(&english).plan.imported, imported[..1]);
    assert!(loads(&files("institute")).plan.imported.is_empty(), "nobody needs the file");
}

#[test]
fn d12_every_mistake_of_the_components_is_told_by_its_row() {
    let mut files = combining();
    files.components = Some(
        "subject,branch,平时考核,工作实绩,adjustment,best_grade\n\
         1,第二党支部,91.0,88,,\n\
         9,,91,88,,\n\
         2,第二党支部,很好,88,,\n\
         2,第二党支部,91,88,,\n\
         3,,091,.5,one,优\n\
         4,,10000,1.23456,,\n"
            .as_bytes()
            .to_vec(),
    );
    let lines: Vec<u32> = mistakes(&files).iter().map(|mistake| mistake.line.unwrap()).collect();
    assert_eq!(lines, [2, 3, 4, 5, 6, 6, 6, 6, 7, 7]);
    assert!(mistakes(&files).iter().all(|mistake| mistake.file == "components.csv"));
    let chinese = read_files(&files, ReportLanguage::Chinese).unwrap_err();
    assert_eq!(chinese[0].message, "序号 1 是“第一党支部”；请核对是否错行");
    replaced(&mut files.components, "工作实绩", "实绩");
    assert_eq!(places(&files), ["components.csv:1:", "components.csv:1:"]);
    let mut without = super::files("institute");
    without.components = Some(VALUES.as_bytes().to_vec());
    assert!(mistakes(&without)[0].message.contains("no [scoring.combination]"));
}

fn plan() -> Plan {
    loads(&combining()).plan
}

/// A workbook whose cells are what a spreadsheet makes of them: numbers, and words.
fn workbook(rows: &[&[&str]], far_away: bool) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (row, cells) in (0..).zip(rows) {
        for (column, cell) in (0..).zip(*cells) {
            match cell.parse::<f64>() {
                Ok(number) => sheet.write_number(row, column, number).unwrap(),
                Err(_) => sheet.write_string(row, column, *cell).unwrap(),
            };
        }
    }
    if far_away {
        sheet.write_string(1_048_575, 16_383, "x").unwrap();
    }
    book.save_to_buffer().unwrap()
}

#[test]
fn d12_a_workbook_is_read_as_the_same_table() {
    let csv: Vec<Vec<&str>> = VALUES.lines().map(|line| line.split(',').collect()).collect();
    let rows: Vec<&[&str]> = csv.iter().map(Vec::as_slice).collect();
    let mut files = combining();
    let from_csv = loads(&files).plan.imported;
    files.components = Some(workbook(&rows, false));
    let from_workbook = loads(&files).plan.imported;
    // A spreadsheet keeps the number and not its digits.
    let mut same = from_csv;
    same[0].components[0] = "91".to_owned();
    assert_eq!(from_workbook, same);
    let wrong = workbook(&[&["subject", "平时考核", "工作实绩"], &["1", "good", "88"]], false);
    let found = read_components(&wrong, &plan(), ReportLanguage::English).unwrap_err();
    assert_eq!((found[0].file, found[0].line), ("components.xlsx", Some(2)));
    let folder = tempfile::tempdir().unwrap();
    let institute = super::files("institute");
    let all = [
        ("meeting.toml", combining().meeting),
        ("roster.csv", institute.roster),
        ("subjects.csv", institute.subjects),
        ("agenda.csv", institute.agenda),
        ("components.xlsx", Some(workbook(&rows, false))),
    ];
    for (name, bytes) in all {
        std::fs::write(folder.path().join(name), bytes.unwrap()).unwrap();
    }
    assert_eq!(read(folder.path(), ReportLanguage::English).unwrap().plan.imported, same);
}

#[test]
fn d12_a_cell_far_away_or_a_broken_workbook_is_told_at_once() {
    let far = workbook(&[&["subject", "平时考核", "工作实绩"], &["1", "91", "88"]], true);
    let found = read_components(&far, &plan(), ReportLanguage::English).unwrap_err();
    assert!(found[0].message.contains("row 1048576, column 16384"), "{found:?}");
    let mut broken = workbook(&[&["subject"]], false);
    broken.truncate(200);
    assert_eq!(read_components(&broken, &plan(), ReportLanguage::English).unwrap_err().len(), 1);
    assert_eq!(read_components(b"PK\x03\x04", &plan(), ReportLanguage::English).unwrap_err().len(), 1);
}
