// Generated from server/src/protocol.rs by tests/it/generated.rs. Do not edit:
// `UPDATE=1 cargo test --test it generated` writes it anew.

export const PROTOCOL = 1;
export const CLOSE_RESTART = 1012;
export const CLOSE_UNKNOWN_SESSION = 4501;
export const CLOSE_OLD_PAGE = 4502;
export const CLOSE_REPLACED = 4503;
export const CLOSE_UNKNOWN_MEETING = 4504;

/**
 * How phones get a seat.
 */
export type Admission = "slips" | "roster" | "open";

/**
 * One blinded token, or one blind signature.
 */
export type BlindedPaper = {
/**
 * The contest.
 */
c: number,
/**
 * 256 bytes in base64url.
 */
z: string, };

/**
 * The answer to `POST /box/{id}/{n}/cast` (its body is described in `ballot::cast`).
 */
export type CastAnswer = {
/**
 * One answer for each item, in the order of the request.
 */
items: Array<CastItem>, };

/**
 * What became of one ballot.
 */
export type CastItem = {
/**
 * `in` and `same` are acknowledgements.
 */
answer: CastVerdict,
/**
 * The box's signature over the ballot, 64 bytes in base64url, the same on every repeat; only with an acknowledgement.
 */
receipt: string | null, };

/**
 * What became of one ballot.
 */
export type CastVerdict = "in" | "same" | "conflict" | "closed" | "bad";

/**
 * `POST /api/meetings/{id}/commands` with the chair's session. Safe to repeat: each names what it acts on.
 */
export type ChairCommand = { "do": "open_checkin" } | { "do": "begin" } | { "do": "go_to",
/**
 * A step's id.
 */
step: number, } | { "do": "start_timer",
/**
 * The current step.
 */
step: number, } | { "do": "pause_timer",
/**
 * The current step.
 */
step: number, } | { "do": "extend_timer",
/**
 * The current step.
 */
step: number,
/**
 * Seconds, 1 to 7,200.
 */
limit_s: number, } | { "do": "arm",
/**
 * The round's number.
 */
round: number,
/**
 * What to do where a group is too small.
 */
small_groups: SmallGroups, } | { "do": "open",
/**
 * The round's number.
 */
round: number, } | { "do": "close",
/**
 * The round's number.
 */
round: number, } | { "do": "undo_close",
/**
 * The round's number.
 */
round: number, } | { "do": "certify",
/**
 * The round's number.
 */
round: number, } | { "do": "publish",
/**
 * The round's number.
 */
round: number,
/**
 * To whom.
 */
publication: Publication, } | { "do": "void",
/**
 * The round's number.
 */
round: number,
/**
 * Why, 1 to 200 characters.
 */
reason: string, } | { "do": "repeat",
/**
 * The void round's number.
 */
round: number, } | { "do": "reorder",
/**
 * Every step's id.
 */
steps: Array<number>, } | { "do": "add_step",
/**
 * What happens.
 */
step_kind: StepKind,
/**
 * Whose turn it is.
 */
subject: number | null,
/**
 * The new step's id: one more than the highest so far.
 */
step: number,
/**
 * The id of the step that it follows; 0 for the first place.
 */
after: number, } | { "do": "remove_step",
/**
 * A step's id.
 */
step: number, } | { "do": "set_absent",
/**
 * The subject's number.
 */
subject: number,
/**
 * Whether absent.
 */
absent: boolean, } | { "do": "set_scene",
/**
 * The scene.
 */
scene: Scene, } | { "do": "close_meeting" } | { "do": "archive" };

/**
 * The whole view of the chair; teller and scrutineer see the same without `next`.
 */
