//! HTTP from the outside, as a page makes it: requests with an identity on a connection that is kept, casts on one of their
//! own that never carried any. It knows addresses and bytes, and nothing of what they mean.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::header::{CONTENT_TYPE, HOST};
use hyper::{Method, Request, Response, StatusCode, Uri};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use rand::RngExt;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep, timeout};

use super::problem::{Activity, RehearsalError, RequestError};
use super::sealed_wire::{self, ScopeKey, SealedRequest};
use crate::protocol::{Problem, ProblemKind};
use pingyi_rules::ballot::record::RECORD_BYTES_MAX;

const OCTETS: &str = "application/octet-stream";
const JSON: &str = "application/json";
/// How long one request may take; a page gives up as early and sends the same bytes again.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(15);
/// How long a kept connection may be idle.
const IDLE_TIMEOUT: Duration = Duration::from_secs(5);
/// The longest pause between two attempts.
const PAUSE_MAX: Duration = Duration::from_secs(3);
/// Most bytes of an answer: a manifest.
const ANSWER_BYTES_MAX: usize = 4 * 1024 * 1024;
/// How long a record may take.
const DOWNLOAD_TIMEOUT: Duration = Duration::from_secs(120);

/// Where a server is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerAddress {
    /// As `192.168.1.10:8080`.
    pub authority: String,
}

impl ServerAddress {
    /// The address of `http://host` or `http://host:port`.
    ///
    /// # Errors
    /// [`RehearsalError::BadAddress`] for anything else, `https` too: a rehearsal talks to the server, not to its proxy.
    pub fn parse(url: &str) -> Result<Self, RehearsalError> {
        let bad = || RehearsalError::BadAddress(url.to_owned());
        let uri: Uri = url.trim_end_matches('/').parse().map_err(|_| bad())?;
        let authority =
            uri.authority().filter(|_| uri.scheme_str() == Some("http") && uri.path() == "/").ok_or_else(bad)?;
        let port = authority.port_u16().unwrap_or(80);
        Ok(Self { authority: format!("{}:{port}", authority.host()) })
    }

    /// A connection without any history.
    ///
    /// # Errors
    /// As the system says.
    pub async fn connect(&self) -> std::io::Result<TcpStream> {
        let stream = TcpStream::connect(&self.authority).await?;
        stream.set_nodelay(true)?;
        Ok(stream)
    }
}

/// What a page asks.
struct Question<'a> {
    method: Method,
    path: &'a str,
    bearer: Option<&'a str>,
    body: Bytes,
    /// For whoever looks at it from outside the body has at least so many bytes.
    least: usize,
    /// Most bytes of the answer.
    bytes_max: usize,
}

impl<'a> Question<'a> {
    fn get(path: &'a str, bearer: Option<&'a str>) -> Self {
        Self { method: Method::GET, path, bearer, body: Bytes::new(), least: 0, bytes_max: ANSWER_BYTES_MAX }
    }

    fn post(path: &'a str, bearer: Option<&'a str>, body: Bytes) -> Self {
        Self { method: Method::POST, body, ..Self::get(path, bearer) }
    }
}

/// One page's way to the server.
#[derive(Clone)]
pub struct Wire {
    address: Arc<ServerAddress>,
    kept: Client<HttpConnector, Full<Bytes>>,
    /// How long an answer is waited for over all attempts.
    patience: Duration,
}

impl Wire {
    /// A way to a server; `patience` is how long it may be silent, over all attempts at one request.
    #[must_use]
    pub fn new(address: Arc<ServerAddress>, patience: Duration) -> Self {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        let kept = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(IDLE_TIMEOUT)
            .pool_max_idle_per_host(1)
            .build(connector);
        Self { address, kept, patience }
    }

    /// Where the server is.
    #[must_use]
    pub fn address(&self) -> &ServerAddress {
        &self.address
    }

    /// One attempt at a `GET`.
    ///
    /// # Errors
    /// [`RequestError`].
    pub async fn get(&self, path: &str, bearer: Option<&str>) -> Result<Bytes, RequestError> {
        in_time(self.asked(Question::get(path, bearer))).await
    }

    /// One attempt at a `GET` in an envelope, also without a session.
    ///
    /// # Errors
    /// [`RequestError`].
    pub async fn get_sealed(&self, path: &str, bearer: Option<&str>) -> Result<Bytes, RequestError> {
        in_time(self.asked_sealed(Question::get(path, bearer))).await
    }

