//! A ballot and the batch in which a phone casts it: their forms on the wire, in the box and in the record.
//! Reading is strict: one spelling, no unknown field. Whether a ballot is good is decided in `check.rs`; who cast it is known nowhere.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::canonical::write_string;
use super::manifest::{GROUP_ID_MAX, ROWS_MAX};
use super::opinion::{self, OPINIONS_MAX, Opinion, WireOpinion};
use super::token::TOKEN_BYTES;
use super::{from_base64url, sha256, to_base64url};
use crate::form::sheet_rules::BrokenRule;

/// Most bytes of a cast's body: a sheet of [`ROWS_MAX`] rows with the longest ids and all its opinions, padded.
pub const CAST_BYTES_MAX: usize = 160 * 1024;
/// Most bytes of an answer.
pub const ANSWER_BYTES_MAX: usize = 96;
/// Most bytes of an [encoded](Ballot::encode) ballot.
pub const ENCODED_BYTES_MAX: usize = 1 + 2 + 1 + GROUP_ID_MAX + 32 + TOKEN_BYTES + 64 + 1 + ANSWER_BYTES_MAX;

/// The first byte of an encoded ballot.
const ENCODING: u8 = 1;
const CAST_DOMAIN: &[u8] = b"pingyi-cast/1\0";

/// Why a cast is refused as a whole. Nothing of it was stored. The numbers of broken rules depend on marks: never log them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BadCast {
    /// More than [`CAST_BYTES_MAX`] bytes.
    TooLarge,
    /// No envelope that the round's key opens.
    NotSealed,
    /// No JSON of the cast's form: a field missing, unknown or twice, or bytes in another spelling.
    OtherForm,
    /// Made for another manifest.
    OtherManifest,
    /// No such group in the manifest, or more than one group in the batch.
    Group,
    /// A contest that the manifest does not have.
    UnknownContest(u16),
    /// A contest twice.
    ContestTwice(u16),
    /// The sheet or a row is missing that this group must cast.
    ContestMissing,
    /// An answer that is not canonical, or that the scale does not have.
    Answer(u16),
    /// An opinion that the manifest does not ask for, about no row of the batch, a second one about a row, or one too many.
    Opinion(u16),
    /// The sheet's answer does not stand for these rows and opinions.
    Commitment,
    /// The marks break sheet rules.
    SheetRules(Vec<BrokenRule>),
    /// The ballot's signature is not its key's.
    Signature(u16),
    /// The token was not signed for this ballot key, contest, group and manifest.
    Token(u16),
}

/// One ballot: the answer to one contest, for which one token was spent.
#[derive(Clone, PartialEq, Eq)]
pub struct Ballot {
    /// The contest, 0 for the sheet.
    pub contest: u16,
    /// The group's id.
    pub group: String,
    /// The ballot's own Ed25519 key, the token's nonce.
    pub pk: [u8; 32],
    /// The token.
    pub token: [u8; TOKEN_BYTES],
    /// The answer as canonical JSON, such as `{"v":"hao"}`.
    pub answer: String,
    /// The ballot key's signature over [`cast_message`].
    pub signature: [u8; 64],
}

/// What one phone casts at once: the sheet and its rows, shuffled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// The manifest's hash M.
    pub m: [u8; 32],
    /// What hides which rows and opinions the sheet's answer stands for. Never stored.
    pub salt: [u8; 16],
    /// The ballots in the order in which they came.
    pub ballots: Vec<Ballot>,
    /// What was written beside them, shuffled.
    pub opinions: Vec<Opinion>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WireBatch<'a> {
    #[serde(borrow)]
    m: Cow<'a, str>,
    #[serde(borrow)]
    salt: Cow<'a, str>,
    #[serde(borrow)]
    items: Vec<WireBallot<'a>>,
    #[serde(borrow)]
    opinions: Vec<WireOpinion<'a>>,
    #[serde(borrow)]
    pad: Cow<'a, str>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WireBallot<'a> {
    c: u16,
    #[serde(borrow)]
    g: Cow<'a, str>,
    #[serde(borrow)]
    pk: Cow<'a, str>,
    #[serde(borrow)]
    tk: Cow<'a, str>,
    #[serde(borrow)]
    a: Cow<'a, str>,
    #[serde(borrow)]
    s: Cow<'a, str>,
}

// A log line with a time beside a mark would be a list of who marked what: only the place is ever written out.
impl std::fmt::Debug for Ballot {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Ballot(c{}.g{})", self.contest, self.group)
    }
}

