//! A round: one evaluation, from its draft to its publication, and the status that its commands step through.
//! Ballots are not here: a round knows how many there were, once it is closed.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::accounting::Accounting;
use super::paper::Paper;
use super::plan::Publication;
use super::refusal::Refusal;
use super::tally::Tally;

/// How long phones may still send after the chair closed, in milliseconds.
pub const CLOSING_MS: u64 = 10_000;
/// How long a close can be taken back, in milliseconds.
pub const UNDO_MS: u64 = 3_000;
/// Most servers that a count can do without.
pub const LEFT_OUT_MAX: usize = 100;
/// Most rounds a meeting may have.
pub const ROUNDS_MAX: usize = 400;

/// One round of evaluation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Round {
    /// From 1, in the order of the agenda; a repeated round gets the next free number.
    pub number: u32,
    /// The evaluation step that it belongs to.
    pub step: u32,
    /// The subjects on its sheet, in the order of the sheet.
    pub subjects: Vec<u16>,
    /// How far it is.
    pub state: RoundState,
    /// SHA-256 of its manifest in hex, from arming on.
    pub manifest_hash: Option<String>,
    /// The manifest's fingerprint, from arming on: twenty-four letters, or the sixteen digits that it had before.
    pub fingerprint: Option<String>,
    /// The box key's signature of the manifest, base64url, from arming on; nothing in a round that was armed before there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promise: Option<String>,
    /// How groups that are too small were dealt with.
    pub small_groups: SmallGroups,
    /// Groups that vote as one in it: papers of one colour, one column, the weights of all. Each list under the id of its first.
    #[serde(default)]
    pub merged: Vec<Vec<String>>,
    /// The accounts at arming, and at closing the final ones.
    pub accounting: Option<Accounting>,
    /// What was counted, from closing on.
    pub tally: Option<Tally>,
    /// Who sees the result, from publication on.
    pub publication: Option<Publication>,
    /// What the public record of this publication is.
    #[serde(default)]
    pub record: Option<PublicRecord>,
    /// Why it does not count, where it is void.
    pub void_reason: Option<String>,
    /// Servers whose ballots the chair did not wait for.
    #[serde(default)]
    pub closed_without: Vec<LeftOutServer>,
    /// What the box signed of its records, once its key is destroyed.
    #[serde(default)]
    pub signatures: Vec<RecordSignature>,
    /// Papers issued anew, by number.
    #[serde(default)]
    pub reissues: Vec<super::reissue::Reissue>,
    /// The last thing that the chair asked the scrutineer to confirm.
    #[serde(default)]
    pub request: Option<super::request::Request>,
    /// Sheets on paper.
    #[serde(default)]
    pub paper: Paper,
    /// The components that its score is combined with, in the order of the sheet.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub imported: Vec<crate::scoring::Imported>,
    /// Seats that were taken at a shared tablet: the hash of the credential (hex), and the group. Gone once the round is counted.
    #[serde(default)]
    pub kiosk: std::collections::BTreeMap<String, String>,
}

/// The box's signature of one variant of a round's record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordSignature {
    /// SHA-256 of the variant's head, hex.
    pub head: String,
    /// 64 bytes, hex.
    pub signature: String,
}

/// What the box signed of one round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoundSignatures {
    /// The round's number.
    pub round: u32,
    /// By variant.
    pub signatures: Vec<RecordSignature>,
}

/// A server that took sheets and did not come back before the count: what it alone has is not counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LeftOutServer {
    /// Its id, 1 to 64 characters.
    pub server: String,
    /// What people call it, up to 80 characters.
    pub name: String,
    /// Sheets that it took, of which some may be missing.
    pub sheets: u32,
}

/// The record that everybody can download once a round is published.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PublicRecord {
    /// SHA-256 of the file in hex.
    pub digest: String,
    /// Its fingerprint.
    pub digits: String,
    /// Whether it holds leaves in place of ballots.
    pub sealed: bool,
}

/// draft → armed → open → closing → closed → certified → published, and void from any of them before published.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum RoundState {
    /// Nothing is frozen; keys are made in the background.
    Draft,
    /// The manifest is frozen, papers are issued, no cast is taken.
    Armed,
    /// Papers and casts.
    Open,
    /// Casts only.
    Closing {
        /// When the box is frozen, in milliseconds since 1970.
        ends_at_ms: u64,
    },
    /// Frozen and counted.
    Closed,
    /// Witnessed.
    Certified,
    /// Released to an audience.
    Published,
    /// Does not count.
    Void,
}

/// What was chosen where a group has fewer voters than the secret needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SmallGroups {
    /// Nothing: refuse to arm.
    Refuse,
    /// Show no group's figures, only the totals.
    TotalsOnly,
    /// Groups of equal weight vote as one with each that is too small.
    Merge,
}

