//! The sealed channel from the outside, as a page makes it: asks for the key of a meeting once, seals requests to it, and opens
//! the answers. It knows envelopes and nothing of what is in them.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use bytes::Bytes;
use data_encoding::BASE64URL_NOPAD;

use super::problem::RequestError;
use crate::channel;
use crate::clock::now_ms;
use crate::protocol::{AnswerHead, ChannelKey, Hello, PROTOCOL, SealedHead};
use pingyi_rules::envelope::{self, AnswerSecret, KEY_BYTES, NONCE_BYTES, padded, unpadded};

/// The key of a scope, and how far the server's clock is before ours, in milliseconds.
#[derive(Clone, Copy)]
pub(super) struct ScopeKey {
    key: [u8; KEY_BYTES],
    ahead_ms: i64,
}

/// What the pages of one process know of keys, by server and scope: ten thousand simulated phones ask once.
static KNOWN: LazyLock<Mutex<HashMap<(String, String), ScopeKey>>> = LazyLock::new(Mutex::default);
/// So many that they are forgotten.
const KNOWN_MAX: usize = 10_000;

/// For which key a request is sealed: its meeting's, or the servers'.
pub(super) fn scope_of(path: &str) -> &str {
    let rest = path.strip_prefix("/api/meetings/").or_else(|| path.strip_prefix("/ws/"));
    rest.and_then(|rest| rest.split('/').next()).filter(|scope| channel::is_scope(scope)).unwrap_or_default()
}

/// Where the key of a scope is asked for.
pub(super) fn key_path(scope: &str) -> String {
    if scope.is_empty() { "/api/key".to_owned() } else { format!("/api/meetings/{scope}/key") }
}

/// Where what is sealed to a scope goes.
fn sealed_path(scope: &str) -> String {
    if scope.is_empty() { "/sealed".to_owned() } else { format!("/sealed/{scope}") }
}

/// What is known of a server's key.
pub(super) fn known(authority: &str, scope: &str) -> Option<ScopeKey> {
    let all = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    all.get(&(authority.to_owned(), scope.to_owned())).copied()
}

/// Takes over what a server says of its key.
pub(super) fn learn(authority: &str, scope: &str, answer: &[u8]) -> Result<ScopeKey, RequestError> {
    let said: ChannelKey = serde_json::from_slice(answer).map_err(|_| RequestError::Unreadable)?;
    let key = BASE64URL_NOPAD.decode(said.key.as_bytes()).ok().and_then(|bytes| bytes.try_into().ok());
    let ahead_ms = i64::try_from(said.now_ms).unwrap_or(0) - i64::try_from(now_ms()).unwrap_or(0);
    let known = ScopeKey { key: key.ok_or(RequestError::Unreadable)?, ahead_ms };
    let mut all = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if all.len() >= KNOWN_MAX {
        all.clear();
    }
    all.insert((authority.to_owned(), scope.to_owned()), known);
    Ok(known)
}

/// Forgets a key that a server does not know, or a clock that it does not share.
pub(super) fn forget(authority: &str, scope: &str) {
    KNOWN.lock().unwrap_or_else(PoisonError::into_inner).remove(&(authority.to_owned(), scope.to_owned()));
}

impl ScopeKey {
    fn at_ms(self) -> u64 {
        now_ms().saturating_add_signed(self.ahead_ms)
    }

    fn sealed(self, scope: &str, text: &[u8], least: usize) -> Result<(Bytes, AnswerSecret), RequestError> {
        let sealed = envelope::seal(&self.key, &channel::info(scope), &padded(text, least), &mut rand::rng());
        sealed.map(|(envelope, secret)| (envelope.into(), secret)).ok_or(RequestError::Unreadable)
    }

    /// A request in its envelope, of at least the length that one of `least` bytes would have.
    pub(super) fn request(
        self,
        method: &str,
        path: &str,
        bearer: Option<&str>,
        body: &[u8],
        least: usize,
    ) -> Result<SealedRequest, RequestError> {
        let (method, path, bearer) = (method.to_owned(), path.to_owned(), bearer.map(str::to_owned));
        let scope = scope_of(&path).to_owned();
        let head = SealedHead { method, path, at_ms: self.at_ms(), bearer };
        let mut text = serde_json::to_vec(&head).map_err(|_| RequestError::Unreadable)?;
        text.push(b'\n');
        let least = text.len() + least;
        text.extend_from_slice(body);
        let (envelope, secret) = self.sealed(&scope, &text, least)?;
        Ok(SealedRequest { path: sealed_path(&scope), envelope, secret })
    }

    /// A page's hello.
    pub(super) fn hello(self, scope: &str, session: &str) -> Result<(Bytes, AnswerSecret), RequestError> {
        let hello = Hello { session: session.to_owned(), protocol: PROTOCOL, at_ms: self.at_ms() };
        self.sealed(scope, &serde_json::to_vec(&hello).map_err(|_| RequestError::Unreadable)?, 0)
    }
}

/// A request in its envelope.
pub struct SealedRequest {
    /// Where it is posted.
    pub path: String,
    /// What goes over the wire.
    pub envelope: Bytes,
    secret: AnswerSecret,
}

impl SealedRequest {
    /// What is in the body of an answer: its status and its body. Nothing where it is none to this request, or not whole.
    #[must_use]
    pub fn opened(&self, answer: &[u8]) -> Option<(u16, Bytes)> {
        opened(&self.secret, answer)
    }
}

fn opened(secret: &AnswerSecret, answer: &[u8]) -> Option<(u16, Bytes)> {
    let (nonce, mut rest) = answer.split_first_chunk::<NONCE_BYTES>()?;
    let mut messages = secret.messages(nonce)?;
    let mut text = Vec::new();
    loop {
        let (length, after) = rest.split_first_chunk::<4>()?;
        let is_last = *length == [0; 4];
        let length = if is_last { after.len() } else { usize::try_from(u32::from_be_bytes(*length)).ok()? };
        let (message, after) = after.split_at_checked(length)?;
        text.extend_from_slice(unpadded(&messages.open(message, is_last)?)?);
        rest = after;
        if is_last {
            break;
        }
    }
    let ends = text.iter().position(|byte| *byte == b'\n')?;
    let head: AnswerHead = serde_json::from_slice(&text[..ends]).ok()?;
    Some((head.status, Bytes::from(text.split_off(ends + 1))))
}
