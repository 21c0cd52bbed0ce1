//! The store of several servers: they meet at Redis, and each keeps a journal in its own directory, in the files of a local store.
//! What is decided at Redis is decided in one step there, for all of them; what is acknowledged is in the own directory first.
//! So any of them can die, and Redis too: what is left brings the rest back.
//!
//! Nothing at Redis reads (`sealing`): documents, names, keys, ballots and what the live tally counts are sealed under keys that
//! are made of the operator key. Every batch has one shape, whoever cast it and whatever was written, filled up with fillers
//! that nobody without the key tells from ballots. No value joins a seat and a ballot, and none holds the time or the order in
//! which ballots came.
//!
//! ```text
//! pingyi:{meeting}:meeting     epoch, version, sealed document, states of rounds    pingyi:{meeting}:box:1     sealed, score 0
//! pingyi:{meeting}:seats …     who may sit (sealed), which sit, which have papers   pingyi:{meeting}:pool:1    the live tally
//! pingyi:{look-ups}:…          code, link, credential and session → meeting         pingyi:{meeting}:poke      a channel
//! ```
//!
//! Nothing imports a floor above its own. What a step does is in `steps/`, and each step is declared by the file that calls it:
//!
//! ```text
//! recovery/    watchdog  epoch  merge  earlier                     by the clock, and after lost history; the client is handed it
//! meetings     seats  seat_cache  ballots                          the three traits
//! documents    progress  slips  slip_codes  people  live  sign_off  batch
//! directory    copy  inventory
//! client/      meeting_cache  heartbeats  replicated  checks       sends steps, and judges every answer before it is believed
//!              step  transport  connection  address                the lowest place: a simulation stands in for `transport`
//! sealing/     document  seat                                      how things lie at Redis
//! ```

mod ballots;
mod batch;
pub mod client;
mod copy;
mod directory;
mod documents;
mod inventory;
mod live;
mod meetings;
mod people;
mod progress;
mod recovery;
pub mod sealing;
mod seat_cache;
mod seats;
mod sign_off;
mod slip_codes;
mod slips;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{broadcast, mpsc};
use tokio::time::Instant;

use super::disk::journal::LocalJournal;
use super::disk::{Disk, MachineDisk, OpenError};
use crate::clock::{Clock, now_ms};
use crate::durability::Durability;
use crate::server_secret::ServerSecret;
use client::address::RedisAddress;
use client::checks;
pub use client::checks::RedisOpenError;
use client::connection::SharedConnection;
use client::replicated::ReplicatedCasts;
use client::transport::{Transport, Transports};
use client::{ClientParts, DIRECTORY, RedisClient};
use recovery::{epoch, watchdog};
use sealing::Sealing;
use seat_cache::SeatCache;

/// Pokes that a slow listener may miss before it is told that it did.
const CHANGES_MAX: usize = 1_024;
/// Pokes from Redis that may wait; more are lost, as pokes may be.
const POKES_MAX: usize = 1_024;
/// How long a directory may still be in use by a server that stops.
const DIRECTORY_WAIT: Duration = Duration::from_secs(5);

/// What can be chosen about a store at Redis.
#[derive(Clone, Debug)]
pub struct RedisOptions {
    /// `redis://`, `rediss://`, `redis+sentinel://` or `redis+cluster://`.
    pub url: String,
    /// The secret of all servers that meet there.
    pub secret: ServerSecret,
    /// What people call this server: shown where others wait for it.
    pub name: String,
    /// Replicas that must have a cast before it is acknowledged.
    pub replicas: u32,
    /// Whether a Redis that does not tell how it is set will do.
    pub unchecked: bool,
}

/// The store of one of several servers. Dropping it ends what it does by the clock.
pub struct RedisStore {
    client: Arc<RedisClient>,
    seats: SeatCache,
}

impl Drop for RedisStore {
    fn drop(&mut self) {
        self.client.stop();
    }
}