export type ChairView = {
/**
 * What every view holds.
 */
now: Situation,
/**
 * Who this view is for.
 */
role: Role,
/**
 * What the projector shows.
 */
scene: Scene,
/**
 * The one primary button.
 */
next: Next | null,
/**
 * Until when a close can be taken back, by the server's clock.
 */
undo_until_ms: number | null,
/**
 * Head counts over all groups.
 */
total: Turnout,
/**
 * Head counts by group.
 */
groups: Array<Turnout>,
/**
 * Phones connected at this moment.
 */
devices_online: number,
/**
 * How far keys and papers of the round are.
 */
preparation: Preparation | null,
/**
 * Every round, by number.
 */
rounds: Array<RoundView>,
/**
 * Counts of each mark, where the meeting shows them live.
 */
tally: LiveTally | null,
/**
 * The last counted round's result.
 */
result: ResultView | null,
/**
 * Groups with fewer voters present than the secret needs, by id.
 */
small_groups: Array<string>,
/**
 * Fewer present than the turnout rule asks for.
 */
turnout_is_too_low: boolean,
/**
 * How safely a ballot is kept once acknowledged.
 */
durability: Durability,
/**
 * The address to type.
 */
join_url: string,
/**
 * The address in the QR code.
 */
join_qr: string,
/**
 * The last 50 commands, newest first.
 */
history: Array<HistoryLine>, };

/**
 * The answer to a command that was carried out, or that changed nothing because it had been.
 */
export type Done = {
/**
 * The meeting's version after it.
 */
version: number, };

/**
 * How safely a ballot is kept once acknowledged.
 */
export type Durability = "memory" | "local" | "redis" | "redis-replicated";

/**
 * What the server writes into a page in place of `<!--first-->`, as `<script type="application/json" id="first">`, on `/m/{id}`:
 * the page shows host, meeting and fingerprint without another request. Nothing in it needs a seat.
 */
export type First = {
/**
 * The server's clock in milliseconds since 1970.
 */
now_ms: number,
/**
 * The meeting's plan.
 */
plan: PlanView,
/**
 * What a phone sees.
 */
view: VoterView, };

/**
 * `entitled ≥ present ≥ issued ≥ returned = valid + invalid`.
 */
export type GroupAccount = {
/**
 * The group's id.
 */
group: string,
/**
 * Voters entitled (应到).
 */
entitled: number,
/**
 * Voters who came (实到): seats taken.
 */
present: number,
/**
 * Sheets issued (发出).
 */
issued: number,
/**
 * Sheets returned (收回).
 */
returned: number,
/**
 * Valid sheets (有效).
 */
valid: number,
/**
 * Invalid sheets (无效): on paper only.
 */
invalid: number, };

/**
 * One group's figures for one subject.
 */
export type GroupResult = {
/**
 * The group's id.
 */
group: string,
/**
 * By mark, in the order of the scale.
 */
marks: Array<number>,
/**
 * Rows left blank.
 */
abstained: number,
/**
 * Rows for which no ballot was issued.
 */
recused: number,
/**
 * The group's mean.
 */
mean: string | null, };

/**
 * A group as screens show it.
 */
export type GroupView = {
/**
 * As `A`.
 */
id: string,
/**
 * As `党委委员`.
 */
name: string,
/**
 * As `40` or `33.33`: percent, finished.
 */
weight_percent: string,
/**
 * Voters entitled.
 */
entitled: number,
/**
 * Whether a phone of this group is asked which branch it leads.
 */
has_leaders: boolean, };

/**
 * The first and only message that a screen sends on a socket.
 */
export type Hello = {
/**
 * The seat's credential or the role's session.
 */
session: string,
/**
 * [`PROTOCOL`] of the page.
 */
protocol: number, };

/**
 * One line of the chair's history.
 */
export type HistoryLine = {
/**
 * Milliseconds since 1970.
 */
at_ms: number,
/**
 * The command's name, as `go_to`.
 */
command: string, };

/**
 * `POST /api/join`: take a seat. Safe to repeat: the same claim with the same credential gets the same answer.
 */
export type Join = {
/**
 * What proves the entitlement.
 */
by: JoinBy,
/**
 * 128 random bits in base64url that the phone made and stored before it sent; the server keeps only their hash.
 */
credential: string,
/**
 * Which subject this voter leads: asked of phones whose answer was `which_branch`; 0 for "none of them".
 */
leads_subject: number | null, };

/**
 * What proves the entitlement.
 */