    /// One attempt at a `GET` of a record.
    ///
    /// # Errors
    /// [`RequestError`].
    pub async fn download(&self, path: &str, bearer: &str) -> Result<Bytes, RequestError> {
        let asked = self.asked(Question { bytes_max: RECORD_BYTES_MAX, ..Question::get(path, Some(bearer)) });
        let late = || RequestError::Unknown("no whole record in 120 s".to_owned());
        timeout(DOWNLOAD_TIMEOUT, asked).await.unwrap_or_else(|_| Err(late()))
    }

    /// One attempt at a `POST` of JSON.
    ///
    /// # Errors
    /// [`RequestError`].
    pub async fn post(&self, path: &str, bearer: Option<&str>, body: Bytes) -> Result<Bytes, RequestError> {
        in_time(self.asked(Question::post(path, bearer, body))).await
    }

    /// A `POST` of the same bytes until there is an answer, read as JSON.
    ///
    /// # Errors
    /// The last [`RequestError`].
    pub async fn ask<A: DeserializeOwned>(
        &self,
        path: &str,
        bearer: Option<&str>,
        question: &impl Serialize,
    ) -> Result<A, RequestError> {
        self.ask_of_length(path, bearer, question, 0).await
    }

    /// The same with a body that is at least of so many bytes for whoever looks at it from outside.
    ///
    /// # Errors
    /// The last [`RequestError`].
    pub async fn ask_of_length<A: DeserializeOwned>(
        &self,
        path: &str,
        bearer: Option<&str>,
        question: &impl Serialize,
        least: usize,
    ) -> Result<A, RequestError> {
        let body = Bytes::from(serde_json::to_vec(question).map_err(|_| RequestError::Unreadable)?);
        let ask = || in_time(self.asked(Question { least, ..Question::post(path, bearer, body.clone()) }));
        let answer = self.until_answered(ask).await?;
        serde_json::from_slice(&answer).map_err(|_| RequestError::Unreadable)
    }