impl RedisStore {
    /// Opens the own directory, checks Redis, and brings back what Redis lost meanwhile.
    ///
    /// # Errors
    /// [`RedisOpenError`], each with what to do about it.
    pub async fn open(directory: &Path, options: &RedisOptions) -> std::result::Result<Self, RedisOpenError> {
        let address = || RedisOpenError::Address(options.url.clone());
        let (hear, pokes) = mpsc::channel(POKES_MAX);
        let there = RedisAddress::read(&options.url).ok_or_else(address)?;
        let connection = SharedConnection::new(there.clone(), hear).map_err(|_| address())?;
        checks::check(&connection, options.replicas, options.unchecked).await?;
        // Before anything is changed, there or in the own directory.
        checks::check_key(&connection, &Sealing::new(&options.secret)).await?;
        if !options.unchecked {
            checks::forget_slow_commands(&connection).await?;
        }
        let replicated: Option<(Arc<dyn Transport>, u32)> = if options.replicas > 0 {
            // Nobody publishes on it.
            let (hear, _) = mpsc::channel(1);
            let connection = SharedConnection::new(there, hear).map_err(|_| address())?;
            Some((Arc::new(connection), options.replicas))
        } else {
            None
        };
        let transports = Transports { steps: Arc::new(connection), pokes, replicated };
        Self::open_over(directory, options, transports, Arc::new(MachineDisk), now_ms).await
    }

    /// The same over whatever runs steps in the place of Redis, which is not checked, with boxes and keys on another disk, and by
    /// another clock. Of the options the address is not used.
    ///
    /// # Errors
    /// [`RedisOpenError`], each with what to do about it.
    pub async fn open_over(
        directory: &Path,
        options: &RedisOptions,
        transports: Transports,
        disk: Arc<dyn Disk>,
        clock: Clock,
    ) -> std::result::Result<Self, RedisOpenError> {
        let Transports { steps, pokes, replicated } = transports;
        let journal = open_journal(directory, &options.secret, &disk).await.map_err(RedisOpenError::Directory)?;
        let durability = match (options.unchecked, options.replicas) {
            (true, _) => Durability::Memory,
            (false, 0) => Durability::Redis,
            (false, _) => Durability::RedisReplicated,
        };
        let (changes, _) = broadcast::channel(CHANGES_MAX);
        let client = RedisClient::new(ClientParts {
            journal,
            transport: steps,
            sealing: Sealing::new(&options.secret),
            changes,
            name: options.name.clone(),
            replicated: replicated.map(|(transport, replicas)| ReplicatedCasts::start(transport, replicas)),
            durability,
            clock,
            bring_back: epoch::start,
        });
        let store = Self { client: Arc::clone(&client), seats: SeatCache::default() };
        let unreachable = |error: super::StoreError| RedisOpenError::Unreachable(error.to_string());
        let names = client.cache_of(DIRECTORY).await.map_err(unreachable)?;
        epoch::recover(&client, &names, false).await.map_err(unreachable)?;
        // Another server with another key may have come first a moment ago.
        checks::check_key(&*client.transport, &client.sealing).await?;
        for meeting in client.journal.meetings().await.map_err(unreachable)? {
            // In the list of what is looked at from now on; what Redis lost of it is brought back there.
            client.cache_of(&meeting).await.map_err(unreachable)?;
        }
        client.beside(watchdog::live_by_the_clock);
        client.beside(watchdog::look_by_the_clock);
        client.beside(watchdog::bring_archived_over);
        client.beside(|client| watchdog::hear_pokes(client, pokes));
        Ok(store)
    }
}

/// A server that is just stopping still holds the directory for a moment.
async fn open_journal(
    directory: &Path,
    secret: &ServerSecret,
    disk: &Arc<dyn Disk>,
) -> std::result::Result<LocalJournal, OpenError> {
    let until = Instant::now() + DIRECTORY_WAIT;
    loop {
        match LocalJournal::open(directory, secret.clone(), Arc::clone(disk)) {
            Err(OpenError::InUse(_)) if Instant::now() < until => tokio::time::sleep(Duration::from_millis(20)).await,
            opened => return opened,
        }
    }
}
