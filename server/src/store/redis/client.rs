//! A server's client of Redis: steps are sent with what is known, and every answer is judged before anything in it is believed.
//! It imports nothing of what is built on it. Who brings lost history back is handed to it when it is made, and what of a meeting
//! a step is about is decided by its callers.

pub(in crate::store::redis) mod address;
pub(in crate::store::redis) mod checks;
pub(in crate::store::redis) mod connection;
pub(in crate::store::redis) mod heartbeats;
pub(in crate::store::redis) mod meeting_cache;
pub(in crate::store::redis) mod replicated;
pub mod step;
pub mod transport;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use tokio::sync::broadcast;
use tokio::task::AbortHandle;
use tokio::time::Instant;

use super::sealing::Sealing;
use crate::clock::Clock;
use crate::durability::Durability;
use crate::store::disk::journal::{Fact, LocalJournal};
use crate::store::{Changed, Result, StoreError};
use heartbeats::Heartbeats;
use meeting_cache::MeetingCache;
use replicated::ReplicatedCasts;
use step::{Arguments, Call, Caller, RedisStep, Standing, StepAnswer, steps};
use transport::Transport;

/// The place of what names no meeting: the directory of codes, links, credentials, sessions, meetings and servers. No meeting has
/// a `-` in its id.
pub(in crate::store::redis) const DIRECTORY: &str = "look-ups";
/// Meetings that are known at the same time.
const MEETINGS_MAX: usize = 10_000;
/// The least time between two pokes about a meeting.
const POKE_INTERVAL: Duration = Duration::from_millis(50);

steps! {
    pub(in crate::store::redis) READ_STANDING: "meeting/read_standing";
}

/// Starts to bring lost history back, in a task of its own. The last argument says whether Redis answered an earlier version than
/// one that was seen. It is called for every answer that shows the loss, so it must know what it does already.
pub(in crate::store::redis) type BringBack = fn(&RedisClient, &Arc<MeetingCache>, bool);

/// One server's client.
pub(in crate::store::redis) struct RedisClient {
    pub(in crate::store::redis) journal: Arc<LocalJournal>,
    pub(in crate::store::redis) transport: Arc<dyn Transport>,
    /// How things lie there.
    pub(in crate::store::redis) sealing: Sealing,
    pub(in crate::store::redis) changes: broadcast::Sender<Changed>,
    /// What people call this server.
    pub(in crate::store::redis) name: String,
    /// The way for casts that replicas must have, where this server waits for some.
    replicated: Option<ReplicatedCasts>,
    pub(in crate::store::redis) durability: Durability,
    pub(in crate::store::redis) clock: Clock,
    bring_back: BringBack,
    // Std mutexes: held for a look-up, never across an await.
    meetings: Mutex<HashMap<String, Arc<MeetingCache>>>,
    tasks: Mutex<Vec<AbortHandle>>,
    /// Which servers live.
    pub(in crate::store::redis) heartbeats: Heartbeats,
    this: Weak<Self>,
}

/// What a client is made of.
pub(in crate::store::redis) struct ClientParts {
    pub(in crate::store::redis) journal: LocalJournal,
    pub(in crate::store::redis) transport: Arc<dyn Transport>,
    pub(in crate::store::redis) sealing: Sealing,
    pub(in crate::store::redis) changes: broadcast::Sender<Changed>,
    pub(in crate::store::redis) name: String,
    pub(in crate::store::redis) replicated: Option<ReplicatedCasts>,
    pub(in crate::store::redis) durability: Durability,
    pub(in crate::store::redis) clock: Clock,
    pub(in crate::store::redis) bring_back: BringBack,
}

/// What is said while history is brought back: nothing is acknowledged.
pub(in crate::store::redis) fn not_now() -> StoreError {
    StoreError::Broken(
        "redis lost history: servers bring theirs back, and nothing is acknowledged meanwhile".to_owned(),
    )
}

impl RedisClient {
    pub(in crate::store::redis) fn new(parts: ClientParts) -> Arc<Self> {
        Arc::new_cyclic(|this| Self {
            heartbeats: Heartbeats::new(parts.journal.server()),
            journal: Arc::new(parts.journal),
            transport: parts.transport,
            sealing: parts.sealing,
            changes: parts.changes,
            name: parts.name,
            replicated: parts.replicated,
            durability: parts.durability,
            clock: parts.clock,
            bring_back: parts.bring_back,
            meetings: Mutex::default(),
            tasks: Mutex::default(),
            this: Weak::clone(this),
        })
    }

