//! A cast as a phone sends it, the same bytes each time, and the box's answer, which only this phone can open.

use bytes::Bytes;
use rand::CryptoRng;

use super::problem::{RehearsalError, RequestError};
use super::wire::Wire;
use crate::protocol::{CastAnswer, CastReply};
use pingyi_rules::ballot::{self, Frozen};
use pingyi_rules::envelope::AnswerSecret;

/// A cast in its envelope.
#[derive(Clone)]
pub struct SealedCast {
    /// What goes over the wire.
    pub envelope: Bytes,
    secret: AnswerSecret,
}

impl SealedCast {
    /// The envelope of a body.
    ///
    /// # Errors
    /// [`RehearsalError::BadPaper`] where nothing can be sealed to the manifest's key.
    pub fn new(frozen: &Frozen, body: &[u8], rng: &mut impl CryptoRng) -> Result<Self, RehearsalError> {
        let sealed = ballot::phone::sealed(frozen, body, rng).ok_or(RehearsalError::BadPaper)?;
        Ok(Self { envelope: sealed.0.into(), secret: sealed.1 })
    }

    /// What an answer says; nothing where it is not one to this cast.
    #[must_use]
    pub fn reads(&self, answer: &[u8]) -> Option<CastReply> {
        serde_json::from_slice(&self.secret.read(answer)?).ok()
    }

    /// One attempt: on a new connection, without any identity.
    ///
    /// # Errors
    /// [`RequestError`]; unless the server said so, it is not known whether the sheet is in.
    pub async fn sent(&self, wire: &Wire, path: &str) -> Result<CastAnswer, RequestError> {
        let answer = wire.cast(path, self.envelope.clone()).await?;
        match self.reads(&answer).ok_or(RequestError::Unreadable)? {
            CastReply::Items(answer) => Ok(answer),
            CastReply::Problem(problem) => Err(RequestError::Said(problem)),
        }
    }
}