export type JoinBy = { "how": "slip",
/**
 * The code.
 */
code: string, } | { "how": "roster",
/**
 * The meeting's id.
 */
meeting: string,
/**
 * The seat's number.
 */
seat: number,
/**
 * Six digits.
 */
code: string, } | { "how": "open",
/**
 * The meeting's id.
 */
meeting: string,
/**
 * The group that the voter belongs to.
 */
group: string, };

/**
 * The answer to `Join`: status 200 with `joined` or `which_branch`; otherwise a `Problem`.
 */
export type Joined = { "answer": "joined",
/**
 * The meeting's id.
 */
meeting: string,
/**
 * The group's id.
 */
group: string,
/**
 * The subject for which no ballot is issued to this seat.
 */
leads_subject: number | null, } | { "answer": "which_branch",
/**
 * The meeting's id.
 */
meeting: string,
/**
 * The group's id.
 */
group: string,
/**
 * Subjects that nobody has claimed yet.
 */
subjects: Array<number>,
/**
 * Whether "none of them" is an answer.
 */
none_allowed: boolean, };

/**
 * What the projector shows while a round is open.
 */
export type Live = "off" | "turnout" | "tally";

/**
 * One subject's counts so far.
 */
export type LiveRow = {
/**
 * The subject's number.
 */
subject: number,
/**
 * By mark, in the order of the scale.
 */
marks: Array<number>,
/**
 * Rows left blank.
 */
abstained: number,
/**
 * Finished percentages of the marks, in the order of the scale, adding up to 100.0; empty while there are no marks.
 */
percents: Array<string>, };

/**
 * Counts of each mark over all groups, in steps of at least `pool_k`.
 */
export type LiveTally = {
/**
 * The pool rule's k.
 */
pool_k: number,
/**
 * One row a subject of the round, in the order of the sheet.
 */
rows: Array<LiveRow>, };

/**
 * The fewest rows that must carry a low grade.
 */
export type LowMin = {
/**
 * The number of rows.
 */
count: number,
/**
 * The id of the best grade that still counts as low; every grade after it in the scale counts too.
 */
from: string, };

/**
 * What a mark means for the count.
 */
export type MarkKind = "grade" | "unknown" | "abstain";

/**
 * A mark as screens show it.
 */
export type MarkView = {
/**
 * As `hao`.
 */
id: string,
/**
 * As `好`.
 */
label: string,
/**
 * As `Good`, or empty.
 */
label_en: string,
/**
 * Grade, unknown or abstain.
 */
kind: MarkKind,
/**
 * As `100` or `87.5`: finished.
 */
points: string, };

/**
 * One meeting of the list.
 */
export type MeetingLine = {
/**
 * The meeting's id.
 */
id: string,
/**
 * The banner.
 */
title: string,
/**
 * Who holds it.
 */
host: string, };

/**
 * `GET /api/meetings`: the meetings that a phone without a slip may join here (never the archived ones).
 */
export type MeetingList = {
/**
 * At most 50.
 */
meetings: Array<MeetingLine>, };

/**
 * The chair's one primary button.
 */
export type Next = {
/**
 * Which sentence the button shows.
 */
action: NextAction,
/**
 * What pressing it sends to `POST /api/meetings/{id}/commands`.
 */
command: ChairCommand,
/**
 * Cannot be taken back: hold the button.
 */
hold: boolean, };

/**
 * The primary button's sentences.
 */
export type NextAction = "open_checkin" | "begin" | "go_to" | "start_timer" | "arm" | "open" | "close" | "certify" | "publish" | "repeat" | "close_meeting" | "archive";

/**
 * `POST /api/sessions`: exchange a role's link for a session. Safe to repeat.
 */
export type OpenSession = {
/**
 * The secret from the link's fragment.
 */
capability: string,
/**
 * 128 random bits in base64url made by the page; sent as `Authorization: Bearer` from then on.
 */
session: string, };

/**
 * Whether a reporter marks the own branch.
 */
export type OwnBranch = "recused" | "allowed";

/**
 * The answer: one blind signature for each, in the same order.
 */
