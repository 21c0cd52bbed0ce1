//! What a box holds, in memory: which token is where, which slots are empty, what was released. It is rebuilt from the file
//! and decides every answer to a cast; it writes nothing.

use std::collections::{BTreeMap, HashMap};

use rand::RngExt;
use rand::seq::SliceRandom;
use sha2::{Digest as _, Sha256};

use super::super::{Cast, Digest, Released};
use crate::ballot::Item;
use crate::ballot::item::OPINION_BIT;

/// A ballot or an opinion on its way into the box.
pub(super) struct Coming {
    key: (u16, [u8; 32]),
    group: String,
    answer: String,
    pub(super) encoded: Vec<u8>,
    pub(super) digest: Digest,
}

impl Coming {
    pub(super) fn of(item: &Item) -> Self {
        Self::with(item, item.encode())
    }

    fn with(item: &Item, encoded: Vec<u8>) -> Self {
        Self {
            key: item.key(),
            group: item.group().to_owned(),
            answer: item.answer().to_owned(),
            digest: Sha256::digest(&encoded).into(),
            encoded,
        }
    }

    /// Reads a slot; none where it holds neither.
    pub(super) fn read(encoded: Vec<u8>) -> Option<Self> {
        let item = Item::decode(&encoded)?;
        Some(Self::with(&item, encoded))
    }

    pub(super) fn is_sheet(&self) -> bool {
        self.key.0 == 0
    }

    fn is_opinion(&self) -> bool {
        self.key.0 & OPINION_BIT != 0
    }

    /// The contest that it is for, or about.
    pub(super) fn contest(&self) -> u16 {
        self.key.0 & !OPINION_BIT
    }
}

/// The ballots of one contest that are pending, and the counts of those that are not.
#[derive(Default)]
struct Pool {
    pending: Vec<Pending>,
    released: BTreeMap<u32, u32>,
}

struct Pending {
    slot: u32,
    answer: u32,
}

/// What the box holds.
#[derive(Default)]
pub(super) struct BoxIndex {
    // The standard hasher is keyed at random, so a voter who chooses the key's bytes cannot crowd one place.
    digests: HashMap<(u16, [u8; 32]), Digest>,
    empty: Vec<u32>,
    returned: BTreeMap<String, u32>,
    pools: BTreeMap<u16, Pool>,
    answers: Vec<String>,
}

/// What becomes of a batch.
pub(super) enum Decision {
    /// These answers; the ballots at these places of the batch go into these slots.
    Answers(Vec<Cast>, Vec<(usize, u32)>),
    /// There are not enough empty slots. Nothing was taken.
    BoxIsFull,
}

impl BoxIndex {
    pub(super) fn with_empty_slots(empty: Vec<u32>) -> Self {
        Self { empty, ..Self::default() }
    }

    /// Notes a ballot that is in the file. False where its token is there already: such a slot is counted once.
    pub(super) fn add(&mut self, slot: u32, ballot: &Coming, released: bool) -> bool {
        if self.digests.contains_key(&ballot.key) {
            return false;
        }
        self.digests.insert(ballot.key, ballot.digest);
        if ballot.is_opinion() {
            return true;
        }
        if ballot.is_sheet() {
            *self.returned.entry(ballot.group.clone()).or_default() += 1;
            return true;
        }
        let answer = self.answer_number(&ballot.answer);
        let pool = self.pools.entry(ballot.contest()).or_default();
        if released {
            *pool.released.entry(answer).or_default() += 1;
        } else {
            pool.pending.push(Pending { slot, answer });
        }
        true
    }

    // A scale has a dozen marks at most, so a list is searched faster than anything else.
    fn answer_number(&mut self, answer: &str) -> u32 {
        let at = self.answers.iter().position(|known| known == answer).unwrap_or_else(|| {
            self.answers.push(answer.to_owned());
            self.answers.len() - 1
        });
        u32::try_from(at).unwrap_or(u32::MAX)
    }

