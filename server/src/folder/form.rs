//! The form of a sheet in `meeting.toml`: its scale, its items, its rules and how it is scored; the meeting's first, and others under
//! `[[forms]]`. Whether its parts fit each other is `check_form`'s question.

use super::check::{FormLines, SMALL_NUMBER_MAX};
use super::combination;
use super::mistake::{FileProblem, FolderFile, Mistakes, Setting, Wanted};
use super::presets::{names, preset};
use super::settings_table::Section;
use pingyi_rules::form::SheetRules;
use pingyi_rules::form::scale::{NUMERIC_MAX, numbers};
use pingyi_rules::form::sheet_rules::{LowMin, TopMax};
use pingyi_rules::form::{Item, Mark, MarkKind};
use pingyi_rules::meeting::plan::{Form, SUBJECTS_MAX};
use pingyi_rules::scoring::{
    Band, MissingGroup, MissingItem, Quota, QuotaLimit, QuotaRounding, RowPolicy, Rules, TieBreak, Trim,
};

const KINDS: [(&str, MarkKind); 3] =
    [("grade", MarkKind::Grade), ("unknown", MarkKind::Unknown), ("abstain", MarkKind::Abstain)];
const MISSING_GROUPS: [(&str, MissingGroup); 3] =
    [("renormalise", MissingGroup::Renormalise), ("zero", MissingGroup::Zero), ("block", MissingGroup::Block)];
const ROUNDINGS: [(&str, QuotaRounding); 3] =
    [("floor", QuotaRounding::Floor), ("half_up", QuotaRounding::HalfUp), ("ceil", QuotaRounding::Ceil)];
/// Most points of a mark, in hundredths, as the manifest allows.
const POINTS_MAX_HUNDREDTHS: u32 = 1_000_000;
const MISSING_ITEMS: [(&str, MissingItem); 2] =
    [("require", MissingItem::Require), ("renormalise", MissingItem::Renormalise)];
/// 100 % in basis points.
const PERCENT_MAX_BP: u32 = 10_000;

/// The form that a section holds (rule d13): the top of the file, or one of `[[forms]]`. It has neither id nor title.
pub(super) fn read(section: &mut Section<'_>, lines: &mut FormLines, found: &mut Mistakes) -> Form {
    let mut scale = scale(section, lines, found);
    let numeric = section.whole("numeric", (1, NUMERIC_MAX), found);
    let (items, item_weights_bp) = items(section, lines, found);
    let sheet_rules = section.section("sheet_rules", found).map(|section| sheet_rules_of(section, found));
    let scoring = section.section("scoring", found).map(|section| scoring_of(section, &scale, found));
    if let Some(highest) = numeric {
        // The scale that is written names the bands.
        if scale.iter().any(|mark| mark.kind != MarkKind::Grade) {
            found.add(FolderFile::Meeting, section.line_of("numeric"), Setting::NumbersNameGrades);
        }
        scale = numbers(highest);
        lines.marks = Vec::new();
    }
    lines.keys = section.lines();
    Form {
        id: String::new(),
        title: String::new(),
        title_en: String::new(),
        scale,
        numeric,
        items,
        sheet_rules: sheet_rules.unwrap_or_default(),
        scoring: Rules { item_weights_bp, ..scoring.unwrap_or_default() },
    }
}

/// `[[forms]]`, with their lines.
pub(super) fn others(top: &mut Section<'_>, found: &mut Mistakes) -> (Vec<Form>, Vec<FormLines>) {
    let sections = top.sections("forms", found).unwrap_or_default();
    let form = |mut section: Section<'_>| {
        let mut lines = FormLines { line: section.line_of("id"), ..FormLines::default() };
        let id = section.text("id", (1, 24), found);
        let title = section.text("title", (1, 40), found);
        let title_en = section.optional_text("title_en", (0, 60), found).unwrap_or_default();
        let form = Form { id, title, title_en, ..read(&mut section, &mut lines, found) };
        section.finish(found);
        (form, lines)
    };
    sections.into_iter().map(form).unzip()
}

