//! The meeting point as this server uses it: steps are sent with what is known, and every answer is judged before anything in it
//! is believed. What of the meeting it is about is decided by its callers.

use std::collections::HashMap;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};

use tokio::sync::broadcast;
use tokio::task::AbortHandle;

use super::known::Known;
use super::link::Link;
use super::recovery;
use super::replicated::Replicated;
use super::sealing::Sealing;
use super::seating;
use super::step::{self, Answer, Arguments, CAST, CREATE, Caller, LOAD, Standing, Step, WHOLE};
use crate::durability::Durability;
use crate::role::Role;
use crate::store::local::half::{Fact, Half};
use crate::store::{Changed, Digest, NewSeat, Result, SlipSeries, StoreError, Stored};

/// The place of what names no meeting. No meeting has a `-` in its id.
pub(super) const LOOK_UPS: &str = "look-ups";
/// Meetings that are known at the same time.
const KNOWN_MAX: usize = 10_000;
/// The least time between two pokes about a meeting.
const POKE_INTERVAL: Duration = Duration::from_millis(50);

/// The meeting point.
pub(super) struct Point {
    pub(super) half: Arc<Half>,
    pub(super) link: Link,
    /// How things lie there.
    pub(super) sealing: Sealing,
    pub(super) changes: broadcast::Sender<Changed>,
    /// What people call this server.
    pub(super) name: String,
    /// The way for casts that replicas must have, where this server waits for some.
    replicated: Option<Replicated>,
    pub(super) durability: Durability,
    // Std mutexes: held for a look-up, never across an await.
    known: Mutex<HashMap<String, Arc<Known>>>,
    tasks: Mutex<Vec<AbortHandle>>,
    /// What each server said last, and when that was another thing than before.
    pub(super) beats: Mutex<HashMap<String, (String, Instant)>>,
    /// How often this server said that it lives.
    pub(super) beat: AtomicU64,
    this: Weak<Point>,
}

/// What a point is made of.
pub(super) struct Parts {
    pub(super) half: Half,
    pub(super) link: Link,
    pub(super) sealing: Sealing,
    pub(super) changes: broadcast::Sender<Changed>,
    pub(super) name: String,
    pub(super) replicated: Option<Replicated>,
    pub(super) durability: Durability,
}

/// What is said while history is brought back: nothing is acknowledged.
pub(super) fn not_now() -> StoreError {
    StoreError::Broken(
        "redis lost history: servers bring theirs back, and nothing is acknowledged meanwhile".to_owned(),
    )
}

impl Point {
    pub(super) fn new(parts: Parts) -> Arc<Self> {
        Arc::new_cyclic(|this| Self {
            half: Arc::new(parts.half),
            link: parts.link,
            sealing: parts.sealing,
            changes: parts.changes,
            name: parts.name,
            replicated: parts.replicated,
            durability: parts.durability,
            known: Mutex::default(),
            tasks: Mutex::default(),
            beats: Mutex::default(),
            beat: AtomicU64::new(0),
            this: Weak::clone(this),
        })
    }

