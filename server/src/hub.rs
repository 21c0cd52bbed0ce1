//! Watched meetings: one task for each, which alone changes the meeting in this process and renders its views.
//! Pages subscribe to the latest view; a slow one skips what is in between. The hub knows no HTTP and no socket.

mod box_key;
mod erased;
mod next_keys;
mod prepare;
pub mod reissued;
mod rounds;
mod show;
mod slips;
mod task;
mod views;
mod watching;

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, PoisonError};

use tokio::sync::{Notify, broadcast, mpsc, oneshot, watch};

use crate::ballot_box::BallotBox;
use crate::channel;
use crate::clock::{Clock, now_ms};
use crate::issuer::Issuer;
use crate::round_keys::KeyMaker;
use crate::store::{BoxStore, NewSlips, SeatStore, Store, StoreError};
use pingyi_rules::meeting::slips::PrintedBy;
use pingyi_rules::meeting::{Command, Links, Meeting, Refusal, Wish};

pub use views::{Frame, MeetingViews, ScrutineerConnection, SeatSocket, Viewer};
pub use watching::WatchLimits;

/// Commands that may wait for one meeting; a chair presses one button at a time.
const ORDERS_MAX: usize = 64;

/// Every watched meeting.
pub struct Hub {
    store: Arc<dyn Store>,
    /// Issues papers for armed and open rounds.
    pub issuer: Arc<Issuer>,
    /// Takes casts.
    pub ballot_box: Arc<BallotBox>,
    keys: KeyMaker,
    clock: Clock,
    join_url: String,
    watching: watching::Watching,
    stopping: watch::Sender<bool>,
    /// Papers issued anew in watched meetings.
    pub reissued: reissued::Reissued,
}

/// A meeting that somebody looks at. It stays for as long as somebody holds this.
pub struct Watched {
    meeting: String,
    /// Its views.
    pub views: Arc<MeetingViews>,
    orders: mpsc::Sender<Order>,
    /// Asks its task to let go, if nobody needs the meeting.
    makes_room: Notify,
    /// Which links of roles are good.
    links: watch::Sender<Links>,
    /// What its task said last: whether something is under way that needs it, though nobody looks.
    is_needed: AtomicBool,
}

/// What somebody wants of the meeting's task, and who waits for the answer.
struct Order {
    errand: Errand,
    answer: oneshot::Sender<CommandOutcome>,
}

/// What a meeting's task can be asked to do.
enum Errand {
    /// Carry out what a role wishes.
    Wish(Wish),
    /// Carry out what the server itself has to say.
    Command(Command),
    /// Replace the unused slips of a group.
    Slips(NewSlips, PrintedBy),
    /// Take over what other servers changed.
    Latest,
}

/// The outcome of a command: the meeting's version after it, or why not.
pub type CommandOutcome = Result<u32, NotDone>;

/// Why a command was not carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotDone {
    /// The meeting says no.
    Refused(Refusal),
    /// So many seats of the group are free, and not as many as there are new slips. Nothing was changed.
    SeatsFree(u32),
    /// The store cannot do it now; the command may be repeated.
    Store(StoreError),
}

impl Hub {
    /// A hub on a store; `join_url` is the address that phones are shown.
    #[must_use]
    pub fn new(store: Arc<dyn Store>, join_url: String) -> Arc<Self> {
        Self::with(store, join_url, WatchLimits::default(), now_ms)
    }

    /// The same with other limits and another clock.
    #[must_use]
    pub fn with(store: Arc<dyn Store>, join_url: String, limits: WatchLimits, clock: Clock) -> Arc<Self> {
        let seats: Arc<dyn SeatStore> = Arc::clone(&store) as Arc<dyn SeatStore>;
        let boxes: Arc<dyn BoxStore> = Arc::clone(&store) as Arc<dyn BoxStore>;
        let hub = Arc::new(Self {
            issuer: Arc::new(Issuer::new(seats)),
            ballot_box: Arc::new(BallotBox::new(boxes)),
            keys: KeyMaker::of_this_process(),
            clock,
            join_url,
            watching: watching::Watching::new(limits),
            stopping: watch::Sender::new(false),
            reissued: reissued::Reissued::new(store.secret().clone()),
            store,
        });
        tokio::spawn(pass_pokes_on(Arc::downgrade(&hub), hub.store.changes()));
        hub
    }

