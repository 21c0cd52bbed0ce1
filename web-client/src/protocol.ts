// Generated from server/src/protocol by tests/it/generated.rs. Do not edit:
// `UPDATE=1 cargo test --test it generated` writes it anew.

export const PROTOCOL = 3;
export const CLOSE_RESTART = 1012;
export const CLOSE_UNKNOWN_SESSION = 4501;
export const CLOSE_OLD_PAGE = 4502;
export const CLOSE_REPLACED = 4503;
export const CLOSE_UNKNOWN_MEETING = 4504;
export const PAPER_BYTES = 367;
export const CLOSE_NOT_SEALED = 4002;
export const CLOSE_STALE = 4003;
export const LEAVES_WHOLE_MAX = 32768;
export const LEAVES_PART = 4096;

/**
 * How phones get a seat.
 */
export type Admission = "slips" | "roster" | "open";

/**
 * What a sealed answer is.
 */
export type AnswerHead = {
/**
 * The status of HTTP.
 */
status: number,
/**
 * The type of the body.
 */
content: string, };

/**
 * Where a grade begins.
 */
export type BandView = {
/**
 * The mark's id.
 */
id: string,
/**
 * The lowest total of the band in hundredths of a point, inclusive.
 */
from_hundredths: number, };

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
 * The key that signs manifests, receipts and records of all rounds of a meeting.
 */
export type BoxKeyView = {
/**
 * The Ed25519 key, base64url.
 */
key: string,
/**
 * What people compare: twenty-four letters of its SHA-256.
 */
fingerprint: string, };

/**
 * The outcome of a batch.
 */
export type CastAnswer = {
/**
 * One answer for each item, in the order of the request.
 */
items: Array<CastItem>, };

/**
 * The outcome of one ballot.
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
 * What is in the envelope that answers `POST /box/{id}/{n}/cast` (its body is described in `ballot::cast`), with blanks after it.
 */
export type CastReply = CastAnswer | Problem;

/**
 * The outcome of one ballot.
 */
export type CastVerdict = "in" | "same" | "conflict" | "closed" | "bad";

/**
 * `POST /api/meetings/{id}/commands` with the chair's session, or with the one that the command names. Safe to repeat: each
 * names what it acts on.
 */
export type ChairCommand = { "do": "arm",
/**
 * The round's number.
 */
round: number,
/**
 * What to do where a group is too small.
 */
small_groups: SmallGroups, } | { "do": "close_without",
/**
 * The round's number.
 */
round: number,
/**
 * Their ids, as `ChairView::missing_servers` names them.
 */
servers: Array<string>, } | { "do": "confirm",
/**
 * The round's number.
 */
round: number,
/**
 * Which request.
 */
number: number,
/**
 * What the own screen shows; refused where something else is asked for.
 */
asked: CoSigned, } | { "do": "add_step",
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
after: number,
/**
 * The id of an evaluation's form; nothing for the meeting's first one.
 */
form?: string | null, } | { "do": "erase_people" } | { "do": "issue_paper",
/**
 * The round's number.
 */
round: number,
/**
 * The group of the round.
 */
group: string,
/**
 * All that it has.
 */
sheets: number, } | { "do": "enter_paper",
/**
 * The round's number.
 */
round: number,
/**
 * The group of the round.
 */
group: string,
/**
 * Whose session it is.
 */
by: EnteredBy,
/**
 * What is on it.
 */
entry: PaperEntry, } | { "do": "import_components",
/**
 * The round's number.
 */
round: number,
/**
 * One row a subject, at most 200.
 */
rows: Array<ComponentsRow>, } | { "do": "ask_reissue",
/**
 * The round's number.
 */
round: number,
/**
 * One more than the last.
 */
number: number,
/**
 * The voter's group.
 */
group: string,
/**
 * The subject that the voter leads, if any.
 */
leads_subject: number | null,
/**
 * A new slip's code, made by the chair's page; the server keeps only its hash.
 */
slip: string, } | { "do": "open_checkin" } | { "do": "begin" } | { "do": "go_to",
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
limit_s: number, } | { "do": "open",
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
round: number, } | { "do": "ask",
/**
 * The round's number.
 */
round: number,
/**
 * One more than that of the last request of the round, from 1.
 */
number: number,
/**
 * What.
 */
asked: CoSigned, } | { "do": "decline",
/**
 * The round's number.
 */
round: number,
/**
 * Which request.
 */
number: number,
/**
 * What it asks for.
 */
asked: CoSigned, } | { "do": "withdraw",
/**
 * The round's number.
 */
round: number,
/**
 * Which request.
 */
number: number,
/**
 * What it asks for.
 */
asked: CoSigned, } | { "do": "repeat",
/**
 * The void round's number.
 */
round: number, } | { "do": "reorder",
/**
 * Every step's id.
 */
steps: Array<number>, } | { "do": "remove_step",
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
scene: Scene, } | { "do": "close_meeting" } | { "do": "archive" } | { "do": "confirm_reissue",
/**
 * The round's number.
 */
round: number,
/**
 * Which one.
 */
number: number, };

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
next: NextButton | null,
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
 * Of these the ones that are enough for every subject but those whose reporters vote in them and get no ballot for it.
 */
