//! The end of a meeting's people: what the box signed comes into the meeting, then the store destroys seats, slips, papers,
//! sessions and private keys.

use std::collections::BTreeMap;

use super::super::NotDone;
use super::super::task::MeetingTask;
use crate::ballot::Manifest;
use crate::ballot::record::Asked;
use crate::ballot_box::BoxRound;
use crate::meeting::round::{RecordSignature, RoundSignatures};
use crate::meeting::{Command, Phase, Refusal, Round, RoundState};
use crate::store::StoreError;
use crate::view;

impl MeetingTask {
    /// The command with all that the box signed: without its keys no record could be made any more (rule s61).
    pub(in crate::hub) async fn erasing(&self) -> Result<Command, NotDone> {
        let meeting = &self.stored.meeting;
        if meeting.phase != Phase::Archived {
            return Err(NotDone::Refused(Refusal::WrongPhase));
        }
        let mut signatures = Vec::new();
        let with_record = |round: &&Round| {
            matches!(round.state, RoundState::Certified | RoundState::Published) && !meeting.people_erased
        };
        for round in meeting.rounds.iter().filter(with_record) {
            signatures.push(RoundSignatures { round: round.number, signatures: self.signed(round).await? });
        }
        Ok(Command::ErasePeople { signatures })
    }

    async fn signed(&self, round: &Round) -> Result<Vec<RecordSignature>, NotDone> {
        let said = view::record::said(round);
        let mut signed: Vec<RecordSignature> = Vec::new();
        for asked in [Asked::Whole, Asked::Public, Asked::Withheld] {
            let made = self.hub.ballot_box.record(&self.stored.meeting.id, round.number, &said, asked).await;
            let of = made.map_err(NotDone::Store)?.map(|made| made.signature());
            signed.extend(of.filter(|of| !signed.contains(of)));
        }
        Ok(signed)
    }

    /// Destroys what this server and its store have of the meeting's people, where the meeting says so. Repeated until every
    /// place has said that it did.
    pub(in crate::hub) async fn destroy_people(&mut self) -> Result<(), StoreError> {
        let is_done = !self.destroyed.is_empty() && self.destroyed.iter().all(|place| place.is_done);
        if self.stored.meeting.people_erased && !is_done {
            self.destroyed = self.hub.store.destroy_people(&self.stored.meeting.id).await?;
        }
        Ok(())
    }

    /// A round whose private keys are destroyed: its manifest, and what was signed of its records.
    pub(in crate::hub) async fn begin_without_keys(&self, round: &Round) -> Result<(), StoreError> {
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
    pub(in crate::hub) fn accounted_turnout(&self) -> Vec<crate::protocol::Turnout> {
        let meeting = &self.stored.meeting;
        let accounts = meeting.round_of_now().and_then(|round| round.accounting.as_ref());
        let of = |account: &crate::meeting::GroupAccount| crate::protocol::Turnout {
            group: account.group.clone(),
            entitled: account.entitled,
            present: account.present,
            issued: account.issued,
            returned: account.returned,
        };
        accounts.map(|accounting| accounting.groups.iter().map(of).collect()).unwrap_or_default()
    }
}
