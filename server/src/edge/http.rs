//! Routes and the limits of what is read. What carries or returns a secret is reached through the sealed channel alone.

mod components;
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

use sealed::Sealed;

use axum::Router;
use axum::body::Body;
use axum::http::HeaderValue;
use axum::http::header::CONTENT_TYPE;
use axum::response::Response;
use axum::routing::{MethodRouter, get, post};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper_util::service::TowerToHyperService;

use super::App;
use super::asking::{Asking, asking, bearer};
use crate::config::BODY_TIMEOUT;
use crate::protocol::{Problem, ProblemKind};

/// Every route, with what answers those who ask for a socket.
pub(super) fn router(app: App, sockets: MethodRouter<App>) -> Router {
    let routes = open_api().merge(secret_api()).fallback(not_found).with_state(app.clone());
    let sealed = Sealed { app: app.clone(), routes: TowerToHyperService::new(routes) };
    let sealed = Router::new()
        .route("/sealed", post(sealed::of_servers))
        .route("/sealed/{meeting}", post(sealed::of_meeting))
        .with_state(sealed);
    pages_and_box(sockets)
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
fn pages_and_box(sockets: MethodRouter<App>) -> Router<App> {
    Router::new()
        .route("/", get(pages::phone))
        .route("/m/{meeting}", get(pages::phone_of_meeting))
        .route("/m/{meeting}/kiosk", get(pages::kiosk))
        .route("/chair", get(pages::chair))
        .route("/screen", get(pages::projector))
        .route("/print", get(pages::print))
        .route("/verify", get(pages::verify))
        .route("/later.js", get(pages::later))
        .route("/kiosk.js", get(pages::kiosk_script))
        .route("/texts/zh.json", get(pages::texts_zh))
        .route("/texts/en.json", get(pages::texts_en))
        .route("/favicon.ico", get(pages::icon))
        .route("/notices", get(pages::notices))
        .route("/healthz", get(meetings::health))
        .route("/readyz", get(meetings::ready))
        .route("/m/{meeting}/rounds/{round}/record.json", get(records::record))
        .route("/m/{meeting}/rounds/{round}/record", get(records::view))
        .route("/m/{meeting}/rounds/{round}/leaves", get(records::leaves))
        .route("/m/{meeting}/rounds/{round}/leaves/index", get(records::index))
        .route("/m/{meeting}/rounds/{round}/leaves/{part}", get(records::part))
        .route("/box/{meeting}/{round}/cast", post(voting::cast))
        .route("/ws/{meeting}", sockets)
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
