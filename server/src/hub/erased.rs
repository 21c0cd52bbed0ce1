//! A meeting whose people are erased: the store destroys seats, slips, tokens, sessions and private keys, and the rounds go on
//! with what was signed before.

use std::collections::BTreeMap;

use super::task::MeetingTask;
use crate::ballot_box::BoxRound;
use crate::protocol::Turnout;
use crate::store::StoreError;
use pingyi_rules::ballot::Manifest;
use pingyi_rules::meeting::round::RecordSignature;
use pingyi_rules::meeting::{GroupAccount, Round};

impl MeetingTask {
    /// Destroys what this server and its store have of the meeting's people, where the meeting says so. Repeated until every
    /// place has said that it did.
    pub(super) async fn destroy_people(&mut self) -> Result<(), StoreError> {
        let is_done = !self.destroyed.is_empty() && self.destroyed.iter().all(|place| place.is_done);
        if self.stored.meeting.people_erased && !is_done {
            self.destroyed = self.hub.store.destroy_people(&self.stored.meeting.id).await?;
        }
        Ok(())
    }

    /// A round whose private keys are destroyed: its manifest, and what was signed of its records.
    pub(super) async fn begin_without_keys(&self, round: &Round) -> Result<(), StoreError> {
        let id = &self.stored.meeting.id;
        let Some(manifest) = self.hub.store.manifest(id, round.number).await? else { return Ok(()) };
        let broken = |_| StoreError::Broken("the manifest of a round cannot be read".to_owned());
        let manifest = Manifest::parse(&manifest).map_err(broken)?;
        let bytes = |text: &str| data_encoding::HEXLOWER.decode(text.as_bytes()).ok();
        let of = |kept: &RecordSignature| {
            Some((bytes(&kept.head)?.try_into().ok()?, bytes(&kept.signature)?.try_into().ok()?))
        };
        let signatures: BTreeMap<[u8; 32], [u8; 64]> = round.signatures.iter().filter_map(of).collect();
        self.hub.ballot_box.begin(id, round.number, BoxRound { manifest, key: None, seal: None, signatures });
        Ok(())
    }

    /// Head counts once the seats are gone: those that the round's accounts closed with.
    pub(super) fn accounted_turnout(&self) -> Vec<Turnout> {
        let meeting = &self.stored.meeting;
        let accounts = meeting.round_of_now().and_then(|round| round.accounting.as_ref());
        let of = |account: &GroupAccount| Turnout {
            group: account.group.clone(),
            entitled: account.entitled,
            present: account.present,
            issued: account.issued,
            returned: account.returned,
        };
        accounts.map(|accounting| accounting.groups.iter().map(of).collect()).unwrap_or_default()
    }
}
