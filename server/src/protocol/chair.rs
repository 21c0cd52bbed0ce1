//! What the chair, tellers and scrutineers see beside the result: people, requests, paper, slips, what the server keeps.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::command::HistoryLine;
use super::result::{ComponentsView, ResultView, RoundAccounts};
use super::screens::{LiveTally, RoundView, Situation, Turnout};
use crate::durability::Durability;
use crate::inventory::{Destroyed, InventoryLine};
use crate::role::Role;
use pingyi_rules::meeting::request::{CoSigned, RequestState};
use pingyi_rules::meeting::round::LeftOutServer;
use pingyi_rules::meeting::{Scene, Wish};

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
    pub next: Option<NextButton>,
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
    pub missing_servers: Vec<LeftOutServer>,
    /// Servers that the count of the round of now was made without.
    pub left_out: Vec<LeftOutServer>,
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

/// `GET /api/meetings/{id}/kept` with a scrutineer's session: everything that the server keeps at this moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct InventoryView {
    /// The server's clock in milliseconds since 1970.
    #[ts(type = "number")]
    pub now_ms: u64,
    /// Tables, then files, then keys; by name.
    pub kept: Vec<InventoryLine>,
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
pub struct NewSlipsRequest {
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

/// The chair's one primary button.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct NextButton {
    /// Which sentence the button shows.
    pub action: NextAction,
    /// What pressing it sends to `POST /api/meetings/{id}/commands`.
    pub command: Wish,
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
