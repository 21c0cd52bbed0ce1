//! Which meetings are watched. Each is loaded once, by a task of its own and outside of every lock, so that nobody waits for
//! another meeting; it is let go when nobody needs it, and who asks next has it loaded again. It knows no view and no command.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::StreamExt as _;
use tokio::sync::{Notify, Semaphore, mpsc, watch};
use tokio::time::{Instant, sleep, timeout, timeout_at};

use super::task::MeetingTask;
use super::{Hub, MeetingViews, ORDERS_MAX, Order, Watched, held, stopped};
use crate::channel;
use crate::config::{LET_GO_AFTER, LOAD_TIMEOUT, WATCHED_MAX};
use crate::store::StoreError;
use pingyi_rules::meeting::{Meeting, Phase};

/// How long whoever asks for a meeting waits for another one to make room.
const ROOM_WAIT: Duration = Duration::from_secs(1);
/// Meetings in session that a starting server takes up at the same time.
const RESUMED_AT_ONCE: usize = 16;
/// How long a meeting that could not be taken up waits for the next attempt.
const RESUME_RETRY: Duration = Duration::from_secs(1);
/// Meetings that nobody here watches and that are looked at because another server changed them.
const LOOKED_AT_ONCE: usize = 8;

/// How many meetings are watched, and for how long without need.
#[derive(Clone, Copy, Debug)]
pub struct WatchLimits {
    /// A meeting is let go once nobody has asked for it for this long.
    pub let_go_after: Duration,
    /// Whoever asks for a meeting that is being loaded waits this long.
    pub load_timeout: Duration,
    /// Meetings that are watched at once; one that nobody needs makes room for another.
    pub meetings_max: usize,
}

impl Default for WatchLimits {
    fn default() -> Self {
        Self { let_go_after: LET_GO_AFTER, load_timeout: LOAD_TIMEOUT, meetings_max: WATCHED_MAX }
    }
}

/// The outcome of loading a meeting: none where there is none.
type Loaded = Result<Option<Arc<Watched>>, StoreError>;

enum Entry {
    /// Everybody who asks waits for the one who loads; nothing until that one has done.
    Loading(watch::Receiver<Option<Loaded>>),
    Watched {
        watched: Arc<Watched>,
        asked_at: Instant,
    },
}

/// All of them.
pub(super) struct Watching {
    pub(super) limits: WatchLimits,
    // A std mutex: held for a look-up, and while the rounds of one meeting are forgotten; never across an await.
    all: Mutex<HashMap<String, Entry>>,
    /// One was let go.
    left: Notify,
    looking: Arc<Semaphore>,
}

/// What there is of a meeting at this moment.
enum Lookup {
    Watched(Arc<Watched>),
    Loading(watch::Receiver<Option<Loaded>>),
    NoRoom,
}

fn stopping() -> StoreError {
    StoreError::Broken("the server is stopping".to_owned())
}

/// Whether a round of it is armed, open or closing: its papers, casts and freeze need a task.
pub(super) fn is_running(meeting: &Meeting) -> bool {
    meeting.rounds.iter().any(|round| round.state.issues_papers() || round.state.takes_casts())
}

impl Watching {
    pub(super) fn new(limits: WatchLimits) -> Self {
        let looking = Arc::new(Semaphore::new(LOOKED_AT_ONCE));
        Self { limits, all: Mutex::default(), left: Notify::new(), looking }
    }

    /// Something of a meeting may have changed; false where it is not watched. One that is being loaded looks when it is there.
    pub(super) fn poke(&self, meeting: &str) -> bool {
        match held(&self.all).get(meeting) {
            Some(Entry::Watched { watched, .. }) => watched.views.poke(),
            Some(Entry::Loading(_)) => {}
            None => return false,
        }
        true
    }

    /// Something of some meeting may have changed.
    pub(super) fn poke_all(&self) {
        for entry in held(&self.all).values() {
            if let Entry::Watched { watched, .. } = entry {
                watched.views.poke();
            }
        }
    }

    /// Asks the one that nobody has asked for longest to make room, of those that look as if nobody needed them.
    fn make_room(all: &HashMap<String, Entry>) {
        let may_go = |watched: &Arc<Watched>| !watched.is_needed.load(Ordering::Relaxed) && watched.has_nobody();
        let unneeded = all.values().filter_map(|entry| match entry {
            Entry::Watched { watched, asked_at } if may_go(watched) => Some((asked_at, watched)),
            Entry::Watched { .. } | Entry::Loading(_) => None,
        });
        if let Some((_, watched)) = unneeded.min_by_key(|(asked_at, _)| **asked_at) {
            watched.makes_room.notify_one();
        }
    }
}

