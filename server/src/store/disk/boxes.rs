//! The boxes of all rounds: makes a box when a round is armed, opens it at first use, and keeps a limited number open.
//! It knows rounds by name and number only.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::box_file::{BoxFile, SLOTS_MAX};
use super::box_work::{BoxWork, CastGate, Job};
use super::directory::{BOXES, Directory};
use super::files::{Disk, failure};
use super::group_commit::GroupCommit;
use super::in_background;
use super::turns::Turns;
use crate::store::pool::TableSize;
use crate::store::{Result, StoreError};
use pingyi_rules::ballot::opinion::most_of_a_sheet;
use pingyi_rules::meeting::Round;
use pingyi_rules::meeting::plan::Plan;

/// Boxes that are open at the same time: each holds a file, a thread and its index.
const OPEN_MAX: usize = 64;

/// A round by meeting and number.
pub(in crate::store) type RoundKey = (String, u32);
pub(in crate::store) type OpenBox = Arc<GroupCommit<Job>>;

/// How much a box must hold.
#[derive(Clone, Copy)]
pub(in crate::store) struct BoxRoom {
    seats: u32,
    /// Ballots of a sheet.
    contests: u32,
    /// Opinions of a sheet.
    opinions: u32,
    /// What can be told of it live.
    table: TableSize,
}

impl BoxRoom {
    /// Room for the sheets of so many seats in a round.
    pub(in crate::store) fn of(plan: &Plan, round: &Round, seats: u32) -> Self {
        let rows = round.subjects.len();
        let fitted = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let opinions = if plan.opinions { fitted(most_of_a_sheet(rows)) } else { 0 };
        let contests = fitted(rows + 1);
        Self { seats, contests, opinions, table: TableSize::of(plan, contests) }
    }
}

/// The boxes.
pub(in crate::store) struct Boxes {
    disk: Arc<dyn Disk>,
    folder: PathBuf,
    // A std mutex: held for a look-up, and while an idle box is closed, never across an await.
    open: Mutex<HashMap<RoundKey, OpenBox>>,
    // A box is opened or made by one at a time; others go on.
    turns: Turns,
    // One box is made at a time: it takes as long as writing all of its zeros.
    making: Mutex<()>,
    // Given back after the last box was written.
    _directory: Arc<Directory>,
}

impl Boxes {
    pub(in crate::store) fn new(disk: Arc<dyn Disk>, directory: Arc<Directory>) -> Self {
        let folder = directory.path.join(BOXES);
        Self {
            disk,
            folder,
            _directory: directory,
            open: Mutex::default(),
            turns: Turns::default(),
            making: Mutex::default(),
        }
    }

    fn path(&self, meeting: &str, round: u32) -> PathBuf {
        self.folder.join(format!("{meeting}-{round}.box"))
    }

    /// Makes the box of a round. A box that is there is left as it is if it is large enough, and made anew if it is not,
    /// which only a round that never took a cast can need.
    pub(in crate::store) async fn prepare(self: &Arc<Self>, meeting: &str, round: u32, room: BoxRoom) -> Result<()> {
        let BoxRoom { seats, contests, opinions, table } = room;
        let slots = u64::from(seats) * (u64::from(contests) + u64::from(opinions));
        let slots = u32::try_from(slots).ok().filter(|slots| *slots <= SLOTS_MAX);
        let slots = slots.ok_or_else(|| StoreError::Broken("the round is too large for a box".to_owned()))?;
        let (boxes, key, path) = (Arc::clone(self), (meeting.to_owned(), round), self.path(meeting, round));
        // Waited for here: who has the turn may need one of the threads for files, and those must not all wait for the turn.
        let alone = self.turns.of(meeting, round).lock_owned().await;
        in_background(move || {
            let _alone = alone;
            let _making = boxes.making.lock().unwrap_or_else(PoisonError::into_inner);
            let close = || drop(boxes.open().remove(&key));
            boxes.prepare_at(&path, slots, table, close).map_err(|error| failure("the box cannot be made", &error))
        })
        .await
    }

    fn prepare_at(&self, path: &Path, slots: u32, table: TableSize, close: impl FnOnce()) -> io::Result<()> {
        if let Some(file) = BoxFile::open(&*self.disk, path)? {
            let is_large = file.slots() >= slots && file.contests() >= table.contests;
            if is_large && !file.marks_slots() && file.table().answers >= table.answers {
                return Ok(());
            }
            let mut ballots = 0;
            file.scan(|_| ballots += 1)?;
            if ballots > 0 || file.is_frozen()? {
                return Ok(());
            }
        }
        close();
        BoxFile::create(&*self.disk, path, slots, table)
    }

    fn open(&self) -> MutexGuard<'_, HashMap<RoundKey, OpenBox>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The box of a round, opened now where it was not; none where the round has none.
    pub(in crate::store) async fn get(
        &self,
        meeting: &str,
        round: u32,
        gate: impl FnOnce() -> CastGate,
    ) -> Result<Option<OpenBox>> {
        let key = (meeting.to_owned(), round);
        if let Some(found) = self.open().get(&key) {
            return Ok(Some(Arc::clone(found)));
        }
        let alone = self.turns.of(meeting, round).lock_owned().await;
        if let Some(found) = self.open().get(&key) {
            return Ok(Some(Arc::clone(found)));
        }
        let (disk, path) = (Arc::clone(&self.disk), self.path(meeting, round));
        // Whoever asked may go away: the turn is over when the disk has answered, so that one thread at most waits for it.
        let (is_there, _alone) = in_background(move || match BoxFile::open(&*disk, &path) {
            Ok(found) => Ok((found.is_some(), alone)),
            Err(error) => Err(failure("the box cannot be opened", &error)),
        })
        .await?;
        if !is_there {
            return Ok(None);
        }
        let mut open = self.open();
        if open.len() >= OPEN_MAX {
            // Nobody but the map holds an idle box; dropping it under the lock ends its thread before it is opened again.
            let idle = open.iter().find(|(_, found)| Arc::strong_count(found) == 1).map(|(key, _)| key.clone());
            let idle = idle.ok_or_else(|| StoreError::Broken("too many boxes are in use".to_owned()))?;
            open.remove(&idle);
        }
        let path = self.path(meeting, round);
        let work = BoxWork { disk: Arc::clone(&self.disk), path, gate: gate(), loaded: None, rewrite: false };
        let started = GroupCommit::start("box", work, self.disk.is_used_in_place());
        let started = started.map_err(|error| failure("a thread for the box", &error))?;
        let started = Arc::new(started);
        open.insert(key, Arc::clone(&started));
        Ok(Some(started))
    }
}
