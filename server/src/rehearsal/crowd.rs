//! A crowd: simulated phones without a chair, so that one person at the keyboard sees a full hall. Some seats of every group
//! stay free for that person's own phones.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;

use super::phone::{Manners, RehearsalProgress};
use super::problem::RehearsalError;
use super::seating::seated;
use super::sheets::SheetSource;
use super::{ServerAddress, Target, phones};
use crate::creation::SeatCode;
use crate::folder::Folder;
use pingyi_rules::meeting::plan::EntitledSeat;

/// How long voters of a demonstration think after the round was opened.
pub const THINK: RangeInclusive<Duration> = Duration::from_secs(5)..=Duration::from_secs(40);
/// A demonstration may wait for its person over lunch.
const PATIENCE: Duration = Duration::from_secs(12 * 3600);

/// Simulated phones in a meeting that somebody else chairs. Dropping it switches them off.
pub struct Crowd {
    /// How far they are.
    pub progress: Arc<RehearsalProgress>,
    /// Codes that nobody of the crowd drew, by seat: for the person at the keyboard.
    pub free: Vec<SeatCode>,
    phones: JoinSet<Result<(), RehearsalError>>,
}

/// Lets some voters of a folder come. They join when the chair opens the check-in, and vote after that much thought.
///
/// # Errors
/// [`RehearsalError::BadAddress`].
pub fn crowd(
    target: &Target,
    folder: &Folder,
    sheets: &SheetSource,
    coming: Vec<&EntitledSeat>,
    think: RangeInclusive<Duration>,
) -> Result<Crowd, RehearsalError> {
    let address = Arc::new(ServerAddress::parse(&target.base_url)?);
    let (voters, free) = seated(folder, &target.handout, sheets, coming);
    let progress = Arc::<RehearsalProgress>::default();
    let manners = Manners { think, patience: PATIENCE };
    let phones = phones(&address, &target.handout.meeting, voters, &manners, &progress);
    Ok(Crowd { progress, free, phones })
}

/// Chooses up to `simulated` voters who come: of each group one seat stays free, those of voters who are not present before
/// others, and then seats of the largest group.
#[must_use]
pub fn coming(folder: &Folder, simulated: usize) -> Vec<&EntitledSeat> {
    let mut groups: BTreeMap<&str, Vec<&EntitledSeat>> = BTreeMap::new();
    for seat in &folder.seats {
        groups.entry(&seat.group).or_default().push(seat);
    }
    for seats in groups.values_mut() {
        // Who is present comes first, leaders before others; what is cut off at the end stays free.
        seats.sort_by_key(|seat| (!seat.present, seat.leads_subject.is_none(), seat.seat));
        seats.pop();
    }
    while groups.values().map(Vec::len).sum::<usize>() > simulated {
        if let Some(largest) = groups.values_mut().max_by_key(|seats| seats.len()) {
            largest.pop();
        }
    }
    groups.into_values().flatten().collect()
}

impl Crowd {
    /// Waits until the meeting is closed, and tells each problem of a phone as it comes.
    pub async fn until_the_end(&mut self, mut said: impl FnMut(&RehearsalError)) {
        while let Some(ended) = self.phones.join_next().await {
            match ended {
                Ok(Ok(())) => {}
                Ok(Err(error)) => said(&error),
                Err(error) => said(&RehearsalError::Broken(error.to_string())),
            }
        }
    }
}
