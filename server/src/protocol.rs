//! The wire: every message between a screen and the server, and the only file that knows its JSON.
//! It decides nothing: what a role may see is decided in `view`, what a command does in `meeting`.
//! The types are exported to `web-client/src/protocol.ts`; a test holds that file fresh.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::meeting::plan::{Admission, Live, MarkKind, OwnBranch, Publication, Report, StepKind};
use crate::meeting::round::SmallGroups;
use crate::meeting::{GroupAccount, Phase, Refusal, Scene};

/// Raised whenever an old page would misread the wire; such a page reloads itself.
pub const PROTOCOL: u32 = 1;

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
    /// Best first.
    pub scale: Vec<MarkView>,
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
    /// Changes when any of this changes; views name it, so that a screen knows when to fetch the plan again.
    pub digest: String,
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

/// The result of a round, as far as this screen may see it. Figures are finished strings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ResultView {
    /// The round's number.
    pub round: u32,
    /// Who may see it.
    pub publication: Publication,
    /// The accounts of all groups together.
    pub total: GroupAccount,
    /// The accounts by group; empty where a group is too small to be shown.
    pub groups: Vec<GroupAccount>,
    /// One row a subject, in the order of the sheet.
    pub rows: Vec<ResultRow>,
    /// The rules in force, one sentence each, as they are printed: Chinese, English.
    pub rules: Vec<[String; 2]>,
}

/// One subject's result. What this screen may not see is absent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ResultRow {
    /// The subject's number.
    pub subject: u16,
    /// Counts by mark over all groups, in the order of the scale.
    pub marks: Option<Vec<u32>>,
    /// Finished percentages of the marks.
    pub percents: Option<Vec<String>>,
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
}

/// One group's figures for one subject.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct GroupResult {
    /// The group's id.
    pub group: String,
    /// By mark, in the order of the scale.
    pub marks: Vec<u32>,
    /// Rows left blank.
    pub abstained: u32,
    /// Rows for which no ballot was issued.
    pub recused: u32,
    /// The group's mean.
    pub mean: Option<String>,
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
    /// Fewer present than the turnout rule asks for.
    pub turnout_is_too_low: bool,
    /// How safely a ballot is kept once acknowledged.
    pub durability: Durability,
    /// The address to type.
    pub join_url: String,
    /// The address in the QR code.
    pub join_qr: String,
    /// The last 50 commands, newest first.
    pub history: Vec<HistoryLine>,
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
    /// The count was witnessed.
    Certify,
    /// Publish the result.
    Publish,
    /// Hold the void round again.
    Repeat,
    /// Close the meeting.
    CloseMeeting,
    /// Seal it.
    Archive,
}

/// `POST /api/meetings/{id}/commands` with the chair's session. Safe to repeat: each names what it acts on.
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
    /// The count was witnessed.
    Certify {
        /// The round's number.
        round: u32,
    },
    /// Release the result.
    Publish {
        /// The round's number.
        round: u32,
        /// To whom.
        publication: Publication,
    },
    /// The round does not count.
    Void {
        /// The round's number.
        round: u32,
        /// Why, 1 to 200 characters.
        reason: String,
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
}

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ProblemKind {
    /// The meeting says no (409).
    Refused,
    /// No meeting has this id (404).
    UnknownMeeting,
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
