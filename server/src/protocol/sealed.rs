//! What goes through the sealed channel (`channel`, `envelope`): in place of a request that carries or returns a secret goes
//! `POST /sealed/{meeting}`, or `POST /sealed` where no meeting is known. Its body is an envelope around a [`SealedHead`] as
//! JSON, a line break, and the request's body, all of it padded. The answer is a nonce of 32 bytes and messages, each with its
//! length in four bytes (big-endian) before it, but for the last one, which has a zero there and goes to the end. What is in
//! them, one after the other, is an [`AnswerHead`] as JSON, a line break, and the answer's body.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// `GET /api/meetings/{id}/key`, and `GET /api/key` for what no meeting is known of: what requests are sealed to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ChannelKey {
    /// X25519, 32 bytes in base64url.
    pub key: String,
    /// The server's clock in milliseconds since 1970.
    #[ts(type = "number")]
    pub now_ms: u64,
}

/// What a sealed request asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SealedHead {
    /// `GET` or `POST`.
    pub method: String,
    /// The path, with its query if it has one; of this meeting, where it names one.
    pub path: String,
    /// When it was sealed, in milliseconds since 1970 by the server's clock: a minute or two later it opens nothing.
    #[ts(type = "number")]
    pub at_ms: u64,
    /// The seat's credential, the role's session or the operator key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub bearer: Option<String>,
}

/// What a sealed answer is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AnswerHead {
    /// The status of HTTP.
    pub status: u16,
    /// The type of the body.
    pub content: String,
}
