//! The wire: every message between a screen and the server, and the only file that knows its JSON.
//! It decides nothing: what a role may see is decided in `view`, what a command does in `meeting`.
//! The types are exported to `web-client/src/protocol.ts`; a test holds that file fresh.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::meeting::paper::{EnteredBy, PaperCount, TypedSheet};
use crate::meeting::plan::{Admission, Live, MarkKind, OwnBranch, Publication, Report, StepKind};
use crate::meeting::request::{CoSigned, RequestState};
use crate::meeting::round::{LeftOut, PublicRecord, SmallGroups};
use crate::meeting::{GroupAccount, Phase, Refusal, Scene};

/// Raised whenever an old page would misread the wire; such a page reloads itself.
pub const PROTOCOL: u32 = 2;

/// Who a session is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// A phone with a seat.
    Voter,
    /// The chair (主持人), or a deputy with the chair's link.
    Chair,
    /// 计票人.
    Teller,
    /// 监票人.
    Scrutineer,
    /// 大屏.
    Projector,
}

// ── What stays the same while phones are connected ──────────────────────────────────────────────────────────────

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
    pub sheet_rules: crate::ballot::SheetRules,
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

/// What the server writes into a page in place of `<!--first-->`, as `<script type="application/json" id="first">`, on `/m/{id}`:
/// the page shows host, meeting and fingerprint without another request. Nothing in it needs a seat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct First {
    /// The server's clock in milliseconds since 1970.
    #[ts(type = "number")]
    pub now_ms: u64,
    /// The meeting's plan.
    pub plan: PlanView,
    /// What a phone sees.
    pub view: VoterView,
}

// ── Joining ─────────────────────────────────────────────────────────────────────────────────────────────────────

/// `GET /api/meetings`: the meetings that a phone without a slip may join here (never the archived ones).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MeetingList {
    /// At most 50.
    pub meetings: Vec<MeetingLine>,
}

/// One meeting of the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MeetingLine {
    /// The meeting's id.
    pub id: String,
    /// The banner.
    pub title: String,
    /// Who holds it.
    pub host: String,
}

/// `GET /api/meetings/{id}/roster`, where the admission is by roster: every name once, so that a voter finds the own one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Roster {
    /// By seat number.
    pub seats: Vec<RosterLine>,
}

/// One name of the roster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RosterLine {
    /// The seat's number.
    pub seat: u32,
    /// The voter's name.
    pub name: String,
    /// Tells two people of one name apart.
    pub role: String,
    /// The group's id.
    pub group: String,
}

/// `POST /api/join`: take a seat. Safe to repeat: the same claim with the same credential gets the same answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Join {
    /// What proves the entitlement.
    pub by: JoinBy,
    /// 128 random bits in base64url that the phone made and stored before it sent; the server keeps only their hash.
    pub credential: String,
    /// Which subject this voter leads: asked of phones whose answer was `which_branch`; 0 for "none of them".
    pub leads_subject: Option<u16>,
    /// Whether it is a shared tablet's: counted, and nothing else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub kiosk: Option<bool>,
}

/// What proves the entitlement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "how", rename_all = "snake_case", deny_unknown_fields)]
pub enum JoinBy {
    /// A one-time slip: ten letters and digits, with or without hyphens, in any case.
    Slip {
        /// The code.
        code: String,
    },
    /// A name of the roster and its personal code.
    Roster {
        /// The meeting's id.
        meeting: String,
        /// The seat's number.
        seat: u32,
        /// Six digits.
        code: String,
    },
    /// Nothing but the join code on the wall.
    Open {
        /// The meeting's id.
        meeting: String,
        /// The group that the voter belongs to.
        group: String,
    },
}

/// The answer to `Join`: status 200 with `joined` or `which_branch`; otherwise a `Problem`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum Joined {
    /// The seat is taken.
    Joined {
        /// The meeting's id.
        meeting: String,
        /// The group's id.
        group: String,
        /// The subject for which no ballot is issued to this seat.
        leads_subject: Option<u16>,
    },
    /// Ask the voter which branch they lead, then join again with the same credential.
    WhichBranch {
        /// The meeting's id.
        meeting: String,
        /// The group's id.
        group: String,
        /// Subjects that nobody has claimed yet.
        subjects: Vec<u16>,
        /// Whether "none of them" is an answer.
        none_allowed: bool,
    },
}

