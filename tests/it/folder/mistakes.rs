//! Folders with mistakes.

use pingyi::folder::{FILE_BYTES_MAX, Files, Folder, Mistake, ReportLanguage, faults, read, read_files};
use pingyi_rules::meeting::plan::Plan;

use super::{files, loads, mistakes, places, replaced};

fn full_of_mistakes() -> Files {
    Files {
        meeting: Some(include_bytes!("mistakes/meeting.toml").to_vec()),
        roster: Some(include_bytes!("mistakes/roster.csv").to_vec()),
        subjects: Some(include_bytes!("mistakes/subjects.csv").to_vec()),
        agenda: Some(include_bytes!("mistakes/agenda.csv").to_vec()),
        components: None,
    }
}

fn listed(found: &[Mistake]) -> String {
    found.iter().map(|mistake| format!("{mistake}\n")).collect()
}

#[test]
fn d5_a_folder_full_of_mistakes_tells_them_all() {
    let found = read_files(&full_of_mistakes(), ReportLanguage::English).unwrap_err();
    insta::assert_snapshot!("d5_mistakes_english", listed(&found));
    let chinese = read_files(&full_of_mistakes(), ReportLanguage::Chinese).unwrap_err();
    insta::assert_snapshot!("d5_mistakes_chinese", listed(&chinese));
    let place = |mistake: &Mistake| (mistake.file, mistake.line);
    assert!(found.iter().map(place).eq(chinese.iter().map(place)), "both languages tell the same");
}

#[test]
fn d1_files_that_are_not_there_are_told_together() {
    let empty = tempfile::tempdir().unwrap();
    let found = read(empty.path(), ReportLanguage::English).unwrap_err();
    let files: Vec<&str> = found.iter().map(|mistake| mistake.file).collect();
    assert_eq!(files, ["meeting.toml", "subjects.csv", "agenda.csv", "roster.csv"]);
    assert!(found.iter().all(|mistake| mistake.message.starts_with("is missing")));
}

#[test]
fn d1_a_file_that_cannot_be_opened_is_told_as_that() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("roster.csv")).unwrap();
    let found = read(folder.path(), ReportLanguage::English).unwrap_err();
    assert!(found.iter().any(|mistake| mistake.file == "roster.csv"), "{found:#?}");
}

#[test]
fn d1_another_encoding_is_told_with_its_line_and_what_to_do() {
    let mut files = files("institute");
    // 第一 in GBK.
    files.roster = Some(b"seat,group,leads_subject,name\n1,A,,\xb5\xda\xd2\xbb\n".to_vec());
    let found = mistakes(&files);
    assert_eq!(places(&files), ["roster.csv:2:"]);
    assert!(found[0].message.contains("UTF-8"));
}

#[test]
fn d8_a_file_that_is_too_big_is_told() {
    let mut files = files("institute");
    let roster = files.roster.as_mut().unwrap();
    roster.resize(FILE_BYTES_MAX + 1, b'\n');
    assert_eq!(places(&files), ["roster.csv:"]);
    files.roster.as_mut().unwrap().truncate(FILE_BYTES_MAX);
    loads(&files);
}

#[test]
fn d8_too_many_rows_are_told_once() {
    let mut many = files("institute");
    let seats: String = (36..=20_002).map(|seat| format!("{seat},某人,委员,C,,yes\n")).collect();
    many.roster.as_mut().unwrap().extend(seats.into_bytes());
    assert_eq!(places(&many), ["roster.csv:"]);
    let mut steps = files("institute");
    replaced(&mut steps.agenda, "opening,,", &"break,,\n".repeat(990));
    assert_eq!(places(&steps), ["agenda.csv:"]);
    replaced(&mut steps.agenda, "break,,", "");
    loads(&steps);
}

#[test]
fn d5_at_most_a_thousand_mistakes_are_told() {
    let mut many = files("institute");
    many.roster.as_mut().unwrap().extend("x,,,,,\n".repeat(5_000).into_bytes());
    assert_eq!(mistakes(&many).len(), 1_000);
}

#[test]
fn d10_an_unreadable_subject_blames_nobody_else() {
    let mut files = files("institute");
    replaced(&mut files.subjects, "3,第三党支部", "three,第三党支部");
    assert_eq!(places(&files), ["subjects.csv:4:"]);
}

#[test]
fn d10_an_unreadable_step_or_seat_blames_nobody_else() {
    let mut steps = files("institute");
    replaced(&mut steps.agenda, "evaluation", "evalution");
    assert_eq!(places(&steps), ["agenda.csv:11:"]);
    let mut seats = files("institute");
    replaced(&mut seats.roster, "9,周景行,第二党支部书记,B,2", "9,周景行,第二党支部书记,B,two");
    assert_eq!(places(&seats), ["roster.csv:10:"]);
    let mut settings = files("institute");
    settings.meeting = Some(b"title = meeting".to_vec());
    assert_eq!(places(&settings), ["meeting.toml:1:"]);
    let mut columns = files("institute");
    replaced(&mut columns.subjects, "minutes", "time");
    assert_eq!(places(&columns), ["subjects.csv:1:", "subjects.csv:1:"]);
}