small_by_recusal: Array<string>,
/**
 * Groups of equal weight that would vote as one if the chair chose so; empty where that would not help.
 */
merging: Array<Array<string>>,
/**
 * Fewer present than the turnout rule asks for.
 */
turnout_is_too_low: boolean,
/**
 * How safely a ballot is kept once acknowledged.
 */
durability: Durability,
/**
 * Servers that the count of the closing round waits for, each with the sheets that it took.
 */
missing_servers: Array<LeftOutServer>,
/**
 * Servers that the count of the round of now was made without.
 */
left_out: Array<LeftOutServer>,
/**
 * The address to type.
 */
join_url: string,
/**
 * The address in the QR code.
 */
join_qr: string,
/**
 * What the chair asks the scrutineer to confirm, at most one a round; also what was declined last, of the round of now.
 */
requests: Array<RequestView>,
/**
 * The number that the next request of the round of now has.
 */
next_request: number,
/**
 * Screens of scrutineers that are connected to this server.
 */
scrutineers_online: number,
/**
 * Papers issued anew in the round of now, by number.
 */
reissues: Array<ReissueView>,
/**
 * How many a round may have.
 */
reissues_max: number,
/**
 * By group, for chair and teller, while slips can be replaced.
 */
slips: Array<SlipsView>,
/**
 * The paper of the first round that waits for it, else of the round of now.
 */
paper: PaperView | null,
/**
 * The components of the round of now, where scores are combined.
 */
components?: ComponentsView,
/**
 * What was destroyed of the meeting's people, by place; nothing before.
 */
destroyed: Array<Destroyed> | null,
/**
 * The last 50 commands, newest first.
 */
history: Array<HistoryLine>, };

/**
 * How a sheet comes to the count.
 */
export type Channel = "phone" | "paper";

/**
 * The accounts of a channel over all groups.
 */
export type ChannelAccount = {
/**
 * Which one.
 */
channel: Channel,
/**
 * Sheets issued (发出), those issued anew among them.
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
 * Invalid sheets (无效).
 */
invalid: number,
/**
 * Of those issued on phones the ones at shared tablets; nobody can know what came back from them.
 */
kiosk_issued: number, };

/**
 * `GET /api/meetings/{id}/key`, and `GET /api/key` for what no meeting is known of: what requests are sealed to.
 */
export type ChannelKey = {
/**
 * X25519, 32 bytes in base64url.
 */
key: string,
/**
 * The server's clock in milliseconds since 1970.
 */
now_ms: number, };

/**
 * What chair and scrutineer sign together, so that neither does it alone.
 */
export type CoSigned = { "what": "certificate" } | { "what": "void",
/**
 * Why, 1 to 200 characters.
 */
reason: string, } | { "what": "publication",
/**
 * Which one.
 */
publication: Publication, };

/**
 * How scores are combined.
 */
export type CombinationView = {
/**
 * The share of the evaluation's own score in percent, as `40`.
 */
evaluation_share_percent: string,
/**
 * The other components.
 */
components: Array<ComponentView>, };

/**
 * One subject's total (综合得分).
 */
export type CombinedRow = {
/**
 * The imported components in the order of [`CombinationView::components`]; nothing for one that is missing.
 */
components: Array<string | null>,
/**
 * Points added or, with a minus, taken away.
 */
adjustment: string | null,
/**
 * `Σ share × component`, then the adjustment; nothing where the score or a component is missing.
 */
total: string | null,
/**
 * 1, 2, 2, 4, by the printed total. The suggested grade of the row follows from the total, too.
 */
rank: number | null,
/**
 * Why there is no total, one sentence each: Chinese, English.
 */
notes: Array<[string, string]>, };

/**
 * One component that scores are combined with.
 */
