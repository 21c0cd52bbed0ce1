//! The verifier of a record: sixteen checks in a fixed order, the first that fails is the verdict. It is told a file's bytes
//! and nothing else; tests/verify.py does the same without sharing a line with it. What each check means is in RECORD.md.
//! A record without ballots cannot be counted again: that its form holds is another verdict than that its result does.

mod ballots;
mod form;
mod proof;
mod sums;
mod together;
mod words;

pub use proof::{PROOF_FORMAT, Proof, ProofItem};
pub use together::verify_with_whole;

use std::collections::BTreeSet;

use super::fraud::{self, Fraud};
use super::frozen::Frozen;
use super::record::{self, Counted, RecordFile};
use super::{merkle, sha256};

/// What a verifier ends with where a record holds as far as it could be checked, and its result was not counted again.
pub const FORM_ONLY: u8 = 3;
/// What a verifier ends with for a proof of fraud that holds.
pub const FRAUD: u8 = 4;

/// A check of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Check {
    /// The manifest is the one whose hash the record tells.
    ManifestHash,
    /// One distinct valid key for each contest and group, and a good box key.
    Keys,
    /// Known fields in their one spelling.
    Form,
    /// Every token was signed for its ballot.
    Tokens,
    /// No token is spent twice.
    SpentOnce,
    /// Every ballot is signed by its own key.
    Signatures,
    /// Every answer is canonical and allowed.
    Answers,
    /// The leaves ascend.
    Order,
    /// The root is theirs.
    Root,
    /// No more ballots than papers, no more papers than entitled.
    Papers,
    /// The histograms are those of the ballots.
    Histograms,
    /// The scores, ranks and grades follow from the histograms, exactly.
    Scores,
    /// The box key signed the record.
    RecordSignature,
    /// Small groups are hidden, and nothing else.
    SmallGroups,
    /// The ballots of a phone's proof are there.
    Proof,
    /// The public record is the one that follows from the whole one.
    OneCount,
}

impl Check {
    /// Every check in the order of its number.
    pub const ALL: [Self; 16] = [
        Self::ManifestHash,
        Self::Keys,
        Self::Form,
        Self::Tokens,
        Self::SpentOnce,
        Self::Signatures,
        Self::Answers,
        Self::Order,
        Self::Root,
        Self::Papers,
        Self::Histograms,
        Self::Scores,
        Self::RecordSignature,
        Self::SmallGroups,
        Self::Proof,
        Self::OneCount,
    ];

    /// 1 to 16, as in V1 to V16.
    #[must_use]
    pub fn number(self) -> u8 {
        Self::ALL.iter().zip(1..).find_map(|(check, number)| (*check == self).then_some(number)).unwrap_or(0)
    }

    /// What `pingyi verify` ends with: 11 to 26.
    #[must_use]
    pub fn exit_code(self) -> u8 {
        10 + self.number()
    }

    /// What is wrong, in one sentence: Chinese, English.
    #[must_use]
    pub const fn sentences(self) -> [&'static str; 2] {
        words::of(self)
    }
}

/// Where in a record something is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecordPlace {
    /// In the record as a whole.
    Whole,
    /// In the ballot, or leaf, of this place in its list, from 0.
    Ballot(usize),
    /// In a contest.
    Contest(u16),
    /// In a group, or in a group of a contest.
    Group(String, Option<u16>),
    /// In a member of the file, by its name.
    Member(&'static str),
}

/// The verdict on a record that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The first check that fails, in the order 3, 1, 2, 4, 5 … 16.
    pub check: Check,
    /// Where.
    pub place: RecordPlace,
    /// Whether it is in the whole record, where two were given.
    pub in_whole: bool,
}

impl Fault {
    fn at(check: Check, place: RecordPlace) -> Self {
        Self { check, place, in_whole: false }
    }
}

impl From<Check> for Fault {
    fn from(check: Check) -> Self {
        Self::at(check, RecordPlace::Whole)
    }
}

/// What a record that holds says of itself.
#[derive(Clone, Debug)]
pub struct Summary {
    /// What its manifest is.
    pub frozen: Frozen,
    /// SHA-256 of the file.
    pub digest: [u8; 32],
    /// The root over its leaves.
    pub root: [u8; 32],
    /// How many leaves there are.
    pub leaves: usize,
    /// Whether ballots are held back, so that checks 4 to 7 belong to the scrutineers.
    pub is_sealed: bool,
    /// Servers that the count did not wait for.
    pub left_out: Vec<record::LeftOut>,
    /// The tally, where it is released.
    pub tally: Option<record::TallyPart>,
    /// How many ballots of a phone's own were found.
    pub own: Option<usize>,
    /// That two manifests of this round were signed by its box key, where the proof is of that.
    pub fraud: Option<Fraud>,
    /// SHA-256 of the whole record that it is one count with, where one was given.
    pub whole: Option<[u8; 32]>,
}