impl Watched {
    /// Nobody but the hub and its task holds it, follows its screens, or has an order with it that is not carried out.
    fn has_nobody(self: &Arc<Self>) -> bool {
        let is_held = Arc::strong_count(self) > 2;
        !is_held && !self.views.are_followed() && self.orders.capacity() == self.orders.max_capacity()
    }
}

impl Hub {
    /// The meeting of this id, loaded and prepared: casts and papers of its rounds can be taken when this returns, and for as
    /// long as what it returns is held. Where it is being loaded everybody waits for the same loading.
    ///
    /// # Errors
    /// When the store cannot tell, or not in [`WatchLimits::load_timeout`]; and when as many meetings are watched as may be and each
    /// is needed.
    pub async fn watch(self: &Arc<Self>, meeting: &str) -> Result<Option<Arc<Watched>>, StoreError> {
        if !channel::is_scope(meeting) {
            return Ok(None);
        }
        let give_up_at = Instant::now() + ROOM_WAIT;
        loop {
            match self.find(meeting) {
                Lookup::Watched(watched) => return Ok(Some(watched)),
                Lookup::Loading(loading) => return self.loaded(loading).await,
                Lookup::NoRoom => {
                    let no_room = |_| StoreError::Broken("as many meetings are watched as this server can".to_owned());
                    timeout_at(give_up_at, self.watching.left.notified()).await.map_err(no_room)?;
                }
            }
        }
    }

    async fn loaded(&self, mut loading: watch::Receiver<Option<Loaded>>) -> Loaded {
        let slow =
            |_| StoreError::Broken("a meeting takes long to load; whoever asks again finds it loaded".to_owned());
        let loaded =
            timeout(self.watching.limits.load_timeout, loading.wait_for(Option::is_some)).await.map_err(slow)?;
        let loaded = loaded.ok().and_then(|loaded| loaded.clone());
        loaded.unwrap_or_else(|| Err(stopping()))
    }

    /// Meetings that are watched or being loaded.
    #[must_use]
    pub fn watched(&self) -> usize {
        held(&self.watching.all).len()
    }

    fn find(self: &Arc<Self>, meeting: &str) -> Lookup {
        let mut all = held(&self.watching.all);
        match all.get_mut(meeting) {
            Some(Entry::Watched { watched, asked_at }) => {
                *asked_at = Instant::now();
                return Lookup::Watched(Arc::clone(watched));
            }
            Some(Entry::Loading(loading)) => return Lookup::Loading(loading.clone()),
            None => {}
        }
        if all.len() >= self.watching.limits.meetings_max {
            Watching::make_room(&all);
            return Lookup::NoRoom;
        }
        let (told, loading) = watch::channel(None);
        all.insert(meeting.to_owned(), Entry::Loading(loading.clone()));
        tokio::spawn(Arc::clone(self).load(meeting.to_owned(), told));
        Lookup::Loading(loading)
    }

    async fn load(self: Arc<Self>, meeting: String, told: watch::Sender<Option<Loaded>>) {
        let loading = Loading { hub: &self, meeting: &meeting };
        let mut stops = self.stopping();
        let loaded = tokio::select! {
            loaded = self.prepared(&meeting) => loaded,
            () = stopped(&mut stops) => Err(stopping()),
        };
        let outcome = match loaded {
            Ok(Some((watched, task, orders))) => {
                let entry = Entry::Watched { watched: Arc::clone(&watched), asked_at: Instant::now() };
                held(&self.watching.all).insert(meeting.clone(), entry);
                // What changed while it was loaded is looked at now.
                watched.views.poke();
                tokio::spawn(task.run(orders, self.stopping()));
                Ok(Some(watched))
            }
            Ok(None) => Ok(None),
            Err(error) => Err(error),
        };
        drop(loading);
        // Who asked may have gone meanwhile.
        let _ = told.send(Some(outcome));
    }

    async fn prepared(
        self: &Arc<Self>,
        meeting: &str,
    ) -> Result<Option<(Arc<Watched>, MeetingTask, mpsc::Receiver<Order>)>, StoreError> {
        let Some(stored) = self.store.load(meeting).await? else { return Ok(None) };
        let (orders, waiting) = mpsc::channel(ORDERS_MAX);
        let views = Arc::new(MeetingViews::new(channel::public_key(self.store.secret(), meeting).unwrap_or_default()));
        let (makes_room, is_needed) = (Notify::new(), AtomicBool::new(true));
        let links = watch::Sender::new(stored.meeting.links.clone());
        let watched = Arc::new(Watched { meeting: meeting.to_owned(), views, orders, makes_room, links, is_needed });
        let task = MeetingTask::start(Arc::clone(self), Arc::clone(&watched), stored).await?;
        Ok(Some((watched, task, waiting)))
    }

