//! `meeting.toml`: what was decided about the meeting that no table says. Its keys and their defaults stand here.
//! It knows no voter and no subject; what must hold between files is `check`'s question.

use toml::de::DeTable;

use super::check::{Lines, SMALL_NUMBER_MAX};
use super::line_starts::LineStarts;
use super::mistake::{Mistakes, Setting, Shape, Source, Wanted};
use super::presets::{names, preset};
use super::settings_table::Section;
use crate::ballot::SheetRules;
use crate::ballot::sheet_rules::{LowMin, TopMax};
use crate::meeting::plan::{
    Admission, EntitledSeat, Group, Live, Mark, MarkKind, OwnBranch, Plan, Publication, Step, Subject,
};
use crate::scoring::{Band, MissingGroup, Quota, QuotaLimit, QuotaRounding, RowPolicy, Rules, TieBreak, Trim, Turnout};

/// Everything of `meeting.toml`, as a plan that lacks its tables.
pub(super) struct Settings(Plan);

impl Settings {
    /// The whole plan; the heads of each group are counted from the seats.
    pub(super) fn plan(self, subjects: Vec<Subject>, agenda: Vec<Step>, seats: &[EntitledSeat]) -> Plan {
        let mut plan = Plan { subjects, agenda, ..self.0 };
        for group in &mut plan.groups {
            let seats = seats.iter().filter(|seat| seat.group == group.id);
            let leaders = seats.clone().filter(|seat| seat.leads_subject.is_some()).count();
            // At most 20,001 seats are read.
            group.entitled = u32::try_from(seats.count()).unwrap_or(u32::MAX);
            group.leaders = u32::try_from(leaders).unwrap_or(u32::MAX);
        }
        plan
    }
}

/// Stands in where the file cannot be read, so that the tables are checked all the same.
pub(super) fn placeholder() -> Settings {
    let group = Group { id: "A".into(), name: "?".into(), weight_bp: 10_000, entitled: 0, leaders: 0 };
    Settings(Plan {
        title: "?".into(),
        host: "?".into(),
        admission: Admission::Slips,
        groups: vec![group],
        scale: preset("hao").unwrap_or_default(),
        subjects: Vec::new(),
        agenda: Vec::new(),
        sheet_rules: SheetRules::default(),
        own_branch: OwnBranch::Recused,
        scoring: Rules::default(),
        live: Live::Turnout,
        pool_k: 5,
        k_min: 5,
        turnout: Turnout::None,
        publication: Publication::Held,
    })
}

const ADMISSIONS: [(&str, Admission); 3] =
    [("slips", Admission::Slips), ("roster", Admission::Roster), ("open", Admission::Open)];
const OWN_BRANCHES: [(&str, OwnBranch); 2] = [("recused", OwnBranch::Recused), ("allowed", OwnBranch::Allowed)];
const LIVES: [(&str, Live); 3] = [("off", Live::Off), ("turnout", Live::Turnout), ("tally", Live::Tally)];
const PUBLICATIONS: [(&str, Publication); 6] = [
    ("held", Publication::Held),
    ("chair", Publication::Chair),
    ("leaders", Publication::Leaders),
    ("each_own", Publication::EachOwn),
    ("hall_grades", Publication::HallGrades),
    ("hall_scores", Publication::HallScores),
];
const TURNOUTS: [(&str, Turnout); 6] = [
    ("none", Turnout::None),
    ("more_than_half", Turnout::MoreThanHalf),
    ("at_least_two_thirds", Turnout::AtLeastTwoThirds),
    ("more_than_two_thirds", Turnout::MoreThanTwoThirds),
    ("at_least_four_fifths", Turnout::AtLeastFourFifths),
    ("more_than_four_fifths", Turnout::MoreThanFourFifths),
];
const KINDS: [(&str, MarkKind); 3] =
    [("grade", MarkKind::Grade), ("unknown", MarkKind::Unknown), ("abstain", MarkKind::Abstain)];
const MISSING_GROUPS: [(&str, MissingGroup); 3] =
    [("renormalise", MissingGroup::Renormalise), ("zero", MissingGroup::Zero), ("block", MissingGroup::Block)];
const ROUNDINGS: [(&str, QuotaRounding); 3] =
    [("floor", QuotaRounding::Floor), ("half_up", QuotaRounding::HalfUp), ("ceil", QuotaRounding::Ceil)];

/// 100 % in basis points.
const PERCENT_MAX_BP: u32 = 10_000;
/// Most points of a mark, in hundredths, as the manifest allows.
const POINTS_MAX_HUNDREDTHS: u32 = 1_000_000;

