//! The arithmetic of shapes: what somebody at Redis sees of a call, whether batches differ, and what becomes of each of their
//! entries. It has no key.

use std::collections::BTreeMap;

use pingyi_rules::ballot::BoxItem;

use crate::redis::secrecy::Line;

/// Shorter arguments are no entries of a box: names, numbers, tags, and what the live tally takes.
const ENTRY_BYTES_MIN: usize = 300;
/// Where a step's own arguments begin: behind the command, the step, the number of keys, the two keys, and who calls.
const OWN_FROM: usize = 8;

/// A step that was asked for, and what it did.
pub struct Call {
    asked: Vec<Vec<u8>>,
    did: Vec<Vec<Vec<u8>>>,
}

/// The calls of a stream of MONITOR.
pub fn calls(lines: &[Line]) -> Vec<Call> {
    let mut calls: Vec<Call> = Vec::new();
    for line in lines {
        match calls.last_mut() {
            Some(call) if line.is_within => call.did.push(line.arguments.clone()),
            _ => calls.push(Call { asked: line.arguments.clone(), did: Vec::new() }),
        }
    }
    calls
}

/// What a batch shows but for bytes that are random for all who have no key: lengths, in their order, and what was done.
type Shape = (Vec<usize>, Vec<(Vec<u8>, Vec<usize>)>);

impl Call {
    /// A batch as it was sent before: its entries open, and as many as were cast.
    pub fn open(items: &[BoxItem]) -> Self {
        let member = |item: &BoxItem| [&item.key().0.to_be_bytes()[..], &item.key().1, &item.encode()].concat();
        Self::sent(&items.iter().map(member).collect::<Vec<_>>())
    }

    /// A batch of these entries and nothing else.
    pub fn sent(entries: &[Vec<u8>]) -> Self {
        let head = vec![b"EVALSHA".to_vec(); OWN_FROM];
        Self { asked: head.into_iter().chain(entries.iter().cloned()).collect(), did: Vec::new() }
    }

    /// Entries of a box among the arguments. The first caller of a step sends its code, which is before them.
    pub fn entries(&self) -> Vec<&Vec<u8>> {
        let own = self.asked.iter().skip(OWN_FROM);
        own.filter(|argument| argument.len() >= ENTRY_BYTES_MIN).collect()
    }

    /// Whether it is a cast: it brings entries, and says whose sheets they count as.
    pub fn is_cast(&self) -> bool {
        let counts =
            |did: &Vec<Vec<u8>>| did.iter().any(|argument| argument.windows(8).any(|part| part == b":sheets:"));
        !self.entries().is_empty() && (self.did.iter().any(counts))
    }

    fn shape(&self) -> Shape {
        let lengths = self.asked.iter().skip(OWN_FROM).map(Vec::len).collect();
        let done = |did: &Vec<Vec<u8>>| (did[0].to_ascii_lowercase(), did.iter().map(Vec::len).collect());
        (lengths, self.did.iter().map(done).collect())
    }

    /// What became of an entry: in which calls it was sent or read, and how often each put it into the box or looked for it.
    pub fn fate(calls: &[Self], entry: &[u8]) -> Vec<(usize, usize)> {
        let holds = |arguments: &Vec<Vec<u8>>| arguments.iter().any(|argument| argument.as_slice() == entry);
        let looks = |arguments: &Vec<Vec<u8>>| arguments.iter().any(|argument| argument.get(1..) == Some(&entry[..16]));
        let of = |(at, call): (usize, &Self)| {
            let done = call.did.iter().filter(|did| holds(did) || looks(did)).count();
            (holds(&call.asked) || done > 0).then_some((at, done))
        };
        calls.iter().enumerate().filter_map(of).collect()
    }
}

/// Places of the batches that do not have the shape that most have, whatever they bring.
pub fn differing(batches: &[&Call]) -> Vec<usize> {
    let mut counts: BTreeMap<Shape, usize> = BTreeMap::new();
    for batch in batches {
        *counts.entry(batch.shape()).or_default() += 1;
    }
    let most = counts.into_iter().max_by_key(|(_, count)| *count).map(|(shape, _)| shape);
    let differs = |(at, batch): (usize, &&Call)| (Some(batch.shape()) != most).then_some(at);
    batches.iter().enumerate().filter_map(differs).collect()
}

/// What somebody reads in a batch who takes its entries for open ballots: the mark of each row.
pub fn rows_read(batch: &Call) -> BTreeMap<u16, String> {
    let read = |entry: &&Vec<u8>| match entry.get(34..).and_then(BoxItem::decode) {
        Some(BoxItem::Ballot(ballot)) => ballot.mark().map(|mark| (ballot.contest, mark.to_owned())),
        _ => None,
    };
    batch.entries().iter().filter_map(read).collect()
}
