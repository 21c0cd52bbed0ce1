//! Every connection of this server, from the moment it is taken until its descriptor is closed, sockets and event streams too.
//! Each belongs to a seat, to a role or to nobody; where there is no room the oldest of nobody's that keeps us waiting is told
//! to go. It must not know an address, nor what is asked: nothing is counted by where somebody comes from.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Context;

use futures_util::task::AtomicWaker;
use tokio::sync::Notify;

use super::Asking;
use super::every_minute::EveryMinute;
use crate::config::{CONNECTIONS_A_ROLE_MAX, CONNECTIONS_A_SEAT_MAX};
use crate::protocol::Role;

/// Connections that may be told to go and still be there, before another one is taken.
const GOING_MAX: usize = 64;

const CLOSED: usize = 0;
const WAITED: usize = 1;
const NOT_TAKEN: usize = 2;

/// How many connections there may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ConnectionRoom {
    /// All of them.
    all: usize,
    /// Those that belong to seats and roles, and are never told to go: the rest is left to short requests, because joining
    /// has no owner yet and a cast never has one.
    owned: usize,
    /// Event streams of visitors.
    visitor_streams: usize,
}

impl ConnectionRoom {
    /// The shares of so many connections.
    pub(super) fn of(all: usize) -> Self {
        Self { all, owned: all - all / 8, visitor_streams: all / 4 }
    }
}

/// Whose a socket or a stream is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Owner {
    /// A seat of a meeting.
    Seat(String, u32),
    /// A role of a meeting.
    Role(String, Role),
}

impl Owner {
    /// Whoever is asking; nothing for a visitor.
    pub(super) fn of(asking: &Asking) -> Option<Self> {
        match asking {
            Asking::Visitor => None,
            Asking::Voter(seat) => Some(Self::Seat(seat.meeting.clone(), seat.seat)),
            Asking::Role(of) => Some(Self::Role(of.meeting.clone(), of.role)),
        }
    }

    fn connections_max(&self) -> usize {
        match self {
            Self::Seat(..) => CONNECTIONS_A_SEAT_MAX,
            Self::Role(..) => CONNECTIONS_A_ROLE_MAX,
        }
    }
}

/// All connections of a server.
pub(super) struct Connections {
    room: ConnectionRoom,
    // A std mutex: held to move a few numbers, never across an await.
    registry: Mutex<Registry>,
    /// One left, or became one that may be told to go. The accept loop alone waits for it.
    changed: Notify,
    brim: EveryMinute<3>,
}

#[derive(Default)]
struct Registry {
    next: u64,
    open: HashMap<u64, Entry>,
    /// Visitors who keep us waiting, by age: they have not asked yet, not to the end, or are answered.
    may_go: BTreeSet<u64>,
    visitor_streams: BTreeSet<u64>,
    /// By owner, oldest first.
    owned: HashMap<Owner, VecDeque<u64>>,
    owned_count: usize,
    sockets: usize,
    going: usize,
}

struct Entry {
    signal: Arc<Signal>,
    owner: Option<Owner>,
    is_socket: bool,
    /// Whether the whole request is here and its answer is not: then it waits for us.
    is_answering: bool,
    is_going: bool,
}

/// What tells a connection to go: whoever reads or writes, and whoever waits for nothing else.
#[derive(Default)]
struct Signal {
    is_told: AtomicBool,
    reading: AtomicWaker,
    writing: AtomicWaker,
    waiting: Notify,
}

/// What somebody does with a stream: each side has a waker of its own.
#[derive(Clone, Copy)]
pub(super) enum Side {
    Reading,
    Writing,
}

impl Signal {
    fn tell(&self) {
        self.is_told.store(true, Ordering::Release);
        self.reading.wake();
        self.writing.wake();
        self.waiting.notify_waiters();
    }

    fn is_told(&self, side: Side, context: &Context<'_>) -> bool {
        let waker = match side {
            Side::Reading => &self.reading,
            Side::Writing => &self.writing,
        };
        waker.register(context.waker());
        self.is_told.load(Ordering::Acquire)
    }
}