/// `[[items]]`, with their weights in basis points.
fn items(top: &mut Section<'_>, lines: &mut FormLines, found: &mut Mistakes) -> (Vec<Item>, Vec<u32>) {
    let sections = top.sections("items", found).unwrap_or_default();
    let subjects_max = u32::try_from(SUBJECTS_MAX).unwrap_or(u32::MAX);
    let item = |mut section: Section<'_>| {
        lines.items.push(section.line_of("label").unwrap_or(0));
        let label = section.text("label", (1, 40), found);
        let label_en = section.optional_text("label_en", (0, 60), found).unwrap_or_default();
        if !section.has("weight") {
            found.add(FolderFile::Meeting, section.line_of("label"), FileProblem::KeyMissing(section.name("weight")));
        }
        let weight = section.hundredths("weight", PERCENT_MAX_BP, Wanted::Percent, found);
        // Without its weight the weights cannot add up, and that is not a mistake of its own.
        lines.has_item_weights &= weight.is_some();
        let mut not_for = section.list_of_wholes("not_for", (1, subjects_max), found).unwrap_or_default();
        not_for.sort_unstable();
        not_for.dedup();
        section.finish(found);
        let not_for = not_for.into_iter().filter_map(|subject| u16::try_from(subject).ok()).collect();
        (Item { label, label_en, not_for }, weight.unwrap_or(0))
    };
    sections.into_iter().map(item).unzip()
}

/// A preset's name, or `[[scale]]` with every mark.
fn scale(top: &mut Section<'_>, lines: &mut FormLines, found: &mut Mistakes) -> Vec<Mark> {
    let fallback = || preset("hao").unwrap_or_default();
    if !top.has("scale") {
        found.add(FolderFile::Meeting, None, FileProblem::KeyMissing(top.name("scale")));
        return fallback();
    }
    let line = top.line_of("scale");
    if top.is_text("scale") {
        let names: Vec<(&'static str, &'static str)> = names().into_iter().map(|name| (name, name)).collect();
        let scale = top.one_of("scale", &names, found).and_then(preset).unwrap_or_else(fallback);
        lines.marks = vec![line.unwrap_or(0); scale.len()];
        return scale;
    }
    let Some(sections) = top.sections("scale", found) else {
        return fallback();
    };
    let mut marks = Vec::new();
    for mut section in sections {
        lines.marks.push(section.line_of("id").unwrap_or(0));
        let id = section.text("id", (1, 24), found);
        let label = section.text("label", (1, 20), found);
        let label_en = section.optional_text("label_en", (0, 40), found).unwrap_or_default();
        let kind = section.one_of("kind", &KINDS, found).unwrap_or(MarkKind::Grade);
        if kind == MarkKind::Grade && !section.has("points") {
            found.add(FolderFile::Meeting, section.line_of("id"), FileProblem::KeyMissing(section.name("points")));
        }
        let points = section.hundredths("points", POINTS_MAX_HUNDREDTHS, Wanted::Points, found);
        // Marks whose points cannot be read are not compared with each other.
        lines.has_points &= points.is_some() || kind != MarkKind::Grade;
        marks.push(Mark { id, label, label_en, kind, points_hundredths: points.unwrap_or(0) });
        section.finish(found);
    }
    marks
}

fn sheet_rules_of(mut section: Section<'_>, found: &mut Mistakes) -> SheetRules {
    let small = (1, SMALL_NUMBER_MAX);
    let count = section.whole("top_max", (0, SMALL_NUMBER_MAX), found).map(TopMax::Count);
    let percent = section.whole("top_max_percent", (0, 100), found).map(TopMax::Percent);
    if section.has("top_max") && section.has("top_max_percent") {
        found.add(FolderFile::Meeting, section.line_of("top_max_percent"), Setting::TopMaxTwice);
    }
    let low_count = section.whole("low_min", small, found);
    let low_from = section.optional_text("low_from", (1, 24), found);
    for (key, other) in [("low_from", "low_min"), ("low_min", "low_from")] {
        if section.has(key) && !section.has(other) {
            found.add(FolderFile::Meeting, section.line_of(key), FileProblem::KeyMissing(section.name(other)));
        }
    }
    let rules = SheetRules {
        all_rows: section.flag("all_rows", found).unwrap_or(false),
        distinct_min: section.whole("distinct_min", small, found),
        top_max: count.or(percent),
        low_min: low_count.zip(low_from).map(|(count, from)| LowMin { count, from }),
        worst_reason: section.flag("worst_reason", found).unwrap_or(false),
        overall_matches: section.flag("overall_matches", found).unwrap_or(false),
    };
    section.finish(found);
    rules
}

