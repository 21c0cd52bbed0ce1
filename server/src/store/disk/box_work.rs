//! What the thread of one box does: takes all casts that wait, writes them, syncs, and answers them together; and in
//! between releases, counts and freezes. It knows ballots and nothing of who cast them or when.
//!
//! All or nothing holds while the process lives. A batch that a crash cuts short was not acknowledged; what of it reached
//! the disk stays, because any mark that would let it be taken back would say which rows came together. Sheets are synced
//! before rows, so that a row is never in the box without room for it in the count of sheets, and the phone's repeat
//! completes the batch.

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::oneshot::Sender;

use super::box_file::{BoxFile, ShownCounts};
use super::box_index::{BoxIndex, Decision, IncomingEntry};
use super::files::{Disk, failure};
use super::group_commit::Work;
use crate::store::entry::BoxEntry;
use crate::store::pool::Pool;
use crate::store::{CastVerdict, Released, Result, StoreError};
use pingyi_rules::ballot::BoxItem;

/// Says whether a round takes casts now; nothing where that is not known yet.
pub(in crate::store) type CastGate = Box<dyn Fn() -> Option<bool> + Send>;

/// One thing to do with a box.
pub(in crate::store) enum Job {
    Cast(Vec<IncomingEntry>, Sender<Result<Vec<CastVerdict>>>),
    Returned(Sender<Result<BTreeMap<String, u32>>>),
    Release(u32, Sender<Result<Released>>),
    Freeze(Sender<Result<Vec<BoxItem>>>),
    /// Everything, fillers too, without closing the box.
    Read(Sender<Result<Vec<BoxEntry>>>),
}

/// One box and its thread's state.
pub(in crate::store) struct BoxWork {
    pub(in crate::store) disk: Arc<dyn Disk>,
    pub(in crate::store) path: PathBuf,
    pub(in crate::store) gate: CastGate,
    /// Read from the file at first use, and again after any failure.
    pub(in crate::store) loaded: Option<LoadedBox>,
    /// After a failed sync the system may take a page for clean that never reached the disk.
    pub(in crate::store) rewrite: bool,
}

pub(in crate::store) struct LoadedBox {
    file: BoxFile,
    index: BoxIndex,
    told: ShownCounts,
    frozen: bool,
}

type WaitingCast = (Vec<IncomingEntry>, Sender<Result<Vec<CastVerdict>>>);

impl Work for BoxWork {
    type Job = Job;

    fn commit(&mut self, jobs: Vec<Job>) {
        let mut casts = Vec::new();
        for job in jobs {
            if let Job::Cast(batch, answer) = job {
                casts.push((batch, answer));
                continue;
            }
            self.cast_all(std::mem::take(&mut casts));
            // A caller that is gone needs no answer; what was done is durable, and its repeat gets the same.
            match job {
                Job::Returned(answer) => drop(answer.send(self.with(|loaded| Ok(loaded.index.returned())))),
                Job::Release(pool_k, answer) => drop(answer.send(self.with(|loaded| loaded.release(pool_k)))),
                Job::Freeze(answer) => drop(answer.send(self.with(LoadedBox::freeze))),
                Job::Read(answer) => drop(answer.send(self.with(|loaded| loaded.read_entries()))),
                Job::Cast(..) => {}
            }
        }
        self.cast_all(casts);
    }
}

impl BoxWork {
    /// Does one thing with the loaded box. After a failure memory and file may differ, so the file is read again.
    fn with<T>(&mut self, act: impl FnOnce(&mut LoadedBox) -> io::Result<T>) -> Result<T> {
        let outcome = self.load().and_then(act);
        outcome.map_err(|error| {
            self.loaded = None;
            self.rewrite = true;
            failure("the box", &error)
        })
    }

    fn load(&mut self) -> io::Result<&mut LoadedBox> {
        let loaded = match self.loaded.take() {
            Some(loaded) => loaded,
            None => LoadedBox::read(&*self.disk, &self.path, self.rewrite)?,
        };
        self.rewrite = false;
        Ok(self.loaded.insert(loaded))
    }

    fn cast_all(&mut self, casts: Vec<WaitingCast>) {
        if casts.is_empty() {
            return;
        }
        let Some(takes_casts) = (self.gate)() else {
            let unknown = StoreError::Broken("the round's state is not known yet".to_owned());
            return refuse(casts, &unknown);
        };
        match self.with(|loaded| loaded.cast_all(&casts, takes_casts)) {
            Ok(answers) => {
                for ((_, waiting), answer) in casts.into_iter().zip(answers) {
                    drop(waiting.send(answer));
                }
            }
            Err(error) => refuse(casts, &error),
        }
    }
}

fn refuse(casts: Vec<WaitingCast>, error: &StoreError) {
    for (_, waiting) in casts {
        drop(waiting.send(Err(error.clone())));
    }
}

