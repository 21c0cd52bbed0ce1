//! The edge: routes, limits and the accept loop. Requests are read, handed to whoever decides, and answered; nothing is
//! decided here. There is no access log and no cookie.

mod attempts;
mod components;
pub(crate) mod connections;
mod counted;
mod every_minute;
mod exports;
mod headers;
mod joining;
mod links;
mod meetings;
pub mod pages;
mod problem;
mod records;
mod screens;
mod sealed;
mod slips;
mod voting;

pub(crate) use screens::{welcome, withdrawn};

use connections::{Connections, Room};
use counted::Counted;
use sealed::Sealed;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::header::{AUTHORIZATION, CONNECTION, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;
use axum::routing::{get, post};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

use crate::channel::Fresh;
use crate::config::{BODY_TIMEOUT, DRAIN_TIMEOUT, HEAD_TIMEOUT, KEPT_CONNECTIONS_MAX, SEALED_LARGE_AT_ONCE};
use crate::descriptors::connections_max;
use crate::hub::{Hub, Screen, stopped};
use crate::protocol::{Problem, ProblemKind, Role};
use crate::secret;
use crate::store::{Digest, RoleSession, Seat};

/// What every request can reach.
#[derive(Clone)]
pub struct App {
    /// The meetings.
    pub hub: Arc<Hub>,
    /// The digest of the operator key; none on a server that anybody may create meetings on.
    pub operator: Option<Digest>,
    attempts: Arc<attempts::Attempts>,
    /// Lists of what is kept that are made at a time: one, whoever asks.
    looking: Arc<Semaphore>,
    /// Large envelopes that are read at a time.
    large: Arc<Semaphore>,
    /// What came through the sealed channel a moment ago.
    pub(crate) fresh: Arc<Fresh>,
}

impl App {
    /// An app on a hub.
    #[must_use]
    pub fn new(hub: Arc<Hub>, operator: Option<Digest>) -> Self {
        Self {
            hub,
            operator,
            attempts: Arc::new(attempts::Attempts::new()),
            looking: Arc::new(Semaphore::new(1)),
            large: Arc::new(Semaphore::new(SEALED_LARGE_AT_ONCE)),
            fresh: Arc::default(),
        }
    }
}

/// Every route. What carries or returns a secret is reached through the sealed channel alone.
pub fn router(app: App) -> Router {
    let routes = open_api().merge(secret_api()).fallback(not_found).with_state(app.clone());
    let sealed = Sealed { app: app.clone(), routes: TowerToHyperService::new(routes) };
    let sealed = Router::new()
        .route("/sealed", post(sealed::of_servers))
        .route("/sealed/{meeting}", post(sealed::of_meeting))
        .with_state(sealed);
    pages_and_box()
        .merge(open_api())
        .fallback(sealed::in_clear)
        .method_not_allowed_fallback(sealed::in_clear)
        .with_state(app)
        .merge(sealed)
        .layer(axum::middleware::from_fn(sealed::no_secret_in_clear))
        .layer(axum::middleware::map_response(headers::of_every_answer))
}

async fn not_found() -> Problem {
    Problem::of(ProblemKind::NotFound)
}

/// What a browser opens, what everybody may have of a published round, the box, and sockets, whose hello is sealed.
fn pages_and_box() -> Router<App> {
    Router::new()
        .route("/", get(pages::phone))
        .route("/m/{meeting}", get(pages::phone_of_meeting))
        .route("/m/{meeting}/kiosk", get(pages::kiosk))
        .route("/chair", get(pages::chair))
        .route("/screen", get(pages::projector))
        .route("/print", get(pages::print))
        .route("/verify", get(pages::verify))
        .route("/papers.js", get(pages::papers))
        .route("/kiosk.js", get(pages::kiosk_script))
        .route("/texts/zh.json", get(pages::texts_zh))
        .route("/texts/en.json", get(pages::texts_en))
        .route("/favicon.ico", get(pages::icon))
        .route("/healthz", get(meetings::health))
        .route("/readyz", get(meetings::ready))
        .route("/m/{meeting}/rounds/{round}/record.json", get(records::record))
        .route("/m/{meeting}/rounds/{round}/record", get(records::view))
        .route("/m/{meeting}/rounds/{round}/leaves", get(records::leaves))
        .route("/m/{meeting}/rounds/{round}/leaves/index", get(records::index))
        .route("/m/{meeting}/rounds/{round}/leaves/{part}", get(records::part))
        .route("/box/{meeting}/{round}/cast", post(voting::cast))
        .route("/ws/{meeting}", get(crate::edge::socket::upgrade))
}

/// What anybody may ask. With a session some of it answers more, and then only in an envelope.
fn open_api() -> Router<App> {
    Router::new()
        .route("/api/key", get(sealed::key_of_servers))
        .route("/api/meetings", get(meetings::list))
        .route("/api/meetings/{meeting}/key", get(sealed::key_of_meeting))
        .route("/api/meetings/{meeting}/plan", get(meetings::plan))
        .route("/api/meetings/{meeting}/roster", get(meetings::roster))
        .route("/api/meetings/{meeting}/join.svg", get(meetings::join_qr))
        .route("/api/meetings/{meeting}/subjects/{subject}/text", get(meetings::subject_text))
        .route("/api/meetings/{meeting}/rounds/{round}/manifest", get(meetings::manifest))
        .route("/api/meetings/{meeting}/view", get(screens::view))
        .route("/api/meetings/{meeting}/events", get(screens::events))
}

/// What carries or returns a secret: a code, a link, a session, a credential, the operator key, or what only a role may see.
fn secret_api() -> Router<App> {
    Router::new()
        .route("/api/meetings", post(meetings::create))
        .route("/api/meetings/{meeting}/kept", get(meetings::kept))
        .route("/api/meetings/{meeting}/rounds/{round}/papers", post(voting::papers))
        .route("/api/meetings/{meeting}/rounds/{round}/record.json", get(records::whole_record))
        .route("/api/meetings/{meeting}/rounds/{round}/opinions", get(records::opinions))
        .route("/api/meetings/{meeting}/rounds/{round}/explained", get(exports::explained))
        .route("/api/meetings/{meeting}/rounds/{round}/components.csv", get(components::file))
        .route("/api/meetings/{meeting}/rounds/{round}/components", post(components::preview))
        .route("/api/meetings/{meeting}/prints", get(exports::prints))
        .route("/api/meetings/{meeting}/exports/{file}", get(exports::table))
        .route("/api/meetings/{meeting}/archive.zip", get(exports::whole))
        .route("/api/meetings/{meeting}/commands", post(meetings::command))
        .route("/api/meetings/{meeting}/slips", post(slips::replace))
        .route("/api/meetings/{meeting}/links", get(links::list).post(links::give))
        .route("/api/meetings/{meeting}/links/withdraw", post(links::withdraw))
        .route("/api/join", post(joining::join))
        .route("/api/sessions", post(joining::open_session))
        .route("/api/qr", post(meetings::qr))
}

/// In a rush no connection is kept for a next request; a socket is no request any more and stays.
async fn closed_in_a_rush(State(connections): State<Arc<Connections>>, mut response: Response) -> Response {
    if connections.asking() > KEPT_CONNECTIONS_MAX && response.status() != StatusCode::SWITCHING_PROTOCOLS {
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

/// Who is asking.
#[derive(Clone, Debug)]
pub enum Asking {
    /// Nobody that we know: a phone before it has a seat.
    Visitor,
    /// A phone with a seat.
    Voter(Seat),
    /// A role's session.
    Role(RoleSession),
}

impl Asking {
    /// The link that the asker's session was opened with.
    #[must_use]
    pub fn link(&self) -> Option<String> {
        match self {
            Self::Role(session) => Some(session.link.clone()),
            Self::Visitor | Self::Voter(_) => None,
        }
    }

    /// The kind of screen of this one in a meeting.
    #[must_use]
    pub fn screen(&self, meeting: &str) -> Option<Screen> {
        match self {
            Self::Visitor => Some(Screen::Visitor),
            Self::Voter(seat) => (seat.meeting == meeting).then_some(Screen::Of(Role::Voter)),
            Self::Role(of) => (of.meeting == meeting).then_some(Screen::Of(of.role)),
        }
    }
}

/// Who holds a session or a credential.
///
/// # Errors
/// `unknown_session`, or `try_again` where the store cannot tell.
pub async fn holder(hub: &Arc<Hub>, secret: &str) -> Result<Asking, Problem> {
    let credential = secret::credential_digest(secret);
    if let Some(seat) = hub.store().seat(credential).await?.or_else(|| hub.reissued.seat(&credential)) {
        return Ok(Asking::Voter(seat));
    }
    let unknown = || Problem::of(ProblemKind::UnknownSession);
    let session = hub.store().session(secret::session_digest(secret)).await?.ok_or_else(unknown)?;
    // A link that was withdrawn takes with it what it opened.
    match hub.watch(&session.meeting).await? {
        Some(watched) if watched.opened_with(session.link.clone()).stays() => Ok(Asking::Role(session)),
        _ => Err(unknown()),
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")
}

/// Who is asking, by the `Authorization` header.
async fn asking(app: &App, headers: &HeaderMap) -> Result<Asking, Problem> {
    match bearer(headers) {
        None => Ok(Asking::Visitor),
        Some(secret) => holder(&app.hub, secret).await,
    }
}

/// A whole body of at most `most` bytes.
async fn read(body: Body, most: usize) -> Result<Vec<u8>, Problem> {
    let whole = tokio::time::timeout(BODY_TIMEOUT, Limited::new(body, most).collect());
    match whole.await {
        Ok(Ok(bytes)) => Ok(bytes.to_bytes().to_vec()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(Problem::of(ProblemKind::TooLarge)),
        Ok(Err(_)) => Err(Problem::with(ProblemKind::BadMessage, "the body broke off")),
        Err(_) => Err(Problem::with(ProblemKind::BadMessage, "the body took too long")),
    }
}

/// A JSON body of at most `most` bytes.
async fn read_json<T: serde::de::DeserializeOwned>(body: Body, most: usize) -> Result<T, Problem> {
    let bytes = read(body, most).await?;
    serde_json::from_slice(&bytes).map_err(|error| Problem::with(ProblemKind::BadMessage, error.to_string()))
}

/// JSON that is already written.
fn json(bytes: impl Into<Body>) -> Response {
    let mut response = Response::new(bytes.into());
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// Bytes that a page opens itself.
fn octets(bytes: impl Into<Body>) -> Response {
    let mut response = Response::new(bytes.into());
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
    response
}

/// Serves until the hub stops; then lets answers under way finish, for [`DRAIN_TIMEOUT`] at most.
///
/// # Errors
/// None: an accept that fails is tried again.
pub async fn serve(listener: TcpListener, app: App) {
    let mut stopping = app.hub.stopping();
    let connections = Connections::new(Room::of(connections_max()));
    let close_some = axum::middleware::map_response_with_state(Arc::clone(&connections), closed_in_a_rush);
    let routes = TowerToHyperService::new(router(app).layer(close_some));
    let mut http = hyper::server::conn::http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD_TIMEOUT).max_buf_size(16 * 1024);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stopped(&mut stopping) => break,
        };
        let Ok((stream, _)) = accepted else {
            // Out of file descriptors, most likely: the hall waits a moment instead of losing the server.
            connections.not_taken();
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        let place = tokio::select! {
            place = connections.enter() => place,
            () = stopped(&mut stopping) => break,
        };
        // Small answers must not wait for more to say; where it cannot be set, they wait a little.
        let _ = stream.set_nodelay(true);
        let handle = place.connection().clone();
        let service = counted::service(handle.clone(), routes.clone());
        let connection = http.serve_connection(TokioIo::new(Counted::new(stream, place)), service).with_upgrades();
        let mut stopping = stopping.clone();
        tokio::spawn(async move {
            let mut connection = std::pin::pin!(connection);
            tokio::select! {
                // A connection that breaks is the client's news, not ours.
                _ = connection.as_mut() => return,
                () = handle.told_to_go() => return,
                () = stopped(&mut stopping) => connection.as_mut().graceful_shutdown(),
            }
            let _ = connection.await;
        });
    }
    drop(listener);
    let _ = tokio::time::timeout(DRAIN_TIMEOUT, connections.all_left()).await;
}

/// Binds a listener.
///
/// # Errors
/// As the system says: the port is taken, or the address is not ours.
pub async fn bind(address: SocketAddr) -> std::io::Result<TcpListener> {
    TcpListener::bind(address).await
}
