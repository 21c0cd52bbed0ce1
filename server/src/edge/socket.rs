//! One WebSocket a screen: a hello, a welcome, and from then on whole views. Nothing else ever comes from a screen, and
//! nothing is sent because of a cast.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, WebSocketUpgrade};
use axum::extract::{Extension, Path, State};
use axum::response::Response;
use tokio::sync::watch;
use tokio::time::{Instant, timeout};

use super::connections::{Connection, Owner};
use super::following::{welcome, withdrawn};
use super::{App, Asking, holder};
use crate::channel;
use crate::clock::now_ms;
use crate::config::{HELLO_BYTES_MAX, HELLO_TIMEOUT, PING_INTERVAL, SEND_TIMEOUT};
use crate::hub::{Frame, MeetingViews, OpenedWith, ScrutineerConnection, SeatSocket, Viewer, stopped};
use crate::protocol::{CloseCode, Hello, PROTOCOL, ProblemKind};
use crate::randomness::random;
use pingyi_rules::envelope::{AnswerSecret, Messages, padded, unpadded};

/// `GET /ws/{meeting}`. Buffers are small because ten thousand idle phones each have them.
pub(super) async fn upgrade(
    State(app): State<App>,
    Path(meeting): Path<String>,
    Extension(connection): Extension<Connection>,
    request: WebSocketUpgrade,
) -> Response {
    connection.becomes_a_socket();
    request
        .read_buffer_size(1024)
        .write_buffer_size(0)
        .max_message_size(HELLO_BYTES_MAX)
        .max_frame_size(HELLO_BYTES_MAX)
        .on_upgrade(move |socket| async move {
            // Each a task of its own: what upgrading and greeting need must not stay in the memory of ten thousand idle sockets.
            let greeted = tokio::select! {
                greeted = Box::pin(greet(app, meeting, socket, &connection)) => greeted,
                // Nobody's yet, and others need the place.
                () = connection.told_to_go() => None,
            };
            if let Some(greeted) = greeted {
                tokio::spawn(greeted.follow());
            }
        })
}

/// A page that said hello.
struct Greeted {
    socket: WebSocket,
    words: Words,
    views: watch::Receiver<Frame>,
    stopping: watch::Receiver<bool>,
    seat: Option<SeatSocket>,
    opened_with: Option<OpenedWith>,
    meeting_views: Arc<MeetingViews>,
    /// Held while the socket is open, so that it is counted.
    _scrutineer: Option<ScrutineerConnection>,
}

/// How messages go to a page.
enum Words {
    /// All phones get the same, and nothing of their seats.
    Clear,
    /// A role's views are for that role alone.
    Sealed(Box<Messages>),
}

impl Words {
    /// How messages go to an asker, and what is sent first: the nonce, for a role.
    fn for_one(asking: &Asking, secret: &AnswerSecret) -> Option<(Self, Vec<u8>)> {
        match asking {
            Asking::Visitor | Asking::Voter(_) => Some((Self::Clear, Vec::new())),
            Asking::Role(..) => {
                let nonce = random().ok()?;
                Some((Self::Sealed(Box::new(secret.messages(&nonce)?)), nonce.to_vec()))
            }
        }
    }

    /// A message; nothing where it cannot be written.
    fn of(&mut self, text: Frame) -> Option<Message> {
        match self {
            Self::Clear => Utf8Bytes::try_from(text).ok().map(Message::Text),
            Self::Sealed(messages) => {
                messages.seal(&padded(&text, 0), false).map(|sealed| Message::Binary(sealed.into()))
            }
        }
    }
}

/// Who said hello.
struct Caller {
    viewer: Viewer,
    seat: Option<u32>,
    link: Option<String>,
    words: Words,
    /// What is sent before the first message.
    before: Vec<u8>,
}

async fn close(socket: &mut WebSocket, code: CloseCode) {
    let frame = CloseFrame { code: code.0, reason: Utf8Bytes::from_static("") };
    // Whoever is gone already needs no reason.
    let _ = timeout(Duration::from_secs(1), socket.send(Message::Close(Some(frame)))).await;
}

async fn send(socket: &mut WebSocket, message: Message) -> bool {
    match timeout(SEND_TIMEOUT, socket.send(message)).await {
        Ok(sent) => sent.is_ok(),
        Err(_) => {
            close(socket, CloseCode::TOO_SLOW).await;
            false
        }
    }
}

