//! Records of frozen boxes, made when they are asked for and kept in memory for whoever asks next. The same box gives the same
//! bytes each time, so nothing needs to be stored. Like the box it knows no seat, session or address: papers are head counts.

use std::collections::VecDeque;
use std::sync::Arc;

use bytes::Bytes;
use ed25519_dalek::Signer as _;
use tokio::sync::Mutex;

use super::{BallotBox, BoxRound};
use crate::protocol::RecordView;
use crate::store::{Freeze, StoreError};
use pingyi_rules::ballot::Edition;
use pingyi_rules::ballot::record::{self, BoxContents, RecordAudience, RecordInputs, SignedRecord, Variant};
use pingyi_rules::ballot::to_base64url;
use pingyi_rules::meeting::round::{PublicRecord, RecordSignature};

/// Records in memory at once: the last rounds of a few meetings.
const KEPT_MAX: usize = 8;
/// Bytes of them; a larger record is made anew for everybody who asks.
const KEPT_BYTES_MAX: usize = 256 * 1024 * 1024;

/// A record as it is kept in memory.
pub struct RecordCopy {
    meeting: String,
    round: u32,
    audience: RecordAudience,
    inputs: RecordInputs,
    /// The file.
    pub file: Bytes,
    /// Its leaves in order.
    pub leaves: Vec<[u8; 32]>,
    /// Whether it holds leaves in place of ballots.
    pub sealed: bool,
    edition: Edition,
    digest: [u8; 32],
    root: [u8; 32],
    head: [u8; 32],
    box_sig: [u8; 64],
}

/// Records by round, the last one asked for at the end. An async mutex: held while one is made, so that it is made once.
#[derive(Default)]
pub(super) struct Records {
    kept: Mutex<VecDeque<Arc<RecordCopy>>>,
}

impl BallotBox {
    /// The record of a round whose box was frozen, as this audience gets it; nothing for a round that never began here.
    ///
    /// # Errors
    /// When the store cannot give the ballots now.
    pub async fn record(
        &self,
        meeting: &str,
        round: u32,
        inputs: &RecordInputs,
        audience: RecordAudience,
    ) -> Result<Option<Arc<RecordCopy>>, StoreError> {
        let Some(taking) = self.round(meeting, round) else { return Ok(None) };
        let mut kept = self.records.kept.lock().await;
        let is_it = |made: &Arc<RecordCopy>| {
            made.meeting == meeting && made.round == round && made.audience == audience && made.inputs == *inputs
        };
        if let Some(at) = kept.iter().position(is_it)
            && let Some(made) = kept.remove(at)
        {
            kept.push_back(Arc::clone(&made));
            return Ok(Some(made));
        }
        let Freeze::Frozen(items) = self.store.freeze(meeting, round, &[]).await? else {
            return Err(StoreError::Broken("the round is not counted yet".to_owned()));
        };
        let (meeting, inputs) = (meeting.to_owned(), inputs.clone());
        let made = tokio::task::spawn_blocking(move || {
            make(&taking, meeting, round, inputs, audience, &BoxContents::of(items))
        })
        .await;
        let made = Arc::new(made.map_err(|_| StoreError::Broken("the server is stopping".to_owned()))?);
        kept.push_back(Arc::clone(&made));
        while kept.len() > KEPT_MAX || kept.iter().map(|made| made.file.len()).sum::<usize>() > KEPT_BYTES_MAX {
            kept.pop_front();
        }
        Ok(Some(made))
    }
}

fn make(
    taking: &BoxRound,
    meeting: String,
    round: u32,
    inputs: RecordInputs,
    audience: RecordAudience,
    contents: &BoxContents,
) -> RecordCopy {
    let sign = |head: &[u8; 32], message: &[u8]| match &taking.key {
        Some(key) => key.sign(message).to_bytes(),
        // A box without its key gives back what it signed; a record that it never signed is told apart by every verifier.
        None => taking.signatures.get(head).copied().unwrap_or([0; 64]),
    };
    let (made, variant) = record::make_for(audience, &taking.manifest, sign, &inputs, contents);
    let SignedRecord { bytes, leaves, digest, root, head, box_sig } = made;
    let sealed = variant != Variant::Whole;
    let file = Bytes::from(bytes);
    RecordCopy {
        meeting,
        round,
        audience,
        inputs,
        file,
        leaves,
        sealed,
        edition: taking.manifest.edition(),
        digest,
        root,
        head,
        box_sig,
    }
}

impl RecordCopy {
    /// What was signed of it, for when the key is destroyed.
    #[must_use]
    pub fn signature(&self) -> RecordSignature {
        let hex = |bytes: &[u8]| data_encoding::HEXLOWER.encode(bytes);
        RecordSignature { head: hex(&self.head), signature: hex(&self.box_sig) }
    }

    /// What a meeting remembers of it.
    #[must_use]
    pub fn public(&self) -> PublicRecord {
        PublicRecord {
            digest: data_encoding::HEXLOWER.encode(&self.digest),
            digits: self.edition.fingerprint(&self.digest),
            sealed: self.sealed,
        }
    }

    /// What a phone needs to check the leaves.
    #[must_use]
    pub fn view(&self) -> RecordView {
        RecordView {
            record: self.public(),
            leaves: u32::try_from(self.leaves.len()).unwrap_or(u32::MAX),
            root: data_encoding::HEXLOWER.encode(&self.root),
            head: data_encoding::HEXLOWER.encode(&self.head),
            box_sig: to_base64url(&self.box_sig),
        }
    }
}