/// The settings of the file (rules d3 and d4); nothing where it is no TOML.
pub(super) fn settings(text: &str, lines: &mut Lines, found: &mut Mistakes) -> Option<Settings> {
    let starts = LineStarts::of(text);
    let (table, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        let line = error.span().map(|span| starts.line(span.start));
        found.add(Source::Meeting, line, Shape::NotToml(error.message().to_owned()));
    }
    if !errors.is_empty() {
        return None;
    }
    let mut top = Section::new("", None, table.get_ref(), &starts);
    let Settings(mut plan) = placeholder();
    plan.title = top.text("title", (1, 80), found);
    plan.host = top.text("host", (1, 80), found);
    plan.admission = top.one_of("admission", &ADMISSIONS, found).unwrap_or(plan.admission);
    plan.own_branch = top.one_of("own_branch", &OWN_BRANCHES, found).unwrap_or(plan.own_branch);
    plan.live = top.one_of("live", &LIVES, found).unwrap_or(plan.live);
    plan.publication = top.one_of("publication", &PUBLICATIONS, found).unwrap_or(plan.publication);
    plan.turnout = top.one_of("turnout", &TURNOUTS, found).unwrap_or(plan.turnout);
    plan.pool_k = top.whole("pool_k", (1, SMALL_NUMBER_MAX), found).unwrap_or(plan.pool_k);
    plan.k_min = top.whole("k_min", (1, SMALL_NUMBER_MAX), found).unwrap_or(plan.k_min);
    plan.groups = groups(&mut top, lines, found);
    plan.scale = scale(&mut top, lines, found);
    if let Some(section) = top.section("sheet_rules", found) {
        plan.sheet_rules = sheet_rules(section, found);
    }
    if let Some(section) = top.section("scoring", found) {
        plan.scoring = scoring(section, &plan.scale, found);
    }
    lines.keys = top.lines();
    top.finish(found);
    Some(Settings(plan))
}

fn groups(top: &mut Section<'_>, lines: &mut Lines, found: &mut Mistakes) -> Vec<Group> {
    if !top.has("groups") {
        found.add(Source::Meeting, None, Shape::KeyMissing("groups".to_owned()));
    }
    let Some(sections) = top.sections("groups", found) else {
        lines.has_groups = false;
        return Vec::new();
    };
    let mut groups = Vec::new();
    for mut section in sections {
        lines.groups.push(section.line_of("id").unwrap_or(0));
        lines.has_groups &= section.has("id");
        let id = section.text("id", (1, 8), found);
        let name = section.text("name", (1, 40), found);
        let weight_bp = section.hundredths("weight", PERCENT_MAX_BP, Wanted::Percent, found);
        // Without its weight the weights cannot add up, and that is not a mistake of its own.
        lines.has_weights &= weight_bp.is_some();
        if !section.has("weight") {
            found.add(Source::Meeting, section.line_of("id"), Shape::KeyMissing("groups.weight".to_owned()));
        }
        groups.push(Group { id, name, weight_bp: weight_bp.unwrap_or(0), entitled: 0, leaders: 0 });
        section.finish(found);
    }
    groups
}

/// A preset's name, or `[[scale]]` with every mark.
fn scale(top: &mut Section<'_>, lines: &mut Lines, found: &mut Mistakes) -> Vec<Mark> {
    let fallback = || preset("hao").unwrap_or_default();
    if !top.has("scale") {
        found.add(Source::Meeting, None, Shape::KeyMissing("scale".to_owned()));
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
            found.add(Source::Meeting, section.line_of("id"), Shape::KeyMissing("scale.points".to_owned()));
        }
        let points = section.hundredths("points", POINTS_MAX_HUNDREDTHS, Wanted::Points, found);
        // Marks whose points cannot be read are not compared with each other.
        lines.has_points &= points.is_some() || kind != MarkKind::Grade;
        marks.push(Mark { id, label, label_en, kind, points_hundredths: points.unwrap_or(0) });
        section.finish(found);
    }
    marks
}

fn sheet_rules(mut section: Section<'_>, found: &mut Mistakes) -> SheetRules {
    let small = (1, SMALL_NUMBER_MAX);
    let count = section.whole("top_max", (0, SMALL_NUMBER_MAX), found).map(TopMax::Count);
    let percent = section.whole("top_max_percent", (0, 100), found).map(TopMax::Percent);
    if section.has("top_max") && section.has("top_max_percent") {
        found.add(Source::Meeting, section.line_of("top_max_percent"), Setting::TopMaxTwice);
    }
    let low_count = section.whole("low_min", small, found);
    let low_from = section.optional_text("low_from", (1, 24), found);
    for (key, other) in [("low_from", "low_min"), ("low_min", "low_from")] {
        if section.has(key) && !section.has(other) {
            found.add(Source::Meeting, section.line_of(key), Shape::KeyMissing(format!("sheet_rules.{other}")));
        }
    }
    let rules = SheetRules {
        all_rows: section.flag("all_rows", found).unwrap_or(false),
        distinct_min: section.whole("distinct_min", small, found),
        top_max: count.or(percent),
        low_min: low_count.zip(low_from).map(|(count, from)| LowMin { count, from }),
    };
    section.finish(found);
    rules
}

fn scoring(mut section: Section<'_>, scale: &[Mark], found: &mut Mistakes) -> Rules {
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
    let trim = section.whole("trim_more_than_rows", (2, SMALL_NUMBER_MAX), found);
    let rules = Rules {
        decimals: section.whole("decimals", (0, 4), found).unwrap_or(default.decimals),
        abstain,
        unknown,
        trim: trim.map(|more_than_rows| Trim { more_than_rows }),
        missing_group: section.one_of("missing_group", &MISSING_GROUPS, found).unwrap_or(default.missing_group),
        tie_breaks: tie_breaks.into_iter().map(tie_break).collect(),
        bands: bands(&mut section, scale, found),
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
        found.add(Source::Meeting, line, Setting::TooManyBands { grades: grades.len() });
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
        found.add(Source::Meeting, section.line_of(""), Setting::QuotaNeedsOneLimit);
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
