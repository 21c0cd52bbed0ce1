//! `meeting.toml`: what was decided about the meeting that no table says. Its keys and their defaults are here.
//! It knows no voter and no subject; what must hold between files is `check`'s question.

use toml::de::DeTable;

use super::check::{Lines, SMALL_NUMBER_MAX};
use super::form;
use super::line_starts::LineStarts;
use super::mistake::{FileProblem, FolderFile, Mistakes, Wanted};
use super::presets::preset;
use super::settings_table::Section;
use pingyi_rules::form::SheetRules;
use pingyi_rules::form::{Live, OwnBranch};
use pingyi_rules::meeting::plan::{Admission, EntitledSeat, Group, OPINIONS_MIN, Plan, Publication, Step, Subject};
use pingyi_rules::scoring::{Rules, TurnoutRule};

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
        numeric: None,
        items: Vec::new(),
        forms: Vec::new(),
        subjects: Vec::new(),
        agenda: Vec::new(),
        sheet_rules: SheetRules::default(),
        own_branch: OwnBranch::Recused,
        scoring: Rules::default(),
        live: Live::Turnout,
        pool_k: 5,
        k_min: 5,
        turnout: TurnoutRule::None,
        publication: Publication::Held,
        opinions: false,
        opinions_min: OPINIONS_MIN,
        imported: Vec::new(),
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
const TURNOUTS: [(&str, TurnoutRule); 6] = [
    ("none", TurnoutRule::None),
    ("more_than_half", TurnoutRule::MoreThanHalf),
    ("at_least_two_thirds", TurnoutRule::AtLeastTwoThirds),
    ("more_than_two_thirds", TurnoutRule::MoreThanTwoThirds),
    ("at_least_four_fifths", TurnoutRule::AtLeastFourFifths),
    ("more_than_four_fifths", TurnoutRule::MoreThanFourFifths),
];

/// 100 % in basis points.
const PERCENT_MAX_BP: u32 = 10_000;

/// The settings of the file (rules d3 and d4); nothing where it is no TOML.
pub(super) fn settings(text: &str, lines: &mut Lines, found: &mut Mistakes) -> Option<Settings> {
    let starts = LineStarts::of(text);
    let (table, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        let line = error.span().map(|span| starts.line(span.start));
        found.add(FolderFile::Meeting, line, FileProblem::NotToml(error.message().to_owned()));
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
    plan.opinions = top.flag("opinions", found).unwrap_or(plan.opinions);
    plan.opinions_min = top.whole("opinions_min", (1, SMALL_NUMBER_MAX), found).unwrap_or(plan.opinions_min);
    plan.groups = groups(&mut top, lines, found);
    let first = form::read(&mut top, &mut lines.form, found);
    plan = plan.with_form(&first);
    (plan.forms, lines.forms) = form::others(&mut top, found);
    lines.keys = top.lines();
    top.finish(found);
    Some(Settings(plan))
}

fn groups(top: &mut Section<'_>, lines: &mut Lines, found: &mut Mistakes) -> Vec<Group> {
    if !top.has("groups") {
        found.add(FolderFile::Meeting, None, FileProblem::KeyMissing("groups".to_owned()));
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
            found.add(FolderFile::Meeting, section.line_of("id"), FileProblem::KeyMissing("groups.weight".to_owned()));
        }
        groups.push(Group { id, name, weight_bp: weight_bp.unwrap_or(0), entitled: 0, leaders: 0 });
        section.finish(found);
    }
    groups
}
