//! How a phone or a screen gets in, its papers, and the answers to its cast.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::plan::PlanView;
use super::screens::VoterView;
use super::{CastVerdict, Problem};
use crate::role::Role;

/// What the server writes into a page in place of `<!--first-->`, as `<script type="application/json" id="first">`, on `/m/{id}`:
/// the page shows host, meeting and fingerprint without another request. Nothing in it needs a seat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct First {
    /// The server's clock in milliseconds since 1970.
    #[ts(type = "number")]
    pub now_ms: u64,
    /// What requests about this meeting are sealed to: X25519, 32 bytes in base64url.
    pub key: String,
    /// The meeting's plan.
    pub plan: PlanView,
    /// What a phone sees.
    pub view: VoterView,
}

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

/// `POST /api/meetings/{id}/rounds/{n}/papers` with the seat's credential: blinded tokens for contest 0 and every row that the seat may mark.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct PapersRequest {
    /// By contest, ascending.
    pub papers: Vec<BlindedPaper>,
}

/// Bytes that a paper takes at most in a request or an answer: `{"c":201,"z":"…"},` with 256 bytes in base64url, and its share
/// of what stands around them. From outside all
/// requests and answers for a round are as long as those for all of its rows.
pub const PAPER_BYTES: usize = 17 + 342 + 8;

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

/// What is in the envelope that answers `POST /box/{id}/{n}/cast` (its body is described in `ballot::cast`), with blanks after it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(untagged)]
pub enum CastReply {
    /// The batch was looked at.
    Items(CastAnswer),
    /// It was not, or breaks a rule.
    Problem(Problem),
}

/// The outcome of a batch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CastAnswer {
    /// One answer for each item, in the order of the request.
    pub items: Vec<CastItem>,
}

/// The outcome of one ballot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CastItem {
    /// `in` and `same` are acknowledgements.
    pub answer: CastVerdict,
    /// The box's signature over the ballot, 64 bytes in base64url, the same on every repeat; only with an acknowledgement.
    pub receipt: Option<String>,
}