export type ComponentView = {
/**
 * As `平时考核`.
 */
name: string,
/**
 * Its share in percent, as `60`.
 */
share_percent: string, };

/**
 * One mistake of a file.
 */
export type ComponentsMistake = {
/**
 * From 1; nothing where the whole file is meant.
 */
line: number | null,
/**
 * Chinese, English.
 */
message: [string, string], };

/**
 * `POST /api/meetings/{id}/rounds/{n}/components` with the chair's session and a file as its body (CSV or xlsx, at most 8 MiB):
 * what is in it. Nothing is kept before `ImportComponents`.
 */
export type ComponentsPreview = {
/**
 * The rows; empty where anything is wrong.
 */
rows: Array<ComponentsRow>,
/**
 * What is wrong and what to write instead, by line, at most 100.
 */
mistakes: Array<ComponentsMistake>, };

/**
 * The components of one subject as a file gave them.
 */
export type ComponentsRow = {
/**
 * The subject's number.
 */
subject: number,
/**
 * In the order of `CombinationView::components`: 0 to 9,999 with at most four decimals; empty for one that is missing.
 */
components: Array<string>,
/**
 * Points added or, with a minus, taken away; empty for none.
 */
adjustment: string,
/**
 * The place of the best suggested grade that is still possible; 0 for any.
 */
best_band: number, };

/**
 * The components of a round as chair, teller and scrutineer see them: other results, which voters do not see before they vote.
 */
export type ComponentsView = {
/**
 * The round.
 */
round: number,
/**
 * How they are combined.
 */
combination: CombinationView,
/**
 * Labels of the suggested grades, best first: Chinese, English.
 */
grades: Array<[string, string]>,
/**
 * What there is, in the order of the sheet.
 */
rows: Array<ComponentsRow>,
/**
 * Subjects of the round without a value for every component.
 */
missing: Array<number>,
/**
 * Whether they can still be replaced.
 */
is_open: boolean, };

/**
 * What one place destroyed of a meeting's people, or will as soon as it is there.
 */
export type Destroyed = {
/**
 * What people call the server; empty for the only one, `Redis` for the meeting point.
 */
place: string,
/**
 * Whether it is done; a server that is away does it before anything else when it comes back.
 */
is_done: boolean,
/**
 * What, with how many there were.
 */
things: Array<InventoryLine>, };

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
 * Whose link an entry was made with.
 */
export type EnteredBy = "teller" | "scrutineer";

/**
 * `GET /api/meetings/{id}/rounds/{n}/explained` with a session of chair, teller or scrutineer: every figure of that round's
 * result that this screen shows, opened into its formula.
 */
export type Explained = {
/**
 * The round's number.
 */
round: number,
/**
 * One row a subject, in the order of the sheet.
 */
rows: Array<ExplainedRow>, };

/**
 * One figure with the way to it.
 */
export type ExplainedFigure = {
/**
 * Which one.
 */
figure: Figure,
/**
 * As it is in the table.
 */
printed: string,
/**
 * The formula with its numbers, then what to know of it, one sentence each: Chinese, English.
 */
lines: Array<[string, string]>, };

/**
 * One subject's figures, opened.
 */
export type ExplainedRow = {
/**
 * The subject's number.
 */
subject: number,
/**
 * In the order of the table.
 */
figures: Array<ExplainedFigure>, };

/**
 * A figure of a result's row.
 */
export type Figure = { "is": "mark",
/**
 * The mark's id.
 */
mark: string, } | { "is": "item",
/**
 * Its place, from 0.
 */
item: number, } | { "is": "abstained" } | { "is": "recused" } | { "is": "group_mean",
/**
 * The group's id.
 */
group: string, } | { "is": "score" } | { "is": "rank" } | { "is": "suggested_grade" } | { "is": "top_rate" } | { "is": "total" } | { "is": "total_rank" };

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
 * What requests about this meeting are sealed to: X25519, 32 bytes in base64url.
 */
key: string,
/**
 * The meeting's plan.
 */
plan: PlanView,
/**
 * What a phone sees.
 */
view: VoterView, };

/**
 * A form that an evaluation can name, as the chair's agenda shows it.
 */
export type FormView = {
/**
 * As `head`: unique in the meeting.
 */
id: string,
/**
 * As `科室负责人测评表`.
 */
title: string,
/**
 * In English; empty for none.
 */
title_en: string, };

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
invalid: number,
/**
 * Papers issued anew (补发) to voters who lost theirs, beside [`issued`](Self::issued).
 */
