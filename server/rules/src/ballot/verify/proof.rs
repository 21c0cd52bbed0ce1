//! Check 15: a phone's own ballots are in the record. The proof is a small file that a voter chose to keep.

use serde::{Deserialize, Serialize};

use super::{Check, Fault, RecordPlace, has, repeats};
use crate::ballot::fraud::{self, Fraud};
use crate::ballot::frozen::Frozen;
use crate::ballot::{canonical, from_base64url, receipt};

/// The format that this code reads.
pub const PROOF_FORMAT: &str = "pingyi-proof/1";
/// Most bytes of a proof: 201 ballots.
const PROOF_BYTES_MAX: usize = 128 * 1024;

/// What a phone keeps of its ballots.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proof {
    /// [`PROOF_FORMAT`].
    pub format: String,
    /// M in hex.
    pub manifest_hash: String,
    /// One entry a ballot.
    pub ballots: Vec<ProofItem>,
}

/// One ballot of a proof.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProofItem {
    /// Base64url.
    pub leaf: String,
    /// The box's receipt, base64url.
    pub receipt: String,
}

/// A proof of fraud about the round of the record: whichever manifest the record has, its box key signed two.
pub(super) fn fraud_of(frozen: &Frozen, proof: &[u8]) -> Result<Fraud, Fault> {
    let manifest = frozen.manifest();
    let is_of_it = |fraud: &Fraud| {
        fraud.box_key == manifest.box_key && fraud.meeting == manifest.meeting && fraud.round == manifest.round
    };
    fraud::parse(proof).filter(is_of_it).ok_or_else(|| Check::Proof.into())
}

/// How many ballots of the proof the record has: all of them.
pub(super) fn check(frozen: &Frozen, leaves: &[[u8; 32]], proof: &[u8]) -> Result<usize, Fault> {
    let fault = || Fault::at(Check::Proof, RecordPlace::Whole);
    if proof.len() > PROOF_BYTES_MAX {
        return Err(fault());
    }
    let value = canonical::parse(proof.trim_ascii_end()).map_err(|_| fault())?;
    let proof = Proof::deserialize(value).map_err(|_| fault())?;
    let is_ours = proof.format == PROOF_FORMAT
        && proof.manifest_hash == data_encoding::HEXLOWER.encode(frozen.hash())
        && !proof.ballots.is_empty()
        && !repeats(proof.ballots.iter());
    if !is_ours {
        return Err(fault());
    }
    for (at, item) in proof.ballots.iter().enumerate() {
        let read = from_base64url(&item.leaf).zip(from_base64url(&item.receipt));
        let is_in = read.is_some_and(|(leaf, receipt)| {
            receipt::is_good(frozen.box_key(), frozen.hash(), &leaf, &receipt) && has(leaves, &leaf)
        });
        if !is_in {
            return Err(Fault::at(Check::Proof, RecordPlace::Ballot(at)));
        }
    }
    Ok(proof.ballots.len())
}