    /// The store that everything is kept in.
    #[must_use]
    pub fn store(&self) -> &Arc<dyn Store> {
        &self.store
    }

    /// Where phones join a meeting, as it is in the code on the wall.
    #[must_use]
    pub fn join_link(&self, meeting: &str) -> String {
        channel::join_link(&self.join_url, meeting, &channel::hash_for(self.store.secret(), meeting))
    }

    /// Tells every screen and every task that the server stops.
    pub fn stop(&self) {
        self.stopping.send_replace(true);
    }

    /// Becomes true when the server stops.
    #[must_use]
    pub fn stopping(&self) -> watch::Receiver<bool> {
        self.stopping.subscribe()
    }
}

impl Watched {
    /// Whether a link of the meeting opens sessions.
    #[must_use]
    pub fn admits_link(&self, id: &str) -> bool {
        self.links.borrow().admit(id)
    }

    /// What tells when what was opened with a link is to end.
    #[must_use]
    pub fn opened_with(&self, id: String) -> OpenedWith {
        OpenedWith { id, links: self.links.subscribe() }
    }

    /// Takes over which links are good.
    fn takes_links(&self, meeting: &Meeting) {
        self.links.send_if_modified(|links| {
            let is_another = *links != meeting.links;
            links.clone_from(&meeting.links);
            is_another
        });
    }

    /// Sends a wish to the meeting and waits for its answer. Who may wish it was asked before.
    ///
    /// # Errors
    /// [`NotDone`].
    pub async fn command(&self, wish: impl Into<Wish>) -> CommandOutcome {
        self.order(Errand::Wish(wish.into())).await
    }

    /// Takes over what another server changed, so that what it began can be done here.
    ///
    /// # Errors
    /// When the store cannot tell.
    pub async fn refresh(&self) -> CommandOutcome {
        self.order(Errand::Latest).await
    }

    /// Notes what the server itself has to say of the meeting.
    ///
    /// # Errors
    /// [`NotDone`].
    pub async fn note(&self, command: Command) -> CommandOutcome {
        self.order(Errand::Command(command)).await
    }

    /// Replaces the unused slips of a group. The same ones again change nothing.
    ///
    /// # Errors
    /// [`NotDone`].
    pub async fn replace_slips(&self, new: NewSlips, by: PrintedBy) -> CommandOutcome {
        self.order(Errand::Slips(new, by)).await
    }

    async fn order(&self, errand: Errand) -> CommandOutcome {
        let stopped = || NotDone::Store(StoreError::Broken("the server is stopping".to_owned()));
        let (answer, answered) = oneshot::channel();
        self.orders.send(Order { errand, answer }).await.map_err(|_| stopped())?;
        answered.await.map_err(|_| stopped())?
    }
}

/// What was opened with a link.
pub struct OpenedWith {
    id: String,
    links: watch::Receiver<Links>,
}

impl OpenedWith {
    /// Whether it stays open.
    #[must_use]
    pub fn stays(&self) -> bool {
        self.links.borrow().keep(&self.id)
    }

    /// Comes back when the link is withdrawn.
    pub async fn withdrawn(&mut self) {
        let Self { id, links } = self;
        if links.wait_for(|links| !links.keep(id)).await.is_err() {
            // The meeting was let go, which says nothing of its links.
            std::future::pending().await
        }
    }
}

/// Waits until the server stops, or is gone.
pub async fn stopped(stopping: &mut watch::Receiver<bool>) {
    // An error means that the hub is gone, which is a stop as well.
    drop(stopping.wait_for(|stops| *stops).await);
}

/// Passes pokes of the store on to the meetings that are watched. A poke that is lost costs a second: tasks look by the
/// clock as well.
async fn pass_pokes_on(hub: std::sync::Weak<Hub>, mut changes: broadcast::Receiver<crate::store::Changed>) {
    loop {
        let changed = changes.recv().await;
        let Some(hub) = hub.upgrade() else { return };
        match changed {
            Ok(changed) => {
                if !hub.watching.poke(&changed.meeting) {
                    hub.take_up_if_running(changed.meeting);
                }
            }
            Err(broadcast::error::RecvError::Lagged(_)) => {
                hub.watching.poke_all();
            }
            Err(broadcast::error::RecvError::Closed) => return,
        }
    }
}

/// A lock whose holder panicked is still a lock over whole values: every critical section here only moves or copies.
fn held<T>(mutex: &std::sync::Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
