//! The control: the same wire for somebody who has the servers' secret and the round's seal key as well. Every envelope opens,
//! so it shows what a server that sends in clear would have said to whoever listens.

use std::sync::Arc;

use pingyi::channel;
use pingyi::protocol::{AnswerHead, CastItem, CastReply, SealedHead};
use pingyi::server_secret::ServerSecret;
use pingyi_rules::ballot::Batch;
use pingyi_rules::ballot::seal::SealKey;
use pingyi_rules::envelope::{AnswerSecret, NONCE_BYTES, unpadded};

use super::exchanges::Exchange;

/// What opens everything.
pub struct Opener<'a> {
    pub secret: &'a ServerSecret,
    pub seal_key: &'a SealKey,
    /// The hash of the round's manifest.
    pub m: &'a [u8; 32],
}

/// An exchange in clear.
pub struct Spoken {
    pub door: Arc<str>,
    pub path: String,
    pub bearer: Option<String>,
    pub asked: Vec<u8>,
    pub answered: Vec<u8>,
    /// How long it was on the wire, where it was sealed.
    pub lengths: [usize; 2],
}

impl Spoken {
    /// All of it, as it would have stood on the wire.
    pub fn bytes(&self) -> Vec<u8> {
        let bearer = self.bearer.as_deref().unwrap_or_default();
        let head = format!("{}\r\nauthorization: Bearer {bearer}\r\n\r\n", self.path);
        [head.as_bytes(), &self.asked, b"\r\n", &self.answered].concat()
    }

    pub fn is_cast(&self) -> bool {
        self.path.starts_with("/box/")
    }

    pub fn asks_for_papers(&self) -> bool {
        self.path.ends_with("/papers")
    }

    /// A cast's batch.
    pub fn batch(&self) -> Batch {
        Batch::parse(&self.asked).unwrap()
    }

    /// The outcome of a cast.
    pub fn items(&self) -> Vec<CastItem> {
        match serde_json::from_slice(&self.answered).unwrap() {
            CastReply::Items(answer) => answer.items,
            CastReply::Problem(problem) => panic!("{problem:?}"),
        }
    }

    /// How long it would have been on the wire, but for heads, had nobody filled it up.
    pub fn own_lengths(&self) -> [usize; 2] {
        let asked = if self.is_cast() { self.batch().encode(0).len() } else { self.asked.len() };
        [asked, self.answered.trim_ascii_end().len()]
    }
}

impl Opener<'_> {
    /// All of an exchange that was sealed or is in clear anyway.
    pub fn opened(&self, exchange: &Exchange) -> Spoken {
        let mut spoken = Spoken {
            door: Arc::clone(&exchange.door),
            path: exchange.path().to_owned(),
            bearer: None,
            asked: exchange.asked.body.clone(),
            answered: exchange.answered.body.clone(),
            lengths: [exchange.asked.length, exchange.answered.length],
        };
        if exchange.is_cast() {
            let (body, secret) = self.seal_key.open(self.m, &exchange.asked.body).unwrap();
            (spoken.asked, spoken.answered) = (body, secret.read(&exchange.answered.body).unwrap());
        } else if exchange.is_sealed() && exchange.status() == 200 {
            let scope = exchange.path().strip_prefix("/sealed").unwrap().trim_start_matches('/');
            let (text, secret) = self.envelope(scope, &exchange.asked.body);
            let (head, body) = headed::<SealedHead>(&text);
            (spoken.path, spoken.bearer, spoken.asked) = (head.path, head.bearer, body);
            spoken.answered = headed::<AnswerHead>(&answer(&secret, &exchange.answered.body)).1;
        } else if let [Some(hello), _] = exchange.frames.each_ref().map(|frames| frames.first()) {
            let (text, secret) = self.envelope(exchange.path().trim_start_matches("/ws/"), hello);
            (spoken.asked, spoken.answered) = (text, told(&secret, &exchange.frames[1]));
        }
        spoken
    }

    fn envelope(&self, scope: &str, envelope: &[u8]) -> (Vec<u8>, AnswerSecret) {
        let key = channel::key_of(self.secret, scope).unwrap();
        let (text, secret) = key.open(&channel::info(scope), envelope).unwrap();
        (unpadded(&text).unwrap().to_vec(), secret)
    }
}

/// A head of JSON and what stands behind its line break.
fn headed<T: serde::de::DeserializeOwned>(text: &[u8]) -> (T, Vec<u8>) {
    let ends = text.iter().position(|byte| *byte == b'\n').unwrap();
    (serde_json::from_slice(&text[..ends]).unwrap(), text[ends + 1..].to_vec())
}

/// All messages of an answer, one after the other.
fn answer(secret: &AnswerSecret, sealed: &[u8]) -> Vec<u8> {
    let (nonce, mut rest) = sealed.split_first_chunk::<NONCE_BYTES>().unwrap();
    let (mut messages, mut text) = (secret.messages(nonce).unwrap(), Vec::new());
    while let Some((length, after)) = rest.split_first_chunk::<4>() {
        let is_last = *length == [0; 4];
        let length = if is_last { after.len() } else { u32::from_be_bytes(*length) as usize };
        text.extend_from_slice(unpadded(&messages.open(&after[..length], is_last).unwrap()).unwrap());
        rest = &after[length..];
    }
    text
}

/// Everything that a screen was told; of a phone's all is in clear.
fn told(secret: &AnswerSecret, frames: &[Vec<u8>]) -> Vec<u8> {
    let Some((first, rest)) = frames.split_first() else { return Vec::new() };
    let messages = first.split_first_chunk::<NONCE_BYTES>().map(|(nonce, sealed)| (secret.messages(nonce), sealed));
    let Some((Some(mut messages), first)) = messages else { return frames.concat() };
    let Some(welcome) = messages.open(first, false) else { return frames.concat() };
    let rest = rest.iter().map(|frame| messages.open(frame, false).unwrap());
    std::iter::once(welcome).chain(rest).flat_map(|text| unpadded(&text).unwrap().to_vec()).collect()
}
