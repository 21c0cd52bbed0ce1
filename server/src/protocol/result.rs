//! Accounts, results and their formulas, opinions, imported components, and what prints are made from.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::command::HistoryLine;
use super::joining::RosterLine;
use super::plan::{PlanView, ResultForm};
use super::screens::{MergedGroup, RoundView};
use pingyi_rules::meeting::imported::ComponentsRow;
use pingyi_rules::meeting::plan::Publication;
use pingyi_rules::meeting::round::PublicRecord;
use pingyi_rules::meeting::{GroupAccount, Phase};

/// The accounts of a channel over all groups.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ChannelAccount {
    /// Which one.
    pub channel: Channel,
    /// Sheets issued (发出), those issued anew among them.
    pub issued: u32,
    /// Sheets returned (收回).
    pub returned: u32,
    /// Valid sheets (有效).
    pub valid: u32,
    /// Invalid sheets (无效).
    pub invalid: u32,
    /// Of those issued on phones the ones at shared tablets; nobody can know what came back from them.
    pub kiosk_issued: u32,
}

/// How a sheet comes to the count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// A phone, or a shared tablet.
    Phone,
    /// Paper.
    Paper,
}

/// The result of a round, as far as this screen may see it. Figures are finished strings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ResultView {
    /// The round's number.
    pub round: u32,
    /// Groups that voted as one in it.
    pub merged: Vec<MergedGroup>,
    /// Who may see it.
    pub publication: Publication,
    /// The record that everybody can download at `GET /m/{id}/rounds/{n}/record.json`, once it is published.
    pub record: Option<PublicRecord>,
    /// The accounts of all groups together.
    pub total: GroupAccount,
    /// The accounts by group; empty where a group is too small to be shown.
    pub groups: Vec<GroupAccount>,
    /// The accounts over all groups by channel; empty where all were phones of one's own.
    pub channels: Vec<ChannelAccount>,
    /// The form that the rows are of.
    pub form: ResultForm,
    /// One row a subject, in the order of the sheet.
    pub rows: Vec<ResultRow>,
    /// The rules in force, one sentence each, as they are printed: Chinese, English.
    pub rules: Vec<[String; 2]>,
    /// How scores are combined, where they are and may be seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub combination: Option<CombinationView>,
}

/// What the box signed of a published round, for phones that look for their own ballots:
/// `GET /m/{id}/rounds/{n}/record`, without a session. How it is signed is in `server/rules/src/ballot/RECORD.md`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RecordView {
    /// The file.
    pub record: PublicRecord,
    /// How many leaves there are. Up to [`LEAVES_WHOLE_MAX`] come at once from `…/leaves`, 32 bytes each; more in parts of
    /// [`LEAVES_PART`] from `…/leaves/{part}`, whose first leaves and roots are at `…/leaves/index`.
    pub leaves: u32,
    /// The root over the leaves, hex.
    pub root: String,
    /// SHA-256 of the record's head, hex.
    pub head: String,
    /// The box key's signature over both, base64url.
    pub box_sig: String,
}

/// What was written in a round: `GET /api/meetings/{id}/rounds/{n}/opinions`, for chair and scrutineers, once the result is
/// released to the chair (rule s65).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct OpinionsView {
    /// The round.
    pub round: u32,
    /// The smallest number about a subject that is shown.
    pub min: u32,
    /// A row a subject, in the order of the round.
    pub rows: Vec<OpinionsRow>,
}

/// What was written about one subject.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct OpinionsRow {
    /// The subject's number.
    pub subject: u16,
    /// By leaf, which is a random order; nothing where there are fewer than may be shown, and then not how many there are.
    pub opinions: Option<Vec<OpinionView>>,
}

/// One opinion. Its leaf in the record is `SHA-256(0x00 ‖ {"c":…,"n":…,"t":…})`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct OpinionView {
    /// The nonce, base64url.
    pub n: String,
    /// The text.
    pub t: String,
}