impl Round {
    /// The group as which a seat of this group votes in the round.
    #[must_use]
    pub fn group_of<'a>(&'a self, group: &'a str) -> &'a str {
        let merged = self.merged.iter().find(|merged| merged.iter().any(|id| id == group));
        merged.and_then(|merged| merged.first()).map_or(group, String::as_str)
    }
}

impl RoundState {
    /// Whether a cast is taken.
    #[must_use]
    pub fn takes_casts(self) -> bool {
        matches!(self, Self::Open | Self::Closing { .. })
    }

    /// Whether papers are issued.
    #[must_use]
    pub fn issues_papers(self) -> bool {
        matches!(self, Self::Armed | Self::Open)
    }

    /// Whether the ballots are frozen and counted.
    #[must_use]
    pub fn is_counted(self) -> bool {
        matches!(self, Self::Closed | Self::Certified | Self::Published)
    }

    /// The state after arming.
    ///
    /// # Errors
    /// `WrongRoundState` from any state but draft and armed.
    pub fn arm(self) -> Result<Self, Refusal> {
        match self {
            Self::Draft | Self::Armed => Ok(Self::Armed),
            _ => Err(Refusal::WrongRoundState),
        }
    }

    /// The state after opening.
    ///
    /// # Errors
    /// `WrongRoundState` from any state but armed and open.
    pub fn open(self) -> Result<Self, Refusal> {
        match self {
            Self::Armed | Self::Open => Ok(Self::Open),
            _ => Err(Refusal::WrongRoundState),
        }
    }

    /// The state after the chair closed at `now_ms`.
    ///
    /// # Errors
    /// `WrongRoundState` from any state but open and closing.
    pub fn close(self, now_ms: u64) -> Result<Self, Refusal> {
        match self {
            Self::Open => Ok(Self::Closing { ends_at_ms: now_ms + CLOSING_MS }),
            Self::Closing { .. } => Ok(self),
            _ => Err(Refusal::WrongRoundState),
        }
    }

    /// The state after a close was taken back at `now_ms`.
    ///
    /// # Errors
    /// `UndoIsTooLate` three seconds after the close, `WrongRoundState` from any state but closing and open.
    pub fn undo_close(self, now_ms: u64) -> Result<Self, Refusal> {
        match self {
            Self::Open => Ok(Self::Open),
            Self::Closing { ends_at_ms } if now_ms + CLOSING_MS <= ends_at_ms + UNDO_MS => Ok(Self::Open),
            Self::Closing { .. } => Err(Refusal::UndoIsTooLate),
            _ => Err(Refusal::WrongRoundState),
        }
    }

    /// The state after the box was frozen at `now_ms`.
    ///
    /// # Errors
    /// `ClosingIsNotOver` before the ten seconds are, `WrongRoundState` from any state but closing and closed.
    pub fn freeze(self, now_ms: u64) -> Result<Self, Refusal> {
        match self {
            Self::Closing { ends_at_ms } if now_ms < ends_at_ms => Err(Refusal::ClosingIsNotOver),
            Self::Closing { .. } | Self::Closed => Ok(Self::Closed),
            _ => Err(Refusal::WrongRoundState),
        }
    }

    /// Whether the chair can do without a server at `now_ms`: while the box is being frozen.
    ///
    /// # Errors
    /// `ClosingIsNotOver` before the ten seconds are, `WrongRoundState` from any state but closing.
    pub fn do_without(self, now_ms: u64) -> Result<Self, Refusal> {
        match self {
            Self::Closing { ends_at_ms } if now_ms < ends_at_ms => Err(Refusal::ClosingIsNotOver),
            Self::Closing { .. } => Ok(self),
            _ => Err(Refusal::WrongRoundState),
        }
    }

    /// The state after the count was witnessed.
    ///
    /// # Errors
    /// `WrongRoundState` from any state but closed and certified.
    pub fn certify(self) -> Result<Self, Refusal> {
        match self {
            Self::Closed | Self::Certified => Ok(Self::Certified),
            _ => Err(Refusal::WrongRoundState),
        }
    }

    /// The state after publication.
    ///
    /// # Errors
    /// `WrongRoundState` from any state but certified and published.
    pub fn publish(self) -> Result<Self, Refusal> {
        match self {
            Self::Certified | Self::Published => Ok(Self::Published),
            _ => Err(Refusal::WrongRoundState),
        }
    }

    /// The state after the round was declared void.
    ///
    /// # Errors
    /// `WrongRoundState` once it is published.
    pub fn void(self) -> Result<Self, Refusal> {
        match self {
            Self::Published => Err(Refusal::WrongRoundState),
            _ => Ok(Self::Void),
        }
    }
}
