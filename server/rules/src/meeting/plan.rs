//! The plan: everything about a meeting that is decided before it begins, and the agenda that may still change while it runs.
//! It knows nothing of phones, seats taken, clocks or stores.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::form::{Item, Live, Mark, OwnBranch, SheetRules};
use crate::scoring;

/// Longest name of a group, in characters.
pub const GROUP_NAME_MAX: usize = 40;
/// Most groups a meeting may have.
pub const GROUPS_MAX: usize = 16;
/// Most subjects a meeting may have.
pub const SUBJECTS_MAX: usize = 200;
/// Most steps an agenda may have.
pub const STEPS_MAX: usize = 1_000;
/// Most marks a scale may have, but for a scale of numbers.
pub const MARKS_MAX: usize = 12;
/// Most forms that a meeting may have beside its first.
pub const FORMS_MAX: usize = 8;
/// Most seats a meeting may have.
pub const SEATS_MAX: usize = 20_000;

/// Everything that is decided before the meeting begins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// What the banner says, 1 to 80 characters.
    pub title: String,
    /// The organisation that holds the meeting, 1 to 80 characters.
    pub host: String,
    /// How phones get a seat.
    pub admission: Admission,
    /// The groups of voters, 1 to [`GROUPS_MAX`], in the order in which they are printed.
    pub groups: Vec<Group>,
    /// The marks, 2 to [`MARKS_MAX`], best first; of a scale of numbers every number from the highest to 0.
    pub scale: Vec<Mark>,
    /// The highest number, 1 to [`NUMERIC_MAX`](crate::form::scale::NUMERIC_MAX), where marks are whole numbers.
    #[serde(default)]
    pub numeric: Option<u32>,
    /// What each row is marked by, 2 to [`ITEMS_MAX`](crate::form::items::ITEMS_MAX); none where a row has one overall mark. Their weights stand in `scoring`.
    #[serde(default)]
    pub items: Vec<Item>,
    /// Other forms than this one, for evaluations whose step names them; at most [`FORMS_MAX`].
    #[serde(default)]
    pub forms: Vec<Form>,
    /// Who is evaluated, 1 to [`SUBJECTS_MAX`], in the order of their numbers.
    pub subjects: Vec<Subject>,
    /// The steps in order, 1 to [`STEPS_MAX`].
    pub agenda: Vec<Step>,
    /// What a sheet must satisfy.
    pub sheet_rules: SheetRules,
    /// Whether a reporter marks the own branch.
    pub own_branch: OwnBranch,
    /// How marks become scores.
    pub scoring: scoring::Rules,
    /// What the projector shows while a round is open.
    pub live: Live,
    /// The pool rule's k: a release leaves at least this many ballots unseen; 1 only where no secrecy is needed.
    pub pool_k: u32,
    /// The smallest number of ballots for which a group's figures are shown.
    pub k_min: u32,
    /// How many of the entitled must be present.
    pub turnout: scoring::TurnoutRule,
    /// Who may see the result once it is published, unless the chair chooses another audience.
    pub publication: Publication,
    /// Whether voters may write an opinion about each subject.
    #[serde(default)]
    pub opinions: bool,
    /// The smallest number of opinions about a subject that are shown, 1 to 1,000.
    #[serde(default = "opinions_min")]
    pub opinions_min: u32,
    /// What was imported before the meeting, by subject; only where scores are combined. It is no part of any manifest, because
    /// nobody marks with other results before the eyes; a round takes it over.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub imported: Vec<scoring::Imported>,
}

/// A form beside the meeting's first, as one for the secretaries beside one for their branches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Form {
    /// 1 to 24 of `a-z 0-9 _`, as `shuji`.
    pub id: String,
    /// As `党组织书记测评表`, 1 to 40 characters.
    pub title: String,
    /// As `Secretaries`, up to 60 characters; empty where the meeting has no English.
    pub title_en: String,
    /// As in [`Plan`].
    pub scale: Vec<Mark>,
    /// As in [`Plan`].
    pub numeric: Option<u32>,
    /// As in [`Plan`].
    pub items: Vec<Item>,
    /// As in [`Plan`].
    pub sheet_rules: SheetRules,
    /// As in [`Plan`].
    pub scoring: scoring::Rules,
}

/// The smallest number where a meeting says no other.
pub const OPINIONS_MIN: u32 = 10;

const fn opinions_min() -> u32 {
    OPINIONS_MIN
}

/// How phones get a seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Admission {
    /// One-time codes drawn from a pile; no list joins slip and person.
    Slips,
    /// The voter finds the own name and confirms with a personal code.
    Roster,
    /// Anyone with the QR code, up to each group's `entitled`.
    Open,
}

/// A group of voters: the group carries the weight, a ballot never carries a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// 1 to 8 ASCII letters or digits, as `A`.
    pub id: String,
    /// As `党委委员`, 1 to 40 characters.
    pub name: String,
    /// The weight in basis points; those of a meeting add up to 10,000.
    pub weight_bp: u32,
    /// Voters entitled (应到).
    pub entitled: u32,
    /// How many of its voters lead a subject, and so get no ballot for it where own branches are recused.
    pub leaders: u32,
}