    /// Runs something beside, until the store is gone.
    pub(in crate::store::redis) fn beside<F>(&self, run: impl FnOnce(Arc<Self>) -> F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let Some(this) = self.this.upgrade() else { return };
        let task = tokio::spawn(run(this)).abort_handle();
        let mut tasks = self.tasks.lock().unwrap_or_else(PoisonError::into_inner);
        tasks.retain(|task| !task.is_finished());
        tasks.push(task);
    }

    /// Ends what runs beside.
    pub(in crate::store::redis) fn stop(&self) {
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner).drain(..).for_each(|task| task.abort());
    }

    /// Every meeting that this server knows.
    pub(in crate::store::redis) fn all_cached(&self) -> Vec<Arc<MeetingCache>> {
        self.meetings.lock().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }

    /// A meeting that is known already.
    pub(in crate::store::redis) fn cached(&self, id: &str) -> Option<Arc<MeetingCache>> {
        self.meetings.lock().unwrap_or_else(PoisonError::into_inner).get(id).cloned()
    }

    /// What is known of a meeting: at least what the own copy has.
    pub(in crate::store::redis) async fn cache_of(&self, id: &str) -> Result<Arc<MeetingCache>> {
        if let Some(cache) = self.cached(id) {
            return Ok(cache);
        }
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        if id != DIRECTORY && !((1..=64).contains(&id.len()) && id.bytes().all(plain)) {
            return Err(StoreError::Broken("a meeting's id is lower-case letters and digits".to_owned()));
        }
        let (epoch, stored) = (self.journal.epoch_of(id).await?, self.journal.stored(id).await?);
        let is_there = epoch.is_some();
        let cache = Arc::new(MeetingCache::new(id, epoch, stored));
        // One that nobody ever made is not kept: ids can be guessed without end.
        Ok(if is_there { self.keep(cache) } else { cache })
    }

    fn keep(&self, cache: Arc<MeetingCache>) -> Arc<MeetingCache> {
        let mut all = self.meetings.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(there) = all.get(&cache.id) {
            return Arc::clone(there);
        }
        if all.len() < MEETINGS_MAX {
            all.insert(cache.id.clone(), Arc::clone(&cache));
        }
        cache
    }

    fn caller<'a>(&'a self, id: &str, epoch: &'a str) -> Caller<'a> {
        Caller { key: key_of(id), epoch, server: self.journal.server(), check: self.sealing.check() }
    }

    /// Asks without judging: for whoever brings history back.
    pub(in crate::store::redis) async fn ask(
        &self,
        id: &str,
        epoch: &str,
        step: &'static RedisStep,
        arguments: &Arguments,
    ) -> Result<StepAnswer> {
        let reply = self.transport.run(&self.caller(id, epoch).call(step, arguments)).await?;
        StepAnswer::read(reply)
    }

    /// Asks a step that changes nothing. `Unknown` is an answer only where this server has no copy either.
    pub(in crate::store::redis) async fn read(
        &self,
        cache: &Arc<MeetingCache>,
        step: &'static RedisStep,
        arguments: &Arguments,
    ) -> Result<StepAnswer> {
        let (epoch, version) = self.seen(cache);
        let answer = self.ask(&cache.id, &epoch, step, arguments).await?;
        self.judge(cache, version, answer)
    }

    /// Asks a step that changes something, and answers with its first word.
    pub(in crate::store::redis) async fn write(
        &self,
        cache: &Arc<MeetingCache>,
        step: &'static RedisStep,
        arguments: &Arguments,
    ) -> Result<(String, StepAnswer)> {
        let answer = self.read(cache, step, arguments).await?;
        Self::word(answer)
    }

    /// The same of a step that as many replicas must have as this server waits for.
    pub(in crate::store::redis) async fn write_replicated(
        &self,
        cache: &Arc<MeetingCache>,
        step: &'static RedisStep,
        arguments: &Arguments,
    ) -> Result<(String, StepAnswer)> {
        let Some(replicated) = &self.replicated else { return self.write(cache, step, arguments).await };
        let (epoch, version) = self.seen(cache);
        let call: Call = self.caller(&cache.id, &epoch).call(step, arguments);
        let answer = replicated.cast(call).await?;
        Self::word(self.judge(cache, version, answer)?)
    }

    /// The first word of an answer.
    pub(in crate::store::redis) fn word(mut answer: StepAnswer) -> Result<(String, StepAnswer)> {
        if answer.standing == Standing::Unknown {
            return Ok(("unknown_meeting".to_owned(), answer));
        }
        let word = answer.text()?;
        if word.is_empty() { Err(not_now()) } else { Ok((word, answer)) }
    }

    fn seen(&self, cache: &MeetingCache) -> (String, u32) {
        let state = cache.state();
        (state.epoch.clone(), state.version)
    }

    fn judge(&self, cache: &Arc<MeetingCache>, version_before: u32, answer: StepAnswer) -> Result<StepAnswer> {
        match answer.standing {
            Standing::Fine | Standing::Recovering => {
                if answer.version < version_before {
                    (self.bring_back)(self, cache, true);
                    return Err(not_now());
                }
                let is_news = {
                    let mut state = cache.state();
                    if state.epoch.is_empty() {
                        state.epoch.clone_from(&answer.epoch);
                    }
                    let is_news = answer.version > state.version;
                    state.version = state.version.max(answer.version);
                    is_news
                };
                self.keep(Arc::clone(cache));
                if is_news {
                    // Whoever happened to learn of it: the look that comes later finds nothing new, and the poke may be lost.
                    self.heard(cache);
                }
                if answer.standing == Standing::Recovering {
                    (self.bring_back)(self, cache, false);
                }
                Ok(answer)
            }
            Standing::Unknown if cache.epoch().is_empty() && cache.id != DIRECTORY => Ok(answer),
            Standing::Newer => {
                let newer = "a newer version of this program holds this meeting: bring this server to that version";
                Err(StoreError::Broken(newer.to_owned()))
            }
            Standing::Stranger => {
                let stranger = "another operator key holds this meeting: bring this server to that Redis with that key";
                Err(StoreError::Broken(stranger.to_owned()))
            }
            Standing::Unknown | Standing::Earlier | Standing::Lost | Standing::Other => {
                (self.bring_back)(self, cache, false);
                Err(not_now())
            }
        }
    }

    // ── Changes ─────────────────────────────────────────────────────────────────────────────────────────────────

    /// Something of the meeting was changed by this server: whoever watches it here hears of it now, the others soon.
    pub(in crate::store::redis) fn changed(&self, cache: &Arc<MeetingCache>) {
        self.heard(cache);
        let wait = {
            let mut state = cache.state();
            if std::mem::replace(&mut state.poke_is_due, true) {
                return;
            }
            state.poked_at.map_or(Duration::ZERO, |at| POKE_INTERVAL.saturating_sub(at.elapsed()))
        };
        let cache = Arc::clone(cache);
        self.beside(move |client| async move {
            tokio::time::sleep(wait).await;
            {
                let mut state = cache.state();
                state.poke_is_due = false;
                state.poked_at = Some(Instant::now());
            }
            // A poke that is lost costs a second: every server looks by the clock as well.
            drop(client.transport.publish(&channel(&cache.id)).await);
        });
    }

    /// What is known of the meeting is not fresh any more.
    pub(in crate::store::redis) fn heard(&self, cache: &MeetingCache) {
        cache.state().generation += 1;
        // Nobody listening is no error.
        drop(self.changes.send(Changed { meeting: cache.id.clone() }));
    }

    /// Notes facts in the copy, durably.
    pub(in crate::store::redis) async fn note(&self, cache: &MeetingCache, fact: Fact) -> Result<()> {
        self.journal.note(&cache.id, vec![fact]).await
    }
}

/// What every key of a meeting begins with.
pub(in crate::store::redis) fn key_of(id: &str) -> String {
    format!("pingyi:{{{id}}}")
}

/// The channel of a meeting's pokes.
pub(in crate::store::redis) fn channel(id: &str) -> String {
    format!("pingyi:{{{id}}}:poke")
}
