//! The file of one box: a header and equal slots, all of them there from the beginning, so that neither its length nor the
//! place of a ballot tells when it came. It knows bytes and slots; what a ballot means is decided elsewhere.
//!
//! ```text
//! 0     "pingyi-box" · format u32 · slots u32 · contests u32 · bytes of a copy u32 · checksum    written once, when armed
//! 512   frozen: 0 or 1, a sector of its own
//! 1024  released counts, two copies that take turns, each: turn u64 · checksum · a table by contest and answer · zeros
//! …     slots of 1024 bytes: length u16 · zeros · checksum · ballot · zeros
//! ```
//!
//! A slot whose checksum does not fit is empty: it was torn by a power cut, so it was never acknowledged. Limits: a disk
//! that never overwrites in place (some SSDs and file systems) keeps older states where no file shows them.
//!
//! A box of format 1 has a byte in each slot that says whether its ballot was released, and one count a contest. It is read and
//! cast into like any other; no mark is added to it, and freezing takes all of them away (rule s143).

use std::io;
use std::path::Path;

use sha2::{Digest as _, Sha256};

use super::files::{Disk, DiskFile};
use crate::store::Released;
use crate::store::pool::TableSize;

/// Bytes of a slot.
pub const SLOT_BYTES: usize = 1024;
/// Most slots of a box: 20,000 seats with a sheet of 200 rows and 20 opinions.
pub(in crate::store) const SLOTS_MAX: u32 = 20_000 * 221;
const FORMAT: u32 = 2;
/// The format in which each slot says whether its ballot was released.
const MARKS_SLOTS: u32 = 1;
const MAGIC: &[u8; 12] = b"pingyi-box\0\0";
const FROZEN_AT: u64 = 512;
const COUNTS_AT: u64 = 1024;
const COUNTS_HEAD_BYTES: usize = 16;
/// Counts of 201 contests and 113 answers are a tenth of it.
const COUNTS_BYTES_MAX: u32 = 1024 * 1024;
/// The longest head.
const HEAD_BYTES: usize = 36;
const SECTOR_BYTES: usize = 512;
const SLOT_HEAD_BYTES: usize = 16;
const RELEASED_AT: usize = 2;
/// Slots that are read at once.
const CHUNK_SLOTS: u32 = 256;

/// An open box file.
pub(in crate::store) struct BoxFile {
    file: Box<dyn DiskFile>,
    format: u32,
    slots: u32,
    contests: u32,
    /// Bytes of each of the two copies of released counts.
    counts_bytes: u32,
}

/// What a slot holds.
pub(in crate::store) struct Slot {
    pub(in crate::store) number: u32,
    pub(in crate::store) ballot: Vec<u8>,
    /// Whether it says that its ballot was released, as only slots of format 1 do.
    pub(in crate::store) released: bool,
}

/// What was told as released, and how often a copy of it was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::store) struct ShownCounts {
    turn: u64,
    pub(in crate::store) counts: Released,
}

/// What is wrong with a file that is no box of ours.
fn damaged(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what.to_owned())
}

impl BoxFile {
    /// Makes the file with all its slots empty. It has its name only when it is complete and durable.
    pub(in crate::store) fn create(disk: &dyn Disk, path: &Path, slots: u32, table: TableSize) -> io::Result<()> {
        let new = path.with_extension("new");
        let made = Self::create_as(disk, &new, slots, table).and_then(|()| disk.rename(&new, path));
        if made.is_err() {
            // The half of a box would keep the space that is missing; the error that is told is the first one.
            drop(disk.remove(&new));
        }
        made
    }

    fn create_as(disk: &dyn Disk, new: &Path, slots: u32, table: TableSize) -> io::Result<()> {
        let counts_bytes = (COUNTS_HEAD_BYTES + table.bytes()).next_multiple_of(SECTOR_BYTES);
        let counts_bytes = u32::try_from(counts_bytes).map_err(|_| damaged("the counts of a box are too large"))?;
        let contests = table.contests;
        let created = Self { file: disk.create(new)?, format: FORMAT, slots, contests, counts_bytes };
        // Zeros are really written: a sparse file would run out of space in the middle of a vote, and its blocks would
        // be given out in the order of the casts.
        let zeros = vec![0; CHUNK_SLOTS as usize * SLOT_BYTES];
        let (end, mut at) = (created.slot_at(slots), 0);
        while at < end {
            let rest = usize::try_from(end - at).map_or(zeros.len(), |rest| rest.min(zeros.len()));
            created.file.write_at(&zeros[..rest], at)?;
            at += rest as u64;
        }
        created.file.write_at(&created.head(), 0)?;
        created.file.sync()
    }