export type Papers = {
/**
 * By contest, ascending.
 */
papers: Array<BlindedPaper>, };

/**
 * `POST /api/meetings/{id}/rounds/{n}/papers` with the seat's credential: blinded tokens for contest 0 and every row that the seat may mark.
 */
export type PapersRequest = {
/**
 * By contest, ascending.
 */
papers: Array<BlindedPaper>, };

/**
 * Where a meeting stands.
 */
export type Phase = "draft" | "checkin" | "in_session" | "closed" | "archived";

/**
 * `GET /api/meetings/{id}/plan`: what every screen may know of the plan. No names of voters.
 */
export type PlanView = {
/**
 * The meeting's id.
 */
id: string,
/**
 * The banner.
 */
title: string,
/**
 * Who holds the meeting.
 */
host: string,
/**
 * How phones get a seat.
 */
admission: Admission,
/**
 * In the order in which they are printed.
 */
groups: Array<GroupView>,
/**
 * Best first.
 */
scale: Array<MarkView>,
/**
 * In the order of their numbers.
 */
subjects: Array<SubjectView>,
/**
 * In the order of the meeting.
 */
agenda: Array<StepView>,
/**
 * What a sheet must satisfy, as in the manifest.
 */
sheet_rules: SheetRules,
/**
 * Whether reporters mark the own branch.
 */
own_branch: OwnBranch,
/**
 * What the projector shows while a round is open.
 */
live: Live,
/**
 * The pool rule's k.
 */
pool_k: number,
/**
 * The smallest number of ballots for which a group's figures are shown.
 */
k_min: number,
/**
 * Changes when any of this changes; views name it, so that a screen knows when to fetch the plan again.
 */
digest: string, };

/**
 * How far keys and papers of a round are.
 */
export type Preparation = {
/**
 * Keys made.
 */
keys_ready: number,
/**
 * Keys that the round needs.
 */
keys_needed: number,
/**
 * Seats with papers.
 */
seats_issued: number,
/**
 * Seats taken.
 */
seats_present: number, };

/**
 * The body of every answer that is no success. The sentence is chosen by the client from its texts.
 */
export type Problem = {
/**
 * What is wrong.
 */
problem: ProblemKind,
/**
 * For `refused`: what the meeting said.
 */
refusal: Refusal | null,
/**
 * For `bad_ballot` and `bad_message`: what exactly, in English, for whoever reads a log.
 */
detail: string | null,
/**
 * For `slow_down`: when to try again, in seconds.
 */
retry_after_s: number | null, };

/**
 * What is wrong.
 */
export type ProblemKind = "refused" | "unknown_meeting" | "unknown_slip" | "used_slip" | "wrong_code" | "seat_is_taken" | "branch_is_taken" | "meeting_is_full" | "not_yet_open" | "meeting_is_over" | "unknown_session" | "not_allowed" | "no_papers_now" | "other_papers" | "bad_ballot" | "not_anonymous" | "bad_message" | "too_large" | "slow_down" | "try_again" | "not_found";

/**
 * The whole view of the projector. It holds nothing that the hall may not see.
 */
export type ProjectorView = {
/**
 * What every view holds.
 */
now: Situation,
/**
 * What to show.
 */
scene: Scene,
/**
 * The address to type, as `http://192.168.1.10:8080`.
 */
join_url: string,
/**
 * The address in the QR code: leads straight to this meeting.
 */
join_qr: string,
/**
 * Entitled, present, issued, returned over all groups.
 */
total: Turnout,
/**
 * The same by group; empty where a group is too small to be shown.
 */
groups: Array<Turnout>,
/**
 * Counts of each mark, where the meeting shows them live.
 */
tally: LiveTally | null,
/**
 * The result, as far as the hall may see it.
 */
result: ResultView | null, };

/**
 * Who sees the result, from the fewest to all.
 */
export type Publication = "held" | "chair" | "leaders" | "each_own" | "hall_grades" | "hall_scores";

/**
 * Why a command was not carried out. The sentence is chosen by the client.
 */