/// One subject's result. What this screen may not see is absent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ResultRow {
    /// The subject's number.
    pub subject: u16,
    /// Counts by mark over all groups, in the order of the scale; nothing where rows have several items.
    pub marks: Option<Vec<u32>>,
    /// Finished percentages of the marks.
    pub percents: Option<Vec<String>>,
    /// By item, where rows have several.
    pub items: Option<Vec<ItemResult>>,
    /// Rows left blank.
    pub abstained: Option<u32>,
    /// Rows for which no ballot was issued.
    pub recused: Option<u32>,
    /// By group, in the order of the plan; a group that is too small is `null`.
    pub groups: Option<Vec<Option<GroupResult>>>,
    /// The weighted score.
    pub score: Option<String>,
    /// 1, 2, 2, 4.
    pub rank: Option<u32>,
    /// The suggested grade (建议等次), never a final one.
    pub suggested_grade: Option<String>,
    /// Share of the best mark in percent.
    pub top_rate_percent: Option<String>,
    /// The score combined with the round's components, where the rules say so and the score may be seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub combined: Option<CombinedRow>,
}

/// One subject's total (综合得分).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CombinedRow {
    /// The imported components in the order of [`CombinationView::components`]; nothing for one that is missing.
    pub components: Vec<Option<String>>,
    /// Points added or, with a minus, taken away.
    pub adjustment: Option<String>,
    /// `Σ share × component`, then the adjustment; nothing where the score or a component is missing.
    pub total: Option<String>,
    /// 1, 2, 2, 4, by the printed total. The suggested grade of the row follows from the total, too.
    pub rank: Option<u32>,
    /// Why there is no total, one sentence each: Chinese, English.
    pub notes: Vec<[String; 2]>,
}

/// How scores are combined.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CombinationView {
    /// The share of the evaluation's own score in percent, as `40`.
    pub evaluation_share_percent: String,
    /// The other components.
    pub components: Vec<ComponentView>,
}

/// One component that scores are combined with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ComponentView {
    /// As `平时考核`.
    pub name: String,
    /// Its share in percent, as `60`.
    pub share_percent: String,
}

/// `POST /api/meetings/{id}/rounds/{n}/components` with the chair's session and a file as its body (CSV or xlsx, at most 8 MiB):
/// what is in it. Nothing is kept before `ImportComponents`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ComponentsPreview {
    /// The rows; empty where anything is wrong.
    pub rows: Vec<ComponentsRow>,
    /// What is wrong and what to write instead, by line, at most 100.
    pub mistakes: Vec<ComponentsMistake>,
}

/// One mistake of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ComponentsMistake {
    /// From 1; nothing where the whole file is meant.
    pub line: Option<u32>,
    /// Chinese, English.
    pub message: [String; 2],
}

/// The components of a round as chair, teller and scrutineer see them: other results, which voters do not see before they vote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ComponentsView {
    /// The round.
    pub round: u32,
    /// How they are combined.
    pub combination: CombinationView,
    /// Labels of the suggested grades, best first: Chinese, English.
    pub grades: Vec<[String; 2]>,
    /// What there is, in the order of the sheet.
    pub rows: Vec<ComponentsRow>,
    /// Subjects of the round without a value for every component.
    pub missing: Vec<u16>,
    /// Whether they can still be replaced.
    pub is_open: bool,
}

/// One group's figures for one subject.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct GroupResult {
    /// The group's id.
    pub group: String,
    /// By mark, in the order of the scale; empty where rows have several items.
    pub marks: Vec<u32>,
    /// By item, where rows have several; never in what the hall gets, whose screens have no room for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(as = "Option<Vec<ItemResult>>", optional)]
    pub items: Vec<ItemResult>,
    /// Rows left blank.
    pub abstained: u32,
    /// Rows for which no ballot was issued.
    pub recused: u32,
    /// The group's mean.
    pub mean: Option<String>,
}

/// One item of one subject, over all groups or of one of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ItemResult {
    /// The mean of its marks in one pile, finished; nothing where nobody marked it.
    pub mean: Option<String>,
    /// By mark, in the order of the form's scale.
    pub marks: Vec<u32>,
    /// Marked rows that leave it empty.
    pub open: u32,
}

