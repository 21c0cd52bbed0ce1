//! Who is asking: nobody that we know, a phone with a seat, or a role's session. What each of them may see or do is said by the
//! route, by `view` and by `meeting::permission`.

use std::sync::Arc;

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;

use super::App;
use crate::hub::{Hub, Viewer};
use crate::protocol::{Problem, ProblemKind, Role};
use crate::secret;
use crate::store::{RoleSession, Seat};

/// Who is asking.
#[derive(Clone, Debug)]
pub enum Asking {
    /// Nobody that we know: a phone before it has a seat.
    Visitor,
    /// A phone with a seat.
    Voter(Seat),
    /// A role's session.
    Role(RoleSession),
}

impl Asking {
    /// The link that the asker's session was opened with.
    #[must_use]
    pub fn link(&self) -> Option<String> {
        match self {
            Self::Role(session) => Some(session.link.clone()),
            Self::Visitor | Self::Voter(_) => None,
        }
    }

    /// Which viewer of a meeting this is; none of one that it does not belong to.
    #[must_use]
    pub fn viewer(&self, meeting: &str) -> Option<Viewer> {
        match self {
            Self::Visitor => Some(Viewer::Visitor),
            Self::Voter(seat) => (seat.meeting == meeting).then_some(Viewer::Of(Role::Voter)),
            Self::Role(of) => (of.meeting == meeting).then_some(Viewer::Of(of.role)),
        }
    }
}

/// Who holds a session or a credential.
///
/// # Errors
/// `unknown_session`, or `try_again` where the store cannot tell.
pub async fn holder(hub: &Arc<Hub>, secret: &str) -> Result<Asking, Problem> {
    let credential = secret::credential_digest(secret);
    if let Some(seat) = hub.store().seat(credential).await?.or_else(|| hub.reissued.seat(&credential)) {
        return Ok(Asking::Voter(seat));
    }
    let unknown = || Problem::of(ProblemKind::UnknownSession);
    let session = hub.store().session(secret::session_digest(secret)).await?.ok_or_else(unknown)?;
    // A link that was withdrawn takes with it what it opened.
    match hub.watch(&session.meeting).await? {
        Some(watched) if watched.opened_with(session.link.clone()).stays() => Ok(Asking::Role(session)),
        _ => Err(unknown()),
    }
}

/// The secret of the `Authorization` header.
pub(super) fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")
}

/// Who is asking, by the `Authorization` header.
pub(super) async fn asking(app: &App, headers: &HeaderMap) -> Result<Asking, Problem> {
    match bearer(headers) {
        None => Ok(Asking::Visitor),
        Some(secret) => holder(&app.hub, secret).await,
    }
}
