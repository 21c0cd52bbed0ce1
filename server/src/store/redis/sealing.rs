//! How things lie at Redis: sealed under keys that are made of the servers' secret, and so of the operator key, which is in no
//! Redis and in no file. Whoever reads Redis, its snapshots, its replicas or its wire sees bytes of a few lengths and which of
//! them are the same. It seals and opens; what a sealed thing means is decided elsewhere.
//!
//! Everything is `nonce (24) ‖ ciphertext ‖ tag (16)` of XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03). Nonces are made of
//! what is sealed (HMAC-SHA-256, as RFC 5297 does it with a cipher of its own): the same is the same bytes at every server, so
//! steps compare without reading, and no server needs to remember how much it sealed. Only what waits for the live tally has
//! nonces at random, because equal marks must not look alike. What it is, the meeting, and the round are bound to each.

pub(in crate::store::redis) mod document;
pub(in crate::store::redis) mod seat;

use chacha20poly1305::aead::KeyInit as _;
use chacha20poly1305::{AeadInOut as _, XChaCha20Poly1305, XNonce};
use data_encoding::HEXLOWER;

use crate::randomness::random;
use crate::server_secret::{ServerSecret, keyed};
use crate::store::entry::BoxEntry;
use crate::store::{Result, StoreError};
use pingyi_rules::ballot::BoxItem;
use pingyi_rules::ballot::cast::{ANSWER_BYTES_MAX, ENCODED_BYTES_MAX};
use pingyi_rules::ballot::opinion::{ENCODED_BYTES as OPINION_BYTES, most_of_a_sheet};
use pingyi_rules::meeting::{Meeting, Round};

/// Bytes of a nonce.
const NONCE_BYTES: usize = 24;
/// Bytes by which an entry is found again: the first ones of its nonce. 4,000,000 of them have two alike once in 10²⁵ rounds.
pub(super) const TAG_BYTES: usize = 16;
/// Bytes before the content that tell how long it is; the rest is zeros.
const LENGTH_BYTES: usize = 4;

/// What is sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A ballot, an opinion or a filler in a box.
    Entry,
    /// What the live tally takes of one that was just cast.
    Fresh,
    /// What is pending and what was released of a round.
    Pool,
    /// Private keys of a round; 0 for those of none.
    Keys,
    /// The manifest of a round.
    Manifest,
    /// A meeting's document.
    Document,
    /// Who may sit on a seat; its number is in the place of the round.
    Seat,
}

impl Kind {
    const fn word(self) -> &'static str {
        match self {
            Self::Entry => "entry",
            Self::Fresh => "fresh",
            Self::Pool => "pool",
            Self::Keys => "keys",
            Self::Manifest => "manifest",
            Self::Document => "document",
            Self::Seat => "seat",
        }
    }

    /// Lengths are multiples of it, so that they tell little or nothing: a document's grows with the history, a seat's is one for
    /// most names. Where all have one length already it is 1.
    const fn bytes_step(self) -> usize {
        match self {
            Self::Document => 4096,
            Self::Seat => 128,
            Self::Entry | Self::Fresh | Self::Pool | Self::Keys | Self::Manifest => 1,
        }
    }
}

/// The one shape of all batches of a round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BatchShape {
    /// Entries of a batch: the sheet, every row, and as many opinions as may be written.
    pub entries: usize,
    /// Bytes that every entry is filled up to.
    pub entry_bytes: usize,
}

impl BatchShape {
    /// The shape of a round's batches.
    #[must_use]
    pub fn of(meeting: &Meeting, round: &Round) -> Self {
        let rows = round.subjects.len();
        let opinions = if meeting.plan.opinions { most_of_a_sheet(rows) } else { 0 };
        let entry_bytes = if meeting.plan.opinions { OPINION_BYTES } else { ENCODED_BYTES_MAX };
        Self { entries: 1 + rows + opinions, entry_bytes }
    }
}

/// Seals and opens.
pub struct Sealing {
    cipher: XChaCha20Poly1305,
    nonces: [u8; 32],
    tags: [u8; 32],
    sheets: [u8; 32],
    fillers: [u8; 32],
    check: String,
}

