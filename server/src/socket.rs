//! One WebSocket a screen: a hello, a welcome, and from then on whole views. Nothing else ever comes from a screen, and
//! nothing is sent because of a cast. This file and `http` are the only ones that know axum.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, WebSocketUpgrade};
use axum::extract::{Extension, Path, State};
use axum::response::Response;
use tokio::sync::watch;
use tokio::time::{Instant, timeout};

use crate::config::{HELLO_BYTES_MAX, HELLO_TIMEOUT, PING_INTERVAL, SEND_TIMEOUT};
use crate::http::connections::{Connection, Owner};
use crate::http::{App, Asking, holder, welcome};
use crate::hub::{Frame, Screen, Screens, ScrutineerScreen, SeatSocket, stopped};
use crate::protocol::{CloseCode, Hello, PROTOCOL, ProblemKind};

/// `GET /ws/{meeting}`. Buffers are small because ten thousand idle phones each have them.
pub(crate) async fn upgrade(
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

/// A screen that said hello.
struct Greeted {
    socket: WebSocket,
    views: watch::Receiver<Frame>,
    stopping: watch::Receiver<bool>,
    seat: Option<SeatSocket>,
    screens: Arc<Screens>,
    /// Held while the socket is open, so that it is counted.
    _scrutineer: Option<ScrutineerScreen>,
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
    let greeting = read_hello(&app, &meeting, &mut socket, connection).await;
    let (screen, seat) = match greeting {
        Ok(greeting) => greeting,
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
    if !send(&mut socket, Message::Text(welcome().into())).await {
        return None;
    }
    let mut views = watched.screens.subscribe(screen);
    views.mark_changed();
    let seat = seat.map(|seat| watched.screens.seat_opens(seat));
    let screens = Arc::clone(&watched.screens);
    let scrutineer = screens.screen_opens(screen);
    Some(Greeted { socket, views, stopping: app.hub.stopping(), seat, screens, _scrutineer: scrutineer })
}

async fn read_hello(
    app: &App,
    meeting: &str,
    socket: &mut WebSocket,
    connection: &Connection,
) -> Result<(Screen, Option<u32>), CloseCode> {
    let said = timeout(HELLO_TIMEOUT, socket.recv()).await.map_err(|_| CloseCode::NO_HELLO)?;
    let Some(Ok(Message::Text(text))) = said else { return Err(CloseCode::BAD_HELLO) };
    let hello: Hello = serde_json::from_str(&text).map_err(|_| CloseCode::BAD_HELLO)?;
    if hello.protocol != PROTOCOL {
        return Err(CloseCode::OLD_PAGE);
    }
    let asking = holder(&app.hub, &hello.session).await.map_err(|problem| match problem.problem {
        ProblemKind::UnknownSession => CloseCode::UNKNOWN_SESSION,
        _ => CloseCode::NO_HELLO,
    })?;
    let screen = asking.screen(meeting).ok_or(CloseCode::UNKNOWN_SESSION)?;
    Owner::of(&asking).into_iter().for_each(|owner| connection.belongs_to(owner));
    let seat = match asking {
        Asking::Voter(seat) => Some(seat.seat),
        Asking::Role(..) | Asking::Visitor => None,
    };
    Ok((screen, seat))
}

impl Greeted {
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
                    let Ok(text) = Utf8Bytes::try_from(view) else { return };
                    if !send(&mut self.socket, Message::Text(text)).await {
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
                () = replaced => return close(&mut self.socket, CloseCode::REPLACED).await,
                () = stopped(&mut self.stopping) => {
                    tokio::time::sleep(self.screens.moment_to_close()).await;
                    return close(&mut self.socket, CloseCode::RESTART).await;
                }
                () = tokio::time::sleep_until(ping_at) => {
                    // A welcome and no ping frame: a page cannot see pings, and its clock is set anew.
                    if !send(&mut self.socket, Message::Text(welcome().into())).await {
                        return;
                    }
                    ping_at = Instant::now() + PING_INTERVAL;
                }
            }
        }
    }
}