/// `GET /api/meetings/{id}/rounds/{n}/explained` with a session of chair, teller or scrutineer: every figure of that round's
/// result that this screen shows, opened into its formula.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Explained {
    /// The round's number.
    pub round: u32,
    /// One row a subject, in the order of the sheet.
    pub rows: Vec<ExplainedRow>,
}

/// One subject's figures, opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ExplainedRow {
    /// The subject's number.
    pub subject: u16,
    /// In the order of the table.
    pub figures: Vec<ExplainedFigure>,
}

/// One figure with the way to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ExplainedFigure {
    /// Which one.
    pub figure: Figure,
    /// As it is in the table.
    pub printed: String,
    /// The formula with its numbers, then what to know of it, one sentence each: Chinese, English.
    pub lines: Vec<[String; 2]>,
}

/// A figure of a result's row.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Figure {
    /// Count and share of a mark.
    Mark {
        /// The mark's id.
        mark: String,
    },
    /// The mean of an item.
    Item {
        /// Its place, from 0.
        item: u16,
    },
    /// Rows left blank.
    Abstained,
    /// Rows for which no ballot was issued.
    Recused,
    /// A group's mean.
    GroupMean {
        /// The group's id.
        group: String,
    },
    /// The weighted score.
    Score,
    /// The place.
    Rank,
    /// The suggested grade.
    SuggestedGrade,
    /// The share of the best mark.
    TopRate,
    /// The score combined with other components.
    Total,
    /// The place by the total.
    TotalRank,
}

/// `GET /api/meetings/{id}/prints` with a session of chair, teller or scrutineer: all that the print page lays out. The same
/// bytes are in the archive's print page. It holds no figure that the chair's screen may not show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Prints {
    /// The plan.
    pub plan: PlanView,
    /// Where the meeting stands.
    pub phase: Phase,
    /// Every round, by number.
    pub rounds: Vec<RoundView>,
    /// The closed accounts of counted rounds, by number; also of void ones that were counted.
    pub accounts: Vec<RoundAccounts>,
    /// The results that were published and are not held, by number.
    pub results: Vec<ResultView>,
    /// What was written in rounds whose opinions this role may read.
    pub opinions: Vec<OpinionsView>,
    /// Names, where the admission is by roster; nothing where no list of names is kept.
    pub roster: Option<Vec<RosterLine>>,
    /// Seats by group, in the order of the plan, and of all together under an empty id; none once people are erased.
    pub seats: Vec<SeatUse>,
    /// Every command, oldest first.
    pub history: Vec<HistoryLine>,
    /// The letters that stand for the whole history, as the last line of the archive's `history.json` has them (rule e16).
    pub history_digits: Option<String>,
    /// The rules in force, one sentence each: Chinese, English.
    pub rules: Vec<[String; 2]>,
    /// Where phones join the meeting: with it begins the code of a round's rules.
    pub join_qr: String,
    /// The server's clock in milliseconds since 1970.
    #[ts(type = "number")]
    pub now_ms: u64,
}

/// How many slips, or names of a roster, are used.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SeatUse {
    /// The group's id; empty for all together.
    pub group: String,
    /// Slips printed: one a voter entitled, and those that took the place of others; the sum of the next three.
    pub made: u32,
    /// Seats taken: slips used.
    pub taken: u32,
    /// Seats that are free: slips left.
    pub left: u32,
    /// Slips that were replaced, and open nothing.
    pub replaced: u32,
}

/// The closed accounts of one round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RoundAccounts {
    /// The round's number.
    pub round: u32,
    /// All groups together.
    pub total: GroupAccount,
    /// By group; empty where a group is too small to be shown.
    pub groups: Vec<GroupAccount>,
    /// By channel, over all groups; empty where nothing was on paper and nobody sat at a shared tablet.
    pub channels: Vec<ChannelAccount>,
    /// When chair and scrutineer confirmed the count in the system, in milliseconds since 1970.
    #[ts(type = "number | null")]
    pub confirmed_at_ms: Option<u64>,
}