impl std::fmt::Debug for Sealing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sealing")
    }
}

fn cannot(what: &str) -> StoreError {
    StoreError::Broken(format!("redis: {what}"))
}

/// What is bound to everything that is sealed. Ids of meetings have no zero bytes.
fn bound_to(kind: Kind, meeting: &str, number: u32) -> Vec<u8> {
    [b"pingyi-redis/2\0", kind.word().as_bytes(), b"\0", meeting.as_bytes(), b"\0", &number.to_be_bytes()].concat()
}

impl Sealing {
    /// With keys for each use from the servers' secret.
    #[must_use]
    pub fn new(secret: &ServerSecret) -> Self {
        Self {
            cipher: XChaCha20Poly1305::new(&secret.key_for("redis seal").into()),
            nonces: secret.key_for("redis nonces"),
            tags: secret.key_for("redis tags"),
            sheets: secret.key_for("redis sheets"),
            fillers: secret.key_for("redis fillers"),
            check: HEXLOWER.encode(&secret.key_for("redis check")[..16]),
        }
    }

    /// What the operator key is known by at Redis: 32 hexadecimal digits.
    #[must_use]
    pub fn check(&self) -> &str {
        &self.check
    }

    /// `number` is the round, or what [`Kind`] says.
    pub(super) fn seal(&self, kind: Kind, meeting: &str, number: u32, content: &[u8]) -> Result<Vec<u8>> {
        let bound = bound_to(kind, meeting, number);
        let mut nonce = [0; NONCE_BYTES];
        nonce.copy_from_slice(&keyed(&self.nonces, &[&bound, content])[..NONCE_BYTES]);
        let length = (LENGTH_BYTES + content.len()).next_multiple_of(kind.bytes_step());
        self.sealed(nonce, &bound, content, length)
    }

    fn sealed(&self, nonce: [u8; NONCE_BYTES], bound: &[u8], content: &[u8], length: usize) -> Result<Vec<u8>> {
        let written = u32::try_from(content.len()).ok().filter(|_| LENGTH_BYTES + content.len() <= length);
        let written = written.ok_or_else(|| cannot("something is too long to be sealed"))?;
        let mut sealed = Vec::with_capacity(NONCE_BYTES + length + 16);
        sealed.extend(nonce);
        sealed.extend(written.to_be_bytes());
        sealed.extend(content);
        sealed.resize(NONCE_BYTES + length, 0);
        let tag = self.cipher.encrypt_inout_detached(&XNonce::from(nonce), bound, (&mut sealed[NONCE_BYTES..]).into());
        sealed.extend(tag.map_err(|_| cannot("something cannot be sealed"))?);
        Ok(sealed)
    }

    /// What was sealed as that kind, for that meeting and number, by whoever has the operator key.
    pub(super) fn open(&self, kind: Kind, meeting: &str, number: u32, sealed: &[u8]) -> Result<Vec<u8>> {
        let opened = || {
            let (nonce, rest) = sealed.split_first_chunk::<NONCE_BYTES>()?;
            let (content, tag) = rest.split_last_chunk::<16>()?;
            let (mut content, bound) = (content.to_vec(), bound_to(kind, meeting, number));
            let opened = self.cipher.decrypt_inout_detached(
                &XNonce::from(*nonce),
                &bound,
                content.as_mut_slice().into(),
                &(*tag).into(),
            );
            opened.ok()?;
            let length = u32::from_be_bytes(*content.first_chunk::<LENGTH_BYTES>()?);
            content.drain(..LENGTH_BYTES);
            content.truncate(usize::try_from(length).ok().filter(|length| *length <= content.len())?);
            Some(content)
        };
        opened().ok_or_else(|| cannot("something there was not sealed with this operator key"))
    }

    // ── Boxes ───────────────────────────────────────────────────────────────────────────────────────────────────