fn scoring_of(mut section: Section<'_>, scale: &[Mark], found: &mut Mistakes) -> Rules {
    let default = Rules::default();
    let mut policy = |key| match section.exclude_or_hundredths(key, POINTS_MAX_HUNDREDTHS, found) {
        Some(Some(points)) => RowPolicy::PointsHundredths(points),
        Some(None) | None => RowPolicy::Exclude,
    };
    let (abstain, unknown) = (policy("abstain"), policy("unknown"));
    let tie_break = |name: String| {
        if name == "top_rate" { TieBreak::TopRate } else { TieBreak::GroupMean(name) }
    };
    let tie_breaks = section.list_of_texts("tie_breaks", found).unwrap_or_default();
    let bands = bands(&mut section, scale, found);
    let combined = section.section("combination", found);
    let trim = section.whole("trim_more_than_rows", (2, SMALL_NUMBER_MAX), found);
    let rules = Rules {
        decimals: section.whole("decimals", (0, 4), found).unwrap_or(default.decimals),
        abstain,
        unknown,
        trim: trim.map(|more_than_rows| Trim { more_than_rows }),
        missing_item: section.one_of("missing_item", &MISSING_ITEMS, found).unwrap_or(default.missing_item),
        missing_group: section.one_of("missing_group", &MISSING_GROUPS, found).unwrap_or(default.missing_group),
        tie_breaks: tie_breaks.into_iter().map(tie_break).collect(),
        combination: combined.and_then(|section| combination::settings(section, &bands, found)),
        bands,
        quota: section.section("quota", found).and_then(|section| quota(section, found)),
        ..default
    };
    section.finish(found);
    rules
}

/// `bands = [90, 75, 60, 0]`: where the grades of the scale begin, best first.
fn bands(section: &mut Section<'_>, scale: &[Mark], found: &mut Mistakes) -> Vec<Band> {
    let line = section.line_of("bands");
    let mut begins = section.list_of_hundredths("bands", POINTS_MAX_HUNDREDTHS, found).unwrap_or_default();
    let grades: Vec<&Mark> = scale.iter().filter(|mark| mark.kind == MarkKind::Grade).collect();
    if begins.len() > grades.len() {
        found.add(FolderFile::Meeting, line, Setting::TooManyBands { grades: grades.len() });
        // The last one stays the last, so that it is not told once more for not being 0.
        begins.drain(grades.len().saturating_sub(1)..begins.len() - 1);
    }
    let band = |(mark, from_hundredths): (&Mark, u32)| Band {
        id: mark.id.clone(),
        label: mark.label.clone(),
        label_en: mark.label_en.clone(),
        from_hundredths,
    };
    grades.into_iter().zip(begins).map(band).collect()
}

fn quota(mut section: Section<'_>, found: &mut Mistakes) -> Option<Quota> {
    let below = section.hundredths("min_below_top", PERCENT_MAX_BP, Wanted::Percent, found);
    let top = section.hundredths("max_top", PERCENT_MAX_BP, Wanted::Percent, found);
    let rounding = section.one_of("rounding", &ROUNDINGS, found);
    if section.has("min_below_top") == section.has("max_top") {
        found.add(FolderFile::Meeting, section.line_of(""), Setting::QuotaNeedsOneLimit);
    }
    section.finish(found);
    // Each limit's usual rounding is the one that is strict.
    match (below, top) {
        (Some(share), _) => {
            Some(Quota { limit: QuotaLimit::MinBelowTopBp(share), rounding: rounding.unwrap_or(QuotaRounding::Ceil) })
        }
        (None, Some(share)) => {
            Some(Quota { limit: QuotaLimit::MaxTopBp(share), rounding: rounding.unwrap_or(QuotaRounding::Floor) })
        }
        (None, None) => None,
    }
}
