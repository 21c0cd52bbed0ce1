//! The task of one watched meeting: takes orders one at a time, and paces what is done by the clock: freezing, releasing, views.
//! It holds the meeting's latest version, and knows no socket.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use ed25519_dalek::SigningKey;
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep_until};

use super::next_keys::NextKeys;
use super::prepare::Preparer;
use super::watching::is_running;
use super::{CommandOutcome, Errand, Hub, NotDone, Order, Watched, stopped};
use crate::config::{HALL_VIEW_INTERVAL, PHONE_VIEW_INTERVAL, PHONE_VIEWS_A_SECOND_MAX, RELEASE_INTERVAL};
use crate::protocol::{Destroyed, SlipsView, Turnout};
use crate::store::{MissingServer, Released, Replaced, StoreError, Stored};
use crate::view::{self};
use pingyi_rules::form::Live;
use pingyi_rules::meeting::{Command, RoundState, Wish};

/// How often a command is tried again after another server changed the meeting first.
pub(super) const STALE_TRIES_MAX: u32 = 5;
/// How long to wait before a freeze or a look at the store that failed is tried again.
pub(super) const RETRY_INTERVAL: std::time::Duration = std::time::Duration::from_secs(1);

/// How often it is asked whether a server that was away has destroyed what it had of a meeting's people.
const AWAITED_INTERVAL: std::time::Duration = std::time::Duration::from_secs(5);

/// The state of the task.
pub(super) struct MeetingTask {
    pub(super) hub: Arc<Hub>,
    pub(super) watched: Arc<Watched>,
    pub(super) stored: Stored,
    pub(super) plan_digest: String,
    /// Signs manifests, receipts and records of all rounds; nothing in a meeting whose rounds have keys of their own.
    pub(super) box_key: Option<SigningKey>,
    pub(super) next_keys: Option<NextKeys>,
    pub(super) turnout: Vec<Turnout>,
    pub(super) small_groups: Vec<String>,
    pub(super) small_by_recusal: Vec<String>,
    pub(super) merging: Vec<Vec<String>>,
    pub(super) slips: Vec<SlipsView>,
    pub(super) released: Released,
    pub(super) hall_due: Option<Instant>,
    pub(super) phones_due: Option<Instant>,
    pub(super) hall_shown: Instant,
    pub(super) phones_shown: Instant,
    pub(super) release_due: Instant,
    pub(super) retry_freeze_at: Option<Instant>,
    /// Rounds that were counted while their envelopes still open, and when these are to open no more.
    pub(super) sealing: BTreeMap<u32, Instant>,
    /// Servers that the count waits for.
    pub(super) missing: Vec<MissingServer>,
    /// What was destroyed of the meeting's people, by place.
    pub(super) destroyed: Vec<Destroyed>,
}

impl MeetingTask {
    /// Prepares a loaded meeting and renders its first views.
    pub(super) async fn start(hub: Arc<Hub>, watched: Arc<Watched>, stored: Stored) -> Result<Self, StoreError> {
        let long_ago = Instant::now();
        let box_key = super::box_key::of(hub.store.as_ref(), &stored.meeting).await?;
        let mut task = Self {
            plan_digest: view::digest(&stored.meeting),
            hub,
            watched,
            stored,
            box_key,
            next_keys: None,
            turnout: Vec::new(),
            small_groups: Vec::new(),
            small_by_recusal: Vec::new(),
            merging: Vec::new(),
            slips: Vec::new(),
            released: Released::default(),
            hall_due: None,
            phones_due: None,
            hall_shown: long_ago,
            phones_shown: long_ago,
            release_due: long_ago,
            retry_freeze_at: None,
            sealing: BTreeMap::new(),
            missing: Vec::new(),
            destroyed: Vec::new(),
        };
        task.prepare_rounds().await?;
        // Whoever was told nothing before this server went away looks into the record.
        task.forget_seal_keys(|_| true).await?;
        task.count_heads().await?;
        task.show_plan();
        task.show_hall();
        task.show_phones();
        Ok(task)
    }

    /// Runs until the server stops, or nobody needs the meeting.
    pub(super) async fn run(mut self, mut orders: mpsc::Receiver<Order>, mut stopping: watch::Receiver<bool>) {
        let views = Arc::clone(&self.watched.views);
        let let_go_after = self.hub.watching.limits.let_go_after;
        let mut look_at = Instant::now() + let_go_after;
        loop {
            self.watched.is_needed.store(self.is_needed(), Ordering::Relaxed);
            let wake_at = self.wake_at();
            tokio::select! {
                biased;
                () = stopped(&mut stopping) => return,
                Some(order) = orders.recv() => {
                    let answer = match order.errand {
                        Errand::Wish(wish) => self.carry_out(wish).await,
                        Errand::Command(command) => self.note(&command).await,
                        Errand::Slips(new, by) => self.replace_slips(new, by).await,
                        Errand::Latest => self.follow_others().await.map(|()| self.stored.version).map_err(NotDone::Store),
                    };
                    // The chair may have gone; the command stands.
                    let _ = order.answer.send(answer);
                }
                () = sleep_until(wake_at.unwrap_or_else(Instant::now)), if wake_at.is_some() => self.wake().await,
                () = views.poked() => self.hall_is_due(),
                () = self.watched.makes_room.notified() => {
                    if !self.is_needed() && self.hub.lets_go(&self.watched, true) {
                        return;
                    }
                }
                () = sleep_until(look_at) => {
                    if !self.is_needed() && self.hub.lets_go(&self.watched, false) {
                        return;
                    }
                    look_at = Instant::now() + let_go_after / 2;
                }
            }
        }
    }

