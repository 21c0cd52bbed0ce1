//! A phone's papers: blinded for every row that it may mark, kept before they are asked for, finalized when they come back.
//! It holds the phone's half of the tokens together; it sends nothing itself.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use data_encoding::BASE64URL_NOPAD;
use rand::CryptoRng;

use super::blinding::Blinding;
use super::problem::RehearsalError;
use crate::protocol::{BlindedPaper, PAPER_BYTES, Papers, PapersRequest};
use pingyi_rules::ballot::manifest::SHEET;
use pingyi_rules::ballot::phone::PhoneToken;
use pingyi_rules::ballot::{Frozen, Manifest};
use pingyi_rules::form::OwnBranch;

/// Manifests that the phones of one process have read: each phone fetches and hashes its own copy, but one is parsed.
#[derive(Clone, Default)]
pub struct Manifests {
    // A std mutex: held for a look-up only.
    read: Arc<Mutex<HashMap<[u8; 32], Arc<Frozen>>>>,
}

impl Manifests {
    /// The manifest in these bytes, where it is the one whose hash (in hex) the view names.
    ///
    /// # Errors
    /// [`RehearsalError::OtherManifest`].
    pub fn read(&self, bytes: &[u8], hash: &str) -> Result<Arc<Frozen>, RehearsalError> {
        let found = pingyi_rules::ballot::sha256(&[bytes]);
        if data_encoding::HEXLOWER.encode(&found) != hash {
            return Err(RehearsalError::OtherManifest);
        }
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = read.get(&found) {
            return Ok(Arc::clone(known));
        }
        let parsed = Arc::new(Manifest::parse(bytes).map_err(|_| RehearsalError::OtherManifest)?);
        read.insert(found, Arc::clone(&parsed));
        Ok(parsed)
    }

    /// A manifest that was read before.
    #[must_use]
    pub fn known(&self, hash: &[u8; 32]) -> Option<Arc<Frozen>> {
        self.read.lock().unwrap_or_else(PoisonError::into_inner).get(hash).cloned()
    }
}

/// The contests that a voter gets papers for: the sheet and every row but the own branch's where it is recused; none where
/// that was the only row.
#[must_use]
pub fn contests(frozen: &Frozen, leads: Option<u16>) -> Vec<u16> {
    let manifest = frozen.manifest();
    let recused = leads.filter(|_| manifest.own_branch == OwnBranch::Recused);
    let rows = manifest.contests.iter().filter(|row| Some(row.subject) != recused).map(|row| row.c);
    let rows: Vec<u16> = rows.collect();
    if rows.is_empty() { rows } else { std::iter::once(SHEET).chain(rows).collect() }
}

/// Fresh blinded tokens, one for each contest.
///
/// # Errors
/// [`RehearsalError::BadPaper`] where the manifest has no key for a contest and group, or the library failed.
pub fn blind(
    frozen: &Frozen,
    group: &str,
    contests: &[u16],
    rng: &mut impl CryptoRng,
) -> Result<Vec<Blinding>, RehearsalError> {
    let mut blindings = Vec::with_capacity(contests.len());
    for contest in contests {
        let key = frozen.key(*contest, group).ok_or(RehearsalError::BadPaper)?;
        blindings.push(Blinding::new(key, *contest, rng).map_err(|_| RehearsalError::BadPaper)?);
    }
    Ok(blindings)
}

/// What goes to the issuer: the same for the same blindings, byte for byte.
#[must_use]
pub fn request(blindings: &[Blinding]) -> PapersRequest {
    let paper =
        |blinding: &Blinding| BlindedPaper { c: blinding.contest, z: BASE64URL_NOPAD.encode(&blinding.blinded) };
    PapersRequest { papers: blindings.iter().map(paper).collect() }
}

/// How long a request for papers of a round is at least for whoever looks at it from outside: as for all rows.
#[must_use]
pub fn least_bytes(frozen: &Frozen) -> usize {
    (frozen.manifest().contests.len() + 1) * PAPER_BYTES
}

/// The papers that the issuer's answer makes of the blindings.
///
/// # Errors
/// [`RehearsalError::BadPaper`] where the answer is not to what was asked, or signed otherwise.
pub fn finalize(
    frozen: &Frozen,
    group: &str,
    blindings: &[Blinding],
    answer: &Papers,
) -> Result<Vec<PhoneToken>, RehearsalError> {
    if answer.papers.len() != blindings.len() {
        return Err(RehearsalError::BadPaper);
    }
    let mut papers = Vec::with_capacity(blindings.len());
    for (blinding, signed) in blindings.iter().zip(&answer.papers) {
        let key = frozen.key(blinding.contest, group).ok_or(RehearsalError::BadPaper)?;
        let signature = BASE64URL_NOPAD.decode(signed.z.as_bytes()).ok().and_then(|bytes| bytes.try_into().ok());
        let signature = signature.filter(|_| signed.c == blinding.contest).ok_or(RehearsalError::BadPaper)?;
        papers.push(blinding.finalize(key, &signature).map_err(|_| RehearsalError::BadPaper)?);
    }
    Ok(papers)
}
