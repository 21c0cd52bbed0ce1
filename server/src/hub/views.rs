//! The views of one meeting as bytes, one watch for each kind of viewer: serialised once, shared by all of them.
//! It also counts phones and scrutineers, and keeps a seat from holding more than a few sockets.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

use rand::RngExt as _;
use serde::Serialize;
use tokio::sync::{Notify, watch};

use super::{held, now_ms};
use crate::config::{CLOSE_SPREAD_MAX, SOCKETS_A_SEAT_MAX};
use crate::protocol::Role;

/// One message as it goes to a page: JSON, shared.
pub type Frame = bytes::Bytes;

/// A kind of page that has a view of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Viewer {
    /// A phone before it has a seat: a phone's view without a result.
    Visitor,
    /// A role's view.
    Of(Role),
}

const VIEWERS: [Viewer; 6] = [
    Viewer::Visitor,
    Viewer::Of(Role::Voter),
    Viewer::Of(Role::Projector),
    Viewer::Of(Role::Chair),
    Viewer::Of(Role::Teller),
    Viewer::Of(Role::Scrutineer),
];

/// Oldest first, each with what tells it to close.
type SocketsOfASeat = VecDeque<(u64, Arc<Notify>)>;

/// The views of one meeting.
pub struct MeetingViews {
    views: HashMap<Viewer, watch::Sender<Frame>>,
    plan: watch::Sender<Frame>,
    /// What requests about the meeting are sealed to, in base64url.
    key: String,
    poked: Notify,
    phones: AtomicU32,
    scrutineers: AtomicU32,
    next_socket: AtomicU64,
    // A std mutex: held for a push or a removal only.
    seats: std::sync::Mutex<HashMap<u32, SocketsOfASeat>>,
}

impl MeetingViews {
    pub(super) fn new(key: String) -> Self {
        Self {
            key,
            views: VIEWERS.into_iter().map(|viewer| (viewer, watch::Sender::new(Frame::new()))).collect(),
            plan: watch::Sender::new(Frame::new()),
            poked: Notify::new(),
            phones: AtomicU32::new(0),
            scrutineers: AtomicU32::new(0),
            next_socket: AtomicU64::new(0),
            seats: std::sync::Mutex::default(),
        }
    }

    /// The latest view for a kind of viewer, and every later one.
    #[must_use]
    pub fn subscribe(&self, viewer: Viewer) -> watch::Receiver<Frame> {
        match self.views.get(&viewer) {
            Some(view) => view.subscribe(),
            // Every kind of viewer is in the map from the beginning.
            None => watch::Sender::new(Frame::new()).subscribe(),
        }
    }

    /// The latest view for a kind of viewer.
    #[must_use]
    pub fn view(&self, viewer: Viewer) -> Frame {
        self.subscribe(viewer).borrow().clone()
    }

    /// Whether anybody follows a view.
    pub(super) fn are_followed(&self) -> bool {
        self.views.values().any(|view| view.receiver_count() > 0)
    }

    /// What a phone's page holds when it is loaded: a [`crate::protocol::First`], put together from what is written already.
    #[must_use]
    pub fn first(&self) -> Vec<u8> {
        let (plan, view) = (self.plan(), self.view(Viewer::Visitor));
        if plan.is_empty() || view.is_empty() {
            return Vec::new();
        }
        let now_ms = now_ms().to_string();
        let key = self.key.as_bytes();
        [b"{\"now_ms\":", now_ms.as_bytes(), b",\"key\":\"", key, b"\",\"plan\":", &plan, b",\"view\":", &view, b"}"]
            .concat()
    }

    /// The plan as every screen may know it.
    #[must_use]
    pub fn plan(&self) -> Frame {
        self.plan.borrow().clone()
    }

    /// Puts out a view; viewers are woken only if it differs from the last one.
    pub(super) fn show(&self, viewer: Viewer, view: &impl Serialize) {
        if let Some(sender) = self.views.get(&viewer) {
            replace(sender, view);
        }
    }