impl Registry {
    fn staying(&self) -> usize {
        self.open.len() - self.going
    }

    /// A visitor who keeps us waiting may be told to go; everybody else may not.
    fn settle(&mut self, number: u64) {
        let may_go = |entry: &Entry| entry.owner.is_none() && !entry.is_answering && !entry.is_going;
        if self.open.get(&number).is_some_and(may_go) {
            self.may_go.insert(number);
        } else {
            self.may_go.remove(&number);
        }
    }

    fn tell_to_go(&mut self, number: u64) {
        let Some(entry) = self.open.get_mut(&number).filter(|entry| !entry.is_going) else { return };
        entry.is_going = true;
        entry.signal.tell();
        self.going += 1;
        self.visitor_streams.remove(&number);
        self.settle(number);
    }

    fn leave(&mut self, number: u64) {
        let Some(entry) = self.open.remove(&number) else { return };
        self.may_go.remove(&number);
        self.visitor_streams.remove(&number);
        self.sockets -= usize::from(entry.is_socket);
        self.going -= usize::from(entry.is_going);
        if let Some(owner) = entry.owner {
            self.owned_count -= 1;
            if let Some(of_owner) = self.owned.get_mut(&owner) {
                of_owner.retain(|other| *other != number);
                if of_owner.is_empty() {
                    self.owned.remove(&owner);
                }
            }
        }
    }
}

impl Connections {
    /// None yet.
    pub(super) fn new(room: ConnectionRoom) -> Arc<Self> {
        let say = |[closed, waited, not_taken]: [u64; 3]| {
            tracing::warn!(
                closed,
                waited,
                not_taken,
                "there is no room for all connections: so many of visitors were closed for newer ones, so often newer ones \
                 had to wait, and so many the system did not give"
            );
        };
        let (registry, changed) = (Mutex::default(), Notify::new());
        Arc::new(Self { room, registry, changed, brim: EveryMinute::new(say) })
    }

    fn registry(&self) -> MutexGuard<'_, Registry> {
        self.registry.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A connection comes in; where all places are taken the oldest visitor's that keeps us waiting goes. Where nobody keeps
    /// us waiting it waits until somebody does, and those behind it wait at the system's door: in a rush nobody is refused,
    /// and everybody's turn comes.
    pub(super) async fn enter(self: &Arc<Self>) -> ConnectionPlace {
        let mut has_waited = false;
        loop {
            if let Some(place) = self.try_enter() {
                return place;
            }
            if !std::mem::replace(&mut has_waited, true) {
                self.brim.note(WAITED);
            }
            self.changed.notified().await;
        }
    }

    fn try_enter(self: &Arc<Self>) -> Option<ConnectionPlace> {
        let mut registry = self.registry();
        if registry.going >= GOING_MAX {
            return None;
        }
        if registry.staying() >= self.room.all && !self.oldest_goes(&mut registry) {
            return None;
        }
        let number = registry.next;
        registry.next += 1;
        let signal = Arc::<Signal>::default();
        let kept = Arc::clone(&signal);
        let entry = Entry { signal: kept, owner: None, is_socket: false, is_answering: false, is_going: false };
        registry.open.insert(number, entry);
        registry.may_go.insert(number);
        Some(ConnectionPlace(Connection { number, signal, connections: Arc::clone(self) }))
    }

    fn oldest_goes(&self, registry: &mut Registry) -> bool {
        let oldest = registry.may_go.first().copied();
        if let Some(oldest) = oldest {
            registry.tell_to_go(oldest);
            self.brim.note(CLOSED);
        }
        oldest.is_some()
    }

    /// The system gave no descriptor for a connection: somebody else took more than was left for others.
    pub(super) fn not_taken(&self) {
        self.brim.note(NOT_TAKEN);
        self.oldest_goes(&mut self.registry());
    }

    /// Connections that are no sockets.
    pub(super) fn asking(&self) -> usize {
        let registry = self.registry();
        registry.open.len() - registry.sockets
    }

