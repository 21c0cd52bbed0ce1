//! A simulated page's socket: hello, welcome, whole views, and back again whenever it is closed or refused, as a page
//! does it. It keeps the newest view and drops older ones; it decides nothing about a meeting.

use std::sync::Arc;
use std::time::Duration;

use rand::RngExt;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout};
use tokio_tungstenite::tungstenite::Message;

use super::problem::{Activity, RehearsalError, Waited};
use super::sealed_wire::{forget, scope_of};
use super::socket::Socket;
use super::wire::ServerAddress;
use crate::protocol::{ChairView, CloseCode, ProjectorView, ServerMessage, Situation, VoterView};

/// After so much silence a page calls its connection dead (rule p16).
const SILENCE_MAX: Duration = Duration::from_secs(45);
/// How long an attempt may take until it is welcomed (rule p17).
const WELCOME_TIMEOUT: Duration = Duration::from_secs(10);
/// The first pause after a connection broke; it doubles up to [`PAUSE_MAX`] (rule p14).
const PAUSE: Duration = Duration::from_millis(500);
const PAUSE_MAX: Duration = Duration::from_secs(4);

/// A view that a page can follow.
pub trait View: Clone + Send + Sync + 'static {
    /// The view in a message, where it is one of this kind.
    fn of(message: ServerMessage) -> Option<Self>;
    /// What every view holds.
    fn now(&self) -> &Situation;
}

macro_rules! view {
    ($view:ty, $kind:ident) => {
        impl View for $view {
            fn of(message: ServerMessage) -> Option<Self> {
                match message {
                    ServerMessage::$kind(view) => Some(view),
                    _ => None,
                }
            }

            fn now(&self) -> &Situation {
                &self.now
            }
        }
    };
}

view!(VoterView, Voter);
view!(ProjectorView, Projector);
view!(ChairView, Chair);

/// A page that follows a meeting; dropping it closes the page.
pub struct PageConnection<V> {
    seen: watch::Receiver<Seen<V>>,
    following: JoinHandle<()>,
}

#[derive(Clone)]
struct Seen<V> {
    view: Option<Arc<V>>,
    ended: Option<RehearsalError>,
}

impl<V> Drop for PageConnection<V> {
    fn drop(&mut self) {
        self.following.abort();
    }
}

impl<V: View> PageConnection<V> {
    /// Begins to follow a meeting with a session or a credential. `patience` is how long the server may be away.
    #[must_use]
    pub fn follow(address: Arc<ServerAddress>, meeting: &str, session: &str, patience: Duration) -> Self {
        let (sender, seen) = watch::channel(Seen { view: None, ended: None });
        let following =
            Following { address, path: format!("/ws/{meeting}"), session: session.to_owned(), patience, sender };
        Self { seen, following: tokio::spawn(following.run()) }
    }

    /// The newest view, if there is one yet.
    #[must_use]
    pub fn latest(&self) -> Option<Arc<V>> {
        self.seen.borrow().view.clone()
    }

    /// Waits for a view that was not returned before.
    ///
    /// # Errors
    /// When the socket was closed for good, or the server stayed away for too long.
    pub async fn next(&mut self) -> Result<Arc<V>, RehearsalError> {
        loop {
            let gone = || RehearsalError::Broken("its socket is gone".to_owned());
            self.seen.changed().await.map_err(|_| gone())?;
            let seen = self.seen.borrow_and_update().clone();
            if let Some(error) = seen.ended {
                return Err(error);
            }
            if let Some(view) = seen.view {
                return Ok(view);
            }
        }
    }

    /// Waits for a view that something is true of; the newest one may be it already.
    ///
    /// # Errors
    /// As [`next`](Self::next), and [`RehearsalError::Waited`] after `patience`.
    pub async fn sees(&mut self, patience: Duration, is: impl Fn(&V) -> bool) -> Result<Arc<V>, RehearsalError> {
        let waiting = async {
            if let Some(view) = self.latest().filter(|view| is(view)) {
                return Ok(view);
            }
            loop {
                let view = self.next().await?;
                if is(&view) {
                    return Ok(view);
                }
            }
        };
        timeout(patience, waiting).await.unwrap_or(Err(RehearsalError::Waited(Waited::View)))
    }
}

