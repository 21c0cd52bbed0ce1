//! What lies in the box of one of several servers: an item, or a filler. Phones' batches differ in what they hold: a leader has no
//! row for the own branch, and opinions are as many as were written. Fillers bring each batch to one shape (rule s141); they lie
//! beside what was cast, at Redis and in each server's own box, because a box that is brought back, or looked through when a
//! server signs off, must not show which ones they are. They are in no pile, no count and no record.

use pingyi_rules::ballot::BoxItem;

/// Where a ballot's key has its contest: no contest, and no opinion about one.
pub(super) const NO_CONTEST: u16 = u16::MAX;
/// The first byte of an encoded filler; a ballot's is 1, and an opinion's 2.
const FILLER_ENCODING: u8 = 3;

/// One thing in a box.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "nearly all of them are items")]
pub enum BoxEntry {
    /// A ballot or an opinion.
    Item(BoxItem),
    /// Nothing: 32 bytes that only servers can tell from a ballot's key.
    Filler([u8; 32]),
}

impl BoxEntry {
    /// What can be in the box once.
    #[must_use]
    pub const fn key(&self) -> (u16, [u8; 32]) {
        match self {
            Self::Item(item) => item.key(),
            Self::Filler(id) => (NO_CONTEST, *id),
        }
    }

    /// Its bytes in a box.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        match self {
            Self::Item(item) => item.encode(),
            Self::Filler(id) => [&[FILLER_ENCODING][..], id].concat(),
        }
    }

    /// Reads what [`encode`](Self::encode) wrote; none for anything else.
    #[must_use]
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        match bytes.split_first() {
            Some((&FILLER_ENCODING, id)) => id.try_into().ok().map(Self::Filler),
            _ => BoxItem::decode(bytes).map(Self::Item),
        }
    }

    /// The ballot or opinion; none for a filler.
    #[must_use]
    pub fn item(self) -> Option<BoxItem> {
        match self {
            Self::Item(item) => Some(item),
            Self::Filler(_) => None,
        }
    }
}