export type Refusal = "wrong_phase" | "unknown_step" | "step_is_not_current" | "step_is_fixed" | "step_has_no_timer" | "unknown_round" | "wrong_round_state" | "round_is_running" | "keys_are_not_ready" | "group_is_too_small" | "turnout_is_too_low" | "undo_is_too_late" | "closing_is_not_over" | "unknown_subject" | "order_is_incomplete" | "out_of_range" | "limit_is_reached" | "accounts_do_not_close";

/**
 * How a subject reports.
 */
export type Report = "onsite" | "written";

/**
 * One subject's result. What this screen may not see is absent.
 */
export type ResultRow = {
/**
 * The subject's number.
 */
subject: number,
/**
 * Counts by mark over all groups, in the order of the scale.
 */
marks: Array<number> | null,
/**
 * Finished percentages of the marks.
 */
percents: Array<string> | null,
/**
 * Rows left blank.
 */
abstained: number | null,
/**
 * Rows for which no ballot was issued.
 */
recused: number | null,
/**
 * By group, in the order of the plan; a group that is too small is `null`.
 */
groups: Array<GroupResult | null> | null,
/**
 * The weighted score.
 */
score: string | null,
/**
 * 1, 2, 2, 4.
 */
rank: number | null,
/**
 * The suggested grade (建议等次), never a final one.
 */
suggested_grade: string | null,
/**
 * Share of the best mark in percent.
 */
top_rate_percent: string | null, };

/**
 * The result of a round, as far as this screen may see it. Figures are finished strings.
 */
export type ResultView = {
/**
 * The round's number.
 */
round: number,
/**
 * Who may see it.
 */
publication: Publication,
/**
 * The accounts of all groups together.
 */
total: GroupAccount,
/**
 * The accounts by group; empty where a group is too small to be shown.
 */
groups: Array<GroupAccount>,
/**
 * One row a subject, in the order of the sheet.
 */
rows: Array<ResultRow>,
/**
 * The rules in force, one sentence each, as they are printed: Chinese, English.
 */
rules: Array<[string, string]>, };

/**
 * Who a session is for.
 */
export type Role = "voter" | "chair" | "teller" | "scrutineer" | "projector";

/**
 * `GET /api/meetings/{id}/roster`, where the admission is by roster: every name once, so that a voter finds the own one.
 */
export type Roster = {
/**
 * By seat number.
 */
seats: Array<RosterLine>, };

/**
 * One name of the roster.
 */
export type RosterLine = {
/**
 * The seat's number.
 */
seat: number,
/**
 * The voter's name.
 */
name: string,
/**
 * Tells two people of one name apart.
 */
role: string,
/**
 * The group's id.
 */
group: string, };

/**
 * How far a round is.
 */
export type RoundStage = "draft" | "armed" | "open" | "closing" | "closed" | "certified" | "published" | "void";

/**
 * A round, as everybody may know it.
 */
export type RoundView = {
/**
 * From 1.
 */
number: number,
/**
 * How far it is.
 */
state: RoundStage,
/**
 * The subjects on the sheet, in its order; contest i+1 is `subjects[i]`.
 */
subjects: Array<number>,
/**
 * SHA-256 of the manifest in hex, from arming on; the manifest is at `GET /api/meetings/{id}/rounds/{n}/manifest`.
 */
manifest_hash: string | null,
/**
 * 4-4-4-4 digits, from arming on.
 */
fingerprint: string | null,
/**
 * When a closing round is frozen, by the server's clock.
 */
closes_at_ms: number | null,
/**
 * Why it does not count, where it is void.
 */
void_reason: string | null, };

/**
 * What the projector shows.
 */
export type Scene = "follow" | "join" | "result" | "black";

/**
 * What the server sends on a socket, as an SSE event, or as the answer to `GET /api/meetings/{id}/view`.
 */
export type ServerMessage = { "kind": "welcome",
/**
 * The server's clock in milliseconds since 1970.
 */
now_ms: number,
/**
 * [`PROTOCOL`]; a page built for another one reloads.
 */
protocol: number, } | { "kind": "voter" } & VoterView | { "kind": "projector" } & ProjectorView | { "kind": "chair" } & ChairView;

