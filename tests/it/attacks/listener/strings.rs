//! Every string that was overheard, tried as a link, a session, a credential, a slip and the operator key.
//!
//! A server lets whoever is wrong wait for a second, so hundreds of thousands of strings are tried where it looks itself: their
//! digests at its store, which answers as it answers to the server. Some are sent through the sealed channel as well.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;
use std::time::Duration;

use pingyi::protocol::{Join, JoinBy, OpenSession};
use pingyi::rehearsal::Wire;
use pingyi::rehearsal::problem::RequestError;
use pingyi::secret;
use pingyi::store::{Claim, ClaimBy, Claimed, Digest};
use tokio::task::JoinSet;

use super::exchanges::Exchange;
use super::meeting::Meeting;

/// Letters of the shortest string that is tried, and of a token.
const LETTERS_MIN: usize = 8;
const TOKEN_LETTERS: usize = 22;
/// Strings of each kind that are sent to the server, so few that all of them may wait at once.
const SENT: usize = 24;

/// What there is to try.
#[derive(Default)]
pub struct Strings {
    /// What could be 128 bits in base64url: a whole string, a part of one, or bytes spelled so.
    pub tokens: BTreeSet<String>,
    /// What could be a slip, with a hyphen or without, in its one spelling.
    pub slips: BTreeSet<String>,
    /// Bytes that were looked through.
    pub searched: usize,
}

impl Strings {
    /// All strings in there.
    pub fn hears(&mut self, bytes: &[u8]) {
        self.searched += bytes.len();
        let is_letter = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_".contains(byte);
        for run in bytes.split(|byte| !is_letter(byte)).filter(|run| run.len() >= LETTERS_MIN) {
            let text = |part: &[u8]| String::from_utf8(part.to_vec()).unwrap();
            self.tokens.extend(run.windows(TOKEN_LETTERS).map(text).filter(|text| secret::is_token(text)));
            self.slips.extend(secret::typed_slip(&text(run)));
        }
    }

    /// What bytes begin with, and what stands behind a key or a nonce there, as somebody would spell it.
    pub fn spells(&mut self, overheard: &[Exchange]) {
        let bodies = |exchange: &'_ Exchange| {
            let frames = exchange.frames.iter().flatten().cloned();
            frames.chain([exchange.asked.body.clone(), exchange.answered.body.clone()]).collect::<Vec<_>>()
        };
        for body in overheard.iter().flat_map(bodies) {
            let pieces = body.chunks_exact(16).take(4);
            self.tokens.extend(pieces.map(|piece| data_encoding::BASE64URL_NOPAD.encode(piece)));
        }
    }
}

/// What opens something.
#[derive(Default, Debug, PartialEq, Eq)]
pub struct Keys {
    pub links: BTreeSet<String>,
    pub sessions: BTreeSet<String>,
    pub credentials: BTreeSet<String>,
    pub slips: BTreeSet<String>,
    pub operator: BTreeSet<String>,
}

/// Which of them open something.
pub async fn tried(strings: &Strings, meeting: &Meeting) -> Keys {
    let mut keys = Keys::default();
    let links = meeting.store.links(&meeting.handout.meeting).await.unwrap();
    let links: HashSet<Digest> = links.into_iter().map(|(_, link)| link).collect();
    let operator = secret::operator_digest(&meeting.operator);
    for token in &strings.tokens {
        if links.contains(&secret::capability_digest(token)) {
            keys.links.insert(token.clone());
        }
        if secret::operator_digest(token) == operator {
            keys.operator.insert(token.clone());
        }
        if meeting.store.session(secret::session_digest(token)).await.unwrap().is_some() {
            keys.sessions.insert(token.clone());
        }
        let credential = secret::credential_digest(token);
        let is_reissued = meeting.running.hub.reissued.seat(&credential).is_some();
        if is_reissued || meeting.store.seat(credential).await.unwrap().is_some() {
            keys.credentials.insert(token.clone());
        }
    }
    for slip in &strings.slips {
        let code = secret::slip_digest(slip);
        let claim = Claim { by: ClaimBy::Code(code), credential: [7; 32], leads_subject: None };
        let is_unknown = matches!(meeting.store.claim_seat(&claim).await.unwrap(), Claimed::Unknown);
        if !is_unknown || meeting.running.hub.reissued.by_slip(&code).is_some() {
            keys.slips.insert(slip.clone());
        }
    }
    keys
}

/// Some of them, as somebody sends them who has nothing else.
pub async fn are_refused(strings: &Strings, meeting: &Meeting) -> usize {
    let wire = Wire::new(Arc::clone(&meeting.server), Duration::ZERO);
    let mut sent = JoinSet::new();
    let mut sends = |path: String, bearer: Option<String>, body: Vec<u8>| {
        let wire = wire.clone();
        sent.spawn(async move { wire.post(&path, bearer.as_deref(), body.into()).await });
    };
    let json = |value: serde_json::Value| serde_json::to_vec(&value).unwrap();
    for token in strings.tokens.iter().take(SENT) {
        let open = OpenSession { capability: token.clone(), session: secret::token().unwrap() };
        sends("/api/sessions".to_owned(), None, json(serde_json::to_value(open).unwrap()));
        let command = json(serde_json::json!({"do": "close_meeting"}));
        sends(meeting.path("commands"), Some(token.clone()), command);
        sends(meeting.path("rounds/1/papers"), Some(token.clone()), json(serde_json::json!({"papers": []})));
    }
    for slip in strings.slips.iter().take(SENT) {
        let by = JoinBy::Slip { code: slip.clone() };
        let join = Join { by, credential: secret::token().unwrap(), leads_subject: None, kiosk: None };
        sends("/api/join".to_owned(), None, json(serde_json::to_value(join).unwrap()));
    }
    let answers = sent.join_all().await;
    for answer in &answers {
        assert!(matches!(answer, Err(RequestError::Said(_))), "{answer:?}");
    }
    answers.len()
}
