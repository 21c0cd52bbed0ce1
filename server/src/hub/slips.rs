//! New slips for a group's free seats. Codes come as hashes and leave as hashes: to which seat each one leads is drawn here.

use rand::SeedableRng;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;

use super::task::{MeetingTask, STALE_TRIES_MAX};
use super::{CommandOutcome, NotDone};
use crate::store::{NewSlips, SlipsReplaced, StoreError};
use pingyi_rules::meeting::slips::PrintedBy;
use pingyi_rules::meeting::{Command, Refusal};

impl MeetingTask {
    /// Replaces the codes of the free seats; the same ones again change nothing (rules l62 to l64).
    pub(super) async fn replace_slips(&mut self, mut new: NewSlips, by: PrintedBy) -> CommandOutcome {
        new.codes.shuffle(&mut StdRng::from_rng(&mut rand::rng()));
        let slips = u32::try_from(new.codes.len()).unwrap_or(u32::MAX);
        let command = Command::ReplaceSlips { group: new.group.clone(), series: new.series, slips, by };
        let refused = |refusal| Err(NotDone::Refused(refusal));
        for _ in 0..STALE_TRIES_MAX {
            let applied = self.stored.meeting.apply(&command, (self.hub.clock)());
            if applied.is_err() && self.catches_up().await? {
                continue;
            }
            let next = applied.map_err(NotDone::Refused)?;
            let replaced = self.hub.store.replace_slips(self.stored.version, &next, &new).await;
            match replaced.map_err(NotDone::Store)? {
                SlipsReplaced::Now(version) => {
                    self.stored.meeting = next;
                    self.stored.version = version;
                    self.changed().await.map_err(NotDone::Store)?;
                    return Ok(version);
                }
                SlipsReplaced::Before => {
                    self.catches_up().await?;
                    return Ok(self.stored.version);
                }
                SlipsReplaced::SeatsFree(free) => return Err(NotDone::SeatsFree(free)),
                SlipsReplaced::Another => return refused(Refusal::SlipsAreAnother),
                SlipsReplaced::NotNow if !self.catches_up().await? => return refused(Refusal::WrongPhase),
                SlipsReplaced::Unknown => {
                    return Err(NotDone::Store(StoreError::Broken("the meeting is gone".to_owned())));
                }
                SlipsReplaced::NotNow => {}
                SlipsReplaced::Stale => drop(self.catches_up().await?),
            }
        }
        Err(NotDone::Store(StoreError::Broken("the meeting changes too often".to_owned())))
    }
}