/// `POST /api/sessions`: exchange a role's link for a session. Safe to repeat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct OpenSession {
    /// The secret from the link's fragment.
    pub capability: String,
    /// 128 random bits in base64url made by the page; sent as `Authorization: Bearer` from then on.
    pub session: String,
}

/// The answer to `OpenSession`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SessionOpened {
    /// The meeting's id.
    pub meeting: String,
    /// What the session may do.
    pub role: Role,
}

// ── Papers and casts ────────────────────────────────────────────────────────────────────────────────────────────

/// `POST /api/meetings/{id}/rounds/{n}/papers` with the seat's credential: blinded tokens for contest 0 and every row that the seat may mark.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct PapersRequest {
    /// By contest, ascending.
    pub papers: Vec<BlindedPaper>,
}

/// One blinded token, or one blind signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct BlindedPaper {
    /// The contest.
    pub c: u16,
    /// 256 bytes in base64url.
    pub z: String,
}

/// The answer: one blind signature for each, in the same order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Papers {
    /// By contest, ascending.
    pub papers: Vec<BlindedPaper>,
}

/// The answer to `POST /box/{id}/{n}/cast` (its body is described in `ballot::cast`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CastAnswer {
    /// One answer for each item, in the order of the request.
    pub items: Vec<CastItem>,
}

/// What became of one ballot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CastItem {
    /// `in` and `same` are acknowledgements.
    pub answer: CastVerdict,
    /// The box's signature over the ballot, 64 bytes in base64url, the same on every repeat; only with an acknowledgement.
    pub receipt: Option<String>,
}

/// What became of one ballot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CastVerdict {
    /// It is in the box now.
    In,
    /// It was in the box already.
    Same,
    /// Its token was used for another answer.
    Conflict,
    /// The round takes no casts.
    Closed,
    /// It breaks a rule, or belongs to a batch that does.
    Bad,
}

// ── Views ───────────────────────────────────────────────────────────────────────────────────────────────────────

/// What the server sends on a socket, as an SSE event, or as the answer to `GET /api/meetings/{id}/view`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[expect(clippy::large_enum_variant, reason = "a message is written or read at once, and never kept")]
pub enum ServerMessage {
    /// First on every connection, and again every 20 s as the sign of life that a page can see (a socket's own pings
    /// never reach it): lets the screen compute its offset to the server's clock. A page that heard nothing for 45 s reconnects.
    Welcome {
        /// The server's clock in milliseconds since 1970.
        #[ts(type = "number")]
        now_ms: u64,
        /// [`PROTOCOL`]; a page built for another one reloads.
        protocol: u32,
    },
    /// The whole view of a phone.
    Voter(VoterView),
    /// The whole view of the projector.
    Projector(ProjectorView),
    /// The whole view of the chair, the teller or the scrutineer.
    Chair(ChairView),
}

/// The first and only message that a screen sends on a socket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Hello {
    /// The seat's credential or the role's session.
    pub session: String,
    /// [`PROTOCOL`] of the page.
    pub protocol: u32,
}

/// What every view holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Situation {
    /// Changes when the store was replaced; a view of another epoch is newer, whatever its version.
    pub epoch: String,
    /// Grows with every change of the meeting within an epoch.
    pub version: u32,
    /// [`PlanView::digest`] of the plan that goes with this view.
    pub plan: String,
    /// Where the meeting stands.
    pub phase: Phase,
    /// The current step's id.
    pub step: Option<u32>,
    /// The current report's timer.
    pub timer: Option<TimerView>,
    /// The round that matters now: of the current evaluation, else the armed or next one, else the last counted one.
    pub round: Option<RoundView>,
}

/// A report's timer. `Running` counts down to `ends_at_ms` and then up as overrun.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TimerView {
    /// The whole limit in seconds.
    pub limit_s: u32,
    /// Started, paused, or not yet.
    pub state: TimerState,
}

