//! A disk that fails as real ones do: it fills up, it fails to sync, and when the power goes it has kept any part of what was
//! written since the last sync, cut anywhere between two sectors.

use std::collections::{BTreeMap, HashMap};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use pingyi::store::disk::{Disk, DiskFile, MachineDisk};
use rand::RngExt;

const SECTOR_BYTES: usize = 512;

/// A disk over the machine's one. Clones are the same disk.
#[derive(Clone, Default)]
pub struct FailingDisk(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    /// Writes that still succeed; none for all.
    writes_left: Option<u32>,
    /// What a write fails with once they are used up.
    write_error: Option<io::ErrorKind>,
    syncs_fail: bool,
    power_goes_at_sync: bool,
    /// By file, what the machine's disk does not have yet.
    unsynced: BTreeMap<PathBuf, Vec<(u64, Vec<u8>)>>,
    /// By file, what a failed sync lost: it is still read back, but no later sync keeps it.
    lost: HashMap<PathBuf, Vec<(u64, Vec<u8>)>>,
    power_is_off: bool,
}

impl FailingDisk {
    /// After `writes` more writes every write fails; half of the first one that fails is written.
    pub fn fails_after(&self, writes: u32, error: io::ErrorKind) {
        let mut state = self.0.lock().unwrap();
        state.writes_left = Some(writes);
        state.write_error = Some(error);
    }

    /// Syncs fail, and what they should have kept is lost.
    pub fn syncs_fail(&self) {
        self.0.lock().unwrap().syncs_fail = true;
    }

    pub fn heals(&self) {
        let mut state = self.0.lock().unwrap();
        (state.writes_left, state.power_is_off, state.syncs_fail) = (None, false, false);
    }

    /// Cuts the power after so many more writes.
    pub fn power_goes_after(&self, writes: u32) {
        self.fails_after(writes, io::ErrorKind::Other);
    }

    /// Cuts the power in the next sync: of what it should have kept, some sectors will be there.
    pub fn power_goes_at_the_next_sync(&self) {
        self.0.lock().unwrap().power_goes_at_sync = true;
    }

    /// Whether the power went.
    pub fn power_is_off(&self) -> bool {
        self.0.lock().unwrap().power_is_off
    }

    /// The power comes back: of what was not synced, some sectors were kept.
    pub fn power_comes_back(&self) {
        self.power_comes_back_by(&mut rand::rng());
    }

    /// The same by a choice that can be repeated.
    pub fn power_comes_back_by(&self, rng: &mut impl RngExt) {
        let mut state = self.0.lock().unwrap();
        for (path, writes) in std::mem::take(&mut state.unsynced) {
            let Ok(file) = MachineDisk.open(&path) else { continue };
            for (offset, bytes) in writes {
                for (at, sector) in bytes.chunks(SECTOR_BYTES).enumerate() {
                    if rng.random_bool(0.5) {
                        file.write_at(sector, offset + (at * SECTOR_BYTES) as u64).unwrap();
                    }
                }
            }
        }
        *state = State::default();
    }
}

impl State {
    /// How much of a write is done, and what it answers.
    fn admit(&mut self, length: usize) -> (usize, io::Result<()>) {
        match &mut self.writes_left {
            None => (length, Ok(())),
            Some(0) => {
                let part = if self.power_is_off { 0 } else { length / 2 };
                self.power_is_off = true;
                (part, Err(self.write_error.unwrap_or(io::ErrorKind::Other).into()))
            }
            Some(left) => {
                *left -= 1;
                self.power_is_off = false;
                (length, Ok(()))
            }
        }
    }
}

impl Disk for FailingDisk {
    fn create(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        let under = MachineDisk.create(path)?;
        Ok(Box::new(FailingFile { disk: self.clone(), path: path.to_owned(), under }))
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        let under = MachineDisk.open(path)?;
        Ok(Box::new(FailingFile { disk: self.clone(), path: path.to_owned(), under }))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut state = self.0.lock().unwrap();
        if let Some(unsynced) = state.unsynced.remove(from) {
            state.unsynced.insert(to.to_owned(), unsynced);
        }
        MachineDisk.rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.0.lock().unwrap().unsynced.remove(path);
        MachineDisk.remove(path)
    }
}

struct FailingFile {
    disk: FailingDisk,
    path: PathBuf,
    under: Box<dyn DiskFile>,
}

impl DiskFile for FailingFile {
    fn read_at(&self, bytes: &mut [u8], offset: u64) -> io::Result<()> {
        self.under.read_at(bytes, offset)?;
        // What was written is read back before it is synced, as from a system's cache.
        let state = self.disk.0.lock().unwrap();
        let (lost, unsynced) = (state.lost.get(&self.path), state.unsynced.get(&self.path));
        for (at, written) in lost.into_iter().chain(unsynced).flatten() {
            let (from, to) = (offset.max(*at), (offset + bytes.len() as u64).min(at + written.len() as u64));
            if from < to {
                let place = |position: u64, start: u64| usize::try_from(position - start).unwrap();
                bytes[place(from, offset)..place(to, offset)]
                    .copy_from_slice(&written[place(from, *at)..place(to, *at)]);
            }
        }
        Ok(())
    }

    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
        let mut state = self.disk.0.lock().unwrap();
        let (part, answer) = state.admit(bytes.len());
        if let Some(lost) = state.lost.get_mut(&self.path) {
            lost.retain(|(at, written)| *at < offset || at + written.len() as u64 > offset + bytes.len() as u64);
        }
        // A file that is being made is not overlaid: its zeros would fill the memory.
        if bytes.len() > 64 * 1024 {
            self.under.write_at(&bytes[..part], offset)?;
        } else {
            state.unsynced.entry(self.path.clone()).or_default().push((offset, bytes[..part].to_vec()));
        }
        answer
    }

    fn sync(&self) -> io::Result<()> {
        let mut state = self.disk.0.lock().unwrap();
        state.power_is_off |= state.power_goes_at_sync;
        if state.power_is_off {
            return Err(io::ErrorKind::Other.into());
        }
        let unsynced = state.unsynced.remove(&self.path).unwrap_or_default();
        if state.syncs_fail {
            state.lost.entry(self.path.clone()).or_default().extend(unsynced);
            return Err(io::ErrorKind::Other.into());
        }
        for (offset, bytes) in unsynced {
            self.under.write_at(&bytes, offset)?;
        }
        Ok(())
    }

    fn length(&self) -> io::Result<u64> {
        let state = self.disk.0.lock().unwrap();
        let written = state.unsynced.get(&self.path).into_iter().flatten();
        let end = written.map(|(at, bytes)| at + bytes.len() as u64).max().unwrap_or(0);
        Ok(self.under.length()?.max(end))
    }
}
