//! The scales that a meeting can name instead of listing its marks. Labels only; no rule is decided here.

use pingyi_rules::form::{Mark, MarkKind};

/// Id, Chinese label, English label and points; no points for 不了解.
type Line = (&'static str, &'static str, &'static str, Option<u32>);

/// The presets by name. The worst of three grades is worth what the worst of four is.
const PRESETS: [(&str, &[Line]); 4] = [
    (
        "hao",
        &[
            ("hao", "好", "Good", Some(100)),
            ("jiaohao", "较好", "Fairly good", Some(80)),
            ("yiban", "一般", "Average", Some(60)),
            ("cha", "差", "Poor", Some(40)),
        ],
    ),
    (
        "chengzhi",
        &[
            ("youxiu", "优秀", "Excellent", Some(100)),
            ("chengzhi", "称职", "Competent", Some(80)),
            ("jiben_chengzhi", "基本称职", "Barely competent", Some(60)),
            ("bu_chengzhi", "不称职", "Not competent", Some(40)),
        ],
    ),
    (
        "manyi",
        &[
            ("manyi", "满意", "Satisfied", Some(100)),
            ("jiben_manyi", "基本满意", "Mostly satisfied", Some(80)),
            ("bu_manyi", "不满意", "Not satisfied", Some(40)),
            ("bu_liaojie", "不了解", "Cannot say", None),
        ],
    ),
    (
        "hege",
        &[
            ("youxiu", "优秀", "Excellent", Some(100)),
            ("hege", "合格", "Qualified", Some(80)),
            ("jiben_hege", "基本合格", "Barely qualified", Some(60)),
            ("bu_hege", "不合格", "Not qualified", Some(40)),
        ],
    ),
];

/// The names of the presets.
pub(super) fn names() -> Vec<&'static str> {
    PRESETS.iter().map(|(name, _)| *name).collect()
}

/// The marks of a preset, best first.
pub(super) fn preset(name: &str) -> Option<Vec<Mark>> {
    let (_, lines) = PRESETS.iter().find(|(other, _)| *other == name)?;
    let mark = |(id, label, label_en, points): &Line| Mark {
        id: (*id).to_owned(),
        label: (*label).to_owned(),
        label_en: (*label_en).to_owned(),
        kind: if points.is_some() { MarkKind::Grade } else { MarkKind::Unknown },
        points_hundredths: points.unwrap_or(0) * 100,
    };
    Some(lines.iter().map(mark).collect())
}
