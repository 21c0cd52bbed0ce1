//! Checks 3 to 7 of every ballot, on all cores: parts of the list are handed out one after the other, and what they give is put
//! together in the order of the list, so that the verdict does not depend on who was faster.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::{Check, Fault, RecordPlace};
use crate::ballot::cast::Ballot;
use crate::ballot::check::{is_answered, is_signed};
use crate::ballot::frozen::Frozen;
use crate::ballot::record::{ContestCount, RecordFile, nothing, put};

/// Ballots that a thread takes at once: some 20 ms of work.
const PART: usize = 256;

/// What good ballots hold.
pub(super) struct CheckedBallots {
    /// Leaves in the order of the list.
    pub(super) leaves: Vec<[u8; 32]>,
    /// As [`nothing`], filled.
    pub(super) counts: Vec<Vec<ContestCount>>,
}

/// What one thread saw.
struct Part {
    /// By the number of the part: leaf and token of each ballot.
    parts: Vec<(usize, Vec<Pair>)>,
    counts: Vec<Vec<ContestCount>>,
    /// The first faulty ballot by check.
    faults: Vec<(Order, usize)>,
}

/// A ballot's leaf, and what it spends.
type Pair = ([u8; 32], [u8; 32]);

/// Checks in the order of the verdict: form before all others.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Order {
    Form,
    Tokens,
    Signatures,
    Answers,
}

impl From<Order> for Check {
    fn from(order: Order) -> Self {
        match order {
            Order::Form => Self::Form,
            Order::Tokens => Self::Tokens,
            Order::Signatures => Self::Signatures,
            Order::Answers => Self::Answers,
        }
    }
}

/// Only check 3 of every ballot.
pub(super) fn forms(file: &RecordFile<'_>) -> Result<(), Fault> {
    let bad = file.ballots.iter().flatten().position(|ballot| Ballot::from_canonical(ballot).is_err());
    bad.map_or(Ok(()), |at| Err(Fault::at(Check::Form, RecordPlace::Ballot(at))))
}

/// Checks 3 to 7.
pub(super) fn check(
    frozen: &Frozen,
    ballots: &[&[u8]],
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<CheckedBallots, Fault> {
    let (taken, done) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let threads = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
    let work = || {
        let mut part = Part { parts: Vec::new(), counts: nothing(frozen.manifest()), faults: Vec::new() };
        loop {
            let number = taken.fetch_add(1, Ordering::Relaxed);
            let Some(listed) = ballots.chunks(PART).nth(number) else { return part };
            part.look_at(frozen, number, listed);
            progress(done.fetch_add(listed.len(), Ordering::Relaxed) + listed.len(), ballots.len());
        }
    };
    let seen: Vec<Part> = std::thread::scope(|scope| {
        let running: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
        let own = work();
        // A thread ends early only by a panic, and then what it saw is lost: the panic goes on here.
        let others =
            running.into_iter().map(|thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        [own].into_iter().chain(others).collect()
    });
    together(frozen, seen)
}

fn together(frozen: &Frozen, seen: Vec<Part>) -> Result<CheckedBallots, Fault> {
    let first = seen.iter().flat_map(|part| &part.faults).min().copied();
    let fault = |order: Order, at| Fault::at(order.into(), RecordPlace::Ballot(at));
    if let Some((order @ (Order::Form | Order::Tokens), at)) = first {
        return Err(fault(order, at));
    }
    let mut counts = nothing(frozen.manifest());
    let mut parts = Vec::new();
    for part in seen {
        counts.iter_mut().flatten().zip(part.counts.iter().flatten()).for_each(|(sum, count)| sum.add(count));
        parts.extend(part.parts);
    }
    parts.sort_unstable_by_key(|(number, _)| *number);
    let (leaves, spent): (Vec<_>, Vec<_>) = parts.into_iter().flat_map(|(_, pairs)| pairs).unzip();
    if let Some(at) = spent_twice(&spent) {
        return Err(Fault::at(Check::SpentOnce, RecordPlace::Ballot(at)));
    }
    first.map_or(Ok(CheckedBallots { leaves, counts }), |(order, at)| Err(fault(order, at)))
}

/// The second of two ballots that spend one token.
fn spent_twice(spent: &[[u8; 32]]) -> Option<usize> {
    let mut sorted: Vec<(&[u8; 32], usize)> = spent.iter().zip(0..).collect();
    sorted.sort_unstable();
    sorted.windows(2).filter(|pair| pair[0].0 == pair[1].0).map(|pair| pair[1].1).min()
}

impl Part {
    fn look_at(&mut self, frozen: &Frozen, number: usize, listed: &[&[u8]]) {
        let mut pairs = Vec::with_capacity(listed.len());
        for (at, bytes) in (number * PART..).zip(listed) {
            let Ok(ballot) = Ballot::from_canonical(bytes) else {
                self.note(Order::Form, at);
                continue;
            };
            if let Some(order) = fault_of(frozen, &ballot) {
                self.note(order, at);
            } else {
                // A good token has a contest and a group of the manifest, and a good answer a place.
                put(frozen.manifest(), &ballot, &mut self.counts);
            }
            pairs.push((ballot.leaf(), ballot.spends()));
        }
        self.parts.push((number, pairs));
    }

    fn note(&mut self, order: Order, at: usize) {
        match self.faults.iter_mut().find(|(known, _)| *known == order) {
            Some((_, first)) => *first = at.min(*first),
            None => self.faults.push((order, at)),
        }
    }
}

fn fault_of(frozen: &Frozen, ballot: &Ballot) -> Option<Order> {
    let key = frozen.key(ballot.contest, &ballot.group);
    if !key.is_some_and(|key| key.is_good(&ballot.pk, &ballot.token)) {
        Some(Order::Tokens)
    } else if !is_signed(frozen, ballot) {
        Some(Order::Signatures)
    } else {
        (!is_answered(frozen, ballot)).then_some(Order::Answers)
    }
}