    /// Lets a meeting go if nobody needs it, asked by its task, which then ends: whoever asks after that has it loaded again,
    /// and nobody can have asked before, because what they would hold is counted. `at_once` does not wait until it was not
    /// asked for long enough.
    pub(super) fn lets_go(&self, watched: &Arc<Watched>, at_once: bool) -> bool {
        let mut all = held(&self.watching.all);
        let Some(Entry::Watched { asked_at, .. }) = all.get(&watched.meeting) else { return false };
        let is_fresh = !at_once && asked_at.elapsed() < self.watching.limits.let_go_after;
        if is_fresh || !watched.has_nobody() {
            return false;
        }
        all.remove(&watched.meeting);
        self.forget(&watched.meeting);
        drop(all);
        self.watching.left.notify_one();
        true
    }

    /// Issuer and box forget the rounds of a meeting. Under the lock of what is watched: nobody begins them again meanwhile.
    fn forget(&self, meeting: &str) {
        self.issuer.forget(meeting);
        self.ballot_box.forget(meeting);
        self.reissued.let_go(meeting);
    }

    /// Watches a meeting that another server changed, if a round of it is running there: that server may be lost, and the round
    /// is frozen though nobody looks.
    pub(super) fn take_up_if_running(self: &Arc<Self>, meeting: String) {
        // Where too many are looked at a later change tells of it again.
        let Ok(place) = Arc::clone(&self.watching.looking).try_acquire_owned() else { return };
        let hub = Arc::clone(self);
        tokio::spawn(async move {
            let _place = place;
            // Where the store cannot tell now, the next change of the meeting asks again.
            let stored = hub.store.load(&meeting).await.ok().flatten();
            if stored.is_some_and(|stored| is_running(&stored.meeting)) {
                drop(hub.watch(&meeting).await);
            }
        });
    }

    /// Looks after every meeting that is in session, so that a closing round is frozen though nobody looks. One that cannot be
    /// loaded keeps no other from it, and is tried again.
    ///
    /// # Errors
    /// When the store cannot tell which ones there are.
    pub async fn resume(self: &Arc<Self>) -> Result<(), StoreError> {
        let mut in_session = self.store.meetings(10_000).await?;
        in_session.retain(|summary| summary.phase == Phase::InSession);
        let meetings = futures_util::stream::iter(in_session);
        meetings.for_each_concurrent(RESUMED_AT_ONCE, |summary| self.take_up(summary.id)).await;
        for meeting in self.store.archived_with_people(10_000).await? {
            // This server may have stopped while it destroyed, or been away when the meeting said so.
            if let Err(error) = self.destroy_what_is_left(&meeting).await {
                tracing::error!(meeting, %error, "what is left of an archived meeting's people could not be destroyed");
            }
        }
        Ok(())
    }

    async fn take_up(self: &Arc<Self>, meeting: String) {
        let mut stops = self.stopping();
        let mut was_told = false;
        while let Err(error) = self.watch(&meeting).await {
            if !std::mem::replace(&mut was_told, true) {
                tracing::error!(meeting, %error, "a meeting in session could not be taken up again; trying again");
            }
            tokio::select! {
                () = stopped(&mut stops) => return,
                () = sleep(RESUME_RETRY) => {}
            }
        }
    }

    async fn destroy_what_is_left(&self, meeting: &str) -> Result<(), StoreError> {
        if self.store.load(meeting).await?.is_some_and(|stored| stored.meeting.people_erased) {
            self.store.destroy_people(meeting).await?;
        }
        Ok(())
    }
}

/// A meeting that is being loaded. However that ends, where it is not watched afterwards nothing of it is left behind.
struct Loading<'a> {
    hub: &'a Hub,
    meeting: &'a str,
}

impl Drop for Loading<'_> {
    fn drop(&mut self) {
        let mut all = held(&self.hub.watching.all);
        if matches!(all.get(self.meeting), Some(Entry::Loading(_))) {
            self.hub.forget(self.meeting);
            all.remove(self.meeting);
            drop(all);
            self.hub.watching.left.notify_one();
        }
    }
}