/// Where a timer stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum TimerState {
    /// Not started.
    Ready,
    /// Counting.
    Running {
        /// When the limit is reached, in milliseconds since 1970 by the server's clock.
        #[ts(type = "number")]
        ends_at_ms: u64,
    },
    /// Stopped for a while.
    Paused {
        /// What is left in milliseconds; negative once overrun.
        #[ts(type = "number")]
        left_ms: i64,
    },
}

/// A round, as everybody may know it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RoundView {
    /// From 1.
    pub number: u32,
    /// How far it is.
    pub state: RoundStage,
    /// The subjects on the sheet, in its order; contest i+1 is `subjects[i]`.
    pub subjects: Vec<u16>,
    /// Groups that vote as one in it.
    pub merged: Vec<MergedGroup>,
    /// SHA-256 of the manifest in hex, from arming on; the manifest is at `GET /api/meetings/{id}/rounds/{n}/manifest`.
    pub manifest_hash: Option<String>,
    /// 4-4-4-4 digits, from arming on.
    pub fingerprint: Option<String>,
    /// When a closing round is frozen, by the server's clock.
    #[ts(type = "number | null")]
    pub closes_at_ms: Option<u64>,
    /// Why it does not count, where it is void.
    pub void_reason: Option<String>,
}

/// Groups that vote as one in a round, because one of them is too small to be secret alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MergedGroup {
    /// Their ids.
    pub groups: Vec<String>,
    /// As what they vote: the group of all their papers and of their column.
    pub column: GroupView,
}

/// How far a round is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RoundStage {
    /// Nothing is frozen.
    Draft,
    /// Papers are issued.
    Armed,
    /// Casts are taken.
    Open,
    /// Casts are taken for some seconds more.
    Closing,
    /// Frozen and counted.
    Closed,
    /// Witnessed.
    Certified,
    /// Released.
    Published,
    /// Does not count.
    Void,
}

/// The whole view of a phone: the same bytes for every phone of a meeting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct VoterView {
    /// What every view holds.
    pub now: Situation,
    /// The result, as far as the hall may see it.
    pub result: Option<ResultView>,
}

/// The whole view of the projector. It holds nothing that the hall may not see.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ProjectorView {
    /// What every view holds.
    pub now: Situation,
    /// What to show.
    pub scene: Scene,
    /// The address to type, as `http://192.168.1.10:8080`.
    pub join_url: String,
    /// The address in the QR code: leads straight to this meeting.
    pub join_qr: String,
    /// Entitled, present, issued, returned over all groups.
    pub total: Turnout,
    /// The same by group; empty where a group is too small to be shown.
    pub groups: Vec<Turnout>,
    /// Sheets on paper that the closed round waits for; 0 where it waits for none.
    pub paper_open: u32,
    /// Counts of each mark, where the meeting shows them live.
    pub tally: Option<LiveTally>,
    /// The result, as far as the hall may see it.
    pub result: Option<ResultView>,
}

/// Head counts: never who, always how many.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Turnout {
    /// The group's id; empty for all together.
    pub group: String,
    /// 应到.
    pub entitled: u32,
    /// 实到.
    pub present: u32,
    /// 发出.
    pub issued: u32,
    /// 收回.
    pub returned: u32,
}

/// Counts of each mark over all groups, in steps of at least `pool_k`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LiveTally {
    /// The pool rule's k.
    pub pool_k: u32,
    /// One row a subject of the round, in the order of the sheet.
    pub rows: Vec<LiveRow>,
}

/// One subject's counts so far.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LiveRow {
    /// The subject's number.
    pub subject: u16,
    /// By mark, in the order of the scale.
    pub marks: Vec<u32>,
    /// Rows left blank.
    pub abstained: u32,
    /// Finished percentages of the marks, in the order of the scale, adding up to 100.0; empty while there are no marks.
    pub percents: Vec<String>,
}

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
/// `GET /m/{id}/rounds/{n}/record`, without a session. How it is signed stands in `server/src/ballot/RECORD.md`.
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
    /// By leaf, which is by chance; nothing where there are fewer than may be shown, and then not how many there are.
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

