//! What is said when it does not work, and why a socket closes.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use pingyi_rules::meeting::Refusal;

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
    /// The round was counted and no cast can be read any more: only the record tells what is in it (409).
    RoundIsCounted,
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
    /// It carries a secret in clear, or was sealed to another key: reload the page (400).
    NotSealed,
    /// It was sealed at a time that the server's clock is not near, or was here before (400); `detail` is the server's time in
    /// milliseconds since 1970.
    Stale,
    /// The server's key is not the one that the link names; a page says so, never the server.
    OtherKey,
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
    /// The hello was sealed to another key than the meeting's: ask for the key again.
    pub const NOT_SEALED: Self = Self(4002);
    /// The hello was sealed at a time that the server's clock is not near, or came before: ask for the time again.
    pub const STALE: Self = Self(4003);
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