    /// Decides a batch and notes what is taken. The caller writes it, and throws the whole index away where that fails.
    pub(super) fn decide(&mut self, batch: &[Coming], takes_casts: bool) -> Decision {
        let mut fresh: HashMap<(u16, [u8; 32]), Digest> = HashMap::new();
        let mut answers = Vec::with_capacity(batch.len());
        for ballot in batch {
            answers.push(match self.digests.get(&ballot.key).or_else(|| fresh.get(&ballot.key)) {
                Some(digest) if *digest != ballot.digest => Cast::Conflicts,
                Some(_) => Cast::WasIn,
                None if takes_casts => {
                    fresh.insert(ballot.key, ballot.digest);
                    Cast::IsIn
                }
                None => Cast::RoundIsClosed,
            });
        }
        if answers.contains(&Cast::Conflicts) {
            for (answer, ballot) in answers.iter_mut().zip(batch) {
                let is_new = fresh.contains_key(&ballot.key);
                if is_new && *answer != Cast::Conflicts {
                    *answer = Cast::BatchConflicts;
                }
            }
            return Decision::Answers(answers, Vec::new());
        }
        if fresh.len() > self.empty.len() {
            return Decision::BoxIsFull;
        }
        let mut taken = Vec::with_capacity(fresh.len());
        for (at, _) in answers.iter().enumerate().filter(|(_, answer)| **answer == Cast::IsIn) {
            // Uniform over all empty slots, from a generator that the system seeded: the place tells nothing of the order.
            let slot = self.empty.swap_remove(rand::rng().random_range(0..self.empty.len()));
            self.add(slot, &batch[at], false);
            taken.push((at, slot));
        }
        Decision::Answers(answers, taken)
    }

    pub(super) fn returned(&self) -> BTreeMap<String, u32> {
        self.returned.clone()
    }

    /// The slots that the pool rule lets out now, at random, by contest; empty where nothing is let out.
    ///
    /// `told` is how many of each contest were told so far. More slots can be marked than were told, when a release was cut
    /// short; then the release is finished, so that what is told never grows by less than k.
    pub(super) fn let_out(&mut self, pool_k: u32, told: &[u32]) -> BTreeMap<u16, Vec<u32>> {
        let pool_k = pool_k.max(1) as usize;
        let mut chosen = BTreeMap::new();
        for (contest, pool) in &mut self.pools {
            let marked: u32 = pool.released.values().sum();
            let cut_short = marked.saturating_sub(told.get(usize::from(*contest)).copied().unwrap_or(0));
            let pending = pool.pending.len() + cut_short as usize;
            if cut_short == 0 && pending < 2 * pool_k {
                continue;
            }
            pool.pending.shuffle(&mut rand::rng());
            let out = pool.pending.split_off(pool_k.min(pool.pending.len()));
            for ballot in &out {
                *pool.released.entry(ballot.answer).or_default() += 1;
            }
            chosen.insert(*contest, out.iter().map(|ballot| ballot.slot).collect());
        }
        chosen
    }

    /// How many of each contest are released, for `contests` contests.
    pub(super) fn released_counts(&self, contests: u32) -> Vec<u32> {
        let of = |contest: u32| {
            let pool = u16::try_from(contest).ok().and_then(|contest| self.pools.get(&contest));
            pool.map_or(0, |pool| pool.released.values().sum())
        };
        (0..contests).map(of).collect()
    }

    /// Everything released so far; of a frozen box everything there is, because the rest comes at close.
    pub(super) fn released(&self, frozen: bool) -> Released {
        let mut contests = BTreeMap::new();
        for (contest, pool) in &self.pools {
            let mut answers: BTreeMap<String, u32> = BTreeMap::new();
            let pending = pool.pending.iter().filter(|_| frozen).map(|ballot| (ballot.answer, 1));
            for (answer, count) in pool.released.iter().map(|(answer, count)| (*answer, *count)).chain(pending) {
                if let Some(answer) = self.answers.get(answer as usize) {
                    *answers.entry(answer.clone()).or_default() += count;
                }
            }
            if !answers.is_empty() {
                contests.insert(*contest, answers);
            }
        }
        Released { contests }
    }
}