async fn greet(app: App, meeting: String, mut socket: WebSocket, connection: &Connection) -> Option<Greeted> {
    let caller = read_hello(&app, &meeting, &mut socket, connection).await;
    let Caller { viewer, seat, link, mut words, before } = match caller {
        Ok(caller) => caller,
        Err(code) => {
            close(&mut socket, code).await;
            return None;
        }
    };
    let watched = match app.hub.watch(&meeting).await {
        Ok(Some(watched)) => watched,
        Ok(None) => {
            close(&mut socket, CloseCode::UNKNOWN_MEETING).await;
            return None;
        }
        Err(error) => {
            tracing::error!(%error, "a meeting could not be loaded");
            close(&mut socket, CloseCode::NO_HELLO).await;
            return None;
        }
    };
    let first = match words.of(welcome().into())? {
        Message::Binary(message) => Message::Binary([before, message.into()].concat().into()),
        text => text,
    };
    if !send(&mut socket, first).await {
        return None;
    }
    let mut views = watched.views.subscribe(viewer);
    views.mark_changed();
    let seat = seat.map(|seat| watched.views.seat_opens(seat));
    let opened_with = link.map(|link| watched.opened_with(link));
    let meeting_views = Arc::clone(&watched.views);
    let scrutineer = meeting_views.viewer_opens(viewer);
    let stopping = app.hub.stopping();
    Some(Greeted { socket, words, views, stopping, seat, opened_with, meeting_views, _scrutineer: scrutineer })
}

async fn read_hello(
    app: &App,
    meeting: &str,
    socket: &mut WebSocket,
    connection: &Connection,
) -> Result<Caller, CloseCode> {
    let said = timeout(HELLO_TIMEOUT, socket.recv()).await.map_err(|_| CloseCode::NO_HELLO)?;
    let envelope = match said {
        Some(Ok(Message::Binary(envelope))) => envelope,
        // As pages said it when nothing was sealed.
        Some(Ok(Message::Text(_))) => return Err(CloseCode::OLD_PAGE),
        _ => return Err(CloseCode::BAD_HELLO),
    };
    let key = channel::key_of(app.hub.store().secret(), meeting).ok_or(CloseCode::UNKNOWN_MEETING)?;
    let (opened, secret) = key.open(&channel::info(meeting), &envelope).ok_or(CloseCode::NOT_SEALED)?;
    let text = unpadded(&opened).ok_or(CloseCode::BAD_HELLO)?;
    let hello: Hello = serde_json::from_slice(text).map_err(|_| CloseCode::BAD_HELLO)?;
    if hello.protocol != PROTOCOL {
        return Err(CloseCode::OLD_PAGE);
    }
    app.fresh.check(now_ms(), hello.at_ms, &secret).map_err(|_| CloseCode::STALE)?;
    let asking = holder(&app.hub, &hello.session).await.map_err(|problem| match problem.problem {
        ProblemKind::UnknownSession => CloseCode::UNKNOWN_SESSION,
        _ => CloseCode::NO_HELLO,
    })?;
    let viewer = asking.viewer(meeting).ok_or(CloseCode::UNKNOWN_SESSION)?;
    Owner::of(&asking).into_iter().for_each(|owner| connection.belongs_to(owner));
    let (words, before) = Words::for_one(&asking, &secret).ok_or(CloseCode::NO_HELLO)?;
    let link = asking.link();
    let seat = match asking {
        Asking::Voter(seat) => Some(seat.seat),
        Asking::Role(..) | Asking::Visitor => None,
    };
    Ok(Caller { viewer, seat, link, words, before })
}

impl Greeted {
    async fn tells(&mut self, text: Frame) -> bool {
        match self.words.of(text) {
            Some(message) => send(&mut self.socket, message).await,
            None => false,
        }
    }

    /// Sends every view until one side leaves.
    async fn follow(mut self) {
        let mut ping_at = Instant::now() + PING_INTERVAL;
        loop {
            let replaced = async {
                match &self.seat {
                    Some(seat) => seat.replaced().await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                changed = self.views.changed() => {
                    if changed.is_err() {
                        return close(&mut self.socket, CloseCode::RESTART).await;
                    }
                    let view = self.views.borrow_and_update().clone();
                    if !self.tells(view).await {
                        return;
                    }
                    ping_at = Instant::now() + PING_INTERVAL;
                }
                received = self.socket.recv() => match received {
                    Some(Ok(Message::Pong(_) | Message::Ping(_))) => {}
                    Some(Ok(Message::Text(_) | Message::Binary(_))) => {
                        return close(&mut self.socket, CloseCode::BAD_HELLO).await;
                    }
                    Some(Ok(Message::Close(_)) | Err(_)) | None => return,
                },
                () = withdrawn(&mut self.opened_with) => return close(&mut self.socket, CloseCode::UNKNOWN_SESSION).await,
                () = replaced => return close(&mut self.socket, CloseCode::REPLACED).await,
                () = stopped(&mut self.stopping) => {
                    tokio::time::sleep(self.meeting_views.moment_to_close()).await;
                    return close(&mut self.socket, CloseCode::RESTART).await;
                }
                () = tokio::time::sleep_until(ping_at) => {
                    // A welcome and no ping frame: a page cannot see pings, and its clock is set anew.
                    if !self.tells(welcome().into()).await {
                        return;
                    }
                    ping_at = Instant::now() + PING_INTERVAL;
                }
            }
        }
    }
}