impl Batch {
    /// Reads the body of a cast.
    ///
    /// # Errors
    /// [`BadCast::TooLarge`], [`BadCast::OtherForm`].
    pub fn parse(body: &[u8]) -> Result<Self, BadCast> {
        if body.len() > CAST_BYTES_MAX {
            return Err(BadCast::TooLarge);
        }
        let wire: WireBatch<'_> = serde_json::from_slice(body).map_err(|_| BadCast::OtherForm)?;
        let m = data_encoding::HEXLOWER.decode(wire.m.as_bytes()).ok().and_then(|m| m.try_into().ok());
        let ballots = wire.items.into_iter().map(Ballot::from_wire).collect::<Option<Vec<_>>>();
        let opinions = wire.opinions.into_iter().map(Opinion::from_wire).collect::<Option<Vec<_>>>();
        match (m, from_base64url(&wire.salt), ballots, opinions) {
            (Some(m), Some(salt), Some(ballots), Some(opinions))
                if ballots.len() <= ROWS_MAX + 1 && opinions.len() <= OPINIONS_MAX =>
            {
                Ok(Self { m, salt, ballots, opinions })
            }
            _ => Err(BadCast::OtherForm),
        }
    }

    /// Writes the body of a cast, padded to `body_bytes` where it is shorter.
    #[must_use]
    pub fn encode(&self, body_bytes: usize) -> Vec<u8> {
        let mut body = format!(
            r#"{{"m":"{}","salt":"{}","items":["#,
            data_encoding::HEXLOWER.encode(&self.m),
            to_base64url(&self.salt)
        )
        .into_bytes();
        for (at, ballot) in self.ballots.iter().enumerate() {
            if at > 0 {
                body.push(b',');
            }
            ballot.write_canonical(&mut body);
        }
        body.extend_from_slice(br#"],"opinions":["#);
        for (at, opinion) in self.opinions.iter().enumerate() {
            if at > 0 {
                body.push(b',');
            }
            opinion.write_canonical(&mut body);
        }
        body.extend_from_slice(br#"],"pad":""#);
        let padding = body_bytes.saturating_sub(body.len() + 2);
        body.resize(body.len() + padding, b'0');
        body.extend_from_slice(br#""}"#);
        body
    }
}

impl Ballot {
    fn from_wire(wire: WireBallot<'_>) -> Option<Self> {
        let fits = (1..=GROUP_ID_MAX).contains(&wire.g.len()) && wire.a.len() <= ANSWER_BYTES_MAX;
        fits.then_some(())?;
        Some(Self {
            contest: wire.c,
            pk: from_base64url(&wire.pk)?,
            token: from_base64url(&wire.tk)?,
            signature: from_base64url(&wire.s)?,
            answer: wire.a.into_owned(),
            group: wire.g.into_owned(),
        })
    }

    /// Reads a ballot from its canonical JSON, as the record holds it.
    ///
    /// # Errors
    /// [`BadCast::OtherForm`] for any other spelling.
    pub fn from_canonical(bytes: &[u8]) -> Result<Self, BadCast> {
        let wire: WireBallot<'_> = serde_json::from_slice(bytes).map_err(|_| BadCast::OtherForm)?;
        let ballot = Self::from_wire(wire).ok_or(BadCast::OtherForm)?;
        if ballot.canonical() == bytes { Ok(ballot) } else { Err(BadCast::OtherForm) }
    }

    /// The ballot as canonical JSON: `{"a":…,"c":…,"g":…,"pk":…,"s":…,"tk":…}`.
    #[must_use]
    pub fn canonical(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(640);
        self.write_canonical(&mut out);
        out
    }

    // Written by hand, not through a JSON value: it runs for every ballot of a hall that casts at once.
    fn write_canonical(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(br#"{"a":"#);
        write_string(out, &self.answer);
        out.extend_from_slice(br#","c":"#);
        out.extend_from_slice(self.contest.to_string().as_bytes());
        out.extend_from_slice(br#","g":"#);
        write_string(out, &self.group);
        let fields: [(&[u8], &[u8]); 3] =
            [(br#","pk":""#, &self.pk), (br#"","s":""#, &self.signature), (br#"","tk":""#, &self.token)];
        for (name, bytes) in fields {
            out.extend_from_slice(name);
            out.extend_from_slice(to_base64url(bytes).as_bytes());
        }
        out.extend_from_slice(br#""}"#);
    }

    /// The mark of a row that was marked or left blank ([`ABSTAIN`](crate::form::ABSTAIN)), or the marks of its items with dots
    /// between; none for the sheet's own ballot.
    #[must_use]
    pub fn mark(&self) -> Option<&str> {
        mark_of(&self.answer)
    }

    /// The ballot's place in the record: SHA-256 of a zero byte (RFC 9162, section 2.1.1) and the canonical JSON.
    #[must_use]
    pub fn leaf(&self) -> [u8; 32] {
        sha256(&[&[0], &self.canonical()])
    }

    /// What may be spent once in a round: contest, group and ballot key. Two ballots with one of these are `same` or `conflict`.
    #[must_use]
    pub fn spends(&self) -> [u8; 32] {
        sha256(&[b"pingyi-spends/1\0", &self.contest.to_be_bytes(), self.group.as_bytes(), &self.pk])
    }

    /// The ballot in at most [`ENCODED_BYTES_MAX`] bytes, for a slot of the box.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(ENCODED_BYTES_MAX);
        out.push(ENCODING);
        out.extend_from_slice(&self.contest.to_be_bytes());
        push_short(&mut out, self.group.as_bytes());
        out.extend_from_slice(&self.pk);
        out.extend_from_slice(&self.token);
        out.extend_from_slice(&self.signature);
        push_short(&mut out, self.answer.as_bytes());
        out
    }

    /// Reads what [`encode`](Self::encode) wrote; none for anything else, longer or shorter by a byte.
    #[must_use]
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        let mut rest = bytes;
        let [encoding] = take(&mut rest)?;
        let contest = u16::from_be_bytes(take(&mut rest)?);
        let group = take_short(&mut rest, GROUP_ID_MAX)?;
        let pk = take(&mut rest)?;
        let token = take(&mut rest)?;
        let signature = take(&mut rest)?;
        let answer = take_short(&mut rest, ANSWER_BYTES_MAX)?;
        let whole = encoding == ENCODING && rest.is_empty() && !group.is_empty();
        whole.then_some(Self { contest, group, pk, token, answer, signature })
    }
}

/// What a ballot key signs: `"pingyi-cast/1\0" ‖ M ‖ u16 contest ‖ group ‖ SHA-256(answer)`.
#[must_use]
pub fn cast_message(m: &[u8; 32], contest: u16, group: &str, answer: &str) -> Vec<u8> {
    [CAST_DOMAIN, m, &contest.to_be_bytes(), group.as_bytes(), &sha256(&[answer.as_bytes()])].concat()
}

/// The answer of a row.
#[must_use]
pub fn row_answer(mark: &str) -> String {
    format!(r#"{{"v":"{mark}"}}"#)
}

/// The mark of a row's answer; none for any other answer or spelling. The caller holds it against the scale.
#[must_use]
pub fn mark_of(answer: &str) -> Option<&str> {
    answer.strip_prefix(r#"{"v":""#)?.strip_suffix(r#""}"#)
}

/// The answer of the sheet: what it stands for, and that it was returned.
#[must_use]
pub fn sheet_answer(commitment: &[u8; 32]) -> String {
    format!(r#"{{"h":"{}","v":"returned"}}"#, to_base64url(commitment))
}

/// What a sheet's answer stands for; none for any other answer or spelling.
#[must_use]
pub fn commitment_of(answer: &str) -> Option<[u8; 32]> {
    from_base64url(answer.strip_prefix(r#"{"h":""#)?.strip_suffix(r#"","v":"returned"}"#)?)
}

/// What ties a sheet to one set of rows and opinions: SHA-256 of the salt and their leaves in ascending order.
#[must_use]
pub fn commitment(salt: &[u8; 16], mut leaves: Vec<[u8; 32]>) -> [u8; 32] {
    leaves.sort_unstable();
    sha256(&[salt, leaves.as_flattened()])
}

/// The one size of all casts under a manifest: the largest sheet that its longest group and mark ids and the longest opinions
/// allow, up to the next KiB. So the length of a body tells neither marks, nor a recused row, nor what was written.
#[must_use]
pub fn cast_bytes(manifest: &super::Manifest) -> usize {
    let group = manifest.groups.iter().map(|group| group.id.as_str()).max_by_key(|id| id.len());
    let rows = manifest.contests.iter().map(|row| (row.c, manifest.longest_answer()));
    let all = rows.chain([(super::manifest::SHEET, sheet_answer(&[0; 32]))]);
    let ballots = all.map(|(contest, answer)| Ballot {
        contest,
        group: group.unwrap_or_default().to_owned(),
        pk: [0; 32],
        token: [0; TOKEN_BYTES],
        answer,
        signature: [0; 64],
    });
    let sheet = Batch { m: [0; 32], salt: [0; 16], ballots: ballots.collect(), opinions: Vec::new() };
    let written = if manifest.opinions { opinion::wire_bytes(manifest.contests.len()) } else { 0 };
    (sheet.encode(0).len() + written).next_multiple_of(1024)
}

/// The one size of all answers to casts under a manifest, which is as secret as the cast: an item for each ballot and opinion
/// with its receipt, up to the next KiB.
#[must_use]
pub fn answer_bytes(manifest: &super::Manifest) -> usize {
    /// `{"answer":"conflict","receipt":"…"},` with 64 bytes in base64url.
    const ITEM: usize = 36 + 86;
    let rows = manifest.contests.len();
    let items = 1 + rows + if manifest.opinions { rows } else { 0 };
    (items * ITEM).next_multiple_of(1024)
}

fn push_short(out: &mut Vec<u8>, bytes: &[u8]) {
    // Group ids and answers are bounded far below 255 bytes before a ballot is made.
    out.push(u8::try_from(bytes.len()).unwrap_or(u8::MAX));
    out.extend_from_slice(bytes);
}

fn take<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (head, tail) = rest.split_first_chunk()?;
    *rest = tail;
    Some(*head)
}

fn take_short(rest: &mut &[u8], length_max: usize) -> Option<String> {
    let [length] = take(rest)?;
    let (head, tail) = rest.split_at_checked(usize::from(length)).filter(|_| usize::from(length) <= length_max)?;
    *rest = tail;
    String::from_utf8(head.to_vec()).ok()
}
