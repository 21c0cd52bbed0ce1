//! What was overheard, as whoever knows HTTP and WebSockets takes it apart: requests with their answers, and frames. It has no
//! key and opens nothing.

use std::sync::Arc;
use std::time::Instant;

use crate::secrecy::overheard::{Listener, Overheard};

/// Half of an exchange.
#[derive(Default)]
pub struct Part {
    pub head: String,
    pub body: Vec<u8>,
    /// Bytes on the wire, with the head.
    pub length: usize,
}

/// A request and its answer, and what went through the socket that came of it.
pub struct Exchange {
    pub door: Arc<str>,
    /// When all of the request was there.
    pub at: Instant,
    pub asked: Part,
    pub answered: Part,
    pub frames: [Vec<Vec<u8>>; 2],
}

impl Exchange {
    /// As `POST /sealed`.
    pub fn line(&self) -> &str {
        let line = self.asked.head.lines().next().unwrap_or_default();
        line.rsplit_once(' ').map_or(line, |(line, _version)| line)
    }

    pub fn path(&self) -> &str {
        self.line().split(' ').nth(1).unwrap_or_default()
    }

    pub fn is_cast(&self) -> bool {
        self.line().starts_with("POST /box/")
    }

    pub fn is_sealed(&self) -> bool {
        self.line().starts_with("POST /sealed")
    }

    pub fn status(&self) -> u16 {
        self.answered.head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0)
    }
}

/// All exchanges that came to their end, in the order in which they were asked.
pub fn exchanges(listener: &Listener) -> Vec<Exchange> {
    let mut all: Vec<Exchange> = listener.overheard().iter().flat_map(|connection| taken_apart(connection)).collect();
    all.sort_by_key(|exchange| exchange.at);
    all
}

fn taken_apart(connection: &Overheard) -> Vec<Exchange> {
    let (asked, answered) = (connection.asked(), connection.answered());
    let (mut asked, mut answered, mut length) = (asked.as_slice(), answered.as_slice(), 0);
    let mut all = Vec::new();
    while let (Some(question), Some(answer)) = (part(asked), part(answered)) {
        (asked, answered) = (&asked[question.length..], &answered[answer.length..]);
        length += question.length;
        let is_socket = answer.head.starts_with("HTTP/1.1 101");
        let frames = if is_socket { [asked, answered].map(frames) } else { [Vec::new(), Vec::new()] };
        let (door, at) = (Arc::clone(&connection.door), connection.asked_at(length).unwrap());
        all.push(Exchange { door, at, asked: question, answered: answer, frames });
        if is_socket {
            break;
        }
    }
    all
}

/// The request or the answer that bytes begin with, if all of it is there.
pub fn part(bytes: &[u8]) -> Option<Part> {
    let ends = bytes.windows(4).position(|window| window == b"\r\n\r\n")? + 4;
    let head = std::str::from_utf8(&bytes[..ends]).ok()?.to_owned();
    let rest = &bytes[ends..];
    let value = |name: &str| {
        let lines = head.lines().filter_map(|line| line.split_once(": "));
        lines.filter(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_owned()).next()
    };
    let (body, taken) = if value("transfer-encoding").is_some_and(|coding| coding == "chunked") {
        chunks(rest)?
    } else {
        let length = value("content-length").map_or(Some(0), |length| length.parse().ok())?;
        (rest.get(..length)?.to_vec(), length)
    };
    Some(Part { head, body, length: ends + taken })
}

/// A body in chunks, and how long it was with their heads.
fn chunks(bytes: &[u8]) -> Option<(Vec<u8>, usize)> {
    let (mut body, mut at) = (Vec::new(), 0);
    loop {
        let ends = at + bytes[at..].windows(2).position(|window| window == b"\r\n")?;
        let length = usize::from_str_radix(std::str::from_utf8(&bytes[at..ends]).ok()?, 16).ok()?;
        body.extend_from_slice(bytes.get(ends + 2..ends + 2 + length)?);
        at = ends + 2 + length + 2;
        if length == 0 {
            return Some((body, at));
        }
    }
}

/// What is in the whole frames of texts and bytes, as it was before it was masked.
fn frames(mut bytes: &[u8]) -> Vec<Vec<u8>> {
    const TEXT_AND_BYTES: [u8; 2] = [1, 2];
    let mut all = Vec::new();
    while let Some((kind, frame, rest)) = frame(bytes) {
        bytes = rest;
        if TEXT_AND_BYTES.contains(&kind) {
            all.push(frame);
        }
    }
    all
}

/// RFC 6455, section 5.2: the kind of the first frame, what is in it, and what comes after it.
fn frame(bytes: &[u8]) -> Option<(u8, Vec<u8>, &[u8])> {
    let ([kind, length], rest) = bytes.split_first_chunk()?;
    let (is_masked, length) = (length & 0x80 != 0, length & 0x7f);
    let (length, rest) = match length {
        126 => rest.split_first_chunk().map(|(length, rest)| (u64::from(u16::from_be_bytes(*length)), rest))?,
        127 => rest.split_first_chunk().map(|(length, rest)| (u64::from_be_bytes(*length), rest))?,
        length => (u64::from(length), rest),
    };
    let (mask, rest) = if is_masked { rest.split_first_chunk::<4>()? } else { (&[0; 4], rest) };
    let (payload, rest) = rest.split_at_checked(usize::try_from(length).ok()?)?;
    let opened = payload.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask).collect();
    Some((kind & 0x0f, opened, rest))
}
