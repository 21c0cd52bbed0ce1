//! The plan: everything about a meeting that is decided before it begins, and the agenda that may still change while it runs.
//! It knows nothing of phones, seats taken, clocks or stores.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::scoring;

/// Most groups a meeting may have.
pub const GROUPS_MAX: usize = 16;
/// Most subjects a meeting may have.
pub const SUBJECTS_MAX: usize = 200;
/// Most steps an agenda may have.
pub const STEPS_MAX: usize = 1_000;
/// Most marks a scale may have.
pub const MARKS_MAX: usize = 12;
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
    /// The marks, 2 to [`MARKS_MAX`], best first.
    pub scale: Vec<Mark>,
    /// Who is evaluated, 1 to [`SUBJECTS_MAX`], in the order of their numbers.
    pub subjects: Vec<Subject>,
    /// The steps in order, 1 to [`STEPS_MAX`].
    pub agenda: Vec<Step>,
    /// What a sheet must satisfy.
    pub sheet_rules: crate::ballot::SheetRules,
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
    pub turnout: scoring::Turnout,
    /// Who may see the result once it is published, unless the chair chooses another audience.
    pub publication: Publication,
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

/// One mark of the scale.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mark {
    /// 1 to 24 of `a-z 0-9 _`, as `hao`.
    pub id: String,
    /// As `好`, 1 to 20 characters.
    pub label: String,
    /// As `Good`; empty where the meeting has no English.
    pub label_en: String,
    /// What the mark means for the count.
    pub kind: MarkKind,
    /// What it is worth, in hundredths of a point: 100 points are 10,000. Nothing for marks that are no grade.
    pub points_hundredths: u32,
}

/// What a mark means for the count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum MarkKind {
    /// A grade with points.
    Grade,
    /// 不了解: has a column and a policy of its own.
    Unknown,
    /// 弃权, marked as such.
    Abstain,
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

/// Whether a reporter marks the own branch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum OwnBranch {
    /// No ballot is issued for it (回避).
    Recused,
    /// It is marked like every other.
    Allowed,
}

/// What the projector shows while a round is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Live {
    /// That the round is open.
    Off,
    /// How many sheets have returned.
    Turnout,
    /// Counts of each mark as well, released by the pool rule.
    Tally,
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

    /// The group of that id.
    #[must_use]
    pub fn group(&self, id: &str) -> Option<&Group> {
        self.groups.iter().find(|group| group.id == id)
    }

    /// The step of that id.
    #[must_use]
    pub fn step(&self, id: u32) -> Option<&Step> {
        self.agenda.iter().find(|step| step.id == id)
    }
}
