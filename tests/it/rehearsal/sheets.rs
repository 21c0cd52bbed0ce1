//! The file of sheets, and marks at random.

use pingyi::folder::ReportLanguage;
use pingyi::rehearsal::{RehearsalError, SheetSource};
use pingyi_rules::form::SheetRules;
use pingyi_rules::form::sheet_rules::{SheetRow, TopMax};

use super::{path, shipped};

fn mistakes(text: &str) -> Vec<String> {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), text).unwrap();
    let name = file.path().display().to_string();
    match SheetSource::read(file.path(), &shipped("institute"), ReportLanguage::English) {
        Err(RehearsalError::Sheets(mistakes)) => {
            mistakes.into_iter().map(|mistake| mistake.replace(&name, "sheets.csv")).collect()
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn o22_each_mistake_of_a_file_of_sheets_is_told_with_its_line() {
    let told = mistakes(
        "seat,group,channel,valid,s1,s2,s3,s4,s5,s6,s7\n\
         99,A,phone,yes,hao,hao,hao,hao,hao,hao,hao\n\
         1,B,phone,yes,hao,hao,hao,hao,hao,hao,hao\n\
         19,C,phone,yes,hao,hao,hao,hao,hao,hao,hao\n\
         2,A,fax,yes,hao,hao,hao,hao,hao,hao,hao\n\
         2,A,phone,perhaps,hao,hao,hao,hao,hao,hao,hao\n\
         3,A,phone,yes,hao,hao,best,hao,hao,hao,double\n\
         8,B,phone,yes,hao,hao,hao,hao,hao,hao,recused\n\
         4,A,phone,yes,hao\n\
         5,A,phone,yes,hao,hao,hao,hao,hao,hao,hao\n\
         5,A,phone,yes,hao,hao,hao,hao,hao,hao,hao\n\
         6\n",
    );
    let expected = [
        "sheets.csv, line 2: the roster has no seat 99.",
        "sheets.csv, line 3: the seat is of A, not of B.",
        "sheets.csv, line 4: this voter is not present and has no sheet.",
        "sheets.csv, line 5: the channel is phone, kiosk or paper.",
        "sheets.csv, line 6: valid is yes or no.",
        "sheets.csv, line 7: s3: \"best\" is no mark of the scale, nor abstain.",
        "sheets.csv, line 7: s7: \"double\" is no mark of the scale, nor abstain.",
        "sheets.csv, line 8: s1 is the own branch: write recused.",
        "sheets.csv, line 8: s7: \"recused\" is no mark of the scale, nor abstain.",
        "sheets.csv, line 9: there must be 7 marks.",
        "sheets.csv, line 11: seat 5 is there twice.",
        "sheets.csv, line 12: columns are missing.",
    ];
    assert_eq!(told, expected);
    let head = mistakes("seat,group\n1,A\n");
    assert_eq!(head, ["sheets.csv, line 1: the head must be seat,group,channel,valid,s1,s2,s3,s4,s5,s6,s7."]);
}

#[test]
fn o20_sheets_know_their_channel_and_whether_they_are_valid() {
    let folder = shipped("institute");
    let sheets = SheetSource::read(&path("institute").join("sheets.csv"), &folder, ReportLanguage::Chinese).unwrap();
    assert!(sheets.of(&folder.plan, 33, None).is_some(), "a valid paper sheet");
    assert_eq!(sheets.of(&folder.plan, 34, None), None, "an invalid one");
    let on_paper: Vec<_> = (1..=34).filter(|seat| sheets.on_paper(*seat).is_some()).collect();
    assert_eq!(on_paper, [32, 33, 34]);
    assert_eq!(sheets.on_paper(34).map(|sheet| sheet.marks.is_none()), Some(true));
    assert_eq!(SheetSource::Random(1).on_paper(32), None);
    assert!((1..=34).all(|seat| !sheets.at_kiosk(seat)), "the institute has no tablet");
    let blank = sheets.of(&folder.plan, 32, None).unwrap();
    assert!(!blank.contains_key(&5), "an abstention is a blank row");
    assert!(matches!(
        SheetSource::read(&path("nowhere.csv"), &folder, ReportLanguage::Chinese),
        Err(RehearsalError::File(..))
    ));
}

#[test]
fn o21_random_marks_keep_the_sheet_rules() {
    let mut plan = shipped("college").plan;
    plan.sheet_rules = SheetRules { all_rows: true, top_max: Some(TopMax::Percent(40)), ..SheetRules::default() };
    let grades: Vec<&str> = plan.scale.iter().map(|mark| mark.id.as_str()).collect();
    for seat in 1..=200 {
        let leads = (seat % 3 == 0).then_some(2);
        let marks = SheetSource::Random(5).of(&plan, seat, leads).unwrap();
        let rows = plan.subjects.iter().filter(|subject| Some(subject.id) != leads);
        let rows = rows.map(|subject| SheetRow { mark: marks.get(&subject.id).map(String::as_str), has_reason: true });
        assert_eq!(plan.sheet_rules.broken(&grades, rows), [], "seat {seat}");
        assert_eq!(leads.and_then(|own| marks.get(&own)), None, "the own branch is not marked");
        assert_eq!(SheetSource::Random(5).of(&plan, seat, leads), Some(marks), "the same seed, the same marks");
    }
}