reissued: number,
/**
 * Of [`issued`](Self::issued) the sheets on paper; all others are on phones, the shared ones included.
 */
paper_issued: number,
/**
 * Of [`returned`](Self::returned) the sheets on paper.
 */
paper_returned: number,
/**
 * Of [`invalid`](Self::invalid) the sheets on paper: all of them.
 */
paper_invalid: number,
/**
 * Of [`issued`](Self::issued) those at shared tablets; what came back from them nobody can know.
 */
kiosk_issued: number, };

/**
 * One group's figures for one subject.
 */
export type GroupResult = {
/**
 * The group's id.
 */
group: string,
/**
 * By mark, in the order of the scale; empty where rows have several items.
 */
marks: Array<number>,
/**
 * By item, where rows have several; never in what the hall gets, whose screens have no room for it.
 */
items?: Array<ItemResult>,
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
 * The first and only message that a screen sends on a socket: padded, in an envelope to the meeting's key, as a binary message.
 * What a role is sent from then on are messages of the answer to it, padded, the first one with the nonce before it; what a
 * phone is sent is in clear, as text, because all phones are sent the same.
 */
export type Hello = {
/**
 * The seat's credential or the role's session.
 */
session: string,
/**
 * [`PROTOCOL`] of the page.
 */
protocol: number,
/**
 * When it was sealed, in milliseconds since 1970 by the server's clock.
 */
at_ms: number, };

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
command: string,
/**
 * The title of the form, Chinese and English, where an evaluation was added by another one than the meeting's first.
 */
form?: [string, string], };

/**
 * A kind of thing that a server keeps; the page says of each what it holds, and why it cannot join a seat and a mark.
 */
export type InventoryKind = "document" | "seats" | "slips" | "slip_series" | "printed_slips" | "credentials" | "papers" | "links" | "sessions" | "counts" | "manifests" | "ballots" | "pool" | "keys" | "server_secret" | "notes" | "database" | "backup" | "unknown";

/**
 * One kind of thing that is kept, in one place.
 */
export type InventoryLine = {
/**
 * Where, as `disk` or `redis`.
 */
place: InventoryPlace,
/**
 * The table, the file or the pattern of keys, as `box/{meeting}-{round}.box`.
 */
name: string,
/**
 * What it is.
 */
kind: InventoryKind,
/**
 * Rows, files or entries.
 */
count: number, };

/**
 * Where something is kept.
 */
export type InventoryPlace = "table" | "file" | "redis";

/**
 * `GET /api/meetings/{id}/kept` with a scrutineer's session: everything that the server keeps at this moment.
 */
export type InventoryView = {
/**
 * The server's clock in milliseconds since 1970.
 */
now_ms: number,
/**
 * Tables, then files, then keys; by name.
 */
kept: Array<InventoryLine>, };

/**
 * One item of one subject, over all groups or of one of them.
 */
export type ItemResult = {
/**
 * The mean of its marks in one pile, finished; nothing where nobody marked it.
 */
mean: string | null,
/**
 * By mark, in the order of the form's scale.
 */
marks: Array<number>,
/**
 * Marked rows that leave it empty.
 */
open: number, };

/**
 * One of several criteria as screens show it.
 */
export type ItemView = {
/**
 * As `政治建设`.
 */
label: string,
/**
 * In English; empty for none.
 */
label_en: string,
/**
 * As `30` or `33.33`: percent, finished.
 */
weight_percent: string, };

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
leads_subject: number | null,
/**
 * Whether it is a shared tablet's: counted, and nothing else.
 */
kiosk?: boolean, };

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
 * A server that took sheets and did not come back before the count: what it alone has is not counted.
 */
export type LeftOutServer = {
/**
 * Its id, 1 to 64 characters.
 */
server: string,
/**
 * What people call it, up to 80 characters.
 */
name: string,
/**
 * Sheets that it took, of which some may be missing.
 */
sheets: number, };

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
 * Groups that vote as one in a round, because one of them is too small to be secret alone.
 */
export type MergedGroup = {
/**
 * Their ids.
 */
groups: Array<string>,
/**
 * As what they vote: the group of all their papers and of their column.
 */
column: GroupView, };

/**
 * `POST /api/meetings/{id}/slips` with the session of chair or teller: new codes for all seats of a group that are free, in
 * place of those before. Safe to repeat: the same ones again change nothing.
 */
