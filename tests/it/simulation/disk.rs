//! The disk of a simulated server: used in place, and one that keeps any part of what was not synced when the power goes. The one
//! of rule d71 says that it has synced and has not.

use std::io;
use std::path::Path;

use pingyi::store::disk::{Disk, DiskFile};
use rand::RngExt;
use rand::rngs::StdRng;

use crate::store::disk::FailingDisk;

/// The power goes in the midst of so many more writes, each of which is a few sectors of a box or its sync.
const WRITES_MAX: u32 = 8;

/// Clones are the same disk.
#[derive(Clone)]
pub struct SimulatedDisk {
    under: FailingDisk,
    lies: bool,
}

impl SimulatedDisk {
    pub fn new(lies: bool) -> Self {
        Self { under: FailingDisk::default(), lies }
    }

    /// The power goes soon, in the midst of a write where there is one.
    pub fn power_goes(&self, rng: &mut StdRng) {
        self.under.power_goes_after(rng.random_range(0..WRITES_MAX));
    }

    pub fn power_is_off(&self) -> bool {
        self.under.power_is_off()
    }

    /// The power is back: of what was not synced, some sectors are there.
    pub fn power_comes_back(&self, rng: &mut StdRng) {
        self.under.power_comes_back_by(rng);
    }

    fn file(&self, under: Box<dyn DiskFile>) -> Box<dyn DiskFile> {
        if self.lies { Box::new(LyingFile(under)) } else { under }
    }
}

impl Disk for SimulatedDisk {
    fn create(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        Ok(self.file(self.under.create(path)?))
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        Ok(self.file(self.under.open(path)?))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.under.rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.under.remove(path)
    }

    fn is_used_in_place(&self) -> bool {
        true
    }
}

/// Answers a sync before it has synced, and never does.
struct LyingFile(Box<dyn DiskFile>);

impl DiskFile for LyingFile {
    fn read_at(&self, bytes: &mut [u8], offset: u64) -> io::Result<()> {
        self.0.read_at(bytes, offset)
    }

    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
        self.0.write_at(bytes, offset)
    }

    fn sync(&self) -> io::Result<()> {
        Ok(())
    }

    fn length(&self) -> io::Result<u64> {
        self.0.length()
    }
}