    /// Whether something is under way that needs this task, though nobody looks: a round that runs, a view that is due, people
    /// who are being destroyed somewhere.
    fn is_needed(&self) -> bool {
        let is_destroying = self.destroyed.iter().any(|place| !place.is_done);
        is_running(&self.stored.meeting) || is_destroying || self.wake_at().is_some()
    }

    pub(super) fn hall_is_due(&mut self) {
        let at = (self.hall_shown + HALL_VIEW_INTERVAL).max(Instant::now());
        self.hall_due = Some(self.hall_due.map_or(at, |due| due.min(at)));
    }

    fn phones_are_due(&mut self) {
        let phones = self.watched.views.phones();
        let spread =
            PHONE_VIEW_INTERVAL.mul_f64((f64::from(phones) * 2.0 / f64::from(PHONE_VIEWS_A_SECOND_MAX)).max(1.0));
        let at = (self.phones_shown + spread).max(Instant::now());
        self.phones_due = Some(self.phones_due.map_or(at, |due| due.min(at)));
    }

    /// When there is something to do by the clock.
    fn wake_at(&self) -> Option<Instant> {
        let freeze = self.closing().map(|(_, ends_at_ms)| {
            let left = std::time::Duration::from_millis(ends_at_ms.saturating_sub((self.hub.clock)()));
            (Instant::now() + left).max(self.retry_freeze_at.unwrap_or_else(Instant::now))
        });
        let release = self.releasing().map(|_| self.release_due);
        let seal = self.sealing.values().min().copied();
        [self.hall_due, self.phones_due, freeze, release, seal].into_iter().flatten().min()
    }

    fn closing(&self) -> Option<(u32, u64)> {
        self.stored.meeting.rounds.iter().find_map(|round| match round.state {
            RoundState::Closing { ends_at_ms } => Some((round.number, ends_at_ms)),
            _ => None,
        })
    }

    /// The round whose marks are shown live at this moment.
    fn releasing(&self) -> Option<u32> {
        let shows = self.stored.meeting.plan.live == Live::Tally;
        self.stored.meeting.rounds.iter().find(|round| shows && round.state.takes_casts()).map(|round| round.number)
    }

    async fn wake(&mut self) {
        let now = Instant::now();
        if let Some((round, ends_at_ms)) = self.closing()
            && (self.hub.clock)() >= ends_at_ms
            && self.retry_freeze_at.is_none_or(|at| now >= at)
        {
            self.retry_freeze_at = None;
            if let Err(error) = self.freeze(round).await {
                tracing::error!(
                    meeting = self.stored.meeting.id,
                    round,
                    ?error,
                    "a round could not be frozen; trying again"
                );
                self.retry_freeze_at = Some(now + RETRY_INTERVAL);
            }
        }
        if let Some(round) = self.releasing()
            && now >= self.release_due
        {
            self.release(round).await;
        }
        self.seal_what_is_due(now).await;
        if self.hall_due.is_some_and(|due| now >= due) {
            self.hall_due = None;
            let counted = match self.follow_others().await {
                Ok(()) => self.count_heads().await,
                Err(error) => Err(error),
            };
            let counted = match counted {
                Ok(()) => self.follow_releases().await,
                Err(error) => Err(error),
            };
            match counted {
                Ok(()) => {
                    self.show_hall();
                    if self.destroyed.iter().any(|place| !place.is_done) {
                        self.hall_due = Some(now + AWAITED_INTERVAL);
                    }
                }
                Err(error) => {
                    tracing::error!(meeting = self.stored.meeting.id, %error, "heads could not be counted; trying again");
                    self.hall_due = Some(now + RETRY_INTERVAL);
                }
            }
        }
        if self.phones_due.is_some_and(|due| now >= due) {
            self.phones_due = None;
            self.show_phones();
        }
    }

    /// Loads the meeting again where another server changed it.
    async fn follow_others(&mut self) -> Result<(), StoreError> {
        let id = self.stored.meeting.id.clone();
        let here = (self.stored.epoch.as_str(), self.stored.version);
        match self.hub.store.version(&id).await? {
            Some((epoch, version)) if (epoch.as_str(), version) != here => {}
            _ => return Ok(()),
        }
        if let Some(stored) = self.hub.store.load(&id).await? {
            self.stored = stored;
            self.changed().await?;
        }
        Ok(())
    }