    pub(super) fn show_plan(&self, plan: &impl Serialize) {
        replace(&self.plan, plan);
    }

    /// Something may have changed.
    pub fn poke(&self) {
        self.poked.notify_one();
    }

    pub(super) async fn poked(&self) {
        self.poked.notified().await;
    }

    /// Phones connected at this moment.
    #[must_use]
    pub fn phones(&self) -> u32 {
        self.phones.load(Ordering::Relaxed)
    }

    /// Pages of scrutineers connected at this moment.
    #[must_use]
    pub fn scrutineers(&self) -> u32 {
        self.scrutineers.load(Ordering::Relaxed)
    }

    /// A viewer connects. Scrutineers are counted, because the chair needs one for what both do together.
    #[must_use]
    pub fn viewer_opens(self: &Arc<Self>, viewer: Viewer) -> Option<ScrutineerConnection> {
        if viewer != Viewer::Of(Role::Scrutineer) {
            return None;
        }
        self.scrutineers.fetch_add(1, Ordering::Relaxed);
        self.poke();
        Some(ScrutineerConnection(Arc::clone(self)))
    }

    /// How long a socket waits before it closes because the server stops: at random, and longer the more phones there are.
    #[must_use]
    pub fn moment_to_close(&self) -> Duration {
        let spread = Duration::from_millis(u64::from(self.phones()) * 2).min(CLOSE_SPREAD_MAX);
        spread.mul_f64(rand::rng().random())
    }

    /// A phone's socket opened. Of a seat's sockets the newest few stay: an older one is told to close.
    #[must_use]
    pub fn seat_opens(self: &Arc<Self>, seat: u32) -> SeatSocket {
        let id = self.next_socket.fetch_add(1, Ordering::Relaxed);
        let replaced = Arc::new(Notify::new());
        {
            let mut seats = held(&self.seats);
            let sockets = seats.entry(seat).or_default();
            sockets.push_back((id, Arc::clone(&replaced)));
            if sockets.len() > SOCKETS_A_SEAT_MAX
                && let Some((_, oldest)) = sockets.pop_front()
            {
                oldest.notify_one();
            }
        }
        self.phones.fetch_add(1, Ordering::Relaxed);
        self.poke();
        SeatSocket { views: Arc::clone(self), seat, id, replaced }
    }
}

/// Serialises a view and wakes the viewers if it is another one.
fn replace(sender: &watch::Sender<Frame>, view: &impl Serialize) {
    match serde_json::to_vec(view) {
        Ok(bytes) => {
            sender.send_if_modified(|shown| {
                let is_new = shown.as_ref() != bytes.as_slice();
                if is_new {
                    *shown = Frame::from(bytes);
                }
                is_new
            });
        }
        Err(error) => tracing::error!(%error, "a view could not be written"),
    }
}

/// A scrutineer's connected page; dropping it says that it left.
pub struct ScrutineerConnection(Arc<MeetingViews>);

impl Drop for ScrutineerConnection {
    fn drop(&mut self) {
        self.0.scrutineers.fetch_sub(1, Ordering::Relaxed);
        self.0.poke();
    }
}

/// A phone's open socket; dropping it says that it closed.
pub struct SeatSocket {
    views: Arc<MeetingViews>,
    seat: u32,
    id: u64,
    replaced: Arc<Notify>,
}

impl SeatSocket {
    /// Waits until newer sockets of the same seat took the place of this one.
    pub async fn replaced(&self) {
        self.replaced.notified().await;
    }
}

impl Drop for SeatSocket {
    fn drop(&mut self) {
        {
            let mut seats = held(&self.views.seats);
            if let Some(sockets) = seats.get_mut(&self.seat) {
                sockets.retain(|(id, _)| *id != self.id);
                if sockets.is_empty() {
                    seats.remove(&self.seat);
                }
            }
        }
        self.views.phones.fetch_sub(1, Ordering::Relaxed);
        self.views.poke();
    }
}