/// Somebody who is evaluated: a branch and its secretary.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subject {
    /// 1 to [`SUBJECTS_MAX`], unique in the meeting.
    pub id: u16,
    /// As `第一党支部`, 1 to 60 characters.
    pub branch: String,
    /// Who reports, 1 to 40 characters.
    pub secretary: String,
    /// On site or in writing.
    pub report: Report,
    /// The report's time limit in minutes, 0 to 120; 0 for none.
    pub minutes: u32,
    /// The written report, to be read on the phone; up to 40,000 characters, empty for none.
    pub text: String,
}

/// How a subject reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Report {
    /// The reporter speaks in the hall.
    Onsite,
    /// The text is read on the phone.
    Written,
}

/// One step of the agenda. Its id stays when the order changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Unique in the meeting, from 1.
    pub id: u32,
    /// What happens.
    pub kind: StepKind,
    /// Whose turn it is: always for `report`, where meant for `comment`, and for an `evaluation` after a single turn.
    pub subject: Option<u16>,
    /// The [`Form::id`] of an evaluation that is not by the meeting's first form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<String>,
}

/// What happens in a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    /// The chair explains the form.
    Opening,
    /// Tellers and scrutineers are named.
    Tellers,
    /// A report, on site or written.
    Report,
    /// A comment on one subject, or on all of them.
    Comment,
    /// A round: over all subjects, or over the step's own.
    Evaluation,
    /// The secretary's speech.
    Speech,
    /// A pause.
    Break,
    /// The end.
    Close,
}

/// Who sees the result, from the fewest to all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Publication {
    /// Nobody yet.
    Held,
    /// The chair.
    Chair,
    /// The chair and the leaders.
    Leaders,
    /// Each reporter the own figures.
    EachOwn,
    /// The hall: suggested grades, no scores.
    HallGrades,
    /// The hall: scores and ranks.
    HallScores,
}

/// One entitled voter, before anybody sat down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EntitledSeat {
    /// 1 to [`SEATS_MAX`], unique in the meeting.
    pub seat: u32,
    /// Named only where the admission is by roster; slips join no person.
    pub name: String,
    /// As `第一党支部书记`; tells two people of one name apart.
    pub role: String,
    /// A [`Group::id`].
    pub group: String,
    /// The subject that this voter leads, where the roster says so.
    pub leads_subject: Option<u16>,
    /// Whether a rehearsal lets this voter come.
    pub present: bool,
}

impl Plan {
    /// The subject of that number.
    #[must_use]
    pub fn subject(&self, id: u16) -> Option<&Subject> {
        self.subjects.iter().find(|subject| subject.id == id)
    }

    /// The form by which a step's evaluation is held; nothing for the meeting's first one.
    #[must_use]
    pub fn form(&self, step: u32) -> Option<&Form> {
        let id = self.step(step)?.form.as_ref()?;
        self.forms.iter().find(|form| form.id == *id)
    }

    /// The group of that id.
    #[must_use]
    pub fn group(&self, id: &str) -> Option<&Group> {
        self.groups.iter().find(|group| group.id == id)
    }

    /// What merging does about groups that are too small: each of these and all that weigh as much become one. Weights of
    /// others stay as they are, and nobody's is set against a stranger's.
    #[must_use]
    pub fn merge(&self, small: &[String]) -> Vec<Vec<String>> {
        let weights = self.groups.iter().filter(|group| small.contains(&group.id)).map(|group| group.weight_bp);
        let weights: std::collections::BTreeSet<u32> = weights.collect();
        let alike = |weight: u32| self.groups.iter().filter(move |group| group.weight_bp == weight);
        let merged = weights.into_iter().map(|weight| alike(weight).map(|group| group.id.clone()).collect());
        merged.filter(|alike: &Vec<String>| alike.len() > 1).collect()
    }

    /// The plan of a round in which each of these lists of groups votes as one: under the id of its first, with the weights of all.
    #[must_use]
    pub fn with_merged(&self, merged: &[Vec<String>]) -> Self {
        let mut plan = self.clone();
        for (first, others) in merged.iter().filter_map(|alike| alike.split_first()) {
            let (away, mut groups): (Vec<Group>, Vec<Group>) =
                plan.groups.into_iter().partition(|group| others.contains(&group.id));
            if let Some(group) = groups.iter_mut().find(|group| group.id == *first) {
                for other in away {
                    let name = format!("{}、{}", group.name, other.name);
                    group.name = name.chars().take(GROUP_NAME_MAX).collect();
                    group.weight_bp += other.weight_bp;
                    group.entitled += other.entitled;
                    group.leaders += other.leaders;
                }
            }
            plan.groups = groups;
            for tie_break in &mut plan.scoring.tie_breaks {
                if let scoring::TieBreak::GroupMean(id) = tie_break
                    && others.contains(id)
                {
                    id.clone_from(first);
                }
            }
        }
        plan.scoring.tie_breaks.dedup();
        plan
    }

    /// The step of that id.
    #[must_use]
    pub fn step(&self, id: u32) -> Option<&Step> {
        self.agenda.iter().find(|step| step.id == id)
    }
}