export type NewSlipsRequest = {
/**
 * The group's id.
 */
group: string,
/**
 * [`SlipsView::next_series`].
 */
series: number,
/**
 * SHA-256 of each code in base64url, one a free seat. The page draws and prints the codes; the server never sees them.
 */
codes: Array<string>, };

/**
 * The primary button's sentences.
 */
export type NextAction = "open_checkin" | "begin" | "go_to" | "start_timer" | "arm" | "open" | "close" | "certify" | "publish" | "repeat" | "close_meeting" | "archive";

/**
 * The chair's one primary button.
 */
export type NextButton = {
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
 * One opinion. Its leaf in the record is `SHA-256(0x00 ‖ {"c":…,"n":…,"t":…})`.
 */
export type OpinionView = {
/**
 * The nonce, base64url.
 */
n: string,
/**
 * The text.
 */
t: string, };

/**
 * What was written about one subject.
 */
export type OpinionsRow = {
/**
 * The subject's number.
 */
subject: number,
/**
 * By leaf, which is a random order; nothing where there are fewer than may be shown, and then not how many there are.
 */
opinions: Array<OpinionView> | null, };

/**
 * What was written in a round: `GET /api/meetings/{id}/rounds/{n}/opinions`, for chair and scrutineers, once the result is
 * released to the chair (rule s65).
 */
export type OpinionsView = {
/**
 * The round.
 */
round: number,
/**
 * The smallest number about a subject that is shown.
 */
min: number,
/**
 * A row a subject, in the order of the round.
 */
rows: Array<OpinionsRow>, };

/**
 * How a row finds its overall mark: the grade in whose band `Σ weight × points ÷ Σ weight` lies, over the items that are marked, rounded
 * half-up. A phone tells with it which rows may be cast; it shows no figure of it.
 */
export type OverallView = {
/**
 * Decimals to which the row's total is rounded, 0 to 4.
 */
decimals: number,
/**
 * Weights of the items in basis points, in their order; that of the overall mark, the last one, is 0.
 */
weights_bp: Array<number>,
/**
 * Best first.
 */
bands: Array<BandView>, };

/**
 * Whether a reporter marks the own branch.
 */
export type OwnBranch = "recused" | "allowed";

/**
 * The paper sheets of one group, added up.
 */
export type PaperCount = {
/**
 * Sheets that came back (收回).
 */
returned: number,
/**
 * Of them invalid as a whole (无效).
 */
invalid: number,
/**
 * One row a subject, in the order of the round's sheet; each adds up to the valid sheets.
 */
rows: Array<PaperMarks>, };

/**
 * A figure that two people entered differently.
 */
export type PaperDifference = {
/**
 * The subject's number; nothing for the sheets.
 */
subject: number | null,
/**
 * Which figure.
 */
figure: PaperFigure,
/**
 * What the teller entered.
 */
teller: number,
/**
 * What the scrutineer entered.
 */
scrutineer: number, };

/**
 * How a group's paper is entered.
 */
export type PaperEntry = { "as": "sheets",
/**
 * Nothing for an invalid sheet; else for each subject of the round the mark's place in the scale from 0, the scale's
 * length for a blank row, one more for the own branch.
 */
sheets: Array<Array<number> | null>, } | { "as": "totals",
/**
 * What is on all of them.
 */
count: PaperCount, };

/**
 * A figure of a paper count.
 */
export type PaperFigure = { "is": "returned" } | { "is": "invalid" } | { "is": "mark",
/**
 * Its id.
 */
mark: string, } | { "is": "answer",
/**
 * The marks' ids in the order of the items, with dots between.
 */
answer: string, } | { "is": "abstained" } | { "is": "recused" };

/**
 * Paper sheets of one group.
 */
export type PaperGroupView = {
/**
 * The group's id.
 */
group: string,
/**
 * Sheets handed out.
 */
issued: number,
/**
 * Whether phones and paper together took more than are entitled: somebody has both, and the accounts cannot close.
 */
exceeds: boolean,
/**
 * Whether the teller has entered them.
 */
teller: boolean,
/**
 * Whether the scrutineer has.
 */
scrutineer: boolean,
/**
 * Whether both entered the same.
 */
agrees: boolean,
/**
 * Sheets that came back, once everything is agreed on.
 */
returned: number | null,
/**
 * Of them valid.
 */
valid: number | null,
/**
 * Of them invalid.
 */
invalid: number | null,
/**
 * How many figures differ.
 */
differ: number,
/**
 * Which ones: only for teller and scrutineer.
 */
differences: Array<PaperDifference>, };

/**
 * The valid paper ballots for one subject.
 */
export type PaperMarks = {
/**
 * Ballots by mark, in the order of the scale; none where rows have several items.
 */
marks: Array<number>,
/**
 * Ballots by answer, as `hao..cha`, where rows have several items; none elsewhere.
 */
answers?: { [key in string]: number },
/**
 * Rows left blank (弃权).
 */
abstained: number,
/**
 * Rows of the voter who leads this subject (回避): 0 or 1.
 */
recused: number, };

/**
 * Paper sheets of a round, as those see them who hand them out and count them.
 */
export type PaperView = {
/**
 * The round's number.
 */
round: number,
/**
 * Whether sheets can be handed out now.
 */
may_issue: boolean,
/**
 * Whether the certificate waits for them.
 */
is_open: boolean,
/**
 * One entry a group of the round.
 */
groups: Array<PaperGroupView>, };

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
 * The meeting's forms beside its first one; none where it has but one.
 */
forms?: Array<FormView>,
/**
 * The title of the form in use, which is that of the round of now; empty for the meeting's first form.
 */
form: string,
/**
 * The same in English; empty for none.
 */
form_en: string,
/**
 * Best first; of a scale of numbers the bands.
 */
scale: Array<MarkView>,
/**
 * The highest number, where marks are whole numbers from 0: their ids are the numbers, the highest first.
 */
numeric: number | null,
/**
 * What each row is marked by; empty where a row has one overall mark.
 */
items: Array<ItemView>,
/**
 * Whether a row is complete or blank, or may leave items open.
 */
needs_all_items: boolean,
/**
 * Where the last item is the overall mark that must match the others.
 */
overall: OverallView | null,
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
 * Where opinions are asked for: the smallest number about a subject that is shown.
 */
opinions_min: number | null,
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
 * `GET /api/meetings/{id}/prints` with a session of chair, teller or scrutineer: all that the print page lays out. The same
 * bytes are in the archive's print page. It holds no figure that the chair's screen may not show.
 */
export type Prints = {
/**
 * The plan.
 */
plan: PlanView,
/**
 * Where the meeting stands.
 */
phase: Phase,
/**
 * Every round, by number.
 */
rounds: Array<RoundView>,
/**
 * The closed accounts of counted rounds, by number; also of void ones that were counted.
 */
accounts: Array<RoundAccounts>,
/**
 * The results that were published and are not held, by number.
 */
results: Array<ResultView>,
/**
 * What was written in rounds whose opinions this role may read.
 */
opinions: Array<OpinionsView>,
/**
 * Names, where the admission is by roster; nothing where no list of names is kept.
 */
roster: Array<RosterLine> | null,
/**
 * Seats by group, in the order of the plan, and of all together under an empty id; none once people are erased.
 */
seats: Array<SeatUse>,
/**
 * Every command, oldest first.
 */
history: Array<HistoryLine>,
/**
 * The letters that stand for the whole history, as the last line of the archive's `history.json` has them (rule e16).
 */
history_digits: string | null,
/**
 * The rules in force, one sentence each: Chinese, English.
 */
rules: Array<[string, string]>,
/**
 * Where phones join the meeting: with it begins the code of a round's rules.
 */
join_qr: string,
/**
 * The server's clock in milliseconds since 1970.
 */
now_ms: number, };

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
retry_after_s: number | null,
/**
 * For new slips that do not fit: how many seats of the group are free now.
 */
seats_free?: number, };

