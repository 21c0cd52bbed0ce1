//! A simulated shared tablet: takes one voter after the other while a round is open, each with a memory of their own that is
//! gone afterwards. Who sat down once has used up the slip, so each of them votes in the first round that is open.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;

use super::papers::Manifests;
use super::phone::{Manners, Phone, RehearsalProgress, Storage, Voter};
use super::problem::{Activity, RehearsalError};
use super::wire::{Wire, jittered};
use crate::protocol::{RoundStateView, ServerMessage, VoterView};
use pingyi_rules::meeting::Phase;

/// How often a tablet asks what the round does.
const LOOK: Duration = Duration::from_millis(500);

/// A tablet and those who wait for it.
pub(super) struct Tablet {
    pub meeting: String,
    pub voters: Vec<Voter>,
    pub manners: Manners,
    pub wire: Wire,
    pub manifests: Manifests,
    pub progress: Arc<RehearsalProgress>,
}

impl Tablet {
    /// Takes everybody once, until nobody waits or the meeting is over.
    ///
    /// # Errors
    /// The first thing for which a voter would have to call the teller.
    pub(super) async fn takes_all(self) -> Result<(), RehearsalError> {
        for voter in self.voters.clone() {
            if !self.is_open().await? {
                return Ok(());
            }
            let (manners, wire) = (self.manners.clone(), self.wire.clone());
            let (manifests, progress) = (self.manifests.clone(), Arc::clone(&self.progress));
            Phone::new(voter, manners, wire, manifests, progress, Storage::default()).takes_a_turn().await?;
        }
        Ok(())
    }

    /// Waits as the tablet's page does, without a seat, until a round is open; false once the meeting is over.
    async fn is_open(&self) -> Result<bool, RehearsalError> {
        let path = format!("/api/meetings/{}/view", self.meeting);
        loop {
            let view = self.wire.until_answered(|| self.wire.get(&path, None)).await;
            let view = view.map_err(|error| error.while_doing(Activity::Joining))?;
            let Ok(ServerMessage::Voter(VoterView { now, .. })) = serde_json::from_slice(&view) else {
                return Err(RehearsalError::Unreadable(Activity::Joining));
            };
            if matches!(now.phase, Phase::Closed | Phase::Archived) {
                return Ok(false);
            }
            if now.round.is_some_and(|round| round.state == RoundStateView::Open) {
                return Ok(true);
            }
            sleep(jittered(LOOK)).await;
        }
    }
}