/// The components of one subject as a file gave them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ComponentsRow {
    /// The subject's number.
    pub subject: u16,
    /// In the order of [`CombinationView::components`]: 0 to 9,999 with at most four decimals; empty for one that is missing.
    pub components: Vec<String>,
    /// Points added or, with a minus, taken away; empty for none.
    pub adjustment: String,
    /// The place of the best suggested grade that is still possible; 0 for any.
    pub best_band: u32,
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
    /// As it stands in the table.
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
/// bytes stand in the archive's print page. It holds no figure that the chair's screen may not show.
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
    /// 16 digits that stand for the whole history, as the last line of the archive's `history.json` has them (rule e16).
    pub history_digits: Option<String>,
    /// The rules in force, one sentence each: Chinese, English.
    pub rules: Vec<[String; 2]>,
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

/// The whole view of the chair; teller and scrutineer see the same without `next`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ChairView {
    /// What every view holds.
    pub now: Situation,
    /// Who this view is for.
    pub role: Role,
    /// What the projector shows.
    pub scene: Scene,
    /// The one primary button.
    pub next: Option<Next>,
    /// Until when a close can be taken back, by the server's clock.
    #[ts(type = "number | null")]
    pub undo_until_ms: Option<u64>,
    /// Head counts over all groups.
    pub total: Turnout,
    /// Head counts by group.
    pub groups: Vec<Turnout>,
    /// Phones connected at this moment.
    pub devices_online: u32,
    /// How far keys and papers of the round are.
    pub preparation: Option<Preparation>,
    /// Every round, by number.
    pub rounds: Vec<RoundView>,
    /// Counts of each mark, where the meeting shows them live.
    pub tally: Option<LiveTally>,
    /// The last counted round's result.
    pub result: Option<ResultView>,
    /// Groups with fewer voters present than the secret needs, by id.
    pub small_groups: Vec<String>,
    /// Of these the ones that are enough for every subject but those whose reporters vote in them and get no ballot for it.
    pub small_by_recusal: Vec<String>,
    /// Groups of equal weight that would vote as one if the chair chose so; empty where that would not help.
    pub merging: Vec<Vec<String>>,
    /// Fewer present than the turnout rule asks for.
    pub turnout_is_too_low: bool,
    /// How safely a ballot is kept once acknowledged.
    pub durability: Durability,
    /// Servers that the count of the closing round waits for, each with the sheets that it took.
    pub missing_servers: Vec<LeftOut>,
    /// Servers that the count of the round of now was made without.
    pub left_out: Vec<LeftOut>,
    /// The address to type.
    pub join_url: String,
    /// The address in the QR code.
    pub join_qr: String,
    /// What the chair asks the scrutineer to confirm, at most one a round; also what was declined last, of the round of now.
    pub requests: Vec<RequestView>,
    /// The number that the next request of the round of now has.
    pub next_request: u32,
    /// Screens of scrutineers that are connected to this server.
    pub scrutineers_online: u32,
    /// Papers issued anew in the round of now, by number.
    pub reissues: Vec<ReissueView>,
    /// How many a round may have.
    pub reissues_max: u32,
    /// By group, for chair and teller, while slips can be replaced.
    #[serde(default)]
    pub slips: Vec<SlipsView>,
    /// The paper of the first round that waits for it, else of the round of now.
    pub paper: Option<PaperView>,
    /// The components of the round of now, where scores are combined.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub components: Option<ComponentsView>,
    /// What was destroyed of the meeting's people, by place; nothing before.
    pub destroyed: Option<Vec<Destroyed>>,
    /// The last 50 commands, newest first.
    pub history: Vec<HistoryLine>,
}