    /// Attempts until one is answered, with growing pauses of random length.
    ///
    /// # Errors
    /// The last [`RequestError`], once the patience is over or the answer is final.
    pub async fn until_answered<A, F>(&self, attempt: impl Fn() -> F) -> Result<A, RequestError>
    where
        F: Future<Output = Result<A, RequestError>>,
    {
        let give_up_at = Instant::now() + self.patience;
        let mut pause = Duration::from_millis(200);
        loop {
            let error = match attempt().await {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            let Some(after_s) = error.again_after_s() else { return Err(error) };
            let wait = Duration::from_secs(u64::from(after_s)) + jittered(pause);
            if Instant::now() + wait > give_up_at {
                return Err(error);
            }
            sleep(wait).await;
            pause = (pause * 2).min(PAUSE_MAX);
        }
    }

    /// One attempt at a cast: a new connection, no cookie, no `Authorization`, nothing that was ever sent elsewhere.
    ///
    /// # Errors
    /// [`RequestError`]; unless the server said so, it is not known whether the sheet is in.
    pub async fn cast(&self, path: &str, body: Bytes) -> Result<Bytes, RequestError> {
        let cast = async {
            let stream = self.address.connect().await.map_err(unknown)?;
            let (mut sender, connection) =
                hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(unknown)?;
            let driving = tokio::spawn(connection);
            let request = Request::post(path)
                .header(HOST, &self.address.authority)
                .header(CONTENT_TYPE, OCTETS)
                .body(Full::new(body))
                .map_err(unknown)?;
            let answer = read(sender.send_request(request).await.map_err(unknown)?, ANSWER_BYTES_MAX).await;
            driving.abort();
            said(answer?)
        };
        in_time(cast).await
    }

    async fn asked(&self, question: Question<'_>) -> Result<Bytes, RequestError> {
        if question.bearer.is_none() && question.method == Method::GET {
            let Question { method, path, body, bytes_max, .. } = question;
            return said(self.in_clear(method, path, JSON, body, bytes_max).await?);
        }
        self.asked_sealed(question).await
    }

    async fn asked_sealed(&self, question: Question<'_>) -> Result<Bytes, RequestError> {
        let Question { method, path, bearer, body, least, bytes_max } = question;
        let (authority, scope) = (&self.address.authority, sealed_wire::scope_of(path));
        let mut is_second = false;
        loop {
            let sealed = self.sealed(method.as_str(), path, bearer, &body, least).await?;
            let envelope = sealed.envelope.clone();
            let answer = self.in_clear(Method::POST, &sealed.path, OCTETS, envelope, 2 * bytes_max).await?;
            if answer.0.is_success() {
                let (status, body) = sealed.opened(&answer.1).ok_or(RequestError::Unreadable)?;
                return said((StatusCode::from_u16(status).map_err(|_| RequestError::Unreadable)?, body));
            }
            // A server that was set up anew has other keys, and our clocks may have been set.
            let problem = said(answer);
            let kind = problem.as_ref().err().and_then(RequestError::kind);
            if is_second || !matches!(kind, Some(ProblemKind::NotSealed | ProblemKind::Stale)) {
                return problem;
            }
            sealed_wire::forget(authority, scope);
            is_second = true;
        }
    }

    /// A request in its envelope, of at least the length that one with a body of `least` bytes would have.
    ///
    /// # Errors
    /// [`RequestError`] where the key cannot be had.
    pub async fn sealed(
        &self,
        method: &str,
        path: &str,
        bearer: Option<&str>,
        body: &[u8],
        least: usize,
    ) -> Result<SealedRequest, RequestError> {
        let scope = sealed_wire::scope_of(path);
        let known = match sealed_wire::known(&self.address.authority, scope) {
            Some(known) => known,
            None => Self::learn_key(&self.address, scope).await?,
        };
        known.request(method, path, bearer, body, least)
    }

    /// Asks for the key of a meeting, or of the servers.
    pub(super) async fn learn_key(address: &ServerAddress, scope: &str) -> Result<ScopeKey, RequestError> {
        let wire = Self::new(Arc::new(address.clone()), Duration::ZERO);
        let path = sealed_wire::key_path(scope);
        let answer = wire.in_clear(Method::GET, &path, JSON, Bytes::new(), ANSWER_BYTES_MAX).await?;
        sealed_wire::learn(&address.authority, scope, &said(answer)?)
    }

    async fn in_clear(
        &self,
        method: Method,
        path: &str,
        content: &str,
        body: Bytes,
        bytes_max: usize,
    ) -> Result<(StatusCode, Bytes), RequestError> {
        let uri = format!("http://{}{path}", self.address.authority);
        let request = Request::builder().method(method).uri(uri).header(CONTENT_TYPE, content);
        let request = request.body(Full::new(body)).map_err(unknown)?;
        read(self.kept.request(request).await.map_err(unknown)?, bytes_max).await
    }
}

/// Waits as long as one request may take.
async fn in_time(answer: impl Future<Output = Result<Bytes, RequestError>>) -> Result<Bytes, RequestError> {
    let late = || RequestError::Unknown("no answer in 15 s".to_owned());
    timeout(REQUEST_TIMEOUT, answer).await.unwrap_or_else(|_| Err(late()))
}

async fn read(
    response: Response<hyper::body::Incoming>,
    bytes_max: usize,
) -> Result<(StatusCode, Bytes), RequestError> {
    let status = response.status();
    let body = Limited::new(response.into_body(), bytes_max).collect().await;
    Ok((status, body.map_err(|error| RequestError::Unknown(error.to_string()))?.to_bytes()))
}

/// What an answer says: its body, or why there is none.
fn said((status, body): (StatusCode, Bytes)) -> Result<Bytes, RequestError> {
    if status.is_success() {
        return Ok(body);
    }
    match serde_json::from_slice::<Problem>(&body) {
        Ok(problem) => Err(RequestError::Said(problem)),
        // A proxy between us and the server speaks for itself; the outcome of the request is not known.
        Err(_) if status.is_server_error() => Err(RequestError::Unknown(status.to_string())),
        Err(_) => Err(RequestError::Unreadable),
    }
}

fn unknown(error: impl std::error::Error) -> RequestError {
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(deeper) = cause {
        words = format!("{words}: {deeper}");
        cause = deeper.source();
    }
    RequestError::Unknown(words)
}

/// A random length between half of a pause and the whole of it.
#[must_use]
pub fn jittered(pause: Duration) -> Duration {
    pause.mul_f64(rand::rng().random_range(0.5..=1.0))
}

/// Makes a meeting on a running server with the operator key.
///
/// # Errors
/// [`RehearsalError::WrongKey`], or what the server said.
pub async fn create(
    wire: &Wire,
    key: Option<&str>,
    request: &crate::creation::MeetingRequest,
) -> Result<crate::creation::Handout, RehearsalError> {
    let created = wire.ask("/api/meetings", key, request).await;
    created.map_err(|error| match error.kind() {
        Some(crate::protocol::ProblemKind::NotAllowed) => RehearsalError::WrongKey,
        _ => error.while_doing(Activity::Creating),
    })
}
