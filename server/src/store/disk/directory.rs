//! The data directory: one server at a time, one format, and the way from an older format to ours with a backup before.
//! It knows names of files, not what is in them.

use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use tokio::sync::watch;

use super::files::is_full;
use super::migrations::Migration;
use super::open_error::OpenError;
use crate::private_file;
use crate::server_secret::ServerSecret;

/// The format that this version reads and writes.
pub const FORMAT: u32 = 2;

/// Where SQLite keeps meetings, seats and papers.
pub(in crate::store) const DATABASE: &str = "meetings.sqlite";
/// Where boxes are.
pub(in crate::store) const BOXES: &str = "box";
/// Where private keys are.
pub(in crate::store) const KEYS: &str = "keys";
/// Where the command line keeps the digest of the operator's key, beside what the store keeps.
pub const OPERATOR_FILE: &str = "operator-key";
/// Where a server that keeps everything by itself has its secret. It is in no backup.
pub(in crate::store) const SECRET_FILE: &str = "server-secret";
/// Where the command line writes the slips of a meeting, to be printed.
#[must_use]
pub fn slips_file(meeting: &str) -> String {
    format!("slips-{meeting}.html")
}

pub(in crate::store) const FORMAT_FILE: &str = "format";
pub(in crate::store) const LOCK_FILE: &str = "lock";
pub(in crate::store) const BACKUP: &str = "backup-of-format-";

/// A directory that is ours as long as this lives.
#[derive(Debug)]
pub(in crate::store) struct Directory {
    pub(in crate::store) path: PathBuf,
    /// What only the servers of this directory know.
    pub(in crate::store) secret: ServerSecret,
    // The system gives the directory back when the process ends, however it ends.
    lock: File,
    // Fields are dropped after `drop`: who hears that it closed finds the directory free.
    given_back: watch::Sender<()>,
}

impl Drop for Directory {
    fn drop(&mut self) {
        // Closing alone would leave it locked while a process that was just forked still holds a copy of the file.
        drop(self.lock.unlock());
    }
}

impl Directory {
    /// Takes the directory, makes it where there is none, and brings it to our format. A server without a given secret keeps
    /// one in the directory.
    pub(in crate::store) fn take(
        path: &Path,
        migrations: &[Migration],
        given: Option<ServerSecret>,
    ) -> Result<Self, OpenError> {
        let not_writable = |error: io::Error| failure(path, &error);
        for folder in [path, &path.join(BOXES), &path.join(KEYS)] {
            make_folder(folder).map_err(not_writable)?;
        }
        let lock = path.join(LOCK_FILE);
        let lock = File::options().write(true).create(true).truncate(false).open(lock).map_err(not_writable)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(OpenError::InUse(path.to_owned())),
            Err(TryLockError::Error(error)) => return Err(not_writable(error)),
        }
        // A lock can be had on a directory that is read-only; a file that comes and goes tells.
        let probe = path.join("writable");
        std::fs::write(&probe, [0; 4096]).and_then(|()| std::fs::remove_file(&probe)).map_err(not_writable)?;
        let format = written_format(path)?;
        let secret = given.map_or_else(|| own_secret(path, format), Ok)?;
        let directory = Self { path: path.to_owned(), secret, lock, given_back: watch::Sender::new(()) };
        directory.bring_to_our_format(format, migrations)?;
        Ok(directory)
    }

    /// Closes once the directory is given back.
    pub(in crate::store) fn given_back(&self) -> watch::Receiver<()> {
        self.given_back.subscribe()
    }

    fn bring_to_our_format(&self, format: Option<u32>, migrations: &[Migration]) -> Result<(), OpenError> {
        let Some(mut format) = format else {
            return self.write_format(FORMAT);
        };
        while format < FORMAT {
            let migration = migrations.iter().find(|migration| migration.from == format);
            let migration = migration.ok_or_else(|| OpenError::TooOld(self.path.clone(), format))?;
            let backup = self.back_up(format).map_err(|error| failure(&self.path, &error))?;
            (migration.run)(&self.path, &self.secret)
                .map_err(|error| OpenError::MigrationFailed(self.path.clone(), backup, error.to_string()))?;
            format += 1;
            self.write_format(format)?;
        }
        Ok(())
    }

    fn write_format(&self, format: u32) -> Result<(), OpenError> {
        let (new, at) = (self.path.join("format.new"), self.path.join(FORMAT_FILE));
        let write = || -> io::Result<()> {
            std::fs::write(&new, format!("{format}\n"))?;
            File::options().write(true).open(&new)?.sync_all()?;
            std::fs::rename(&new, &at)
        };
        write().map_err(|error| failure(&at, &error))
    }

    /// Copies everything but keys and the secret. A copy that was cut short is made anew: it is complete when it has its final name.
    fn back_up(&self, format: u32) -> io::Result<PathBuf> {
        let done = self.path.join(format!("{BACKUP}{format}"));
        if done.exists() {
            return Ok(done);
        }
        let copying = self.path.join("backup.new");
        if copying.exists() {
            std::fs::remove_dir_all(&copying)?;
        }
        copy_files(&self.path, &copying, &|name| {
            ![KEYS, LOCK_FILE, SECRET_FILE].contains(&name) && name != "backup.new" && !name.starts_with(BACKUP)
        })?;
        std::fs::rename(&copying, &done)?;
        Ok(done)
    }

    /// Takes the backups of migrations away: they hold request digests, which must not outlive their round.
    pub(in crate::store) fn remove_backups(&self) -> io::Result<()> {
        for entry in std::fs::read_dir(&self.path)? {
            let entry = entry?;
            if entry.file_name().to_string_lossy().starts_with(BACKUP) {
                std::fs::remove_dir_all(entry.path())?;
            }
        }
        Ok(())
    }
}