/// A kind of thing that a server keeps; the page says of each what it holds, and why it cannot join a seat and a mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum KeptKind {
    /// The meeting itself: plan, rounds, accounts, history.
    Document,
    /// Who may sit, who sits.
    Seats,
    /// Which slips lead to which seat, as hashes.
    Slips,
    /// How often the slips of each group were replaced, and how many of them.
    SlipSeries,
    /// The page of slips to print, with their codes: made at the first start, for the operator.
    PrintedSlips,
    /// Which phone sits where, as hashes.
    Credentials,
    /// Which seats have papers, and a digest of the blinded request while papers are issued.
    Papers,
    /// Links of roles, as hashes.
    Links,
    /// Sessions of roles, as hashes.
    Sessions,
    /// Head counts.
    Counts,
    /// The public manifests.
    Manifests,
    /// Ballots, without time and order.
    Ballots,
    /// Ballots that the live tally does not show yet, and what it shows.
    Pool,
    /// Private keys of rounds.
    Keys,
    /// Notes of servers about themselves.
    Notes,
    /// The file of the database, with its journal.
    Database,
    /// A copy that was made before the directory was brought to another format.
    Backup,
    /// Nothing that this program knows.
    Unknown,
}

/// Something that is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Kept {
    /// Where, as `disk` or `redis`.
    pub place: KeptPlace,
    /// The table, the file or the pattern of keys, as `box/{meeting}-{round}.box`.
    pub name: String,
    /// What it is.
    pub kind: KeptKind,
    /// Rows, files or entries.
    pub count: u32,
}

/// Where something is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum KeptPlace {
    /// A table of this server's database; rows are counted.
    Table,
    /// A file of this server's directory; files are counted.
    File,
    /// A key at Redis; entries are counted.
    Redis,
}

/// `GET /api/meetings/{id}/kept` with a scrutineer's session: everything that the server keeps at this moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct KeptList {
    /// The server's clock in milliseconds since 1970.
    #[ts(type = "number")]
    pub now_ms: u64,
    /// Tables, then files, then keys; by name.
    pub kept: Vec<Kept>,
}

/// What one place destroyed of a meeting's people, or will as soon as it is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Destroyed {
    /// What people call the server; empty for the only one, `Redis` for the meeting point.
    pub place: String,
    /// Whether it is done; a server that is away does it before anything else when it comes back.
    pub is_done: bool,
    /// What, with how many there were.
    pub things: Vec<Kept>,
}

/// What the chair asks the scrutineer to confirm.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RequestView {
    /// The round's number.
    pub round: u32,
    /// From 1 in each round.
    pub number: u32,
    /// What.
    pub asked: CoSigned,
    /// `waiting`, or `declined`.
    pub state: RequestState,
    /// The accounts that are signed with the certificate, or lie behind what else is asked; nothing before the round is counted.
    pub accounts: Option<RoundAccounts>,
}

/// A paper issued anew, as chair and scrutineer see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ReissueView {
    /// From 1.
    pub number: u32,
    /// The voter's group.
    pub group: String,
    /// The subject that the voter leads, if any.
    pub leads_subject: Option<u16>,
    /// Whether the scrutineer confirmed it.
    pub is_confirmed: bool,
    /// Whether its papers were issued.
    pub has_papers: bool,
}

/// The slips of a group, as those see them who hand them out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SlipsView {
    /// The group's id.
    pub group: String,
    /// Slips that nobody used.
    pub left: u32,
    /// Slips that were replaced by new ones.
    pub replaced: u32,
    /// Which series the next new ones are.
    pub next_series: u32,
}

/// `POST /api/meetings/{id}/slips` with the session of chair or teller: new codes for all seats of a group that are free, in
/// place of those before. Safe to repeat: the same ones again change nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct NewSlips {
    /// The group's id.
    pub group: String,
    /// [`SlipsView::next_series`].
    pub series: u32,
    /// SHA-256 of each code in base64url, one a free seat. The page draws and prints the codes; the server never sees them.
    pub codes: Vec<String>,
}

/// Paper sheets of a round, as those see them who hand them out and count them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PaperView {
    /// The round's number.
    pub round: u32,
    /// Whether sheets can be handed out now.
    pub may_issue: bool,
    /// Whether the certificate waits for them.
    pub is_open: bool,
    /// One entry a group of the round.
    pub groups: Vec<PaperGroupView>,
}

