//! The store of several servers: they meet at Redis, and each keeps its own half in its own directory, as a local store would.
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

mod address;
mod ballots;
mod checks;
mod document;
mod earlier;
mod inventory;
mod known;
mod link;
mod live;
mod looker;
mod meetings;
mod people;
mod point;
mod recovery;
mod replicated;
pub mod sealing;
mod seat_cache;
mod seating;
mod seats;
mod slips;
mod step;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{broadcast, mpsc};
use tokio::time::Instant;

use super::local::OpenError;
use super::local::half::Half;
use crate::durability::Durability;
use crate::server_secret::ServerSecret;
use address::Address;
pub use checks::RedisOpenError;
use link::Link;
use point::{LOOK_UPS, Parts, Point};
use replicated::Replicated;
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
    point: Arc<Point>,
    seats: SeatCache,
}

impl Drop for RedisStore {
    fn drop(&mut self) {
        self.point.stop();
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
        let there = Address::read(&options.url).ok_or_else(address)?;
        let link = Link::new(there.clone(), hear).map_err(|_| address())?;
        checks::check(&link, options.replicas, options.unchecked).await?;
        let sealing = Sealing::new(&options.secret);
        // Before anything is changed, there or in the own directory.
        checks::check_key(&link, &sealing).await?;
        if !options.unchecked {
            checks::forget_slow_commands(&link).await?;
        }
        let half = open_half(directory, &options.secret).await.map_err(RedisOpenError::Directory)?;
        let durability = match (options.unchecked, options.replicas) {
            (true, _) => Durability::Memory,
            (false, 0) => Durability::Redis,
            (false, _) => Durability::RedisReplicated,
        };
        let (changes, _) = broadcast::channel(CHANGES_MAX);
        let name = options.name.clone();
        let replicated = if options.replicas > 0 {
            // Nobody publishes on it.
            let (hear, _) = mpsc::channel(1);
            Some(Replicated::start(Link::new(there, hear).map_err(|_| address())?, options.replicas))
        } else {
            None
        };
        let point = Point::new(Parts { half, link, sealing, changes, name, replicated, durability });
        let store = Self { point: Arc::clone(&point), seats: SeatCache::default() };
        let unreachable = |error: super::StoreError| RedisOpenError::Unreachable(error.to_string());
        let look_ups = point.known(LOOK_UPS).await.map_err(unreachable)?;
        recovery::recover(&point, &look_ups, false).await.map_err(unreachable)?;
        // Another server with another key may have come first a moment ago.
        checks::check_key(&point.link, &point.sealing).await?;
        for meeting in point.half.meetings().await.map_err(unreachable)? {
            // In the list of what is looked at from now on; what Redis lost of it is brought back there.
            point.known(&meeting).await.map_err(unreachable)?;
        }
        point.beside(looker::live_by_the_clock);
        point.beside(looker::look_by_the_clock);
        point.beside(looker::bring_archived_over);
        point.beside(|point| looker::hear_pokes(point, pokes));
        Ok(store)
    }
}

/// A server that is just stopping still has the directory for a moment.
async fn open_half(directory: &Path, secret: &ServerSecret) -> std::result::Result<Half, OpenError> {
    let until = Instant::now() + DIRECTORY_WAIT;
    loop {
        match Half::open(directory, secret.clone()) {
            Err(OpenError::InUse(_)) if Instant::now() < until => tokio::time::sleep(Duration::from_millis(20)).await,
            opened => return opened,
        }
    }
}
