//! Items, numbers and further forms in `meeting.toml`.

use pingyi::folder::{ReportLanguage, faults, read};
use pingyi_rules::scoring::{MissingItem, Trim};

use super::{files, mistakes, replaced};

#[test]
fn d13_the_hospital_loads_with_both_forms() {
    let at = concat!(env!("CARGO_MANIFEST_DIR"), "/../meetings/hospital");
    let folder = read(std::path::Path::new(at), ReportLanguage::English).unwrap();
    let plan = &folder.plan;
    let labels: Vec<&str> = plan.items.iter().map(|item| item.label.as_str()).collect();
    assert_eq!(labels, ["医疗质量", "服务态度", "团队建设", "总体评价"]);
    assert_eq!(plan.scoring.item_weights_bp, [4_000, 3_500, 2_500, 0]);
    assert_eq!(plan.scoring.missing_item, MissingItem::Require);
    assert_eq!((plan.without(3), plan.without(1)), (vec![0], vec![]));
    let [heads] = plan.forms.as_slice() else { panic!("{:?}", plan.forms) };
    assert_eq!((heads.id.as_str(), heads.numeric, heads.scale.len(), heads.items.len()), ("head", Some(100), 101, 0));
    assert_eq!((heads.scale[0].id.as_str(), heads.scale[0].points_hundredths), ("100", 10_000));
    assert_eq!((heads.scale[100].id.as_str(), heads.scoring.trim), ("0", Some(Trim { more_than_rows: 6 })));
    let of_heads = plan.with_form(heads);
    let bands: Vec<String> = of_heads.shown_scale().into_iter().map(|band| band.label).collect();
    assert_eq!(bands, ["好", "较好", "一般", "差"]);
    let mut marks = vec![0; 101];
    (marks[0], marks[10], marks[11], marks[100]) = (1, 2, 4, 8);
    assert_eq!(of_heads.shown_marks(&marks), [3, 4, 0, 8], "90 is in the first band, 89 in the second");
    let steps: Vec<&str> = plan.agenda.iter().filter_map(|step| step.form.as_deref()).collect();
    assert_eq!(steps, ["head"]);
    assert_eq!(plan.form(9).map(|form| form.id.as_str()), Some("head"));
    assert_eq!(faults(plan, &folder.seats), [""; 0]);
}

/// What the hospital's reader says once something in one of its files is something else.
fn told(file: &str, from: &str, to: &str) -> String {
    let mut folder = files("hospital");
    let changed = if file == "agenda" { &mut folder.agenda } else { &mut folder.meeting };
    replaced(changed, from, to);
    mistakes(&folder).iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// Another form of the same title before the one that there is.
const TWIN: &str =
    "[[forms]]\nid = \"twin\"\ntitle = \"科室负责人测评表\"\nscale = \"hao\"\n\n[[forms]]\nid = \"head\"";

#[test]
fn d13_what_does_not_fit_is_told() {
    let no_bands = ("trim_more_than_rows = 6\nbands = [90, 75, 60, 0]", "trim_more_than_rows = 6");
    for (file, from, to, wanted) in [
        ("meeting", "weight = 40", "weight = 45", "make the items' weights add up to 100 %"),
        ("meeting", "weight = 40", "wait = 40", "items.weight"),
        ("meeting", "not_for = [3]", "not_for = [4]", "subjects.csv has no subject 4"),
        ("meeting", "live = \"turnout\"", "live = \"tally\"", "there is no live tally"),
        ("meeting", "scale = \"chengzhi\"", "scale = \"manyi\"", "every mark is a grade"),
        ("meeting", "[sheet_rules]", "[sheet_rules]\ntop_max = 1", "the only sheet rule is all_rows"),
        ("meeting", "numeric = 100", "numeric = 101", "numeric"),
        ("meeting", "numeric = 100\n", "numeric = 100\nitems = 3\n", "forms.items"),
        ("meeting", no_bands.0, no_bands.1, "numeric needs bands"),
        ("meeting", "all_rows = true", "distinct_min = 2", "the only sheet rule is all_rows"),
        ("meeting", "weight = 0", "weight = 10", "makes the last item the overall mark"),
        ("meeting", "opinions = true", "opinions = false", "worst_reason asks for words"),
        ("meeting", "id = \"head\"", "id = \"Head\"", "forms.id"),
        ("meeting", "[[forms]]\nid = \"head\"", TWIN, "forms.title"),
        ("agenda", ",,,head", ",,,heads", "form `heads` is not defined"),
        ("agenda", "speech,,,", "speech,,,head", "only an evaluation has a form"),
    ] {
        let told = told(file, from, to);
        assert!(told.contains(wanted), "{to}: {told}");
    }
}