/**
 * What is wrong.
 */
export type ProblemKind = "refused" | "unknown_meeting" | "nothing_to_export" | "not_yet_closed" | "unknown_slip" | "used_slip" | "wrong_code" | "seat_is_taken" | "branch_is_taken" | "meeting_is_full" | "not_yet_open" | "meeting_is_over" | "round_is_counted" | "unknown_session" | "not_allowed" | "no_papers_now" | "other_papers" | "bad_ballot" | "not_anonymous" | "bad_message" | "not_sealed" | "stale" | "other_key" | "too_large" | "slow_down" | "try_again" | "not_found";

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
 * Sheets on paper that the closed round waits for; 0 where it waits for none.
 */
paper_open: number,
/**
 * Counts of each mark, where the meeting shows them live.
 */
tally: LiveTally | null,
/**
 * The result, as far as the hall may see it.
 */
result: ResultView | null, };

/**
 * The record that everybody can download once a round is published.
 */
export type PublicRecord = {
/**
 * SHA-256 of the file in hex.
 */
digest: string,
/**
 * Its fingerprint.
 */
digits: string,
/**
 * Whether it holds leaves in place of ballots.
 */
sealed: boolean, };

/**
 * Who sees the result, from the fewest to all.
 */
export type Publication = "held" | "chair" | "leaders" | "each_own" | "hall_grades" | "hall_scores";

