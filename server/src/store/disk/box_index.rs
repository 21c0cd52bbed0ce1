//! What a box holds, in memory: which tokens are there, which slots are empty, how many ballots are pending by answer. It is
//! rebuilt from the file and decides every answer to a cast; it writes nothing.

use std::collections::{BTreeMap, HashMap};

use rand::RngExt;
use sha2::{Digest as _, Sha256};

use crate::store::entry::{BoxEntry, NO_CONTEST};
use crate::store::pool::Pool;
use crate::store::{CastVerdict, Digest};
use pingyi_rules::ballot::BoxItem;
use pingyi_rules::ballot::item::OPINION_BIT;

/// A ballot, an opinion or a filler on its way into the box.
pub(in crate::store) struct IncomingEntry {
    key: (u16, [u8; 32]),
    group: String,
    answer: String,
    pub(in crate::store) encoded: Vec<u8>,
    pub(in crate::store) digest: Digest,
}

impl IncomingEntry {
    pub(in crate::store) fn of(item: &BoxItem) -> Self {
        Self::with(item, item.encode())
    }

    fn with(item: &BoxItem, encoded: Vec<u8>) -> Self {
        Self {
            key: item.key(),
            group: item.group().to_owned(),
            answer: item.answer().to_owned(),
            digest: Sha256::digest(&encoded).into(),
            encoded,
        }
    }

    pub(in crate::store) fn of_entry(entry: &BoxEntry) -> Self {
        let encoded = entry.encode();
        match entry {
            BoxEntry::Item(item) => Self::with(item, encoded),
            BoxEntry::Filler(_) => Self {
                key: entry.key(),
                group: String::new(),
                answer: String::new(),
                digest: Sha256::digest(&encoded).into(),
                encoded,
            },
        }
    }

    /// Reads a slot; none where it holds none of them.
    pub(in crate::store) fn read(encoded: Vec<u8>) -> Option<Self> {
        Some(match BoxEntry::decode(&encoded)? {
            BoxEntry::Item(item) => Self::with(&item, encoded),
            filler @ BoxEntry::Filler(_) => Self::of_entry(&filler),
        })
    }

    pub(in crate::store) fn is_sheet(&self) -> bool {
        self.key.0 == 0
    }

    /// A row is pending until it is released; nothing else ever is.
    pub(in crate::store) fn is_pending_in(&self, pool: &mut Pool) {
        if (1..OPINION_BIT).contains(&self.key.0) {
            pool.add(self.key.0, &self.answer);
        }
    }

    /// The contest that it is for, or about; 0 for a filler.
    pub(in crate::store) fn contest(&self) -> u16 {
        if self.key.0 == NO_CONTEST { 0 } else { self.key.0 & !OPINION_BIT }
    }
}

/// What the box holds.
#[derive(Default)]
pub(in crate::store) struct BoxIndex {
    // The standard hasher is keyed at random, so a voter who chooses the key's bytes cannot crowd one place.
    digests: HashMap<(u16, [u8; 32]), Digest>,
    empty: Vec<u32>,
    returned: BTreeMap<String, u32>,
    pub(in crate::store) pool: Pool,
}

/// What becomes of a batch.
pub(in crate::store) enum Decision {
    /// These answers; the ballots at these places of the batch go into these slots.
    Answers(Vec<CastVerdict>, Vec<(usize, u32)>),
    /// There are not enough empty slots. Nothing was taken.
    BoxIsFull,
}

impl BoxIndex {
    pub(in crate::store) fn with_empty_slots(empty: Vec<u32>) -> Self {
        Self { empty, ..Self::default() }
    }

    /// Notes a ballot that is in the file. False where its token is there already: such a slot is counted once.
    pub(in crate::store) fn add(&mut self, ballot: &IncomingEntry) -> bool {
        if self.digests.contains_key(&ballot.key) {
            return false;
        }
        self.digests.insert(ballot.key, ballot.digest);
        if ballot.is_sheet() {
            *self.returned.entry(ballot.group.clone()).or_default() += 1;
        }
        ballot.is_pending_in(&mut self.pool);
        true
    }

    /// Decides a batch and notes what is taken. The caller writes it, and throws the whole index away where that fails.
    pub(in crate::store) fn decide(&mut self, batch: &[IncomingEntry], takes_casts: bool) -> Decision {
        let mut fresh: HashMap<(u16, [u8; 32]), Digest> = HashMap::new();
        let mut answers = Vec::with_capacity(batch.len());
        for ballot in batch {
            answers.push(match self.digests.get(&ballot.key).or_else(|| fresh.get(&ballot.key)) {
                Some(digest) if *digest != ballot.digest => CastVerdict::Conflict,
                Some(_) => CastVerdict::Same,
                None if takes_casts => {
                    fresh.insert(ballot.key, ballot.digest);
                    CastVerdict::In
                }
                None => CastVerdict::Closed,
            });
        }
        if answers.contains(&CastVerdict::Conflict) {
            for (answer, ballot) in answers.iter_mut().zip(batch) {
                let is_new = fresh.contains_key(&ballot.key);
                if is_new && *answer != CastVerdict::Conflict {
                    *answer = CastVerdict::BatchConflict;
                }
            }
            return Decision::Answers(answers, Vec::new());
        }
        if fresh.len() > self.empty.len() {
            return Decision::BoxIsFull;
        }
        let mut taken = Vec::with_capacity(fresh.len());
        for (at, _) in answers.iter().enumerate().filter(|(_, answer)| **answer == CastVerdict::In) {
            // Uniform over all empty slots, from a generator that the system seeded: the place tells nothing of the order.
            let slot = self.empty.swap_remove(rand::rng().random_range(0..self.empty.len()));
            self.add(&batch[at]);
            taken.push((at, slot));
        }
        Decision::Answers(answers, taken)
    }

    pub(in crate::store) fn returned(&self) -> BTreeMap<String, u32> {
        self.returned.clone()
    }
}
