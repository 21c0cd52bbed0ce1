//! The two meetings that are shipped, and what a reader must forgive in a file.

use std::path::PathBuf;

use pingyi::folder::{ReportLanguage, faults, read};
use pingyi_rules::form::{Live, OwnBranch};
use pingyi_rules::meeting::plan::{Admission, Report, StepKind};
use pingyi_rules::scoring::{QuotaLimit, TieBreak, TurnoutRule};

use super::{files, loads, replaced};

fn shipped(meeting: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../meetings").join(meeting)
}

#[test]
fn d2_the_institute_loads() {
    let folder = read(&shipped("institute"), ReportLanguage::English).unwrap();
    let plan = &folder.plan;
    let heads: Vec<(&str, u32, u32, u32)> =
        plan.groups.iter().map(|group| (group.id.as_str(), group.weight_bp, group.entitled, group.leaders)).collect();
    assert_eq!(heads, [("A", 4_000, 7, 0), ("B", 3_000, 7, 7), ("C", 3_000, 20, 0)]);
    assert_eq!((folder.seats.len(), folder.seats.iter().filter(|seat| seat.present).count()), (34, 33));
    let scale: Vec<(&str, u32)> = plan.scale.iter().map(|mark| (mark.id.as_str(), mark.points_hundredths)).collect();
    assert_eq!(scale, [("hao", 10_000), ("jiaohao", 8_000), ("yiban", 6_000), ("cha", 4_000)]);
    assert_eq!((plan.subjects.len(), plan.agenda.len()), (7, 12));
    assert_eq!((plan.agenda[2].kind, plan.agenda[2].subject), (StepKind::Report, Some(1)));
    assert_eq!((plan.admission, plan.own_branch, plan.live), (Admission::Slips, OwnBranch::Recused, Live::Tally));
    assert_eq!((plan.turnout, plan.k_min, plan.pool_k), (TurnoutRule::AtLeastFourFifths, 5, 5));
    assert_eq!(plan.scoring.quota.unwrap().limit, QuotaLimit::MinBelowTopBp(1_500));
    assert_eq!(
        plan.scoring.bands.iter().map(|band| band.from_hundredths).collect::<Vec<_>>(),
        [9_000, 7_500, 6_000, 0]
    );
    assert_eq!(faults(plan, &folder.seats), [""; 0]);
}

#[test]
fn d2_the_college_loads() {
    let folder = read(&shipped("college"), ReportLanguage::Chinese).unwrap();
    let plan = &folder.plan;
    let heads: Vec<(u32, u32, u32)> =
        plan.groups.iter().map(|group| (group.weight_bp, group.entitled, group.leaders)).collect();
    assert_eq!(heads, [(5_000, 9, 0), (3_000, 14, 14), (2_000, 30, 0)]);
    assert_eq!((folder.seats.len(), folder.seats.iter().filter(|seat| seat.present).count()), (53, 50));
    assert_eq!(plan.subjects.iter().filter(|subject| subject.report == Report::Written).count(), 6);
    assert_eq!(plan.agenda.len(), 32);
    assert_eq!(plan.scoring.tie_breaks, [TieBreak::GroupMean("A".to_owned()), TieBreak::TopRate]);
}

#[test]
fn d1_a_byte_order_mark_and_windows_line_ends_change_nothing() {
    let plain = loads(&files("institute"));
    let mut windows = files("institute");
    for file in [&mut windows.meeting, &mut windows.roster, &mut windows.subjects, &mut windows.agenda] {
        let text = String::from_utf8(file.take().unwrap()).unwrap();
        *file = Some(format!("\u{feff}{}", text.replace('\n', "\r\n")).into_bytes());
    }
    assert_eq!(loads(&windows), plain);
}

#[test]
fn d4_weights_are_exact() {
    let mut files = files("institute");
    for (weight, exact) in
        [("weight = 40", "weight = 33.33"), ("weight = 30", "weight = 33.33"), ("weight = 30", "weight = 33.34")]
    {
        replaced(&mut files.meeting, weight, exact);
    }
    let weights: Vec<u32> = loads(&files).plan.groups.iter().map(|group| group.weight_bp).collect();
    assert_eq!(weights, [3_333, 3_333, 3_334]);
}

#[test]
fn d3_every_key_does_what_it_says() {
    let mut files = files("institute");
    for (text, by) in [
        ("scale = \"hao\"", "scale = \"manyi\""),
        ("live = \"tally\"", "live = \"off\""),
        (
            "[sheet_rules]",
            "[sheet_rules]\nall_rows = true\ntop_max_percent = 40\ndistinct_min = 2\nlow_min = 1\nlow_from = \"bu_manyi\"\nworst_reason = true",
        ),
        ("opinions = false", "opinions = true"),
        ("unknown = \"exclude\"", "unknown = 60"),
        ("bands = [90, 75, 60, 0]", "bands = [90, 60.5, 0]\ntrim_more_than_rows = 5"),
        ("min_below_top = 15\nrounding = \"ceil\"", "max_top = 30"),
    ] {
        replaced(&mut files.meeting, text, by);
    }
    let plan = loads(&files).plan;
    let settings = (&plan.scale, &plan.live, &plan.sheet_rules, &plan.scoring);
    insta::assert_snapshot!("d3_settings", serde_json::to_string_pretty(&settings).unwrap());
}

#[test]
fn d2_columns_may_stand_in_any_order_and_optional_ones_be_absent() {
    let mut files = files("institute");
    files.roster = Some(
        (1..=9)
            .map(|seat| match seat {
                1 => "group,seat,leads_subject\nA,1,\n".to_owned(),
                2 => "C,2,\n".to_owned(),
                leader => format!("B,{leader},{}\n", leader - 2),
            })
            .collect::<String>()
            .into_bytes(),
    );
    let folder = loads(&files);
    assert_eq!(folder.seats.len(), 9);
    assert!(folder.seats.iter().all(|seat| seat.present && seat.name.is_empty()));
}
