//! A disk that does not answer for some files, for as long as a test wants.

use std::io;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};

use pingyi::store::disk::{Disk, DiskFile, MachineDisk};

/// Decides which files of a disk are opened. Dropping it lets everything through: a test that fails ends, and waits for nobody.
#[derive(Default)]
pub struct SlowDisk(Files);

/// The machine's disk, but for files whose names have a text. Clones are the same disk.
#[derive(Clone, Default)]
pub struct Files(Arc<(Mutex<State>, Condvar)>);

#[derive(Default)]
struct State {
    /// Files whose names have it are not opened.
    stuck: Option<String>,
    /// Whether opening them fails, or waits.
    fails: bool,
    /// Who waits for one of them now, and how often one was asked for.
    waiting: usize,
    asked: usize,
}

impl Drop for SlowDisk {
    fn drop(&mut self) {
        self.answers();
    }
}

impl SlowDisk {
    /// The disk, for a store.
    pub fn files(&self) -> Arc<dyn Disk> {
        Arc::new(self.0.clone())
    }

    /// From now on opening a file whose name has this text waits.
    pub fn sticks(&self, text: &str) {
        self.becomes(Some(text), false);
    }

    /// From now on opening a file whose name has this text fails.
    pub fn fails(&self, text: &str) {
        self.becomes(Some(text), true);
    }

    /// All files are opened.
    pub fn answers(&self) {
        self.becomes(None, false);
    }

    fn becomes(&self, stuck: Option<&str>, fails: bool) {
        let mut state = self.state();
        (state.stuck, state.fails) = (stuck.map(str::to_owned), fails);
        self.0.0.1.notify_all();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.0.0.lock().unwrap()
    }

    /// Who waits for a file at this moment.
    pub fn waiting(&self) -> usize {
        self.state().waiting
    }

    /// How often a file was asked for that was not opened at once.
    pub fn asked(&self) -> usize {
        self.state().asked
    }
}

impl Files {
    fn passes(&self, path: &Path) -> io::Result<()> {
        let (state, changed) = &*self.0;
        let mut state = state.lock().unwrap();
        let is_stuck = |state: &State| state.stuck.as_ref().is_some_and(|text| path.to_string_lossy().contains(text));
        if !is_stuck(&state) {
            return Ok(());
        }
        state.asked += 1;
        state.waiting += 1;
        while is_stuck(&state) && !state.fails {
            state = changed.wait(state).unwrap();
        }
        state.waiting -= 1;
        if is_stuck(&state) { Err(io::ErrorKind::Other.into()) } else { Ok(()) }
    }
}

impl Disk for Files {
    fn create(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        self.passes(path)?;
        MachineDisk.create(path)
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        self.passes(path)?;
        MachineDisk.open(path)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        MachineDisk.rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        MachineDisk.remove(path)
    }
}
