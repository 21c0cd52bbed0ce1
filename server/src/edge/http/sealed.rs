//! The sealed channel's route: opens an envelope, gives what is in it to the routes as they are, and closes the answer. No
//! handler knows of it. From outside there is one path a meeting, one status and a few lengths.

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{Path, Request, State};
use axum::http::Method;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::{Json, Router};
use futures_util::{StreamExt as _, stream};
use http_body_util::BodyExt;
use hyper::service::Service as _;
use hyper_util::service::TowerToHyperService;

use super::{App, octets, read};
use crate::channel;
use crate::clock::now_ms;
use crate::config::{MEETING_BYTES_MAX, SEALED_LARGE, SEALED_PART_BYTES, SLIPS_BYTES_MAX};
use crate::edge::connections::Connection;
use crate::protocol::{AnswerHead, ChannelKey, Problem, ProblemKind, SealedHead};
use crate::randomness::random;
use pingyi_rules::envelope::{AnswerSecret, ENVELOPE_BYTES, Messages, padded, padded_length, unpadded};

/// What the route needs: the server, and everything that can be asked of it.
#[derive(Clone)]
pub(super) struct Sealed {
    pub(super) app: App,
    pub(super) routes: TowerToHyperService<Router>,
}

/// How long an answer is at least before it is padded; a handler says so where shorter ones would tell something.
#[derive(Clone, Copy)]
pub(super) struct AtLeast(pub(super) usize);

/// `POST /sealed`: what no meeting is known of.
pub(super) async fn of_servers(State(sealed): State<Sealed>, request: Request) -> Response {
    sealed.answers("", MEETING_BYTES_MAX, request).await
}

/// `POST /sealed/{meeting}`.
pub(super) async fn of_meeting(
    State(sealed): State<Sealed>,
    Path(meeting): Path<String>,
    request: Request,
) -> Response {
    sealed.answers(&meeting, SLIPS_BYTES_MAX, request).await
}

fn not_sealed() -> Problem {
    Problem::of(ProblemKind::NotSealed)
}

impl Sealed {
    async fn answers(self, scope: &str, most: usize, request: Request) -> Response {
        match self.opened(scope, most, request).await {
            Ok((asked, secret)) => {
                let answer = match self.routes.call(asked).await {
                    Ok(answer) => answer,
                    Err(never) => match never {},
                };
                closed(answer, &secret).await.unwrap_or_else(|| Problem::of(ProblemKind::TryAgain).into_response())
            }
            // Nobody is known who could open an answer.
            Err(problem) => problem.into_response(),
        }
    }

    /// The request in an envelope, and what its answer is closed with.
    async fn opened(&self, scope: &str, most: usize, request: Request) -> Result<(Request, AnswerSecret), Problem> {
        let key = channel::key_of(self.app.hub.store().secret(), scope).ok_or_else(not_sealed)?;
        let (mut outer, body) = request.into_parts();
        let connection = outer.extensions.remove::<Connection>();
        let is_small = body.size_hint().upper().is_some_and(|bytes| bytes <= SEALED_LARGE as u64);
        // Whoever sends megabytes was not asked who they are yet: few at a time.
        let _large = match is_small {
            true => None,
            false => Some(self.app.large.acquire().await.map_err(|_| Problem::of(ProblemKind::TryAgain))?),
        };
        let envelope = read(body, padded_length(most) + ENVELOPE_BYTES).await?;
        let (opened, secret) = key.open(&channel::info(scope), &envelope).ok_or_else(not_sealed)?;
        drop(envelope);
        let text = unpadded(&opened).ok_or_else(not_sealed)?;
        let ends = text.iter().position(|byte| *byte == b'\n').ok_or_else(not_sealed)?;
        let head: SealedHead = serde_json::from_slice(&text[..ends]).map_err(|_| not_sealed())?;
        let now_ms = now_ms();
        let stale = |_| Problem::with(ProblemKind::Stale, now_ms.to_string());
        self.app.fresh.check(now_ms, head.at_ms, &secret).map_err(stale)?;
        let asked = asked(scope, head, &text[ends + 1..], connection).ok_or_else(not_sealed)?;
        Ok((asked, secret))
    }
}

/// The request as a handler knows it; nothing where it is for another meeting than the key is, or is none.
fn asked(scope: &str, head: SealedHead, body: &[u8], connection: Option<Connection>) -> Option<Request> {
    let path = head.path.split('?').next().unwrap_or_default();
    let named = path.strip_prefix("/api/meetings/").map(|rest| rest.split('/').next().unwrap_or_default());
    if !path.starts_with("/api/") || named.is_some_and(|named| named != scope) {
        return None;
    }
    let method = match head.method.as_str() {
        "GET" => Method::GET,
        "POST" => Method::POST,
        _ => return None,
    };
    let mut asked = Request::builder().method(method).uri(head.path);
    if let Some(bearer) = head.bearer {
        asked = asked.header(AUTHORIZATION, format!("Bearer {bearer}"));
    }
    let mut asked = asked.body(Body::from(Bytes::copy_from_slice(body))).ok()?;
    connection.map(|connection| asked.extensions_mut().insert(connection));
    Some(asked)
}