impl LoadedBox {
    fn read(disk: &dyn Disk, path: &std::path::Path, rewrite: bool) -> io::Result<Self> {
        let file = BoxFile::open(disk, path)?.ok_or(io::ErrorKind::NotFound)?;
        let frozen = file.is_frozen()?;
        let mut whole = Vec::new();
        let torn = file.scan(|slot| whole.push(slot))?;
        if torn > 0 {
            tracing::warn!(torn, "the box has torn slots: casts that a crash cut short and nobody was told of");
        }
        let mut empty = vec![true; file.slots() as usize];
        let mut coming = Vec::with_capacity(whole.len());
        for slot in whole {
            let ballot =
                IncomingEntry::read(slot.ballot).filter(|ballot| u32::from(ballot.contest()) < file.contests());
            let ballot = ballot.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "a slot holds no ballot"))?;
            if let Some(place) = empty.get_mut(slot.number as usize) {
                *place = false;
            }
            coming.push((slot.number, ballot, slot.released));
        }
        let empty = (0..).zip(empty).filter(|(_, empty)| *empty).map(|(slot, _)| slot).collect();
        let mut index = BoxIndex::with_empty_slots(empty);
        for (slot, ballot, released) in &coming {
            if rewrite {
                file.write_ballot(*slot, &ballot.encoded, &ballot.digest)?;
            }
            if *released && (rewrite || frozen) {
                file.mark_released(*slot, !frozen)?;
            }
            if !index.add(ballot) {
                return Err(io::Error::new(io::ErrorKind::InvalidData, "a token is in two slots"));
            }
        }
        // What a killed process left in the system's cache is not on the disk yet, and is answered with `Same` from now on.
        file.sync()?;
        let told = match (file.marks_slots(), frozen) {
            (true, _) => ShownCounts::default(),
            (false, true) => {
                // A freeze that was cut short is finished.
                file.forget_told()?;
                ShownCounts::default()
            }
            (false, false) => file.told()?,
        };
        if file.marks_slots() {
            index.pool.has_released(shown_by_marks(&file.told_by_contest()?, &coming));
        } else {
            index.pool.has_released(told.counts.clone());
        }
        Ok(Self { file, index, told, frozen })
    }

    fn cast_all(&mut self, casts: &[WaitingCast], takes_casts: bool) -> io::Result<Vec<Result<Vec<CastVerdict>>>> {
        let takes_casts = takes_casts && !self.frozen;
        let mut answers = Vec::with_capacity(casts.len());
        let (mut sheets, mut rows) = (Vec::new(), Vec::new());
        for (batch, _) in casts {
            if batch.iter().any(|ballot| u32::from(ballot.contest()) >= self.file.contests()) {
                answers
                    .push(Err(StoreError::Broken("a ballot is for a contest that the round does not have".to_owned())));
                continue;
            }
            match self.index.decide(batch, takes_casts) {
                Decision::BoxIsFull => answers.push(Err(StoreError::Broken("the box is full".to_owned()))),
                Decision::Answers(answer, taken) => {
                    answers.push(Ok(answer));
                    for (at, slot) in taken {
                        let kind = if batch[at].is_sheet() { &mut sheets } else { &mut rows };
                        kind.push((slot, &batch[at]));
                    }
                }
            }
        }
        for kind in [sheets, rows].iter().filter(|kind| !kind.is_empty()) {
            for (slot, ballot) in kind {
                self.file.write_ballot(*slot, &ballot.encoded, &ballot.digest)?;
            }
            self.file.sync()?;
        }
        Ok(answers)
    }

    /// What is told is on the disk first, in one write: a release that is cut short was told to nobody (rule s25).
    fn release(&mut self, pool_k: u32) -> io::Result<Released> {
        if self.frozen {
            return Ok(self.index.pool.everything());
        }
        // No mark is added to a box of format 1: what it showed stays, until it is frozen (rule s143).
        if !self.file.marks_slots() {
            let mut next: Pool = self.index.pool.clone();
            if next.let_out(pool_k) {
                self.file.tell(&mut self.told, &next.released)?;
                self.index.pool = next;
            }
        }
        Ok(self.index.pool.released.clone())
    }

    fn read_entries(&mut self) -> io::Result<Vec<BoxEntry>> {
        let mut entries = Vec::new();
        self.file.scan(|slot| entries.extend(BoxEntry::decode(&slot.ballot)))?;
        Ok(entries)
    }

    /// Freezes, then wipes what tells which ballots were cast before the last tick (rule s26).
    fn freeze(&mut self) -> io::Result<Vec<BoxItem>> {
        if !self.frozen {
            self.file.freeze()?;
            self.frozen = true;
            if !self.file.marks_slots() {
                self.file.forget_told()?;
            }
        }
        let (mut items, mut marked) = (Vec::new(), Vec::new());
        self.file.scan(|slot| {
            if slot.released {
                marked.push(slot.number);
            }
            // A filler is no item.
            items.extend(BoxItem::decode(&slot.ballot).map(|item| (item.leaf(), item)));
        })?;
        for slot in &marked {
            self.file.mark_released(*slot, false)?;
        }
        if !marked.is_empty() {
            self.file.sync()?;
        }
        items.sort_by_key(|(leaf, _)| *leaf);
        Ok(items.into_iter().map(|(_, item)| item).collect())
    }
}

/// What the marks of a box of format 1 show. Of a contest in which more is marked than was told, because a release was cut
/// short, nothing is: it could be fewer than k at once.
fn shown_by_marks(told: &[u32], coming: &[(u32, IncomingEntry, bool)]) -> Released {
    let mut marked = Pool::default();
    coming.iter().filter(|(.., released)| *released).for_each(|(_, ballot, _)| ballot.is_pending_in(&mut marked));
    let was_told = |contest: &u16, answers: &BTreeMap<String, u32>| {
        told.get(usize::from(*contest)).copied() == Some(answers.values().sum())
    };
    let mut shown = marked.pending;
    shown.contests.retain(|contest, answers| was_told(contest, answers));
    shown
}
