//! Problems on the wire: a status for each kind, and the body that a page turns into a sentence.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::hub::NotDone;
use crate::protocol::{Problem, ProblemKind};
use crate::store::StoreError;
use pingyi_rules::meeting::Refusal;

impl Problem {
    /// A problem that needs no more words.
    #[must_use]
    pub fn of(problem: ProblemKind) -> Self {
        Self { problem, refusal: None, detail: None, retry_after_s: None, seats_free: None }
    }

    /// A problem with an English word for whoever reads a log.
    #[must_use]
    pub fn with(problem: ProblemKind, detail: impl Into<String>) -> Self {
        Self { detail: Some(detail.into()), ..Self::of(problem) }
    }

    /// Too many attempts; `retry_after_s` in seconds.
    #[must_use]
    pub fn slow_down(retry_after_s: u32) -> Self {
        Self { retry_after_s: Some(retry_after_s), ..Self::of(ProblemKind::SlowDown) }
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        Self { refusal: Some(refusal), ..Self::of(ProblemKind::Refused) }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        // Logged here, once, where it is handled: the client is only told to try again.
        tracing::error!(%error, "the store could not do it");
        Self::of(ProblemKind::TryAgain)
    }
}

impl From<NotDone> for Problem {
    fn from(not_done: NotDone) -> Self {
        match not_done {
            NotDone::Refused(refusal) => refusal.into(),
            NotDone::SeatsFree(free) => Self { seats_free: Some(free), ..Refusal::SlipsDoNotFit.into() },
            NotDone::Store(error) => error.into(),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = match self.problem {
            ProblemKind::BadBallot
            | ProblemKind::NotAnonymous
            | ProblemKind::BadMessage
            | ProblemKind::NotSealed
            | ProblemKind::Stale
            | ProblemKind::OtherKey => StatusCode::BAD_REQUEST,
            ProblemKind::UnknownSession => StatusCode::UNAUTHORIZED,
            ProblemKind::WrongCode | ProblemKind::NotAllowed => StatusCode::FORBIDDEN,
            ProblemKind::UnknownMeeting | ProblemKind::UnknownSlip | ProblemKind::NotFound => StatusCode::NOT_FOUND,
            ProblemKind::Refused
            | ProblemKind::UsedSlip
            | ProblemKind::SeatIsTaken
            | ProblemKind::BranchIsTaken
            | ProblemKind::MeetingIsFull
            | ProblemKind::NotYetOpen
            | ProblemKind::MeetingIsOver
            | ProblemKind::RoundIsCounted
            | ProblemKind::NoPapersNow
            | ProblemKind::OtherPapers
            | ProblemKind::NothingToExport
            | ProblemKind::NotYetClosed => StatusCode::CONFLICT,
            ProblemKind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            ProblemKind::SlowDown => StatusCode::TOO_MANY_REQUESTS,
            ProblemKind::TryAgain => StatusCode::SERVICE_UNAVAILABLE,
        };
        (status, axum::Json(self)).into_response()
    }
}