    /// Runs something beside, until the store is gone.
    pub(super) fn beside<F>(&self, run: impl FnOnce(Arc<Self>) -> F)
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
    pub(super) fn stop(&self) {
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner).drain(..).for_each(|task| task.abort());
    }

    /// Every meeting that this server knows.
    pub(super) fn all_known(&self) -> Vec<Arc<Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }

    /// A meeting that is known already.
    pub(super) fn is_known(&self, id: &str) -> Option<Arc<Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).get(id).cloned()
    }

    /// What is known of a meeting: at least what the own copy has.
    pub(super) async fn known(&self, id: &str) -> Result<Arc<Known>> {
        if let Some(known) = self.is_known(id) {
            return Ok(known);
        }
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        if id != LOOK_UPS && !((1..=64).contains(&id.len()) && id.bytes().all(plain)) {
            return Err(StoreError::Broken("a meeting's id is lower-case letters and digits".to_owned()));
        }
        let (epoch, stored) = (self.half.epoch_of(id).await?, self.half.stored(id).await?);
        let is_there = epoch.is_some();
        let known = Arc::new(Known::new(id, epoch, stored));
        // One that nobody ever made is not kept: ids can be guessed without end.
        Ok(if is_there { self.keep(known) } else { known })
    }

    fn keep(&self, known: Arc<Known>) -> Arc<Known> {
        let mut all = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(there) = all.get(&known.id) {
            return Arc::clone(there);
        }
        if all.len() < KNOWN_MAX {
            all.insert(known.id.clone(), Arc::clone(&known));
        }
        known
    }

    fn caller<'a>(&'a self, id: &str, epoch: &'a str) -> Caller<'a> {
        Caller { key: key_of(id), epoch, server: self.half.server(), check: self.sealing.check() }
    }

    /// Asks without judging: for whoever brings history back.
    pub(super) async fn ask(&self, id: &str, epoch: &str, step: &Step, arguments: &Arguments) -> Result<Answer> {
        step::run(&self.link, &self.caller(id, epoch), step, arguments).await
    }

    /// Asks a step that changes nothing. `Unknown` is an answer only where this server has no copy either.
    pub(super) async fn read(&self, known: &Arc<Known>, step: &Step, arguments: &Arguments) -> Result<Answer> {
        let (epoch, version) = self.seen(known);
        let answer = self.ask(&known.id, &epoch, step, arguments).await?;
        self.judge(known, version, answer)
    }

    /// Asks a step that changes something, and answers with its first word.
    pub(super) async fn write(
        &self,
        known: &Arc<Known>,
        step: &Step,
        arguments: &Arguments,
    ) -> Result<(String, Answer)> {
        let answer = self.read(known, step, arguments).await?;
        Self::word(answer)
    }

    /// Casts, acknowledged by as many replicas as this server waits for, and answers with its first word.
    pub(super) async fn cast(&self, known: &Arc<Known>, arguments: &Arguments) -> Result<(String, Answer)> {
        let Some(replicated) = &self.replicated else { return self.write(known, &CAST, arguments).await };
        let (epoch, version) = self.seen(known);
        let caller = self.caller(&known.id, &epoch);
        let answer = replicated.cast(caller.key.clone(), |how, step| caller.command(how, step, arguments)).await?;
        Self::word(self.judge(known, version, answer)?)
    }

    fn word(mut answer: Answer) -> Result<(String, Answer)> {
        if answer.standing == Standing::Unknown {
            return Ok(("unknown_meeting".to_owned(), answer));
        }
        let word = answer.text()?;
        if word.is_empty() { Err(not_now()) } else { Ok((word, answer)) }
    }

    fn seen(&self, known: &Known) -> (String, u32) {
        let state = known.state();
        (state.epoch.clone(), state.version)
    }

    fn judge(&self, known: &Arc<Known>, version_before: u32, answer: Answer) -> Result<Answer> {
        match answer.standing {
            Standing::Fine | Standing::Recovering => {
                if answer.version < version_before {
                    recovery::start(self, known, true);
                    return Err(not_now());
                }
                let is_news = {
                    let mut state = known.state();
                    if state.epoch.is_empty() {
                        state.epoch.clone_from(&answer.epoch);
                    }
                    let is_news = answer.version > state.version;
                    state.version = state.version.max(answer.version);
                    is_news
                };
                self.keep(Arc::clone(known));
                if is_news {
                    // Whoever happened to learn of it: the look that comes later finds nothing new, and the poke may be lost.
                    self.heard(known);
                }
                if answer.standing == Standing::Recovering {
                    recovery::start(self, known, false);
                }
                Ok(answer)
            }
            Standing::Unknown if known.epoch().is_empty() && known.id != LOOK_UPS => Ok(answer),
            Standing::Newer => {
                let newer = "a newer version of this program holds this meeting: bring this server to that version";
                Err(StoreError::Broken(newer.to_owned()))
            }
            Standing::Stranger => {
                let stranger = "another operator key holds this meeting: bring this server to that Redis with that key";
                Err(StoreError::Broken(stranger.to_owned()))
            }
            Standing::Unknown | Standing::Earlier | Standing::Lost | Standing::Other => {
                recovery::start(self, known, false);
                Err(not_now())
            }
        }
    }

    // ── Documents ───────────────────────────────────────────────────────────────────────────────────────────────

    /// The latest document; none where there is no such meeting. A later one than the copy's goes into the copy, and boxes of
    /// rounds that were armed meanwhile are made.
    pub(super) async fn load(&self, known: &Arc<Known>) -> Result<Option<Arc<Stored>>> {
        if let Some(fresh) = known.fresh() {
            return Ok(Some(fresh));
        }
        let (generation, there) = {
            let state = known.state();
            (state.generation, state.stored.clone().filter(|stored| stored.epoch == state.epoch))
        };
        let version = there.as_ref().map_or(0, |stored| stored.version);
        let mut answer = self.read(known, &LOAD, &Arguments::new().and(version)).await?;
        if answer.standing == Standing::Unknown {
            return Ok(None);
        }
        let stored = match there {
            Some(there) if answer.is_empty() => there,
            _ => {
                let meeting = super::document::opened(&self.sealing, &known.id, &answer.bytes()?)?;
                let stored = Stored { meeting, epoch: answer.epoch.clone(), version: answer.version };
                self.take_over(known, stored).await?
            }
        };
        known.checked(generation);
        Ok(Some(stored))
    }

    /// Notes a document that was read or stored: first in the copy, then in memory.
    pub(super) async fn take_over(&self, known: &Arc<Known>, stored: Stored) -> Result<Arc<Stored>> {
        self.adopt(known, &stored).await?;
        // Whoever knows that slips were replaced knows their codes too: it may be the last one that does.
        super::slips::follow_document(self, known, &stored.meeting).await?;
        self.half.follow(stored.clone()).await?;
        self.half.prepare_boxes(&stored.meeting).await?;
        if stored.meeting.people_erased {
            super::people::destroy_copy(self, known).await?;
        }
        let stored = Arc::new(stored);
        let mut state = known.state();
        let is_later =
            state.stored.as_ref().is_none_or(|there| there.epoch != stored.epoch || there.version < stored.version);
        if is_later {
            state.stored = Some(Arc::clone(&stored));
        }
        Ok(stored)
    }

    /// Takes seats and links into the copy, once.
    async fn adopt(&self, known: &Arc<Known>, stored: &Stored) -> Result<()> {
        let _adopting = known.adopting.lock().await;
        if known.state().is_adopted {
            return Ok(());
        }
        let (seats, links, _) = self.seats_links_and_series(known).await?;
        // Its series of slips are followed like those of every copy.
        self.half.adopt(stored.clone(), seats, links).await?;
        known.state().is_adopted = true;
        Ok(())
    }

    /// What a copy has of a meeting beside its document.
    pub(super) async fn seats_links_and_series(
        &self,
        known: &Arc<Known>,
    ) -> Result<(Vec<NewSeat>, Vec<(Role, Digest)>, Vec<SlipSeries>)> {
        let mut whole = self.read(known, &WHOLE, &Arguments::new()).await?;
        let (found, roles) = (whole.list()?, whole.list()?);
        let broken = || StoreError::Broken("redis: a seat or a link cannot be read".to_owned());
        let mut seats = Vec::new();
        for seat in found.chunks_exact(3) {
            let entitled = seating::read(&self.sealing, &known.id, &seat[0], &seat[1])?;
            let code: Digest = seat[2].as_slice().try_into().map_err(|_| broken())?;
            seats.push(NewSeat { entitled, code });
        }
        let mut links = Vec::new();
        for link in roles.chunks_exact(2) {
            let digest: Digest = link[0].as_slice().try_into().map_err(|_| broken())?;
            links.push((role_of(&link[1])?, digest));
        }
        seats.sort_by_key(|seat| seat.entitled.seat);
        Ok((seats, links, super::slips::series_in(&whole.numbers()?)))
    }

    /// A meeting that must be in the copy before anything of it is noted there.
    pub(super) async fn loaded(&self, id: &str) -> Result<Option<(Arc<Known>, Arc<Stored>)>> {
        let known = self.known(id).await?;
        let there = known.state().stored.clone();
        // For what only needs the copy, any version of the document will do.
        if let Some(stored) = there.filter(|_| known.state().is_adopted) {
            return Ok(Some((known, stored)));
        }
        Ok(self.load(&known).await?.map(|stored| (known, stored)))
    }

    /// Makes a meeting of a copy; `is_back` where it was lost.
    pub(super) async fn make(&self, epoch: &str, copy: &Whole, is_back: bool) -> Result<(String, Answer)> {
        let mut arguments = Arguments::new().and(epoch).and(copy.stored.version).and(u8::from(is_back));
        let meeting = &copy.stored.meeting;
        super::document::push(&mut arguments, &self.sealing, meeting)?;
        arguments.push(copy.seats.len());
        for seat in &copy.seats {
            let written = seating::written(&self.sealing, &meeting.id, &seat.entitled)?;
            arguments = arguments.and(seat.entitled.seat).and(written).and(seat.code.as_slice());
        }
        for (role, link) in &copy.links {
            arguments = arguments.and(link.as_slice()).and(word_of(*role)?);
        }
        let answer = self.ask(&meeting.id, "", &CREATE, &arguments).await?;
        if answer.is_empty() {
            return Err(not_now());
        }
        Self::word(answer)
    }

    // ── Changes ─────────────────────────────────────────────────────────────────────────────────────────────────

    /// Something of the meeting was changed by this server: whoever watches it here is told now, the others soon.
    pub(super) fn changed(&self, known: &Arc<Known>) {
        self.heard(known);
        let wait = {
            let mut state = known.state();
            if std::mem::replace(&mut state.poke_is_due, true) {
                return;
            }
            state.poked_at.map_or(Duration::ZERO, |at| POKE_INTERVAL.saturating_sub(at.elapsed()))
        };
        let known = Arc::clone(known);
        self.beside(move |point| async move {
            tokio::time::sleep(wait).await;
            {
                let mut state = known.state();
                state.poke_is_due = false;
                state.poked_at = Some(Instant::now());
            }
            // A poke that is lost costs a second: every server looks by the clock as well.
            drop(point.link.publish(&channel(&known.id)).await);
        });
    }

    /// What is known of the meeting is not fresh any more.
    pub(super) fn heard(&self, known: &Known) {
        known.state().generation += 1;
        // Nobody listening is no error.
        drop(self.changes.send(Changed { meeting: known.id.clone() }));
    }

    /// Notes facts in the copy, durably.
    pub(super) async fn note(&self, known: &Known, fact: Fact) -> Result<()> {
        self.half.note(&known.id, vec![fact]).await
    }
}

/// A whole meeting as the copy has it.
pub(super) struct Whole {
    pub(super) stored: Stored,
    pub(super) seats: Vec<NewSeat>,
    pub(super) links: Vec<(Role, Digest)>,
}

/// What every key of a meeting begins with.
pub(super) fn key_of(id: &str) -> String {
    format!("pingyi:{{{id}}}")
}

/// The channel of a meeting's pokes.
pub(super) fn channel(id: &str) -> String {
    format!("pingyi:{{{id}}}:poke")
}

/// A role's word.
pub(super) fn word_of(role: Role) -> Result<String> {
    match serde_json::to_value(role) {
        Ok(serde_json::Value::String(word)) => Ok(word),
        _ => Err(StoreError::Broken("a role has no word".to_owned())),
    }
}

/// The role of a word.
pub(super) fn role_of(word: &[u8]) -> Result<Role> {
    let word = String::from_utf8_lossy(word).into_owned();
    serde_json::from_value(word.into()).map_err(|_| StoreError::Broken("redis: a role is not known".to_owned()))
}