/**
 * The answer to `OpenSession`.
 */
export type SessionOpened = {
/**
 * The meeting's id.
 */
meeting: string,
/**
 * What the session may do.
 */
role: Role, };

/**
 * What a sheet must satisfy. The default asks for nothing.
 */
export type SheetRules = {
/**
 * Every row that the voter has must be marked; an explicit mark that is no grade (不了解) counts as marked.
 */
all_rows: boolean,
/**
 * At least so many different grades on the sheet; nothing for no rule. 1 to the number of grades.
 */
distinct_min: number | null,
/**
 * At most so many rows with the top grade (the scale's first); nothing for no rule.
 */
top_max: TopMax | null,
/**
 * At least so many rows with a low grade; nothing for no rule.
 */
low_min: LowMin | null, };

/**
 * What every view holds.
 */
export type Situation = {
/**
 * Changes when the store was replaced; a view of another epoch is newer, whatever its version.
 */
epoch: string,
/**
 * Grows with every change of the meeting within an epoch.
 */
version: number,
/**
 * [`PlanView::digest`] of the plan that goes with this view.
 */
plan: string,
/**
 * Where the meeting stands.
 */
phase: Phase,
/**
 * The current step's id.
 */
step: number | null,
/**
 * The current report's timer.
 */
timer: TimerView | null,
/**
 * The round that matters now: of the current evaluation, else the armed or next one, else the last counted one.
 */
round: RoundView | null, };

/**
 * What was chosen where a group has fewer voters than the secret needs.
 */
export type SmallGroups = "refuse" | "totals_only";

/**
 * What happens in a step.
 */
export type StepKind = "opening" | "tellers" | "report" | "comment" | "evaluation" | "speech" | "break" | "close";

/**
 * A step as screens show it.
 */
export type StepView = {
/**
 * Stays when the order changes.
 */
id: number,
/**
 * What happens.
 */
kind: StepKind,
/**
 * Whose turn it is.
 */
subject: number | null,
/**
 * Whether it was current once and is over.
 */
done: boolean, };

/**
 * A subject as screens show it.
 */
export type SubjectView = {
/**
 * The number on the sheet.
 */
id: number,
/**
 * As `第一党支部`.
 */
branch: string,
/**
 * Who reports.
 */
secretary: string,
/**
 * On site or written.
 */
report: Report,
/**
 * The time limit in minutes; 0 for none.
 */
minutes: number,
/**
 * Whether there is a text to read: `GET /api/meetings/{id}/subjects/{subject}/text` (plain text).
 */
has_text: boolean,
/**
 * Whether the chair noted that the subject did not come.
 */
absent: boolean, };

/**
 * Where a timer stands.
 */
export type TimerState = { "is": "ready" } | { "is": "running",
/**
 * When the limit is reached, in milliseconds since 1970 by the server's clock.
 */
ends_at_ms: number, } | { "is": "paused",
/**
 * What is left in milliseconds; negative once overrun.
 */
left_ms: number, };

/**
 * A report's timer. `Running` counts down to `ends_at_ms` and then up as overrun.
 */
export type TimerView = {
/**
 * The whole limit in seconds.
 */
limit_s: number,
/**
 * Started, paused, or not yet.
 */
state: TimerState, };

/**
 * The most rows that may carry the top grade.
 */
export type TopMax = { "count": number } | { "percent": number };

/**
 * Head counts: never who, always how many.
 */
export type Turnout = {
/**
 * The group's id; empty for all together.
 */
group: string,
/**
 * 应到.
 */
entitled: number,
/**
 * 实到.
 */
present: number,
/**
 * 发出.
 */
issued: number,
/**
 * 收回.
 */
returned: number, };

/**
 * The whole view of a phone: the same bytes for every phone of a meeting.
 */
export type VoterView = {
/**
 * What every view holds.
 */
now: Situation,
/**
 * The result, as far as the hall may see it.
 */
result: ResultView | null, };