/// Paper sheets of one group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PaperGroupView {
    /// The group's id.
    pub group: String,
    /// Sheets handed out.
    pub issued: u32,
    /// Whether phones and paper together took more than are entitled: somebody has both, and the accounts cannot close.
    pub exceeds: bool,
    /// Whether the teller has entered them.
    pub teller: bool,
    /// Whether the scrutineer has.
    pub scrutineer: bool,
    /// Whether both entered the same.
    pub agrees: bool,
    /// Sheets that came back, once everything is agreed on.
    pub returned: Option<u32>,
    /// Of them valid.
    pub valid: Option<u32>,
    /// Of them invalid.
    pub invalid: Option<u32>,
    /// How many figures differ.
    pub differ: u32,
    /// Which ones: only for teller and scrutineer.
    pub differences: Vec<PaperDifference>,
}

/// A figure that two people entered differently.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PaperDifference {
    /// The subject's number; nothing for the sheets.
    pub subject: Option<u16>,
    /// Which figure.
    pub figure: PaperFigure,
    /// What the teller entered.
    pub teller: u32,
    /// What the scrutineer entered.
    pub scrutineer: u32,
}

/// A figure of a paper count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum PaperFigure {
    /// Sheets returned.
    Returned,
    /// Sheets that are invalid.
    Invalid,
    /// Ballots of a mark.
    Mark {
        /// Its id.
        mark: String,
    },
    /// Ballots of a row of several items.
    Answer {
        /// The marks' ids in the order of the items, with dots between.
        answer: String,
    },
    /// Rows left blank.
    Abstained,
    /// The own branch.
    Recused,
}

/// How a group's paper is entered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "as", rename_all = "snake_case", deny_unknown_fields)]
pub enum PaperEntry {
    /// Sheet by sheet, in any order: at most 500. The server adds them up and keeps the sums.
    Sheets {
        /// Nothing for an invalid sheet; else for each subject of the round the mark's place in the scale from 0, the scale's
        /// length for a blank row, one more for the own branch.
        sheets: Vec<TypedSheet>,
    },
    /// As sums.
    Totals {
        /// What is on all of them.
        count: PaperCount,
    },
}

/// How far keys and papers of a round are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Preparation {
    /// Keys made.
    pub keys_ready: u32,
    /// Keys that the round needs.
    pub keys_needed: u32,
    /// Seats with papers.
    pub seats_issued: u32,
    /// Seats taken.
    pub seats_present: u32,
}

/// How safely a ballot is kept once acknowledged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Durability {
    /// Lost with the process.
    Memory,
    /// On this machine's disk.
    Local,
    /// On this machine's disk and in Redis.
    Redis,
    /// On this machine's disk, in Redis and in its replicas.
    RedisReplicated,
}

/// The chair's one primary button.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Next {
    /// Which sentence the button shows.
    pub action: NextAction,
    /// What pressing it sends to `POST /api/meetings/{id}/commands`.
    pub command: ChairCommand,
    /// Cannot be taken back: hold the button.
    pub hold: bool,
}

/// The primary button's sentences.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum NextAction {
    /// Open the check-in.
    OpenCheckin,
    /// Begin the meeting.
    Begin,
    /// Go on to the step that the command names.
    GoTo,
    /// Start the report's time.
    StartTimer,
    /// Issue the papers.
    Arm,
    /// Open the evaluation.
    Open,
    /// Close the evaluation.
    Close,
    /// Ask the scrutineer to confirm the count.
    Certify,
    /// Ask the scrutineer to agree to the publication.
    Publish,
    /// Hold the void round again.
    Repeat,
    /// Close the meeting.
    CloseMeeting,
    /// Seal it.
    Archive,
}

