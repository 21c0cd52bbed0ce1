//! What the store knows of its meetings without asking SQLite: the latest state of each, and head counts. This server is the
//! only one that writes the directory, so what is known is exact; it is changed after each commit and before its answer.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::store::{SeatCount, Stored};

/// Meetings that are kept in memory.
const KNOWN_MAX: usize = 256;

/// Head counts of a round by group id.
pub(in crate::store) type Counts = BTreeMap<String, SeatCount>;

struct Entry {
    stored: Arc<Stored>,
    /// By round, with the generation of the seats that they were counted at.
    counts: HashMap<u32, (u64, Counts)>,
}

/// What is known.
#[derive(Default)]
pub(in crate::store) struct DatabaseCache {
    // A std mutex: held for a look-up, never across an await.
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    entries: HashMap<String, Entry>,
    /// Grows whenever a seat or a paper changes anywhere.
    generation: u64,
}

impl DatabaseCache {
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(in crate::store) fn stored(&self, meeting: &str) -> Option<Arc<Stored>> {
        self.inner().entries.get(meeting).map(|entry| Arc::clone(&entry.stored))
    }

    pub(in crate::store) fn note(&self, stored: Arc<Stored>) {
        let mut inner = self.inner();
        if inner.entries.len() >= KNOWN_MAX && !inner.entries.contains_key(&stored.meeting.id) {
            let one = inner.entries.keys().next().cloned();
            one.and_then(|one| inner.entries.remove(&one));
        }
        match inner.entries.get_mut(&stored.meeting.id) {
            Some(entry) => entry.stored = stored,
            None => {
                let entry = Entry { counts: HashMap::new(), stored: Arc::clone(&stored) };
                inner.entries.insert(stored.meeting.id.clone(), entry);
            }
        }
    }

    /// Whether a round takes casts; nothing where the meeting is not known.
    pub(in crate::store) fn takes_casts(&self, meeting: &str, round: u32) -> Option<bool> {
        let stored = self.stored(meeting)?;
        Some(stored.meeting.rounds.iter().any(|found| found.number == round && found.state.takes_casts()))
    }

    pub(in crate::store) fn seats_changed(&self) {
        self.inner().generation += 1;
    }

    /// The seats' generation: to be read before counting.
    pub(in crate::store) fn generation(&self) -> u64 {
        self.inner().generation
    }

    pub(in crate::store) fn counts(&self, meeting: &str, round: u32) -> Option<Counts> {
        let inner = self.inner();
        let (generation, counts) = inner.entries.get(meeting)?.counts.get(&round)?;
        (*generation == inner.generation).then(|| counts.clone())
    }

    pub(in crate::store) fn note_counts(&self, meeting: &str, round: u32, generation: u64, counts: &Counts) {
        if let Some(entry) = self.inner().entries.get_mut(meeting) {
            entry.counts.insert(round, (generation, counts.clone()));
        }
    }
}