/// One change of the institute, and where it must be told.
#[test]
fn d7_every_relation_is_told_at_its_place() {
    type Change = fn(&mut Files);
    let cases: [(Change, &[&str]); 10] = [
        (
            |files| replaced(&mut files.roster, "8,韩春华,第一党支部书记,B,1", "8,韩春华,第一党支部书记,B,"),
            &["subjects.csv:2:"],
        ),
        (
            |files| replaced(&mut files.roster, "9,周景行,第二党支部书记,B,2", "9,周景行,第二党支部书记,B,1"),
            &["subjects.csv:3:", "roster.csv:10:"],
        ),
        (|files| replaced(&mut files.roster, "2,史雅琴,党委委员,A", "2,史雅琴,党委委员,D"), &["roster.csv:3:"]),
        (|files| replaced(&mut files.roster, "2,史雅琴", "1,史雅琴"), &["roster.csv:3:"]),
        (|files| replaced(&mut files.agenda, "report,3,onsite", ""), &["subjects.csv:4:"]),
        (|files| replaced(&mut files.agenda, "report,3,onsite", "report,3,written"), &["agenda.csv:6:"]),
        (|files| replaced(&mut files.agenda, "close,,", ""), &["agenda.csv:"]),
        (|files| replaced(&mut files.agenda, "evaluation,,", ""), &["agenda.csv:"]),
        (|files| replaced(&mut files.agenda, "speech,,", "close,,"), &["agenda.csv:12:"]),
        (
            |files| replaced(&mut files.subjects, "2,第二党支部,周景行,onsite,7", "2,第二党支部,周景行,onsite,121"),
            &["subjects.csv:3:"],
        ),
    ];
    for (at, (change, expected)) in cases.into_iter().enumerate() {
        let mut files = files("institute");
        change(&mut files);
        assert_eq!(places(&files), expected, "case {at}");
    }
}

#[test]
fn d6_groups_marks_and_rules_fit_each_other() {
    for (text, by, told_at) in [
        ("weight = 40", "weight = 41", "id = \"A\""),
        ("id = \"C\"", "id = \"B\"", "id = \"B\" # again"),
        ("bands = [90, 75, 60, 0]", "bands = [90, 75, 60, 10]", "[scoring]"),
        ("bands = [90, 75, 60, 0]", "bands = [0]", "[scoring]"),
        ("bands = [90, 75, 60, 0]", "bands = [90, 75, 60, 50, 0]", "bands ="),
        ("[sheet_rules]", "[sheet_rules]\nlow_min = 1\nlow_from = \"bad\"", "[sheet_rules]"),
        ("[sheet_rules]", "[sheet_rules]\ntop_max = 1\ntop_max_percent = 50", "top_max_percent = 50"),
        ("min_below_top = 15\n", "\n", "[scoring.quota]"),
    ] {
        let mut files = files("institute");
        let by = if told_at.ends_with("# again") { told_at } else { by };
        replaced(&mut files.meeting, text, by);
        let settings = String::from_utf8(files.meeting.clone().unwrap()).unwrap();
        let line = settings.lines().position(|line| line.starts_with(told_at)).unwrap() + 1;
        assert_eq!(places(&files)[0], format!("meeting.toml:{line}:"), "{by}");
    }
}

#[test]
fn d9_a_plan_without_a_folder_is_held_to_the_same_rules() {
    let Folder { plan, seats } = loads(&files("institute"));
    let broken = |change: fn(&mut Plan)| {
        let mut plan = plan.clone();
        change(&mut plan);
        faults(&plan, &seats).len()
    };
    assert_eq!(broken(|_| {}), 0);
    assert_eq!(broken(|plan| plan.agenda = vec![plan.agenda[0].clone(); 1_001]), 1);
    assert_eq!(broken(|plan| plan.title.clear()), 1);
    assert_eq!(broken(|plan| plan.title.push('\u{7}')), 1);
    assert_eq!(broken(|plan| plan.k_min = 0), 1);
    assert_eq!(broken(|plan| plan.groups[0].entitled = 8), 1);
    assert_eq!(broken(|plan| plan.groups[1].leaders = 0), 1);
    assert_eq!(broken(|plan| plan.agenda[1].id = plan.agenda[0].id), 1);
    assert_eq!(broken(|plan| plan.scoring.decimals = 9), 1);
    assert_eq!(broken(|plan| plan.subjects[0].text = "x".repeat(40_001)), 1);
    assert_eq!(broken(|plan| plan.scale[0].id = "abstain".to_owned()), 1);
    let told = faults(&Plan { title: String::new(), ..plan.clone() }, &seats);
    assert!(told[0].contains("title") && told[0].contains('应') && told[0].contains("write"), "{told:?}");
    assert!(!faults(&plan, &[]).is_empty());
}
