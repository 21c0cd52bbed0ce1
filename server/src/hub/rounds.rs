//! The rounds of a watched meeting: their keys and papers prepared, their manifests frozen, their boxes counted.

use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::time::Instant;

use super::NotDone;
use super::next_keys::NextKeys;
use super::show::heads_of;
use super::task::{MeetingTask, RETRY_INTERVAL};
use crate::ballot_box::{BoxRound, CountOutcome};
use crate::config::SEAL_KEY_GRACE;
use crate::issuer::IssuingRound;
use crate::round_keys::{RoundKeys, keys_needed};
use crate::store::{StoreError, Stored};
use pingyi_rules::ballot::Manifest;
use pingyi_rules::meeting::heads::accounting;
use pingyi_rules::meeting::{Command, Phase, Round, RoundState};

impl MeetingTask {
    /// Freezes the box, counts it, closes the accounts, and forgets the token keys.
    pub(super) async fn freeze(&mut self, number: u32) -> Result<(), NotDone> {
        let hub = Arc::clone(&self.hub);
        let meeting = self.stored.meeting.clone();
        let Some(round) = meeting.round(number) else { return Ok(()) };
        let without: Vec<String> = round.closed_without.iter().map(|left| left.server.clone()).collect();
        let counted =
            hub.ballot_box.freeze(&meeting.id, number, &meeting.plan_of(round), &round.subjects, &without).await;
        let counted = match counted.map_err(NotDone::Store)? {
            CountOutcome::Is(counted) => counted,
            CountOutcome::WaitsFor(servers) => {
                self.waits_for(servers);
                return Ok(());
            }
        };
        self.waits_for(Vec::new());
        let seats = heads_of(&hub.store.seat_counts(&meeting.id, number).await.map_err(NotDone::Store)?);
        let mut accounting = accounting(&meeting.plan, &seats, &round.merged, &round.paper);
        for account in &mut accounting.groups {
            account.returned = counted.returned.get(&account.group).copied().unwrap_or(0);
            account.valid = account.returned;
            let at_kiosk = round.kiosk.values().filter(|group| round.group_of(group) == account.group).count();
            account.kiosk_issued = u32::try_from(at_kiosk).unwrap_or(u32::MAX);
            account.reissued = super::reissued::count(round, &account.group);
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

    /// Of these rounds no envelope opens any more once they were counted, not even for somebody who takes this disk and had
    /// recorded the air (rule s31).
    pub(super) async fn forget_seal_keys(&mut self, which: impl Fn(u32) -> bool) -> Result<(), StoreError> {
        let rounds = self.opened_though_counted().into_iter().filter(|number| which(*number));
        for number in rounds.collect::<Vec<_>>() {
            let (hub, meeting) = (&self.hub, &self.stored.meeting);
            let kept = hub.store.keys(&meeting.id, number).await?.and_then(|kept| RoundKeys::read(&kept));
            if let Some(keys) = kept.filter(|keys| keys.seal_key.is_some()) {
                let box_key = keys.box_key_alone().kept().map_err(|error| StoreError::Broken(format!("{error:?}")))?;
                hub.store.erase_keys(&meeting.id, number).await?;
                hub.store.keep_keys(&meeting.id, number, &box_key).await?;
            }
            if let Some(round) = meeting.round(number) {
                self.begin(round).await?;
            }
            self.sealing.remove(&number);
        }
        Ok(())
    }

    /// Rounds that were counted, and whose envelopes still open here.
    fn opened_though_counted(&self) -> Vec<u32> {
        let meeting = &self.stored.meeting;
        let is_over = |round: &&Round| {
            round.manifest_hash.is_some() && !round.state.issues_papers() && !round.state.takes_casts()
        };
        let opens =
            |number: &u32| self.hub.ballot_box.round(&meeting.id, *number).is_some_and(|round| round.seal.is_some());
        meeting.rounds.iter().filter(is_over).map(|round| round.number).filter(opens).collect()
    }

    /// Forgets the keys of envelopes whose last phones had time to hear the outcome of their casts.
    pub(super) async fn seal_what_is_due(&mut self, now: Instant) {
        let due: Vec<u32> = self.sealing.iter().filter(|(_, at)| now >= **at).map(|(number, _)| *number).collect();
        if due.is_empty() {
            return;
        }
        if let Err(error) = self.forget_seal_keys(|number| due.contains(&number)).await {
            let meeting = &self.stored.meeting.id;
            tracing::error!(meeting, %error, "the keys of envelopes could not be forgotten; trying again");
        }
        // One that could not be forgotten is tried again; one that is void before it was armed has none.
        let still = self.opened_though_counted();
        for number in due {
            if still.contains(&number) {
                self.sealing.insert(number, now + RETRY_INTERVAL);
            } else {
                self.sealing.remove(&number);
            }
        }
    }

    /// Lets issuer and box know the rounds that they serve, and has keys made for the next one.
    pub(super) async fn prepare_rounds(&mut self) -> Result<(), StoreError> {
        let meeting = &self.stored.meeting;
        self.hub.reissued.follow(meeting);
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
        if meeting.people_erased {
            for round in meeting.rounds.iter().filter(|round| round.manifest_hash.is_some()) {
                self.begin_without_keys(round).await?;
            }
        } else if matches!(meeting.phase, Phase::Closed | Phase::Archived) {
            self.forget_seal_keys(|_| true).await?;
        } else {
            let at = Instant::now() + SEAL_KEY_GRACE;
            self.opened_though_counted().into_iter().for_each(|number| {
                self.sealing.entry(number).or_insert(at);
            });
        }
        self.prepare_keys();
        Ok(())
    }

    async fn begin(&self, round: &Round) -> Result<(), StoreError> {
        let Stored { meeting, .. } = &self.stored;
        if meeting.people_erased {
            return self.begin_without_keys(round).await;
        }
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
            let plan = meeting.plan_of(round);
            let votes_as = |id: &str| -> Vec<String> {
                let ids = meeting.plan.groups.iter().map(|group| &group.id);
                ids.filter(|seat| round.group_of(seat) == id).cloned().collect()
            };
            let issuing = IssuingRound {
                subjects: round.subjects.clone(),
                groups: plan.groups.iter().map(|group| votes_as(&group.id)).collect(),
                own_branch: plan.own_branch,
                tokens: keys.tokens_for(&meeting.plan, &plan),
            };
            self.hub.issuer.begin(&meeting.id, round.number, issuing);
        }
        self.hub.ballot_box.begin(
            &meeting.id,
            round.number,
            BoxRound { manifest, key: Some(keys.box_key), seal: keys.seal_key, signatures: BTreeMap::new() },
        );
        Ok(())
    }

    fn prepare_keys(&mut self) {
        let meeting = &self.stored.meeting;
        if matches!(meeting.phase, Phase::Closed | Phase::Archived) {
            return;
        }
        // The one that the chair arms next: an evaluation that was added may come before others of a lower number.
        let is_draft = |round: &&Round| round.state == RoundState::Draft;
        let next = meeting.round_of_now().filter(is_draft).or_else(|| meeting.rounds.iter().find(is_draft));
        let Some(round) = next else { return };
        if self.next_keys.as_ref().is_some_and(|keys| keys.round == round.number) {
            return;
        }
        self.next_keys = Some(NextKeys::start(
            Arc::clone(&self.hub.store),
            self.hub.keys.clone(),
            Arc::clone(&self.watched),
            (meeting.id.clone(), round.number),
            keys_needed(&meeting.plan, round),
            self.box_key.clone(),
        ));
    }
}