    /// Shows what another server released.
    async fn follow_releases(&mut self) -> Result<(), StoreError> {
        let Some(round) = self.releasing() else { return Ok(()) };
        if let Some(released) = self.hub.ballot_box.released_elsewhere(&self.stored.meeting.id, round).await? {
            self.released = released;
        }
        Ok(())
    }

    /// Notes whom the count waits for, and asks again soon.
    pub(super) fn waits_for(&mut self, servers: Vec<MissingServer>) {
        if !servers.is_empty() {
            self.retry_freeze_at = Some(Instant::now() + RETRY_INTERVAL);
        }
        if servers != self.missing {
            self.missing = servers;
            self.hall_is_due();
        }
    }

    async fn release(&mut self, round: u32) {
        self.release_due = Instant::now() + RELEASE_INTERVAL;
        let pool_k = self.stored.meeting.plan.pool_k;
        match self.hub.ballot_box.release(&self.stored.meeting.id, round, pool_k).await {
            Ok(released) if released != self.released => {
                self.released = released;
                self.hall_is_due();
            }
            Ok(_) => {}
            Err(error) => tracing::error!(meeting = self.stored.meeting.id, %error, "the tally could not be released"),
        }
    }

    async fn carry_out(&mut self, wish: Wish) -> CommandOutcome {
        for _ in 0..STALE_TRIES_MAX {
            let prepared = self.preparer().command(wish.clone()).await;
            let command = match prepared {
                Err(NotDone::Refused(_)) if self.catches_up().await? => continue,
                prepared => prepared?,
            };
            if let Some(version) = self.apply(&command).await? {
                return Ok(version);
            }
        }
        Err(NotDone::Store(StoreError::Broken("the meeting changes too often".to_owned())))
    }

    fn preparer(&self) -> Preparer<'_> {
        Preparer {
            hub: &self.hub,
            meeting: &self.stored.meeting,
            next_keys: self.next_keys.as_ref(),
            missing: &self.missing,
        }
    }

    async fn note(&mut self, command: &Command) -> CommandOutcome {
        for _ in 0..STALE_TRIES_MAX {
            if let Some(version) = self.apply(command).await? {
                return Ok(version);
            }
        }
        Err(NotDone::Store(StoreError::Broken("the meeting changes too often".to_owned())))
    }

    /// Applies and stores a command; nothing where another server was first, and the meeting was loaded again.
    pub(super) async fn apply(&mut self, command: &Command) -> Result<Option<u32>, NotDone> {
        let applied = self.stored.meeting.apply(command, (self.hub.clock)());
        let changes = applied.as_ref().is_ok_and(|next| *next != self.stored.meeting);
        // A replacement is refused where the meeting is another by now; every other answer must be asked for.
        if !changes && self.catches_up().await? {
            return Ok(None);
        }
        let next = applied.map_err(NotDone::Refused)?;
        if !changes {
            return Ok(Some(self.stored.version));
        }
        let id = next.id.clone();
        match self.hub.store.replace(self.stored.version, &next).await.map_err(NotDone::Store)? {
            Replaced::Now(version) => {
                self.stored.meeting = next;
                self.stored.version = version;
                self.changed().await.map_err(NotDone::Store)?;
                Ok(Some(version))
            }
            Replaced::Stale | Replaced::Unknown => {
                let gone = || NotDone::Store(StoreError::Broken("the meeting is gone".to_owned()));
                self.stored = self.hub.store.load(&id).await.map_err(NotDone::Store)?.ok_or_else(gone)?;
                self.changed().await.map_err(NotDone::Store)?;
                Ok(None)
            }
        }
    }

    /// Whether another server had changed the meeting; then it is loaded again. A command that follows another server's
    /// answer comes here before that server's poke, and must not be refused for what is no longer so (rule l48).
    pub(super) async fn catches_up(&mut self) -> Result<bool, NotDone> {
        let latest = self.hub.store.latest(&self.stored.meeting.id).await.map_err(NotDone::Store)?;
        let here = (&self.stored.epoch, self.stored.version);
        let Some(latest) = latest.filter(|latest| (&latest.epoch, latest.version) != here) else { return Ok(false) };
        self.stored = latest;
        self.changed().await.map_err(NotDone::Store)?;
        Ok(true)
    }

    /// After every change: rounds are prepared, views are due.
    pub(super) async fn changed(&mut self) -> Result<(), StoreError> {
        // Before anything that can fail: nobody stays who was told to go.
        self.watched.takes_links(&self.stored.meeting);
        self.prepare_rounds().await?;
        let digest = view::digest(&self.stored.meeting);
        if digest != self.plan_digest {
            self.plan_digest = digest;
            self.show_plan();
        }
        self.hall_is_due();
        self.phones_are_due();
        Ok(())
    }
}