struct Following<V> {
    address: Arc<ServerAddress>,
    path: String,
    session: String,
    patience: Duration,
    sender: watch::Sender<Seen<V>>,
}

/// How a connection ended.
enum Ended {
    /// Come back after a pause that grows with the attempts.
    Broken(String),
    /// Come back within the spread of a restart.
    Restarts,
    /// Do not come back.
    ForGood(RehearsalError),
}

impl<V: View> Following<V> {
    async fn run(self) {
        let mut welcomed_at = Instant::now();
        let mut pause = PAUSE;
        loop {
            let mut was_welcomed = false;
            let ended = self.connection(&mut was_welcomed).await;
            if was_welcomed {
                welcomed_at = Instant::now();
                pause = PAUSE;
            }
            let wait = match ended {
                Ended::ForGood(error) => return self.end(error),
                Ended::Broken(why) if welcomed_at.elapsed() > self.patience => {
                    return self.end(RehearsalError::NoAnswer(why));
                }
                Ended::Broken(_) => {
                    let wait = pause.mul_f64(rand::rng().random_range(0.0..1.0));
                    pause = (pause * 2).min(PAUSE_MAX);
                    wait
                }
                Ended::Restarts => Duration::from_secs_f64(rand::rng().random_range(1.0..5.0)),
            };
            sleep(wait).await;
        }
    }

    fn end(&self, error: RehearsalError) {
        self.sender.send_modify(|seen| seen.ended = Some(error));
    }

    async fn connection(&self, was_welcomed: &mut bool) -> Ended {
        let mut socket = match timeout(WELCOME_TIMEOUT, Socket::connect(&self.address, &self.path, &self.session)).await
        {
            Ok(Ok(socket)) => socket,
            Ok(Err(why)) => return Ended::Broken(why),
            Err(_) => return Ended::Broken("no connection in 10 s".to_owned()),
        };
        loop {
            let silence_max = if *was_welcomed { SILENCE_MAX } else { WELCOME_TIMEOUT };
            let message = match timeout(silence_max, socket.next()).await {
                Ok(Some(Ok(message))) => message,
                Ok(Some(Err(error))) => return Ended::Broken(error.to_string()),
                Ok(None) => return Ended::Broken("the socket ended".to_owned()),
                Err(_) => return Ended::Broken("silence".to_owned()),
            };
            match message {
                Message::Text(text) => {
                    let Ok(message) = serde_json::from_str::<ServerMessage>(&text) else {
                        return Ended::ForGood(RehearsalError::Unreadable(Activity::Following));
                    };
                    if let ServerMessage::Welcome { .. } = message {
                        *was_welcomed = true;
                    } else if let Some(view) = V::of(message) {
                        self.show(view);
                    }
                }
                Message::Close(frame) => {
                    let code = frame.map_or(1005, |frame| frame.code.into());
                    if code == CloseCode::NOT_SEALED.0 || code == CloseCode::STALE.0 {
                        forget(&self.address.authority, scope_of(&self.path));
                    }
                    return closed(code);
                }
                Message::Binary(_) | Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => {}
            }
        }
    }

    /// Keeps a view unless it is older than the last one; one of another epoch is newer (rule p12).
    fn show(&self, view: V) {
        self.sender.send_if_modified(|seen| {
            let is_older = seen
                .view
                .as_ref()
                .is_some_and(|last| last.now().epoch == view.now().epoch && view.now().version < last.now().version);
            if !is_older {
                seen.view = Some(Arc::new(view));
            }
            !is_older
        });
    }
}

fn closed(code: u16) -> Ended {
    match code {
        code if code == CloseCode::RESTART.0 => Ended::Restarts,
        4500..=4999 => Ended::ForGood(RehearsalError::ClosedForGood(code)),
        code => Ended::Broken(format!("closed with {code}")),
    }
}