/// `POST /api/meetings/{id}/commands` with the chair's session, or with the one that the command names. Safe to repeat: each
/// names what it acts on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
pub enum ChairCommand {
    /// Phones may join.
    OpenCheckin,
    /// The agenda begins.
    Begin,
    /// Make this step current.
    GoTo {
        /// A step's id.
        step: u32,
    },
    /// Start the timer, or go on after a pause.
    StartTimer {
        /// The current step.
        step: u32,
    },
    /// Pause it.
    PauseTimer {
        /// The current step.
        step: u32,
    },
    /// Set the whole limit.
    ExtendTimer {
        /// The current step.
        step: u32,
        /// Seconds, 1 to 7,200.
        limit_s: u32,
    },
    /// Freeze the manifest and issue papers.
    Arm {
        /// The round's number.
        round: u32,
        /// What to do where a group is too small.
        small_groups: SmallGroups,
    },
    /// Take casts.
    Open {
        /// The round's number.
        round: u32,
    },
    /// Ten more seconds, then the box is frozen.
    Close {
        /// The round's number.
        round: u32,
    },
    /// Take a close back.
    UndoClose {
        /// The round's number.
        round: u32,
    },
    /// Count without these servers, which took sheets and do not come back.
    CloseWithout {
        /// The round's number.
        round: u32,
        /// Their ids, as [`ChairView::missing_servers`] names them.
        servers: Vec<String>,
    },
    /// Ask for what chair and scrutineer do together; what still waits gives way to it.
    Ask {
        /// The round's number.
        round: u32,
        /// One more than that of the last request of the round, from 1.
        number: u32,
        /// What.
        asked: CoSigned,
    },
    /// The scrutineer agrees, with the scrutineer's session, and it is done.
    Confirm {
        /// The round's number.
        round: u32,
        /// Which request.
        number: u32,
        /// What the own screen shows; refused where something else is asked for.
        asked: CoSigned,
    },
    /// The scrutineer does not agree, with the scrutineer's session.
    Decline {
        /// The round's number.
        round: u32,
        /// Which request.
        number: u32,
        /// What it asks for.
        asked: CoSigned,
    },
    /// The chair takes it back.
    Withdraw {
        /// The round's number.
        round: u32,
        /// Which request.
        number: u32,
        /// What it asks for.
        asked: CoSigned,
    },
    /// Hold it again as the next round.
    Repeat {
        /// The void round's number.
        round: u32,
    },
    /// A new order of the steps.
    Reorder {
        /// Every step's id.
        steps: Vec<u32>,
    },
    /// A further step.
    AddStep {
        /// What happens.
        step_kind: StepKind,
        /// Whose turn it is.
        subject: Option<u16>,
        /// The new step's id: one more than the highest so far.
        step: u32,
        /// The id of the step that it follows; 0 for the first place.
        after: u32,
        /// The id of an evaluation's form; nothing for the meeting's first one.
        #[serde(default)]
        #[ts(optional = nullable)]
        form: Option<String>,
    },
    /// Take out a step that is still to come.
    RemoveStep {
        /// A step's id.
        step: u32,
    },
    /// A subject did not come.
    SetAbsent {
        /// The subject's number.
        subject: u16,
        /// Whether absent.
        absent: bool,
    },
    /// What the projector shows.
    SetScene {
        /// The scene.
        scene: Scene,
    },
    /// The meeting is over.
    CloseMeeting,
    /// Seal it.
    Archive,
    /// Destroy what is kept of its people: seats, slips, papers, sessions and private keys. Only once it is sealed.
    ErasePeople,
    /// So many paper sheets were handed out to a group in all: by chair or teller, until the round closes.
    IssuePaper {
        /// The round's number.
        round: u32,
        /// The group of the round.
        group: String,
        /// All that it has.
        sheets: u32,
    },
    /// The paper of a group as one of two people counted it, with the session of that role.
    EnterPaper {
        /// The round's number.
        round: u32,
        /// The group of the round.
        group: String,
        /// Whose session it is.
        by: EnteredBy,
        /// What is on it.
        entry: PaperEntry,
    },
    /// The components that the score of a round is combined with, as a [`ComponentsPreview`] gave them: in place of those
    /// before, until the count is certified.
    ImportComponents {
        /// The round's number.
        round: u32,
        /// One row a subject, at most 200.
        rows: Vec<ComponentsRow>,
    },
    /// A voter lost the papers: ask for others, which a scrutineer confirms.
    AskReissue {
        /// The round's number.
        round: u32,
        /// One more than the last.
        number: u32,
        /// The voter's group.
        group: String,
        /// The subject that the voter leads, if any.
        leads_subject: Option<u16>,
        /// A new slip's code, made by the chair's page; the server keeps only its hash.
        slip: String,
    },
    /// The scrutineer agrees, with the scrutineer's session.
    ConfirmReissue {
        /// The round's number.
        round: u32,
        /// Which one.
        number: u32,
    },
}

