//! What stays the same while phones are connected: the plan, its form in use and its people by number.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use pingyi_rules::form::{Live, MarkKind, OwnBranch};
use pingyi_rules::meeting::plan::{Admission, Report, StepKind};

/// `GET /api/meetings/{id}/plan`: what every screen may know of the plan. No names of voters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PlanView {
    /// The meeting's id.
    pub id: String,
    /// The banner.
    pub title: String,
    /// Who holds the meeting.
    pub host: String,
    /// How phones get a seat.
    pub admission: Admission,
    /// In the order in which they are printed.
    pub groups: Vec<GroupView>,
    /// The meeting's forms beside its first one; none where it has but one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(as = "Option<Vec<FormView>>", optional)]
    pub forms: Vec<FormView>,
    /// The title of the form in use, which is that of the round of now; empty for the meeting's first form.
    pub form: String,
    /// The same in English; empty for none.
    pub form_en: String,
    /// Best first; of a scale of numbers the bands.
    pub scale: Vec<MarkView>,
    /// The highest number, where marks are whole numbers from 0: their ids are the numbers, the highest first.
    pub numeric: Option<u32>,
    /// What each row is marked by; empty where a row has one overall mark.
    pub items: Vec<ItemView>,
    /// Whether a row is complete or blank, or may leave items open.
    pub needs_all_items: bool,
    /// Where the last item is the overall mark that must match the others.
    pub overall: Option<OverallView>,
    /// In the order of their numbers.
    pub subjects: Vec<SubjectView>,
    /// In the order of the meeting.
    pub agenda: Vec<StepView>,
    /// What a sheet must satisfy, as in the manifest.
    pub sheet_rules: pingyi_rules::form::SheetRules,
    /// Whether reporters mark the own branch.
    pub own_branch: OwnBranch,
    /// What the projector shows while a round is open.
    pub live: Live,
    /// The pool rule's k.
    pub pool_k: u32,
    /// The smallest number of ballots for which a group's figures are shown.
    pub k_min: u32,
    /// Where opinions are asked for: the smallest number about a subject that is shown.
    pub opinions_min: Option<u32>,
    /// Changes when any of this changes; views name it, so that a screen knows when to fetch the plan again.
    pub digest: String,
}

/// How a row finds its overall mark: the grade in whose band `Σ weight × points ÷ Σ weight` lies, over the items that are marked, rounded
/// half-up. A phone tells with it which rows may be cast; it shows no figure of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct OverallView {
    /// Decimals to which the row's total is rounded, 0 to 4.
    pub decimals: u32,
    /// Weights of the items in basis points, in their order; that of the overall mark, the last one, is 0.
    pub weights_bp: Vec<u32>,
    /// Best first.
    pub bands: Vec<BandView>,
}

/// Where a grade begins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BandView {
    /// The mark's id.
    pub id: String,
    /// The lowest total of the band in hundredths of a point, inclusive.
    pub from_hundredths: u32,
}

/// A group as screens show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct GroupView {
    /// As `A`.
    pub id: String,
    /// As `党委委员`.
    pub name: String,
    /// As `40` or `33.33`: percent, finished.
    pub weight_percent: String,
    /// Voters entitled.
    pub entitled: u32,
    /// Whether a phone of this group is asked which branch it leads.
    pub has_leaders: bool,
}

/// A mark as screens show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MarkView {
    /// As `hao`.
    pub id: String,
    /// As `好`.
    pub label: String,
    /// As `Good`, or empty.
    pub label_en: String,
    /// Grade, unknown or abstain.
    pub kind: MarkKind,
    /// As `100` or `87.5`: finished.
    pub points: String,
}

/// A subject as screens show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SubjectView {
    /// The number on the sheet.
    pub id: u16,
    /// As `第一党支部`.
    pub branch: String,
    /// Who reports.
    pub secretary: String,
    /// On site or written.
    pub report: Report,
    /// The time limit in minutes; 0 for none.
    pub minutes: u32,
    /// Whether there is a text to read: `GET /api/meetings/{id}/subjects/{subject}/text` (plain text).
    pub has_text: bool,
    /// Whether the chair noted that the subject did not come.
    pub absent: bool,
    /// The places of the items that do not apply to it, from 0.
    pub without_items: Vec<u16>,
}

/// One of several criteria as screens show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ItemView {
    /// As `政治建设`.
    pub label: String,
    /// In English; empty for none.
    pub label_en: String,
    /// As `30` or `33.33`: percent, finished.
    pub weight_percent: String,
}

/// A form that an evaluation can name, as the chair's agenda shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FormView {
    /// As `head`: unique in the meeting.
    pub id: String,
    /// As `科室负责人测评表`.
    pub title: String,
    /// In English; empty for none.
    pub title_en: String,
}

/// A form as results show it: rounds of one meeting may have different ones.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ResultForm {
    /// As `党组织书记测评表`; empty for the meeting's first form.
    pub title: String,
    /// In English; empty for none.
    pub title_en: String,
    /// The marks, best first; of a scale of numbers the bands.
    pub scale: Vec<MarkView>,
    /// What each row was marked by; empty for one overall mark.
    pub items: Vec<ItemView>,
}

/// A step as screens show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct StepView {
    /// Stays when the order changes.
    pub id: u32,
    /// What happens.
    pub kind: StepKind,
    /// Whose turn it is.
    pub subject: Option<u16>,
    /// The title of its form, Chinese and English, where an evaluation has another one than the first.
    pub form: Option<[String; 2]>,
    /// Whether it was current once and is over.
    pub done: bool,
}
