//! The phone's half of a cast in Rust, for rehearsals and tests: what `web-client/src/ballot/tokens.ts` does in the browser.
//! It gets its randomness from outside and talks to nobody: what goes to the box is handed back as bytes. How a token was got is
//! not known here.

use ed25519_dalek::{Signer, SigningKey};
use rand::CryptoRng;
use rand::seq::SliceRandom;

use super::cast::{Ballot, Batch, cast_bytes, cast_message, commitment, row_answer, sheet_answer};
use super::frozen::Frozen;
use super::manifest::SHEET;
use super::opinion::Opinion;
use super::seal::seal;
use super::token::TOKEN_BYTES;
use crate::envelope::AnswerSecret;
use crate::form::ABSTAIN;

/// A token as a phone holds it, with the ballot key that it is for. With it one contest can be answered once.
#[derive(Clone, PartialEq, Eq)]
pub struct PhoneToken {
    /// The contest.
    pub contest: u16,
    /// The ballot's secret Ed25519 key.
    pub secret: [u8; 32],
    /// The token.
    pub token: [u8; TOKEN_BYTES],
}

/// Fills in a sheet: a ballot for every token, with the mark that `mark_of` gives to its row or none, shuffled.
///
/// `tokens` hold the sheet's and one for each row that the voter may mark; `written` has rows and what is written about them.
pub fn fill_in(
    frozen: &Frozen,
    group: &str,
    tokens: &[PhoneToken],
    mark_of: impl Fn(u16) -> Option<String>,
    written: &[(u16, String)],
    rng: &mut impl CryptoRng,
) -> Batch {
    let mut salt = [0; 16];
    rng.fill_bytes(&mut salt);
    let row = |token: &PhoneToken| {
        sign(frozen, group, token, row_answer(mark_of(token.contest).as_deref().unwrap_or(ABSTAIN)))
    };
    let mut ballots: Vec<Ballot> = tokens.iter().filter(|token| token.contest != SHEET).map(row).collect();
    let mut opinions: Vec<Opinion> = written
        .iter()
        .map(|(contest, text)| {
            let mut nonce = [0; 32];
            rng.fill_bytes(&mut nonce);
            Opinion { contest: *contest, nonce, text: text.clone() }
        })
        .collect();
    let leaves = ballots.iter().map(Ballot::leaf).chain(opinions.iter().map(Opinion::leaf));
    let committed = commitment(&salt, leaves.collect());
    let sheets = tokens.iter().filter(|token| token.contest == SHEET);
    ballots.extend(sheets.map(|token| sign(frozen, group, token, sheet_answer(&committed))));
    ballots.shuffle(rng);
    opinions.shuffle(rng);
    Batch { m: *frozen.hash(), salt, ballots, opinions }
}

/// The body of the cast of a batch, as long as every other under this manifest.
#[must_use]
pub fn body(frozen: &Frozen, batch: &Batch) -> Vec<u8> {
    batch.encode(cast_bytes(frozen.manifest()))
}

/// A body as it goes out: in an envelope that only the box opens, with what opens the box's answer. Nothing where the manifest's
/// key is none, which [`Frozen`] rules out.
#[must_use]
pub fn sealed(frozen: &Frozen, body: &[u8], rng: &mut impl CryptoRng) -> Option<(Vec<u8>, AnswerSecret)> {
    seal(frozen.seal_key(), frozen.hash(), body, rng)
}

/// One signed ballot.
#[must_use]
pub fn sign(frozen: &Frozen, group: &str, token: &PhoneToken, answer: String) -> Ballot {
    let key = SigningKey::from_bytes(&token.secret);
    let message = cast_message(frozen.hash(), token.contest, group, &answer);
    Ballot {
        contest: token.contest,
        group: group.to_owned(),
        pk: key.verifying_key().to_bytes(),
        token: token.token,
        answer,
        signature: key.sign(&message).to_bytes(),
    }
}

// Its secrets never reach a log line.
impl std::fmt::Debug for PhoneToken {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "PhoneToken(c{})", self.contest)
    }
}