/// The answer to a command that was carried out, or that changed nothing because it had been.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Done {
    /// The meeting's version after it.
    pub version: u32,
}

/// One line of the chair's history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct HistoryLine {
    /// Milliseconds since 1970.
    #[ts(type = "number")]
    pub at_ms: u64,
    /// The command's name, as `go_to`.
    pub command: String,
    /// The title of the form, Chinese and English, where an evaluation was added by another one than the meeting's first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub form: Option<[String; 2]>,
}

// ── When it does not work ───────────────────────────────────────────────────────────────────────────────────────

/// The body of every answer that is no success. The sentence is chosen by the client from its texts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Problem {
    /// What is wrong.
    pub problem: ProblemKind,
    /// For `refused`: what the meeting said.
    pub refusal: Option<Refusal>,
    /// For `bad_ballot` and `bad_message`: what exactly, in English, for whoever reads a log.
    pub detail: Option<String>,
    /// For `slow_down`: when to try again, in seconds.
    pub retry_after_s: Option<u32>,
    /// For new slips that do not fit: how many seats of the group are free now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub seats_free: Option<u32>,
}

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ProblemKind {
    /// The meeting says no (409).
    Refused,
    /// No meeting has this id (404).
    UnknownMeeting,
    /// There is no result that this screen may show, so there is nothing to export (409).
    NothingToExport,
    /// The archive is made once the meeting is closed (409).
    NotYetClosed,
    /// No slip has this code (404).
    UnknownSlip,
    /// Another phone used this slip (409).
    UsedSlip,
    /// The name is right, the personal code is not (403).
    WrongCode,
    /// Another phone sits on this seat (409).
    SeatIsTaken,
    /// Somebody else says to lead this branch: go to the teller (409).
    BranchIsTaken,
    /// Every seat is taken (409).
    MeetingIsFull,
    /// The check-in has not begun (409).
    NotYetOpen,
    /// The meeting is over (409).
    MeetingIsOver,
    /// The link or session is not valid (401).
    UnknownSession,
    /// The role may not do this (403).
    NotAllowed,
    /// No round has this number, or it has no papers now (409).
    NoPapersNow,
    /// This seat asked for other papers before (409).
    OtherPapers,
    /// A ballot or a paper request breaks a rule of the protocol (400).
    BadBallot,
    /// The box takes no cookie and no authorization (400).
    NotAnonymous,
    /// The message cannot be read (400).
    BadMessage,
    /// The message is too large (413).
    TooLarge,
    /// Too many failed attempts (429).
    SlowDown,
    /// The server cannot answer now; repeat the same bytes (503).
    TryAgain,
    /// No such page or thing (404).
    NotFound,
}

/// Why a socket was closed. 4000–4499: connect again; 4500–4999: do not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CloseCode(pub u16);

impl CloseCode {
    /// The server restarts: come back within 1 to 5 s (RFC 6455, section 7.4.1, service restart).
    pub const RESTART: Self = Self(1012);
    /// No hello within 10 s.
    pub const NO_HELLO: Self = Self(4000);
    /// The screen was too slow to take a view within 30 s.
    pub const TOO_SLOW: Self = Self(4001);
    /// The hello cannot be read.
    pub const BAD_HELLO: Self = Self(4500);
    /// The session is not valid.
    pub const UNKNOWN_SESSION: Self = Self(4501);
    /// The page is of another version: reload it.
    pub const OLD_PAGE: Self = Self(4502);
    /// The same seat connected three newer sockets.
    pub const REPLACED: Self = Self(4503);
    /// No meeting has this id.
    pub const UNKNOWN_MEETING: Self = Self(4504);
}