/// The answer in messages that only the asker opens; nothing where the system has no randomness or no memory.
async fn closed(answer: Response, secret: &AnswerSecret) -> Option<Response> {
    let nonce = random().ok()?;
    let messages = secret.messages(&nonce)?;
    let (parts, body) = answer.into_parts();
    let content = parts.headers.get(CONTENT_TYPE).and_then(|content| content.to_str().ok());
    let head = AnswerHead { status: parts.status.as_u16(), content: content.unwrap_or_default().to_owned() };
    let mut text = serde_json::to_vec(&head).ok()?;
    text.push(b'\n');
    let least = text.len() + parts.extensions.get::<AtLeast>().map_or(0, |AtLeast(least)| *least);
    let is_whole = body.size_hint().exact().is_some_and(|bytes| bytes <= SEALED_PART_BYTES as u64);
    let mut closing = Closing { body, messages, left: Bytes::new(), is_over: false };
    if is_whole {
        text.extend_from_slice(&closing.body.collect().await.ok()?.to_bytes());
        let message = closing.messages.seal(&padded(&text, least), true)?;
        return Some(octets([nonce.as_slice(), &[0; 4], &message].concat()));
    }
    let first = [nonce.to_vec(), closing.message(&text, false)?].concat();
    let rest = stream::unfold(closing, Closing::next);
    let first = stream::once(async { Ok::<_, axum::Error>(Bytes::from(first)) });
    Some(octets(Body::from_stream(first.chain(rest))))
}

/// An answer that is closed part by part, as it comes.
struct Closing {
    body: Body,
    messages: Messages,
    left: Bytes,
    is_over: bool,
}

impl Closing {
    /// A message with its length before it, a zero before the last one.
    fn message(&mut self, text: &[u8], is_last: bool) -> Option<Vec<u8>> {
        let message = self.messages.seal(&padded(text, 0), is_last)?;
        let length = if is_last { 0 } else { u32::try_from(message.len()).ok()? };
        Some([length.to_be_bytes().as_slice(), &message].concat())
    }

    async fn next(mut self) -> Option<(Result<Bytes, axum::Error>, Self)> {
        while !self.is_over {
            if !self.left.is_empty() {
                let part = self.left.split_to(self.left.len().min(SEALED_PART_BYTES));
                return self.message(&part, false).map(|message| (Ok(message.into()), self));
            }
            match self.body.frame().await {
                Some(Ok(frame)) => self.left = frame.into_data().unwrap_or_default(),
                Some(Err(broke_off)) => {
                    self.is_over = true;
                    return Some((Err(broke_off), self));
                }
                None => {
                    self.is_over = true;
                    return self.message(&[], true).map(|message| (Ok(message.into()), self));
                }
            }
        }
        None
    }
}

/// What is asked in clear, and may not be.
pub(super) async fn in_clear(request: Request) -> Problem {
    let is_secret = request.uri().path().starts_with("/api/");
    Problem::of(if is_secret { ProblemKind::NotSealed } else { ProblemKind::NotFound })
}

/// A secret in clear is refused before anything is made of it, so that no page of ours can ever send one by mistake and not
/// notice (rule s111). The box says so itself.
pub(super) async fn no_secret_in_clear(request: Request, next: axum::middleware::Next) -> Response {
    if request.headers().contains_key(AUTHORIZATION) && !request.uri().path().starts_with("/box/") {
        return not_sealed().into_response();
    }
    next.run(request).await
}

/// `GET /api/key`.
pub(super) async fn key_of_servers(State(app): State<App>) -> Result<Json<ChannelKey>, Problem> {
    key(&app, "")
}

/// `GET /api/meetings/{meeting}/key`.
pub(super) async fn key_of_meeting(
    State(app): State<App>,
    Path(meeting): Path<String>,
) -> Result<Json<ChannelKey>, Problem> {
    key(&app, &meeting)
}

fn key(app: &App, scope: &str) -> Result<Json<ChannelKey>, Problem> {
    let unknown = || Problem::of(ProblemKind::UnknownMeeting);
    let key = channel::public_key(app.hub.store().secret(), scope).ok_or_else(unknown)?;
    Ok(Json(ChannelKey { key, now_ms: now_ms() }))
}
