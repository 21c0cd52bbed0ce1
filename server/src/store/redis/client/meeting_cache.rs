//! What this server knows of one meeting at Redis: its epoch, the latest document, the latest counts, and whether they are
//! fresh. It asks nothing by itself.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::store::{Released, SeatCount, Stored};

/// How long what was looked at counts as fresh where nobody poked: a little over the second between two looks.
const FRESH: Duration = Duration::from_millis(1_300);

/// What is known of a meeting.
pub(in crate::store::redis) struct MeetingCache {
    pub(in crate::store::redis) id: String,
    // A std mutex: held to copy or change a few values, never across an await.
    state: Mutex<State>,
    /// Casts hold it to read, signing off to write: so nothing is under way when a server says that all of it is there.
    pub(in crate::store::redis) casting: tokio::sync::RwLock<()>,
    /// One copy is taken at a time.
    pub(in crate::store::redis) adopting: tokio::sync::Mutex<()>,
    /// Replaced slips are followed one at a time.
    pub(in crate::store::redis) following: tokio::sync::Mutex<()>,
    /// Whether history is being brought back by a task of this server.
    pub(in crate::store::redis) recovers: AtomicBool,
}

/// The values.
#[derive(Default)]
pub(in crate::store::redis) struct State {
    /// The epoch that this server has brought everything to; empty before the first answer.
    pub(in crate::store::redis) epoch: String,
    /// The highest version seen in it.
    pub(in crate::store::redis) version: u32,
    /// The latest document that was read.
    pub(in crate::store::redis) stored: Option<Arc<Stored>>,
    /// When the version was last seen, and at which generation.
    checked: Option<(Instant, u64)>,
    looked: Option<RoundProgress>,
    /// Grows whenever something of the meeting was changed here, or somebody poked.
    pub(in crate::store::redis) generation: u64,
    /// Whether the seats are in the own copy.
    pub(in crate::store::redis) is_adopted: bool,
    /// Rounds for which this server has said that it takes ballots, those of whose frozen box it has all, and those whose keys it
    /// erased.
    pub(in crate::store::redis) casting_rounds: BTreeSet<u32>,
    pub(in crate::store::redis) whole_rounds: BTreeSet<u32>,
    pub(in crate::store::redis) erased_rounds: BTreeSet<u32>,
    /// Whether this server has destroyed its copy of the meeting's people, and told so.
    pub(in crate::store::redis) is_destroyed: bool,
    /// By group: the series of slips whose codes are in the own copy; read again in each epoch.
    pub(in crate::store::redis) slip_series: BTreeMap<String, u32>,
    /// Servers that wrote in this meeting.
    pub(in crate::store::redis) members: BTreeSet<String>,
    /// Servers that may have taken ballots of a round that is not counted, with the sheets that each took.
    pub(in crate::store::redis) casters: BTreeMap<(u32, String), u32>,
    /// The same as the copy has it, and since when.
    pub(in crate::store::redis) noted_casters: BTreeMap<(u32, String), u32>,
    pub(in crate::store::redis) casters_noted_at: Option<Instant>,
    /// The last released counts by round, whoever released them: shown on where a new choice is not allowed.
    pub(in crate::store::redis) released: HashMap<u32, Released>,
    /// By round: the version of the pool that these counts are of.
    pub(in crate::store::redis) pools: HashMap<u32, u32>,
    /// The round whose counts the hub asks for.
    pub(in crate::store::redis) round_of_now: u32,
    pub(in crate::store::redis) poked_at: Option<Instant>,
    pub(in crate::store::redis) poke_is_due: bool,
}

/// What was looked at.
#[derive(Clone)]
pub(in crate::store::redis) struct RoundProgress {
    pub(in crate::store::redis) at: Instant,
    pub(in crate::store::redis) generation: u64,
    pub(in crate::store::redis) round: u32,
    pub(in crate::store::redis) seats: BTreeMap<String, SeatCount>,
    pub(in crate::store::redis) returned: BTreeMap<String, u32>,
}

impl MeetingCache {
    pub(in crate::store::redis) fn new(id: &str, epoch: Option<String>, stored: Option<Stored>) -> Self {
        let state = State {
            epoch: epoch.unwrap_or_default(),
            // The copy is what was acknowledged: Redis must not fall behind it.
            version: stored.as_ref().map_or(0, |stored| stored.version),
            is_adopted: stored.is_some(),
            stored: stored.map(Arc::new),
            ..State::default()
        };
        Self {
            id: id.to_owned(),
            state: Mutex::new(state),
            casting: tokio::sync::RwLock::default(),
            adopting: tokio::sync::Mutex::default(),
            following: tokio::sync::Mutex::default(),
            recovers: AtomicBool::new(false),
        }
    }

    pub(in crate::store::redis) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(in crate::store::redis) fn epoch(&self) -> String {
        self.state().epoch.clone()
    }

    /// The document, where nobody can have changed it since.
    pub(in crate::store::redis) fn fresh(&self) -> Option<Arc<Stored>> {
        let state = self.state();
        let (at, generation) = state.checked?;
        let is_fresh = at.elapsed() < FRESH && generation == state.generation;
        state.stored.clone().filter(|stored| is_fresh && stored.version == state.version && stored.epoch == state.epoch)
    }

    /// Notes that a version was seen by a question that began at `generation`.
    pub(in crate::store::redis) fn checked(&self, generation: u64) {
        self.state().checked = Some((Instant::now(), generation));
    }

    /// The counts of a round, where nobody can have changed them since.
    pub(in crate::store::redis) fn fresh_progress(&self, round: u32) -> Option<RoundProgress> {
        let state = self.state();
        let fresh = |looked: &&RoundProgress| {
            looked.round == round && looked.at.elapsed() < FRESH && looked.generation == state.generation
        };
        state.looked.as_ref().filter(fresh).cloned()
    }

    /// The counts of a round as they were looked at last, however long ago.
    pub(in crate::store::redis) fn last_progress(&self, round: u32) -> Option<RoundProgress> {
        self.state().looked.as_ref().filter(|looked| looked.round == round).cloned()
    }

    /// Notes what was released so far; true where it is more than what was known. What is released only grows, so an answer
    /// that was overtaken by a later one changes nothing.
    pub(in crate::store::redis) fn note_released(&self, round: u32, released: Released) -> bool {
        let sum = |released: &Released| released.contests.values().flat_map(BTreeMap::values).sum::<u32>();
        let mut state = self.state();
        let is_more = sum(&released) > state.released.get(&round).map_or(0, sum);
        if is_more {
            state.released.insert(round, released);
        }
        is_more
    }

    /// Notes what was looked at; true where it differs from what was known.
    pub(in crate::store::redis) fn note_progress(&self, looked: RoundProgress) -> bool {
        let mut state = self.state();
        // Begun before somebody asked for another round: what was looked at for that one stays.
        if looked.round != state.round_of_now {
            return false;
        }
        let differs = state.looked.as_ref().is_none_or(|before| {
            before.round != looked.round || before.seats != looked.seats || before.returned != looked.returned
        });
        state.looked = Some(looked);
        differs
    }
}