impl Summary {
    /// What `pingyi verify` ends with: 0 only where the ballots were counted again, its own or those of the whole record.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match (&self.fraud, self.is_sealed && self.whole.is_none()) {
            (Some(_), _) => FRAUD,
            (None, true) => FORM_ONLY,
            (None, false) => 0,
        }
    }
}

/// Checks a record, and a phone's proof against it. `progress` hears from any thread how many ballots of how many are done.
///
/// # Errors
/// The [`Fault`].
pub fn verify(bytes: &[u8], proof: Option<&[u8]>, progress: &(dyn Fn(usize, usize) + Sync)) -> Result<Summary, Fault> {
    checked(bytes, progress)?.summary(proof)
}

/// Checks a proof of fraud, which needs no record.
///
/// # Errors
/// Check 15, for a file that is none or does not hold.
pub fn verify_fraud(proof: &[u8]) -> Result<Fraud, Fault> {
    fraud::parse(proof).ok_or_else(|| Check::Proof.into())
}

/// A record that passed checks 1 to 14.
struct Checked<'a> {
    bytes: &'a [u8],
    file: RecordFile<'a>,
    frozen: Frozen,
    /// All leaves, ascending.
    leaves: Vec<[u8; 32]>,
    /// What its ballots are, where it has them.
    counted: Option<Counted>,
}

fn checked<'a>(bytes: &'a [u8], progress: &(dyn Fn(usize, usize) + Sync)) -> Result<Checked<'a>, Fault> {
    let file = record::parse(bytes).ok_or(Check::Form)?;
    let manifest = form::manifest(&file)?;
    let hash_is_right = sha256(&[file.manifest]) == file.manifest_hash;
    let frozen = match Frozen::new(manifest) {
        Ok(frozen) if hash_is_right => frozen,
        // Form comes first, that of the ballots too.
        other => {
            ballots::forms(&file)?;
            return Err(if other.is_ok() || !hash_is_right { Check::ManifestHash } else { Check::Keys }.into());
        }
    };
    let (leaves, counted) = match &file.ballots {
        Some(ballots) => {
            let seen = ballots::check(&frozen, ballots, progress)?;
            (seen.leaves, Some(Counted::new(frozen.manifest(), seen.counts, &file.head.paper)))
        }
        None => (file.leaves.clone().unwrap_or_default(), None),
    };
    let descends = |leaves: &[[u8; 32]]| leaves.windows(2).position(|pair| pair[0] >= pair[1]);
    if let Some(at) = descends(&leaves) {
        return Err(Fault::at(Check::Order, RecordPlace::Ballot(at + 1)));
    }
    let opinions = file.opinions.as_deref().unwrap_or_default();
    let leaves = record::all_leaves(leaves.into_iter(), opinions);
    if descends(opinions).is_some() || descends(&leaves).is_some() {
        return Err(Check::Order.into());
    }
    if merkle::root(&leaves) != file.root {
        return Err(Check::Root.into());
    }
    sums::check(&frozen, &file, counted.as_ref(), leaves.len())?;
    Ok(Checked { bytes, file, frozen, leaves, counted })
}

impl Checked<'_> {
    /// Check 15, and what the record says of itself.
    fn summary(self, proof: Option<&[u8]>) -> Result<Summary, Fault> {
        let (mut own, mut fraud) = (None, None);
        match proof {
            Some(proof) if fraud::is_one(proof) => fraud = Some(proof::fraud_of(&self.frozen, proof)?),
            Some(proof) => own = Some(proof::check(&self.frozen, &self.leaves, proof)?),
            None => {}
        }
        let Self { bytes, file, frozen, leaves, counted } = self;
        let record::RecordHead { left_out, tally, .. } = file.head;
        Ok(Summary {
            digest: sha256(&[bytes]),
            root: file.root,
            leaves: leaves.len(),
            is_sealed: counted.is_none(),
            left_out,
            tally,
            own,
            fraud,
            whole: None,
            frozen,
        })
    }
}

/// Whether the leaf is among these, which ascend.
fn has(leaves: &[[u8; 32]], leaf: &[u8; 32]) -> bool {
    leaves.binary_search(leaf).is_ok()
}

/// Whether an iterator gives something twice.
fn repeats<T: Ord>(mut items: impl Iterator<Item = T>) -> bool {
    let mut seen = BTreeSet::new();
    !items.all(|item| seen.insert(item))
}