/// The format of what is here; none where nothing is.
fn written_format(path: &Path) -> Result<Option<u32>, OpenError> {
    let at = path.join(FORMAT_FILE);
    match std::fs::read_to_string(&at) {
        Ok(text) => match text.trim().parse() {
            Ok(format) if format > FORMAT => Err(OpenError::Newer(path.to_owned(), format)),
            Ok(format) => Ok(Some(format)),
            Err(_) => Err(OpenError::Damaged(at, "it should hold one number".to_owned())),
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            // A database without its format file was written by nobody that we know.
            if path.join(DATABASE).exists() {
                return Err(OpenError::Damaged(at, "it is missing".to_owned()));
            }
            Ok(None)
        }
        Err(error) => Err(failure(&at, &error)),
    }
}

/// The first format in which codes are kept under the secret.
const SECRET_SINCE: u32 = 2;

/// The secret in the directory's own file: made at the first start. Where meetings are kept under one that is not there any
/// more, nothing is made in silence: no printed slip would open anything. An empty file asks for a new one.
fn own_secret(path: &Path, format: Option<u32>) -> Result<ServerSecret, OpenError> {
    let at = path.join(SECRET_FILE);
    let is_asked_for = match std::fs::read_to_string(&at) {
        Ok(text) if text.trim().is_empty() => true,
        Ok(text) => {
            private_file::make_private(&at).map_err(|error| failure(&at, &error))?;
            let damaged = || OpenError::Damaged(at.clone(), "it should hold 64 hexadecimal digits".to_owned());
            return ServerSecret::read(&text).ok_or_else(damaged);
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => false,
        Err(error) => return Err(failure(&at, &error)),
    };
    let is_needed = format.is_some_and(|format| format >= SECRET_SINCE) && path.join(DATABASE).exists();
    if is_needed && !is_asked_for {
        return Err(OpenError::SecretIsMissing(at));
    }
    let secret = ServerSecret::random().map_err(|_| OpenError::NoRandomness)?;
    private_file::write(&at, secret.written().as_bytes()).map_err(|error| failure(&at, &error))?;
    Ok(secret)
}

/// Makes a folder for the server's own user alone, where the system knows users.
fn make_folder(path: &Path) -> io::Result<()> {
    let mut folder = std::fs::DirBuilder::new();
    folder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut folder, 0o700);
    folder.create(path)
}

fn copy_files(from: &Path, to: &Path, wanted: &dyn Fn(&str) -> bool) -> io::Result<()> {
    make_folder(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let (name, target) = (entry.file_name(), to.join(entry.file_name()));
        if !wanted(&name.to_string_lossy()) {
            continue;
        }
        if entry.file_type()?.is_dir() {
            copy_files(&entry.path(), &target, &|_| true)?;
        } else {
            std::fs::copy(entry.path(), &target)?;
            File::options().write(true).open(&target)?.sync_all()?;
        }
    }
    Ok(())
}

/// What the system's answer means to the person at the terminal.
fn failure(path: &Path, error: &io::Error) -> OpenError {
    if is_full(error) { OpenError::DiskIsFull(path.to_owned()) } else { OpenError::NotWritable(path.to_owned()) }
}
