//! The rounds of a watched meeting: their keys and papers prepared, their manifests frozen, their boxes counted.

use std::sync::Arc;

use super::super::NotDone;
use super::super::preparing::Preparing;
use super::Keeper;
use crate::ballot::{Frozen, Manifest};
use crate::ballot_box::BoxRound;
use crate::issuer::IssuingRound;
use crate::meeting::plan::OwnBranch;
use crate::meeting::round::SmallGroups;
use crate::meeting::{Accounting, Command, GroupAccount, Phase, Refusal, Round, RoundState};
use crate::round_keys::{RoundKeys, keys_needed};
use crate::store::{SeatCount, StoreError, Stored};

impl Keeper {
    /// Everything that arming needs beside the meeting itself: keys, heads, and the frozen manifest.
    pub(super) async fn arming(&mut self, number: u32, small_groups: SmallGroups) -> Result<Command, NotDone> {
        let refused = |refusal| Err(NotDone::Refused(refusal));
        let meeting = &self.stored.meeting;
        let round = meeting.round(number).ok_or(NotDone::Refused(Refusal::UnknownRound))?;
        if let (Some(manifest_hash), Some(fingerprint), Some(accounting)) =
            (&round.manifest_hash, &round.fingerprint, &round.accounting)
        {
            let (manifest_hash, fingerprint) = (manifest_hash.clone(), fingerprint.clone());
            let (accounting, small_groups) = (accounting.clone(), round.small_groups);
            return Ok(Command::Arm { round: number, manifest_hash, fingerprint, accounting, small_groups });
        }
        if !matches!(meeting.phase, Phase::Checkin | Phase::InSession) {
            return refused(Refusal::WrongPhase);
        }
        if round.state != RoundState::Draft {
            return refused(Refusal::WrongRoundState);
        }
        let keys = self.preparing.as_ref().filter(|preparing| preparing.round == number).and_then(Preparing::complete);
        let Some(keys) = keys else { return refused(Refusal::KeysAreNotReady) };
        let seats = self.hub.store.seat_counts(&meeting.id, number).await.map_err(NotDone::Store)?;
        let accounting = self.accounting(|group| seats.get(group).cloned().unwrap_or_default());
        let total = accounting.total();
        if !meeting.plan.turnout.is_reached(total.entitled, total.present) {
            return refused(Refusal::TurnoutIsTooLow);
        }
        if small_groups == SmallGroups::Refuse && !small(&self.stored, &seats).is_empty() {
            return refused(Refusal::GroupIsTooSmall);
        }
        let broken = |what: &str| NotDone::Store(StoreError::Broken(what.to_owned()));
        let manifest = Frozen::new(keys.manifest(meeting, round, small_groups)).map_err(|error| {
            tracing::error!(meeting = meeting.id, round = number, ?error, "the manifest breaks its own limits");
            broken("the manifest breaks its own limits")
        })?;
        let kept = self.hub.store.keep_manifest(&meeting.id, number, manifest.bytes()).await.map_err(NotDone::Store)?;
        let manifest = Manifest::parse(&kept).map_err(|_| broken("the kept manifest cannot be read"))?;
        // An earlier attempt may have been cut off after its manifest was kept: what stands in it is what was chosen.
        let small_groups = match manifest.manifest().group_columns {
            crate::ballot::manifest::GroupColumns::Shown => SmallGroups::Refuse,
            crate::ballot::manifest::GroupColumns::TotalsOnly => SmallGroups::TotalsOnly,
        };
        Ok(Command::Arm {
            round: number,
            manifest_hash: data_encoding::HEXLOWER.encode(manifest.hash()),
            fingerprint: manifest.fingerprint(),
            accounting,
            small_groups,
        })
    }

    fn accounting(&self, count: impl Fn(&str) -> SeatCount) -> Accounting {
        let account = |group: &crate::meeting::plan::Group| {
            let seats = count(&group.id);
            GroupAccount {
                group: group.id.clone(),
                entitled: group.entitled,
                present: seats.present,
                issued: seats.issued,
                ..GroupAccount::default()
            }
        };
        Accounting { groups: self.stored.meeting.plan.groups.iter().map(account).collect() }
    }