    /// The head of its format; what is behind it is no part of it.
    fn head(&self) -> Vec<u8> {
        let numbers = [self.format, self.slots, self.contests, self.counts_bytes];
        let count = if self.format == MARKS_SLOTS { 3 } else { 4 };
        let mut head = MAGIC.to_vec();
        numbers[..count].iter().for_each(|number| head.extend(number.to_le_bytes()));
        let checksum = checksum(&Sha256::digest(&head).into());
        head.extend(checksum);
        head
    }

    /// Opens a box; none where there is none.
    pub(in crate::store) fn open(disk: &dyn Disk, path: &Path) -> io::Result<Option<Self>> {
        let file = match disk.open(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            opened => opened?,
        };
        let mut head = [0; HEAD_BYTES];
        file.read_at(&mut head, 0)?;
        let number = |at: usize| u32::from_le_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]);
        if head[..12] != *MAGIC {
            return Err(damaged("this file is no box"));
        }
        if number(12) > FORMAT {
            return Err(damaged("a newer version wrote this box: use that version"));
        }
        let mut opened =
            Self { format: number(12), slots: number(16), contests: number(20), counts_bytes: number(24), file };
        if opened.format == MARKS_SLOTS {
            let counts_bytes = (COUNTS_HEAD_BYTES + 4 * opened.contests as usize).next_multiple_of(SECTOR_BYTES);
            opened.counts_bytes = u32::try_from(counts_bytes).unwrap_or(u32::MAX);
        }
        let fits = head.starts_with(&opened.head())
            && opened.slots <= SLOTS_MAX
            && opened.counts_bytes <= COUNTS_BYTES_MAX
            && opened.file.length()? >= opened.slot_at(opened.slots);
        if fits { Ok(Some(opened)) } else { Err(damaged("the head of the box does not fit the box")) }
    }

    /// Whether each of its slots says if its ballot was released, as no box does that is made today.
    pub(in crate::store) fn marks_slots(&self) -> bool {
        self.format == MARKS_SLOTS
    }

    pub(in crate::store) fn slots(&self) -> u32 {
        self.slots
    }

    /// Contests that a ballot may be for: 0 and less than this.
    pub(in crate::store) fn contests(&self) -> u32 {
        self.contests
    }

    fn counts_at(&self, copy: u64) -> u64 {
        COUNTS_AT + copy * u64::from(self.counts_bytes)
    }

    fn slot_at(&self, slot: u32) -> u64 {
        self.counts_at(2).next_multiple_of(4096) + u64::from(slot) * SLOT_BYTES as u64
    }

    /// What its counts have room for.
    pub(in crate::store) fn table(&self) -> TableSize {
        TableSize::within(self.contests, self.counts_bytes as usize - COUNTS_HEAD_BYTES)
    }

    pub(in crate::store) fn sync(&self) -> io::Result<()> {
        self.file.sync()
    }

    /// Puts a ballot into a slot. The caller syncs.
    pub(in crate::store) fn write_ballot(&self, slot: u32, ballot: &[u8], digest: &[u8; 32]) -> io::Result<()> {
        let mut bytes = [0; SLOT_BYTES];
        let length = u16::try_from(ballot.len()).ok().filter(|_| ballot.len() <= SLOT_BYTES - SLOT_HEAD_BYTES);
        let length = length.ok_or_else(|| damaged("a ballot is larger than a slot"))?;
        bytes[..2].copy_from_slice(&length.to_le_bytes());
        bytes[8..16].copy_from_slice(&checksum(digest));
        bytes[SLOT_HEAD_BYTES..SLOT_HEAD_BYTES + ballot.len()].copy_from_slice(ballot);
        self.file.write_at(&bytes, self.slot_at(slot))
    }

    /// Says in a slot of format 1 whether its ballot was released: one byte that no checksum covers, so that it changes alone.
    /// The caller syncs.
    pub(in crate::store) fn mark_released(&self, slot: u32, released: bool) -> io::Result<()> {
        self.file.write_at(&[u8::from(released)], self.slot_at(slot) + RELEASED_AT as u64)
    }

    /// Whether the box is closed for ever.
    pub(in crate::store) fn is_frozen(&self) -> io::Result<bool> {
        let mut frozen = [0];
        self.file.read_at(&mut frozen, FROZEN_AT)?;
        Ok(frozen != [0])
    }

    /// Closes the box for ever, durably.
    pub(in crate::store) fn freeze(&self) -> io::Result<()> {
        self.file.write_at(&[1], FROZEN_AT)?;
        self.file.sync()
    }

    /// The released counts as the last complete write left them; none where nothing was released.
    pub(in crate::store) fn told(&self) -> io::Result<ShownCounts> {
        let mut latest = ShownCounts::default();
        self.copies(|turn, table| {
            if turn > latest.turn {
                let counts = self.table().read(table).ok_or_else(|| damaged("the released counts cannot be read"))?;
                latest = ShownCounts { turn, counts };
            }
            Ok(())
        })?;
        Ok(latest)
    }

    /// How many of each contest a box of format 1 told as released.
    pub(in crate::store) fn told_by_contest(&self) -> io::Result<Vec<u32>> {
        let mut latest = (0, vec![0; self.contests as usize]);
        self.copies(|turn, counts| {
            if turn > latest.0 {
                let counts = counts.chunks_exact(4).take(self.contests as usize);
                latest = (turn, counts.map(|count| u32::from_le_bytes(count.try_into().unwrap_or_default())).collect());
            }
            Ok(())
        })?;
        Ok(latest.1)
    }

    /// Hands on the copies of the counts that are whole, each with its turn.
    fn copies(&self, mut found: impl FnMut(u64, &[u8]) -> io::Result<()>) -> io::Result<()> {
        for copy in 0..2 {
            let mut bytes = vec![0; self.counts_bytes as usize];
            self.file.read_at(&mut bytes, self.counts_at(copy))?;
            let (turn, rest) = bytes.split_at(8);
            let turn = u64::from_le_bytes(turn.try_into().unwrap_or_default());
            if turn > 0 && rest[..8] == counts_checksum(turn, &rest[8..]) {
                found(turn, &rest[8..])?;
            }
        }
        Ok(())
    }

    /// Writes what is told as released over the older of the two copies, durably: cut short anywhere, the other one is whole.
    pub(in crate::store) fn tell(&self, told: &mut ShownCounts, counts: &Released) -> io::Result<()> {
        let turn = told.turn + 1;
        let table = self.table().write(counts).ok_or_else(|| damaged("a live tally has too many answers"))?;
        let mut bytes = vec![0; self.counts_bytes as usize];
        bytes[..8].copy_from_slice(&turn.to_le_bytes());
        bytes[COUNTS_HEAD_BYTES..COUNTS_HEAD_BYTES + table.len()].copy_from_slice(&table);
        let checksum = counts_checksum(turn, &bytes[COUNTS_HEAD_BYTES..]);
        bytes[8..COUNTS_HEAD_BYTES].copy_from_slice(&checksum);
        self.file.write_at(&bytes, self.counts_at(turn % 2))?;
        self.file.sync()?;
        *told = ShownCounts { turn, counts: counts.clone() };
        Ok(())
    }

    /// Wipes both copies, durably.
    pub(in crate::store) fn forget_told(&self) -> io::Result<()> {
        self.file.write_at(&vec![0; 2 * self.counts_bytes as usize], self.counts_at(0))?;
        self.file.sync()
    }

    /// Reads every slot in the order of the file and hands on those that hold a whole ballot. Answers how many are torn.
    pub(in crate::store) fn scan(&self, mut found: impl FnMut(Slot)) -> io::Result<u32> {
        let (mut first, mut torn) = (0, 0);
        while first < self.slots {
            let count = CHUNK_SLOTS.min(self.slots - first);
            let mut bytes = vec![0; count as usize * SLOT_BYTES];
            self.file.read_at(&mut bytes, self.slot_at(first))?;
            for (number, slot) in (first..).zip(bytes.chunks_exact(SLOT_BYTES)) {
                match slot_ballot(slot) {
                    SlotState::Empty => {}
                    SlotState::Torn => torn += 1,
                    SlotState::Whole(ballot) => {
                        found(Slot { number, ballot: ballot.to_vec(), released: slot[RELEASED_AT] != 0 });
                    }
                }
            }
            first += count;
        }
        Ok(torn)
    }
}

enum SlotState<'a> {
    Empty,
    Torn,
    Whole(&'a [u8]),
}

fn slot_ballot(slot: &[u8]) -> SlotState<'_> {
    let length = usize::from(u16::from_le_bytes([slot[0], slot[1]]));
    if slot[..SLOT_HEAD_BYTES].iter().all(|byte| *byte == 0) {
        return SlotState::Empty;
    }
    match slot.get(SLOT_HEAD_BYTES..SLOT_HEAD_BYTES + length) {
        Some(ballot) if length > 0 && slot[8..16] == checksum(&Sha256::digest(ballot).into()) => {
            SlotState::Whole(ballot)
        }
        _ => SlotState::Torn,
    }
}

/// Eight bytes of a digest: enough to tell a torn slot.
fn checksum(digest: &[u8; 32]) -> [u8; 8] {
    let mut checksum = [0; 8];
    checksum.copy_from_slice(&digest[..8]);
    checksum
}

fn counts_checksum(turn: u64, counts: &[u8]) -> [u8; 8] {
    checksum(&Sha256::new().chain_update(turn.to_le_bytes()).chain_update(counts).finalize().into())
}
