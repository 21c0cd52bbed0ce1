//! What lies in a box: a ballot or an opinion. A store keeps items and need not know which is which, but for what it counts.

use super::cast::Ballot;
use super::opinion::{self, Opinion};

/// Set in the contest of an opinion's key, so that it is no ballot's.
pub const OPINION_BIT: u16 = 0x8000;

/// One thing in the box.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "nearly all items are ballots")]
pub enum BoxItem {
    /// A ballot.
    Ballot(Ballot),
    /// An opinion.
    Opinion(Opinion),
}

impl BoxItem {
    /// What can be in the box once: contest and ballot key, or contest with [`OPINION_BIT`] and nonce.
    #[must_use]
    pub const fn key(&self) -> (u16, [u8; 32]) {
        match self {
            Self::Ballot(ballot) => (ballot.contest, ballot.pk),
            Self::Opinion(opinion) => (opinion.contest | OPINION_BIT, opinion.nonce),
        }
    }

    /// The group's id; empty for an opinion, which has none.
    #[must_use]
    pub fn group(&self) -> &str {
        match self {
            Self::Ballot(ballot) => &ballot.group,
            Self::Opinion(_) => "",
        }
    }

    /// A ballot's answer; empty for an opinion, of which nothing is told while the round is open.
    #[must_use]
    pub fn answer(&self) -> &str {
        match self {
            Self::Ballot(ballot) => &ballot.answer,
            Self::Opinion(_) => "",
        }
    }

    /// Its place in the record.
    #[must_use]
    pub fn leaf(&self) -> [u8; 32] {
        match self {
            Self::Ballot(ballot) => ballot.leaf(),
            Self::Opinion(opinion) => opinion.leaf(),
        }
    }

    /// Its bytes in a box.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        match self {
            Self::Ballot(ballot) => ballot.encode(),
            Self::Opinion(opinion) => opinion.encode(),
        }
    }

    /// Reads what [`encode`](Self::encode) wrote; none for anything else.
    #[must_use]
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        if bytes.first() == Some(&opinion::ENCODING) {
            return Opinion::decode(bytes).map(Self::Opinion);
        }
        Ballot::decode(bytes).map(Self::Ballot)
    }
}