/**
 * What the box signed of a published round, for phones that look for their own ballots:
 * `GET /m/{id}/rounds/{n}/record`, without a session. How it is signed is in `server/rules/src/ballot/RECORD.md`.
 */
export type RecordView = {
/**
 * The file.
 */
record: PublicRecord,
/**
 * How many leaves there are. Up to [`LEAVES_WHOLE_MAX`] come at once from `…/leaves`, 32 bytes each; more in parts of
 * [`LEAVES_PART`] from `…/leaves/{part}`, whose first leaves and roots are at `…/leaves/index`.
 */
leaves: number,
/**
 * The root over the leaves, hex.
 */
root: string,
/**
 * SHA-256 of the record's head, hex.
 */
head: string,
/**
 * The box key's signature over both, base64url.
 */
box_sig: string, };

/**
 * Why a command was not carried out. The sentence is chosen by the client.
 */
export type Refusal = "wrong_phase" | "unknown_step" | "step_is_not_current" | "step_is_fixed" | "step_has_no_timer" | "unknown_round" | "wrong_round_state" | "round_is_running" | "keys_are_not_ready" | "group_is_too_small" | "turnout_is_too_low" | "undo_is_too_late" | "closing_is_not_over" | "unknown_subject" | "unknown_form" | "order_is_incomplete" | "out_of_range" | "limit_is_reached" | "accounts_do_not_close" | "too_much_paper" | "paper_is_open" | "paper_does_not_add_up" | "paper_recusal" | "paper_sheet_breaks_rule" | "needs_both" | "request_is_another" | "request_is_over" | "no_slips" | "slips_do_not_fit" | "slips_are_another" | "unknown_link" | "too_many_links";

/**
 * A paper issued anew, as chair and scrutineer see it.
 */
export type ReissueView = {
/**
 * From 1.
 */
number: number,
/**
 * The voter's group.
 */
group: string,
/**
 * The subject that the voter leads, if any.
 */
leads_subject: number | null,
/**
 * Whether the scrutineer confirmed it.
 */
is_confirmed: boolean,
/**
 * Whether its papers were issued.
 */
has_papers: boolean, };

/**
 * How a subject reports.
 */
export type Report = "onsite" | "written";

/**
 * The outcome of a request.
 */
export type RequestState = "waiting" | "confirmed" | "declined" | "withdrawn";

/**
 * What the chair asks the scrutineer to confirm.
 */
export type RequestView = {
/**
 * The round's number.
 */
round: number,
/**
 * From 1 in each round.
 */
number: number,
/**
 * What.
 */
asked: CoSigned,
/**
 * `waiting`, or `declined`.
 */
state: RequestState,
/**
 * The accounts that are signed with the certificate, or lie behind what else is asked; nothing before the round is counted.
 */
accounts: RoundAccounts | null, };

/**
 * A form as results show it: rounds of one meeting may have different ones.
 */
export type ResultForm = {
/**
 * As `党组织书记测评表`; empty for the meeting's first form.
 */
title: string,
/**
 * In English; empty for none.
 */
title_en: string,
/**
 * The marks, best first; of a scale of numbers the bands.
 */
scale: Array<MarkView>,
/**
 * What each row was marked by; empty for one overall mark.
 */
items: Array<ItemView>, };

/**
 * One subject's result. What this screen may not see is absent.
 */
export type ResultRow = {
/**
 * The subject's number.
 */
subject: number,
/**
 * Counts by mark over all groups, in the order of the scale; nothing where rows have several items.
 */
marks: Array<number> | null,
/**
 * Finished percentages of the marks.
 */
percents: Array<string> | null,
/**
 * By item, where rows have several.
 */
items: Array<ItemResult> | null,
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
top_rate_percent: string | null,
/**
 * The score combined with the round's components, where the rules say so and the score may be seen.
 */
combined?: CombinedRow, };

/**
 * The result of a round, as far as this screen may see it. Figures are finished strings.
 */