    /// An entry as it lies in the box of a round: its tag, by which a second one of its key is found, the rest of the nonce, and
    /// the entry, filled up to one length.
    ///
    /// # Errors
    /// Where the entry is longer than that.
    pub fn entry(&self, meeting: &str, round: u32, entry: &BoxEntry, shape: BatchShape) -> Result<Vec<u8>> {
        let ((contest, key), content) = (entry.key(), entry.encode());
        let bound = bound_to(Kind::Entry, meeting, round);
        let mut nonce = [0; NONCE_BYTES];
        nonce[..TAG_BYTES].copy_from_slice(&keyed(&self.tags, &[&bound, &contest.to_be_bytes(), &key])[..TAG_BYTES]);
        let of_content = keyed(&self.nonces, &[&bound, &content]);
        nonce[TAG_BYTES..].copy_from_slice(&of_content[..NONCE_BYTES - TAG_BYTES]);
        self.sealed(nonce, &bound, &content, LENGTH_BYTES + shape.entry_bytes)
    }

    /// The entry that lies there.
    ///
    /// # Errors
    /// Where it was not sealed with this operator key for this round.
    pub fn opened_entry(&self, meeting: &str, round: u32, sealed: &[u8]) -> Result<BoxEntry> {
        let content = self.open(Kind::Entry, meeting, round, sealed)?;
        BoxEntry::decode(&content).ok_or_else(|| cannot("a ballot cannot be read"))
    }

    /// By what a sheet is counted once, of which this is the ballot key. It is another tag than the one of its ballot.
    pub(super) fn sheet(&self, meeting: &str, round: u32, key: &[u8; 32]) -> Vec<u8> {
        keyed(&self.sheets, &[meeting.as_bytes(), &round.to_be_bytes(), key])[..TAG_BYTES].to_vec()
    }

    /// The fillers of a batch, made of the ballot key of its sheet: a repeat has the same.
    pub(super) fn fillers(&self, meeting: &str, round: u32, sheet: &[u8; 32], count: usize) -> Vec<BoxEntry> {
        let of_sheet = [meeting.as_bytes(), &round.to_be_bytes(), sheet];
        let filler = |number: usize| {
            let number = (number as u64).to_be_bytes();
            BoxEntry::Filler(keyed(&self.fillers, &[of_sheet[0], of_sheet[1], of_sheet[2], &number]))
        };
        (0..count).map(filler).collect()
    }

    // ── The live tally ──────────────────────────────────────────────────────────────────────────────────────────

    /// What the live tally takes of an entry that is cast: contest and answer of a row, or nothing, in one length and with a
    /// random nonce. Only a cast that is new leaves it, so a repeat never does.
    pub(super) fn fresh(&self, meeting: &str, round: u32, entry: &BoxEntry) -> Result<Vec<u8>> {
        let nonce = random().map_err(|_| cannot("the system has no randomness to give"))?;
        let (contest, answer) = match entry {
            BoxEntry::Item(BoxItem::Ballot(ballot)) => (ballot.contest, ballot.answer.as_bytes()),
            BoxEntry::Item(BoxItem::Opinion(_)) | BoxEntry::Filler(_) => (0, &[][..]),
        };
        let answer = if contest == 0 { &[] } else { answer };
        let content = [&contest.to_be_bytes()[..], answer].concat();
        let bound = bound_to(Kind::Fresh, meeting, round);
        self.sealed(nonce, &bound, &content, LENGTH_BYTES + 2 + ANSWER_BYTES_MAX)
    }

    /// The contest and answer; none where there was nothing to count.
    ///
    /// # Errors
    /// Where it was not sealed with this operator key for this round.
    pub fn opened_fresh(&self, meeting: &str, round: u32, sealed: &[u8]) -> Result<Option<(u16, String)>> {
        let content = self.open(Kind::Fresh, meeting, round, sealed)?;
        let read = || {
            let (contest, answer) = content.split_first_chunk::<2>()?;
            Some((u16::from_be_bytes(*contest), String::from_utf8(answer.to_vec()).ok()?))
        };
        let (contest, answer) = read().ok_or_else(|| cannot("what was cast cannot be read"))?;
        Ok((contest > 0).then_some((contest, answer)))
    }

    /// Private keys of a round as they lie there, the same bytes for the same keys.
    ///
    /// # Errors
    /// Where they are too long.
    pub fn keys(&self, meeting: &str, round: u32, keys: &[u8]) -> Result<Vec<u8>> {
        self.seal(Kind::Keys, meeting, round, keys)
    }
}