    /// Freezes the box, counts it, closes the accounts, and forgets the token keys.
    pub(super) async fn freeze(&mut self, number: u32) -> Result<(), NotDone> {
        let hub = Arc::clone(&self.hub);
        let meeting = self.stored.meeting.clone();
        let Some(round) = meeting.round(number) else { return Ok(()) };
        let counted = hub.ballot_box.freeze(&meeting.id, number, &meeting.plan, &round.subjects).await;
        let counted = counted.map_err(NotDone::Store)?;
        let seats = hub.store.seat_counts(&meeting.id, number).await.map_err(NotDone::Store)?;
        let mut accounting = self.accounting(|group| seats.get(group).cloned().unwrap_or_default());
        for account in &mut accounting.groups {
            account.returned = counted.returned.get(&account.group).copied().unwrap_or(0);
            account.valid = account.returned;
        }
        self.apply(&Command::Freeze { round: number, accounting, tally: counted.tally }).await?;
        hub.issuer.end(&meeting.id, number);
        self.forget_token_keys(number).await.map_err(NotDone::Store)
    }

    async fn forget_token_keys(&self, number: u32) -> Result<(), StoreError> {
        let id = &self.stored.meeting.id;
        let store = &self.hub.store;
        let Some(keys) = store.keys(id, number).await?.and_then(|kept| RoundKeys::read(&kept)) else { return Ok(()) };
        let box_key = keys.without_tokens().kept().map_err(|error| StoreError::Broken(format!("{error:?}")))?;
        store.erase_keys(id, number).await?;
        store.keep_keys(id, number, &box_key).await
    }

    /// Lets issuer and box know the rounds that they serve, and has keys made for the next one.
    pub(super) async fn prepare_rounds(&mut self) -> Result<(), StoreError> {
        let meeting = &self.stored.meeting;
        let begun: Vec<&Round> = meeting.rounds.iter().filter(|round| round.manifest_hash.is_some()).collect();
        for round in begun {
            let issues = round.state.issues_papers();
            let is_known = self.hub.ballot_box.round(&meeting.id, round.number).is_some();
            if !issues {
                self.hub.issuer.end(&meeting.id, round.number);
            }
            if !is_known || (issues && !self.hub.issuer.issues(&meeting.id, round.number)) {
                self.begin(round).await?;
            }
        }
        self.prepare_keys();
        Ok(())
    }

    async fn begin(&self, round: &Round) -> Result<(), StoreError> {
        let Stored { meeting, .. } = &self.stored;
        let store = &self.hub.store;
        let (Some(keys), Some(manifest)) =
            (store.keys(&meeting.id, round.number).await?, store.manifest(&meeting.id, round.number).await?)
        else {
            return Ok(());
        };
        let (Some(keys), Ok(manifest)) = (RoundKeys::read(&keys), Manifest::parse(&manifest)) else {
            return Err(StoreError::Broken("keys or manifest of a round cannot be read".to_owned()));
        };
        if round.state.issues_papers() {
            let issuing = IssuingRound {
                subjects: round.subjects.clone(),
                groups: meeting.plan.groups.iter().map(|group| group.id.clone()).collect(),
                own_branch: meeting.plan.own_branch,
                tokens: keys.tokens,
            };
            self.hub.issuer.begin(&meeting.id, round.number, issuing);
        }
        self.hub.ballot_box.begin(&meeting.id, round.number, BoxRound { manifest, key: keys.box_key });
        Ok(())
    }

    fn prepare_keys(&mut self) {
        let meeting = &self.stored.meeting;
        if matches!(meeting.phase, Phase::Closed | Phase::Archived) {
            return;
        }
        let Some(round) = meeting.rounds.iter().find(|round| round.state == RoundState::Draft) else { return };
        if self.preparing.as_ref().is_some_and(|preparing| preparing.round == round.number) {
            return;
        }
        self.preparing = Some(Preparing::start(
            Arc::clone(&self.hub.store),
            self.hub.keys.clone(),
            Arc::clone(&self.watched),
            meeting.id.clone(),
            round.number,
            keys_needed(&meeting.plan, round),
        ));
    }
}

/// Groups that have fewer voters present than the secret needs, once those are away who get no paper for a row (rule s12).
pub(super) fn small(stored: &Stored, seats: &std::collections::BTreeMap<String, SeatCount>) -> Vec<String> {
    let plan = &stored.meeting.plan;
    let is_small = |group: &&crate::meeting::plan::Group| {
        let count = seats.get(&group.id).cloned().unwrap_or_default();
        let recused = u32::from(plan.own_branch == OwnBranch::Recused && count.leaders_present > 0);
        [count.present, count.present - recused].iter().any(|voters| (1..plan.k_min).contains(voters))
    };
    plan.groups.iter().filter(is_small).map(|group| group.id.clone()).collect()
}
