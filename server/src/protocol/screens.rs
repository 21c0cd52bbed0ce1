//! What travels on a socket: the situation, a round, a phone's view and the projector's.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::chair::ChairView;
use super::plan::GroupView;
use super::result::ResultView;
use pingyi_rules::meeting::{Phase, Scene};

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

/// The first and only message that a screen sends on a socket: padded, in an envelope to the meeting's key, as a binary message.
/// What a role is sent from then on are messages of the answer to it, padded, the first one with the nonce before it; what a
/// phone is sent is in clear, as text, because all phones are sent the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Hello {
    /// The seat's credential or the role's session.
    pub session: String,
    /// [`PROTOCOL`] of the page.
    pub protocol: u32,
    /// When it was sealed, in milliseconds since 1970 by the server's clock.
    #[ts(type = "number")]
    pub at_ms: u64,
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
    /// The box of this meeting, from its first day on; nothing in a meeting that armed a round before meetings had one.
    pub box_key: Option<BoxKeyView>,
}

/// The key that signs manifests, receipts and records of all rounds of a meeting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BoxKeyView {
    /// The Ed25519 key, base64url.
    pub key: String,
    /// What people compare: twenty-four letters of its SHA-256.
    pub fingerprint: String,
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
    pub state: RoundStateView,
    /// The subjects on the sheet, in its order; contest i+1 is `subjects[i]`.
    pub subjects: Vec<u16>,
    /// Groups that vote as one in it.
    pub merged: Vec<MergedGroup>,
    /// SHA-256 of the manifest in hex, from arming on; the manifest is at `GET /api/meetings/{id}/rounds/{n}/manifest`.
    pub manifest_hash: Option<String>,
    /// Twenty-four letters, 4-4-4-4-4-4, from arming on; of rounds that were armed before there were letters sixteen digits.
    pub fingerprint: Option<String>,
    /// The box key's signature over `"pingyi-manifest/2\0" ‖ meeting ‖ u32 round ‖ M`, 64 bytes in base64url, from arming on.
    pub promise: Option<String>,
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
#[ts(rename = "RoundStage")]
pub enum RoundStateView {
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
