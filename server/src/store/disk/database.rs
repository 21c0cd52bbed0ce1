//! SQLite: one thread writes in groups, a few connections read. It knows how, not what: statements are in `meetings` and `seats`.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::{Connection, ErrorCode, TransactionBehavior};
use tokio::sync::oneshot::Sender;
use tokio::sync::{Semaphore, broadcast};

use super::cache::DatabaseCache;
use super::directory::Directory;
use super::files::failure;
use super::group_commit::{GroupCommit, Work};
use crate::private_file;
use crate::store::{Changed, Result, StoreError, Stored};

/// Reading at the same time; more than the cores of a small server would only wait for each other.
const READERS_MAX: usize = 4;
/// Pokes that a slow listener may miss before it is told that it did.
const CHANGES_MAX: usize = 1_024;

/// A database is written anew up to this size: 512 MiB, some twenty thousand meetings.
const REWRITTEN_PAGES_MAX: u32 = 1 << 17;

/// Tables without a time, without an order of arrival, and without a ballot. Seats and papers have all their rows, in full
/// length, from the beginning, and are only changed in place: so claiming and issuing move nothing, and erasing a digest
/// erases the only copy.
const SCHEMA: &str = "
CREATE TABLE IF NOT EXISTS store (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS meetings (
  number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, version INTEGER NOT NULL,
  title TEXT NOT NULL, host TEXT NOT NULL, phase TEXT NOT NULL, document TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS seats (
  meeting TEXT NOT NULL REFERENCES meetings(id), seat INTEGER NOT NULL, grp TEXT NOT NULL, entitled TEXT NOT NULL,
  named INTEGER, code BLOB NOT NULL UNIQUE, taken INTEGER NOT NULL, credential BLOB NOT NULL, leads INTEGER,
  PRIMARY KEY (meeting, seat)) WITHOUT ROWID;
CREATE UNIQUE INDEX IF NOT EXISTS seats_by_credential ON seats(credential) WHERE taken = 1;
CREATE INDEX IF NOT EXISTS seats_that_are_free ON seats(meeting, grp, seat) WHERE taken = 0;
CREATE INDEX IF NOT EXISTS seats_that_lead ON seats(meeting, leads) WHERE leads IS NOT NULL;
CREATE INDEX IF NOT EXISTS seats_that_are_named ON seats(meeting, named) WHERE named IS NOT NULL;
CREATE TABLE IF NOT EXISTS papers (
  meeting TEXT NOT NULL, round INTEGER NOT NULL, seat INTEGER NOT NULL, issued INTEGER NOT NULL, digest BLOB NOT NULL,
  PRIMARY KEY (meeting, round, seat), FOREIGN KEY (meeting, seat) REFERENCES seats(meeting, seat)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS slips (
  meeting TEXT NOT NULL REFERENCES meetings(id), grp TEXT NOT NULL, series INTEGER NOT NULL, void INTEGER NOT NULL,
  PRIMARY KEY (meeting, grp)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS capabilities (
  number INTEGER PRIMARY KEY, capability BLOB NOT NULL UNIQUE, meeting TEXT NOT NULL REFERENCES meetings(id), role TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS sessions (
  number INTEGER PRIMARY KEY, session BLOB NOT NULL UNIQUE, meeting TEXT NOT NULL REFERENCES meetings(id), role TEXT NOT NULL,
  link TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS manifests (
  meeting TEXT NOT NULL REFERENCES meetings(id), round INTEGER NOT NULL, manifest BLOB NOT NULL,
  PRIMARY KEY (meeting, round)) WITHOUT ROWID;
";

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::DiskIsFull,
            _ => Self::Broken(format!("the database: {error}")),
        }
    }
}

/// What a write changed that others must know once it is durable.
pub(in crate::store) enum Effect {
    /// Nothing.
    None,
    /// The meeting is this now.
    Meeting(Arc<Stored>),
    /// The meeting was read, and is this.
    Known(Arc<Stored>),
    /// A seat or a paper of this meeting changed.
    Seats(String),
    /// The meeting is this now, and seats of it changed.
    MeetingAndSeats(Arc<Stored>),
}

/// One write: runs in a transaction with others, and is answered after their commit.
trait Write: Send {
    fn run(&mut self, connection: &Connection) -> std::result::Result<(), StoreError>;
    fn effect(&mut self) -> Effect;
    fn answer(self: Box<Self>, failed: Option<StoreError>);
}

struct Writing<F, T> {
    act: Option<F>,
    outcome: Option<Result<(T, Effect)>>,
    answer: Sender<Result<T>>,
}

impl<F, T> Write for Writing<F, T>
where
    F: FnOnce(&Connection) -> Result<(T, Effect)> + Send,
    T: Send,
{
    fn run(&mut self, connection: &Connection) -> Result<()> {
        let Some(act) = self.act.take() else { return Ok(()) };
        let outcome = act(connection);
        let done = outcome.as_ref().map(|_| ()).map_err(Clone::clone);
        self.outcome = Some(outcome);
        done
    }

    fn effect(&mut self) -> Effect {
        match &mut self.outcome {
            Some(Ok((_, effect))) => std::mem::replace(effect, Effect::None),
            _ => Effect::None,
        }
    }

    fn answer(self: Box<Self>, failed: Option<StoreError>) {
        let outcome = self.outcome.map(|outcome| outcome.map(|(answer, _)| answer));
        let never = Err(StoreError::Broken("the database did not come to it".to_owned()));
        let answer = failed.map_or_else(|| outcome.unwrap_or(never), Err);
        // A caller that is gone needs no answer: its repeat gets the same one.
        drop(self.answer.send(answer));
    }
}

enum Job {
    Write(Box<dyn Write>),
    /// Empties the WAL.
    Empty(Sender<Result<()>>),
    /// Writes the database anew, then empties the WAL.
    Rewrite(Sender<Result<()>>),
}

struct Writer {
    connection: Connection,
    cache: Arc<DatabaseCache>,
    changes: broadcast::Sender<Changed>,
    // Given back after the last write: whoever takes the directory next finds nobody writing.
    _directory: Arc<Directory>,
}

impl Work for Writer {
    type Job = Job;

    fn commit(&mut self, jobs: Vec<Job>) {
        let mut writes = Vec::new();
        for job in jobs {
            match job {
                Job::Write(write) => writes.push(write),
                Job::Empty(answer) => {
                    self.write_all(std::mem::take(&mut writes));
                    drop(answer.send(self.empty_wal()));
                }
                Job::Rewrite(answer) => {
                    self.write_all(std::mem::take(&mut writes));
                    drop(answer.send(self.rewrite()));
                }
            }
        }
        self.write_all(writes);
    }
}

impl Writer {
    fn write_all(&mut self, mut writes: Vec<Box<dyn Write>>) {
        if writes.is_empty() {
            return;
        }
        let failed = self.write_group(&mut writes).err();
        for write in &mut writes {
            let effect = if failed.is_none() { write.effect() } else { Effect::None };
            match effect {
                Effect::None => {}
                Effect::Known(stored) => self.cache.note(stored),
                Effect::Meeting(stored) => {
                    let meeting = stored.meeting.id.clone();
                    self.cache.note(stored);
                    self.poke(meeting);
                }
                Effect::MeetingAndSeats(stored) => {
                    let meeting = stored.meeting.id.clone();
                    self.cache.note(stored);
                    self.cache.seats_changed();
                    self.poke(meeting);
                }
                Effect::Seats(meeting) => {
                    self.cache.seats_changed();
                    self.poke(meeting);
                }
            }
        }
        for write in writes {
            write.answer(failed.clone());
        }
    }

    /// All in one transaction, each in a savepoint: one that fails is taken back alone, unless SQLite gave all of it up.
    fn write_group(&mut self, writes: &mut [Box<dyn Write>]) -> Result<()> {
        let mut transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for write in writes {
            let savepoint = transaction.savepoint()?;
            match write.run(&savepoint) {
                Ok(()) => savepoint.commit()?,
                Err(error) if savepoint.is_autocommit() => return Err(error),
                // Dropping a savepoint rolls it back.
                Err(_) => drop(savepoint),
            }
        }
        Ok(transaction.commit()?)
    }

    fn empty_wal(&self) -> Result<()> {
        let busy: bool = self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
        if busy { Err(StoreError::Broken("the database is being read: the WAL stays".to_owned())) } else { Ok(()) }
    }

    /// Pages that were balanced keep copies of rows between their cells, which `secure_delete` does not reach: written anew
    /// they are gone. It takes a second for each hundred MB, in memory, so a very large database keeps them instead.
    fn rewrite(&self) -> Result<()> {
        let pages: u32 = self.connection.query_row("PRAGMA page_count", [], |row| row.get(0))?;
        if pages <= REWRITTEN_PAGES_MAX {
            self.connection.execute_batch("VACUUM")?;
        }
        self.empty_wal()
    }

    fn poke(&self, meeting: String) {
        // Nobody listening is no error.
        drop(self.changes.send(Changed { meeting }));
    }
}

/// The database.
pub(in crate::store) struct Database {
    writer: GroupCommit<Job>,
    path: PathBuf,
    // Idle connections; a reader takes one or opens one.
    idle: Arc<Mutex<Vec<Connection>>>,
    reading: Arc<Semaphore>,
    pub(in crate::store) cache: Arc<DatabaseCache>,
    pub(in crate::store) changes: broadcast::Sender<Changed>,
    pub(in crate::store) epoch: String,
}

impl Database {
    /// Opens the database of a directory that is ours, and makes it where there is none; `in_place` is whether whoever writes
    /// does it at once, without a thread.
    pub(in crate::store) fn open(
        path: PathBuf,
        pages_max: u32,
        directory: Arc<Directory>,
        in_place: bool,
    ) -> Result<Self> {
        make_private(&path).map_err(|error| failure("the database", &error))?;
        let connection = connect(&path)?;
        connection.pragma_update(None, "max_page_count", pages_max)?;
        connection.execute_batch(SCHEMA)?;
        connection.execute("INSERT OR IGNORE INTO store VALUES ('epoch', ?1)", [uuid::Uuid::new_v4().to_string()])?;
        let epoch = connection.query_row("SELECT value FROM store WHERE name = 'epoch'", [], |row| row.get(0))?;
        let cache = Arc::new(DatabaseCache::default());
        let (changes, _) = broadcast::channel(CHANGES_MAX);
        let writer = Writer { connection, cache: Arc::clone(&cache), changes: changes.clone(), _directory: directory };
        let writer = GroupCommit::start("database", writer, in_place);
        let writer = writer.map_err(|error| StoreError::Broken(format!("a thread for the database: {error}")))?;
        let reading = Arc::new(Semaphore::new(READERS_MAX));
        Ok(Self { writer, path, idle: Arc::default(), reading, cache, changes, epoch })
    }

    /// Runs a write with others in one transaction; answers when it is durable.
    pub(in crate::store) async fn write<T: Send + 'static>(
        &self,
        act: impl FnOnce(&Connection) -> Result<(T, Effect)> + Send + 'static,
    ) -> Result<T> {
        self.writer.ask(|answer| Job::Write(Box::new(Writing { act: Some(act), outcome: None, answer }))).await
    }

    /// Brings everything into the database file and empties the WAL: what was overwritten before is in no file any more.
    pub(in crate::store) async fn empty_wal(&self) -> Result<()> {
        self.writer.ask(Job::Empty).await
    }

    /// The same, after the database was written anew: nothing that was deleted before is in it.
    pub(in crate::store) async fn rewrite(&self) -> Result<()> {
        self.writer.ask(Job::Rewrite).await
    }

    /// Reads what was committed.
    pub(in crate::store) async fn read<T: Send + 'static>(
        &self,
        act: impl FnOnce(&Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let stopping = || StoreError::Broken("the store is stopping".to_owned());
        let permit = Arc::clone(&self.reading).acquire_owned().await.map_err(|_| stopping())?;
        let (idle, path) = (Arc::clone(&self.idle), self.path.clone());
        let read = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            let connection = idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let connection = match connection {
                Some(connection) => connection,
                None => connect(&path)?,
            };
            let answer = act(&connection);
            idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
            answer
        });
        read.await.map_err(|_| stopping())?
    }
}

/// Before SQLite opens it: what it makes beside gets the rights of the database.
fn make_private(path: &Path) -> std::io::Result<()> {
    match private_file::create_new(path) {
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => private_file::make_private(path),
        created => created.map(drop),
    }
}

fn connect(path: &Path) -> Result<Connection> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    // NORMAL does not sync the WAL at commit: it lost acknowledged writes in every simulated power cut.
    connection.pragma_update(None, "synchronous", "FULL")?;
    // Where a sync of the system's does not reach the disk itself; ignored elsewhere.
    connection.pragma_update(None, "fullfsync", true)?;
    connection.pragma_update(None, "secure_delete", true)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    // 16 MiB: while a hall claims its seats the same pages change again and again, and are written back once.
    connection.pragma_update(None, "wal_autocheckpoint", 4_096)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}
