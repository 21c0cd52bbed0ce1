//! The private keys of rounds: one file each, so that they can be erased for good. It never looks into them.
//!
//! Why not SQLite: a deleted row lives on in the WAL and in pages that were moved, and who copies the disk after the round
//! could sign papers for it. A file of its own is overwritten in place, synced, and only then removed; no other file of
//! ours ever held a byte of it. A disk that never overwrites in place can keep an older state out of our reach.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use super::directory::{Directory, KEYS};
use super::files::Disk;
use super::turns::Turns;

/// Most bytes that are kept for a round: 201 contests of 16 groups with keys of 1,700 bytes in text.
const KEYS_BYTES_MAX: usize = 8 * 1024 * 1024;
const HEAD_BYTES: usize = 40;

/// The key files. What is done with them may take as long as the disk does: never within a task of the runtime.
pub(in crate::store) struct KeyFiles {
    disk: Arc<dyn Disk>,
    // Keeping and erasing are a few steps each; one of them at a time for each round.
    turns: Turns,
    // Given back after the last key was written.
    directory: Arc<Directory>,
}

impl KeyFiles {
    pub(in crate::store) fn new(disk: Arc<dyn Disk>, directory: Arc<Directory>) -> Self {
        Self { disk, directory, turns: Turns::default() }
    }

    fn paths(&self, meeting: &str, round: u32) -> [PathBuf; 2] {
        ["keys", "new"].map(|ending| self.directory.path.join(KEYS).join(format!("{meeting}-{round}.{ending}")))
    }

    /// Keeps the keys: complete under another name first, then the old ones are overwritten, then the name is theirs.
    /// Cut short anywhere, one of the two files is whole.
    pub(in crate::store) fn keep(&self, meeting: &str, round: u32, keys: &[u8]) -> io::Result<()> {
        let turn = self.turns.of(meeting, round);
        let _one = turn.blocking_lock();
        self.write(meeting, round, keys)
    }

    /// Keeps the keys where `over` is what is kept until now, and answers with what is kept then.
    pub(in crate::store) fn offer(
        &self,
        meeting: &str,
        round: u32,
        over: Option<&[u8]>,
        keys: &[u8],
    ) -> io::Result<Vec<u8>> {
        let turn = self.turns.of(meeting, round);
        let _one = turn.blocking_lock();
        let kept = self.read_either(meeting, round)?;
        match kept {
            Some(kept) if over != Some(kept.as_slice()) => Ok(kept),
            _ => self.write(meeting, round, keys).map(|()| keys.to_vec()),
        }
    }

    fn write(&self, meeting: &str, round: u32, keys: &[u8]) -> io::Result<()> {
        if keys.len() > KEYS_BYTES_MAX {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "these keys are too large"));
        }
        let [kept, new] = self.paths(meeting, round);
        if self.read_whole(&new)?.is_some() && self.read_whole(&kept)?.is_none() {
            // The last keep was cut short after the old keys were overwritten: these are the only ones.
            self.disk.rename(&new, &kept)?;
        }
        self.overwrite(&new)?;
        let file = self.disk.create(&new)?;
        file.write_at(keys, HEAD_BYTES as u64)?;
        file.write_at(&head(keys), 0)?;
        file.sync()?;
        drop(file);
        self.overwrite(&kept)?;
        self.disk.rename(&new, &kept)
    }

    pub(in crate::store) fn read(&self, meeting: &str, round: u32) -> io::Result<Option<Vec<u8>>> {
        let turn = self.turns.of(meeting, round);
        let _one = turn.blocking_lock();
        self.read_either(meeting, round)
    }

    fn read_either(&self, meeting: &str, round: u32) -> io::Result<Option<Vec<u8>>> {
        let [kept, new] = self.paths(meeting, round);
        match self.read_whole(&kept)? {
            Some(keys) => Ok(Some(keys)),
            None => self.read_whole(&new),
        }
    }

    /// Overwrites, syncs, removes.
    pub(in crate::store) fn erase(&self, meeting: &str, round: u32) -> io::Result<()> {
        let turn = self.turns.of(meeting, round);
        let _one = turn.blocking_lock();
        for path in self.paths(meeting, round) {
            self.overwrite(&path)?;
            self.disk.remove(&path)?;
        }
        Ok(())
    }

    fn overwrite(&self, path: &Path) -> io::Result<()> {
        let file = match self.disk.open(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            opened => opened?,
        };
        let length = usize::try_from(file.length()?).unwrap_or(0).min(KEYS_BYTES_MAX + HEAD_BYTES);
        file.write_at(&vec![0; length], 0)?;
        file.sync()
    }

    /// The keys in a file; none where there is no file, or where it was cut short or overwritten.
    fn read_whole(&self, path: &Path) -> io::Result<Option<Vec<u8>>> {
        let file = match self.disk.open(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            opened => opened?,
        };
        let length = usize::try_from(file.length()?).unwrap_or(usize::MAX);
        if !(HEAD_BYTES..=KEYS_BYTES_MAX + HEAD_BYTES).contains(&length) {
            return Ok(None);
        }
        let mut bytes = vec![0; length];
        file.read_at(&mut bytes, 0)?;
        let keys = bytes.split_off(HEAD_BYTES);
        Ok((bytes == head(&keys)).then_some(keys))
    }
}

fn head(keys: &[u8]) -> [u8; HEAD_BYTES] {
    let mut head = [0; HEAD_BYTES];
    head[..8].copy_from_slice(&(keys.len() as u64).to_le_bytes());
    head[8..].copy_from_slice(&Sha256::digest(keys));
    head
}