    /// Waits until there is none any more.
    pub(super) async fn all_left(&self) {
        while !self.registry().open.is_empty() {
            self.changed.notified().await;
        }
    }
}

/// The place of a connection among all: it is given back when the descriptor is closed.
pub(super) struct ConnectionPlace(Connection);

impl ConnectionPlace {
    /// The connection as its requests see it.
    pub(super) fn connection(&self) -> &Connection {
        &self.0
    }

    /// Whether it was told to go; else whoever asks is woken when it is.
    pub(super) fn is_told_to_go(&self, side: Side, context: &Context<'_>) -> bool {
        self.0.signal.is_told(side, context)
    }
}

impl Drop for ConnectionPlace {
    fn drop(&mut self) {
        self.0.change(|registry| registry.leave(self.0.number));
    }
}

/// A connection as its requests see it: an extension of each, also of one that came in another's envelope.
#[derive(Clone)]
pub(super) struct Connection {
    number: u64,
    signal: Arc<Signal>,
    connections: Arc<Connections>,
}

impl Connection {
    fn change(&self, change: impl FnOnce(&mut Registry)) {
        let mut registry = self.connections.registry();
        change(&mut registry);
        drop(registry);
        self.connections.changed.notify_one();
    }

    fn with(&self, change: impl FnOnce(&mut Entry)) {
        self.change(|registry| {
            if let Some(entry) = registry.open.get_mut(&self.number) {
                change(entry);
            }
            registry.settle(self.number);
        });
    }

    /// The whole request is here: from now on it waits for us, and is not told to go.
    pub(super) fn is_heard(&self) {
        self.with(|entry| entry.is_answering = true);
    }

    /// It has its answer, or takes it.
    pub(super) fn is_answered(&self) {
        self.with(|entry| entry.is_answering = false);
    }

    /// It becomes a socket: no request any more that another one could follow.
    pub(super) fn becomes_a_socket(&self) {
        self.change(|registry| {
            if let Some(entry) = registry.open.get_mut(&self.number).filter(|entry| !entry.is_socket) {
                entry.is_socket = true;
                registry.sockets += 1;
            }
        });
    }

    /// It is a socket or a stream of this one, who keeps it: of each owner the newest few stay. Where owners have their share
    /// already it stays like a visitor's.
    pub(super) fn belongs_to(&self, owner: Owner) {
        let owned_max = self.connections.room.owned;
        self.change(|registry| {
            let is_full = registry.owned_count >= owned_max;
            let Some(entry) = registry.open.get_mut(&self.number).filter(|entry| entry.owner.is_none() && !is_full)
            else {
                return;
            };
            entry.owner = Some(owner.clone());
            registry.owned_count += 1;
            registry.visitor_streams.remove(&self.number);
            registry.settle(self.number);
            let most = owner.connections_max();
            let of_owner = registry.owned.entry(owner).or_default();
            of_owner.push_back(self.number);
            // One that was told to go is still in the line until it has gone.
            let surplus = of_owner.len().saturating_sub(most);
            for oldest in of_owner.iter().take(surplus).copied().collect::<Vec<_>>() {
                registry.tell_to_go(oldest);
            }
        });
    }

    /// It is an event stream of a visitor: of those the oldest goes where their share is full.
    pub(super) fn is_a_visitors_stream(&self) {
        let most = self.connections.room.visitor_streams;
        self.change(|registry| {
            let stays = |entry: &Entry| !entry.is_going && entry.owner.is_none();
            if registry.open.get(&self.number).is_some_and(stays) {
                registry.visitor_streams.insert(self.number);
            }
            if registry.visitor_streams.len() > most
                && let Some(oldest) = registry.visitor_streams.first().copied()
            {
                registry.tell_to_go(oldest);
                self.connections.brim.note(CLOSED);
            }
        });
    }

    /// Waits until it is told to go.
    pub(super) async fn told_to_go(&self) {
        let mut told = pin!(self.signal.waiting.notified());
        // Whoever is told between the look and the wait is told all the same.
        told.as_mut().enable();
        if !self.signal.is_told.load(Ordering::Acquire) {
            told.await;
        }
    }
}
