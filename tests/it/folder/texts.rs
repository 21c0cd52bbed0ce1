//! Rules d14 and d15: texts in which nobody sees all that is there, wherever plans come in.

use pingyi::folder::{Files, ReportLanguage, faults, read_files, tidy};
use pingyi_rules::meeting::plan::Plan;

use super::{files, loads, mistakes, replaced};

type Place = fn(&mut Files) -> &mut Option<Vec<u8>>;

fn with(place: Place, text: &str, by: &str) -> Files {
    let mut files = files("institute");
    replaced(place(&mut files), text, by);
    files
}

#[test]
fn d14_a_character_that_nobody_sees_is_told_where_it_stands() {
    let places: [(&str, Place, &str, &str); 5] = [
        ("meeting.toml:", |files| &mut files.meeting, "党委委员", "党委\u{200b}委员"),
        ("meeting.toml:", |files| &mut files.meeting, "title = \"", "title = \"\u{feff}"),
        ("subjects.csv:2", |files| &mut files.subjects, "第一党支部", "第一\u{ad}党支部"),
        ("roster.csv:2", |files| &mut files.roster, "党委委员", "党委委员\u{202e}"),
        ("meeting.toml:", |files| &mut files.meeting, "党委委员", "党委\u{e000}委员"),
    ];
    for (at, place, text, by) in places {
        let files = with(place, text, by);
        let sign = by.chars().find(|sign| !text.contains(*sign)).unwrap();
        let sign = format!("U+{:04X}", u32::from(sign));
        let found = mistakes(&files);
        assert_eq!(found.len(), 1, "{at} {sign}: {found:#?}");
        let (english, chinese) =
            (found[0].to_string(), read_files(&files, ReportLanguage::Chinese).unwrap_err()[0].to_string());
        for (told, what) in [(&english, "delete it"), (&chinese, "请删掉它")] {
            assert!(told.starts_with(at) && told.contains(&sign) && told.contains(what), "{told}");
        }
    }
    let third = with(|files| &mut files.meeting, "党委委员", "党委\u{200b}委员");
    assert!(
        mistakes(&third)[0].message.contains("character 3 of groups.name “党委委员”, U+200B"),
        "{:?}",
        mistakes(&third)
    );
}

#[test]
fn d14_blanks_are_put_right_without_a_word() {
    let plain = loads(&files("institute"));
    for (place, text, by) in [
        ((|files| &mut files.meeting) as Place, "\"党委委员\"", "\" 党委委员\u{a0} \""),
        (|files| &mut files.subjects, "第一党支部", "\u{3000}第一党支部  "),
    ] {
        assert_eq!(loads(&with(place, text, by)).plan, plain.plan);
    }
    let two = loads(&with(|files| &mut files.subjects, "第一党支部", "第一 \t  党支部"));
    assert_eq!(two.plan.subjects[0].branch, "第一 党支部");
}

#[test]
fn d15_a_plan_without_a_folder_is_held_to_the_same_texts() {
    let folder = loads(&files("institute"));
    let titled = |title: &str| Plan { title: title.to_owned(), ..folder.plan.clone() };
    let (plan, seats) = tidy(titled("  述职\u{2003} 会 "), folder.seats.clone());
    assert_eq!(plan.title, "述职 会");
    assert_eq!(faults(&plan, &seats), [""; 0]);
    let told = faults(&titled("述\u{200d}职"), &folder.seats);
    assert!(told.len() == 1 && told[0].contains("U+200D") && told[0].contains("请删掉它"), "{told:?}");
    let mut plan = folder.plan.clone();
    plan.scoring.bands[0].label = "好\u{200b}".to_owned();
    assert!(faults(&plan, &folder.seats)[0].contains("scoring.bands"));
}
