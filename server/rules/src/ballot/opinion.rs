//! An opinion (意见建议): what a voter wrote about one subject. It lies in the box apart from every ballot: it bears no token, no
//! group and no key of the voter's, and only the sheet's commitment, whose salt is never stored, knows where it belongs.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::canonical::write_string;
use super::{from_base64url, sha256, to_base64url};

/// Longest text of an opinion, in characters.
pub const OPINION_CHARS_MAX: usize = 200;
/// Most opinions of one sheet; a sheet of fewer rows has at most one a row.
pub const OPINIONS_MAX: usize = 20;
/// Most bytes of a text: four for each character.
const TEXT_BYTES_MAX: usize = 4 * OPINION_CHARS_MAX;
/// Bytes of every [encoded](Opinion::encode) opinion, whatever was written.
pub const ENCODED_BYTES: usize = 1 + 2 + 32 + 2 + TEXT_BYTES_MAX;
/// The first byte of an encoded opinion; a ballot's is another one.
pub(super) const ENCODING: u8 = 2;
/// Most bytes of one opinion in a cast: its JSON with the longest text and number, and a comma.
const WIRE_BYTES_MAX: usize = r#"{"c":200,"n":"","t":""},"#.len() + 43 + TEXT_BYTES_MAX;

/// What somebody wrote about one subject.
#[derive(Clone, PartialEq, Eq)]
pub struct Opinion {
    /// The contest, from 1.
    pub contest: u16,
    /// 32 random bytes, by which the writer finds it again and nobody guesses its text from its leaf.
    pub nonce: [u8; 32],
    /// 1 to [`OPINION_CHARS_MAX`] characters: no control characters but line feeds, no blank at either end.
    pub text: String,
}

/// An opinion in a cast.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WireOpinion<'a> {
    c: u16,
    #[serde(borrow)]
    n: Cow<'a, str>,
    #[serde(borrow)]
    t: Cow<'a, str>,
}

// A log line with a time beside a text would tell who wrote it.
impl std::fmt::Debug for Opinion {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Opinion(c{})", self.contest)
    }
}

impl Opinion {
    pub(super) fn from_wire(wire: WireOpinion<'_>) -> Option<Self> {
        let opinion = Self { contest: wire.c, nonce: from_base64url(&wire.n)?, text: wire.t.into_owned() };
        is_text(&opinion.text).then_some(opinion)
    }

    /// Its canonical JSON: `{"c":…,"n":…,"t":…}`.
    #[must_use]
    pub fn canonical(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(WIRE_BYTES_MAX);
        self.write_canonical(&mut out);
        out
    }

    pub(super) fn write_canonical(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(format!(r#"{{"c":{},"n":"{}","t":"#, self.contest, to_base64url(&self.nonce)).as_bytes());
        write_string(out, &self.text);
        out.push(b'}');
    }

    /// Its place in the record: `SHA-256(0x00 ‖ canonical)`.
    #[must_use]
    pub fn leaf(&self) -> [u8; 32] {
        sha256(&[&[0], &self.canonical()])
    }

    /// Its bytes in a box: [`ENCODED_BYTES`], so that no length tells how much was written.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(ENCODED_BYTES);
        out.push(ENCODING);
        out.extend_from_slice(&self.contest.to_be_bytes());
        out.extend_from_slice(&self.nonce);
        // A text is bounded far below 65,536 bytes before an opinion is made.
        out.extend_from_slice(&u16::try_from(self.text.len()).unwrap_or(u16::MAX).to_be_bytes());
        out.extend_from_slice(self.text.as_bytes());
        out.resize(ENCODED_BYTES, 0);
        out
    }

    /// Reads what [`encode`](Self::encode) wrote; none for anything else.
    #[must_use]
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        let (head, text) = bytes.split_at_checked(ENCODED_BYTES - TEXT_BYTES_MAX)?;
        let contest = u16::from_be_bytes([head[1], head[2]]);
        let nonce = head[3..35].try_into().ok()?;
        let (text, rest) = text.split_at_checked(usize::from(u16::from_be_bytes([head[35], head[36]])))?;
        let text = String::from_utf8(text.to_vec()).ok().filter(|text| is_text(text))?;
        let whole = head[0] == ENCODING && bytes.len() == ENCODED_BYTES && rest.iter().all(|byte| *byte == 0);
        whole.then_some(Self { contest, nonce, text })
    }
}

/// Whether this may be an opinion's text.
#[must_use]
pub fn is_text(text: &str) -> bool {
    let is_plain = |letter: char| !letter.is_control() || letter == '\n';
    text.trim() == text && (1..=OPINION_CHARS_MAX).contains(&text.chars().count()) && text.chars().all(is_plain)
}

/// Most opinions of a sheet with so many rows.
#[must_use]
pub const fn most_of_a_sheet(rows: usize) -> usize {
    if rows < OPINIONS_MAX { rows } else { OPINIONS_MAX }
}

/// Most bytes of all opinions of a cast with so many rows.
pub(super) const fn wire_bytes(rows: usize) -> usize {
    most_of_a_sheet(rows) * WIRE_BYTES_MAX
}