export type ResultView = {
/**
 * The round's number.
 */
round: number,
/**
 * Groups that voted as one in it.
 */
merged: Array<MergedGroup>,
/**
 * Who may see it.
 */
publication: Publication,
/**
 * The record that everybody can download at `GET /m/{id}/rounds/{n}/record.json`, once it is published.
 */
record: PublicRecord | null,
/**
 * The accounts of all groups together.
 */
total: GroupAccount,
/**
 * The accounts by group; empty where a group is too small to be shown.
 */
groups: Array<GroupAccount>,
/**
 * The accounts over all groups by channel; empty where all were phones of one's own.
 */
channels: Array<ChannelAccount>,
/**
 * The form that the rows are of.
 */
form: ResultForm,
/**
 * One row a subject, in the order of the sheet.
 */
rows: Array<ResultRow>,
/**
 * The rules in force, one sentence each, as they are printed: Chinese, English.
 */
rules: Array<[string, string]>,
/**
 * How scores are combined, where they are and may be seen.
 */
combination?: CombinationView, };

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
 * The closed accounts of one round.
 */
export type RoundAccounts = {
/**
 * The round's number.
 */
round: number,
/**
 * All groups together.
 */
total: GroupAccount,
/**
 * By group; empty where a group is too small to be shown.
 */
groups: Array<GroupAccount>,
/**
 * By channel, over all groups; empty where nothing was on paper and nobody sat at a shared tablet.
 */
channels: Array<ChannelAccount>,
/**
 * When chair and scrutineer confirmed the count in the system, in milliseconds since 1970.
 */
confirmed_at_ms: number | null, };

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
 * Groups that vote as one in it.
 */
merged: Array<MergedGroup>,
/**
 * SHA-256 of the manifest in hex, from arming on; the manifest is at `GET /api/meetings/{id}/rounds/{n}/manifest`.
 */
manifest_hash: string | null,
/**
 * Twenty-four letters, 4-4-4-4-4-4, from arming on; of rounds that were armed before there were letters sixteen digits.
 */
fingerprint: string | null,
/**
 * The box key's signature over `"pingyi-manifest/2\0" ‖ meeting ‖ u32 round ‖ M`, 64 bytes in base64url, from arming on.
 */
promise: string | null,
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
 * What a sealed request asks for.
 */
export type SealedHead = {
/**
 * `GET` or `POST`.
 */
method: string,
/**
 * The path, with its query if it has one; of this meeting, where it names one.
 */
path: string,
/**
 * When it was sealed, in milliseconds since 1970 by the server's clock: a minute or two later it opens nothing.
 */
at_ms: number,
/**
 * The seat's credential, the role's session or the operator key.
 */
bearer?: string, };

/**
 * How many slips, or names of a roster, are used.
 */
export type SeatUse = {
/**
 * The group's id; empty for all together.
 */
group: string,
/**
 * Slips printed: one a voter entitled, and those that took the place of others; the sum of the next three.
 */
made: number,
/**
 * Seats taken: slips used.
 */
taken: number,
/**
 * Seats that are free: slips left.
 */
left: number,
/**
 * Slips that were replaced, and open nothing.
 */
replaced: number, };

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
low_min: LowMin | null,
/**
 * A row with the worst grade (the scale's last), in itself or in an item, needs an opinion that says why. Left out where it
 * is not asked, and so is the next one: a manifest without them is spelled as it was before there were such rules.
 */
worst_reason?: boolean,
/**
 * The last item of a row is its overall mark, which weighs nothing and must be the grade in whose band the row's total lies
 * (rule t23). It is held row by row, where answers are read, and not by [`Self::broken`].
 */
overall_matches?: boolean, };

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
round: RoundView | null,
/**
 * The box of this meeting, from its first day on; nothing in a meeting that armed a round before meetings had one.
 */
box_key: BoxKeyView | null, };

/**
 * The slips of a group, as those see them who hand them out.
 */
export type SlipsView = {
/**
 * The group's id.
 */
group: string,
/**
 * Slips that nobody used.
 */
left: number,
/**
 * Slips that were replaced by new ones.
 */
replaced: number,
/**
 * Which series the next new ones are.
 */
next_series: number, };

/**
 * What was chosen where a group has fewer voters than the secret needs.
 */
export type SmallGroups = "refuse" | "totals_only" | "merge";

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
 * The title of its form, Chinese and English, where an evaluation has another one than the first.
 */
form: [string, string] | null,
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
absent: boolean,
/**
 * The places of the items that do not apply to it, from 0.
 */
without_items: Array<number>, };

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
