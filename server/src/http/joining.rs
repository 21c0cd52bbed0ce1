//! Taking a seat, and exchanging a link for a session.

use axum::Json;
use axum::body::Body;
use axum::extract::State;

use super::{App, read_json};
use crate::config::REQUEST_BYTES_MAX;
use crate::meeting::Phase;
use crate::protocol::{Join, JoinBy, Joined, OpenSession, Problem, ProblemKind, SessionOpened};
use crate::secret;
use crate::store::{Claim, ClaimBy, Claimed};

/// `POST /api/join`.
pub(super) async fn join(State(app): State<App>, body: Body) -> Result<Json<Joined>, Problem> {
    let Join { by, credential, leads_subject } = read_json(body, REQUEST_BYTES_MAX).await?;
    if !secret::is_token(&credential) {
        return Err(Problem::with(ProblemKind::BadMessage, "the credential is not 128 bits in base64url"));
    }
    let guessed_seat = match &by {
        JoinBy::Roster { meeting, seat, .. } => Some((meeting.clone(), *seat)),
        JoinBy::Slip { .. } | JoinBy::Open { .. } => None,
    };
    let guessed = guessed_seat.as_ref().map(|(meeting, seat)| (meeting.as_str(), *seat));
    if let Some(wait_s) = app.attempts.wait_s(guessed) {
        return Err(Problem::slow_down(wait_s));
    }
    let (claim_by, unknown, taken) = match by {
        JoinBy::Slip { code } => {
            let digest = secret::typed_slip(&code).map(|code| secret::slip_digest(&code));
            (digest.map(ClaimBy::Code), ProblemKind::UnknownSlip, ProblemKind::UsedSlip)
        }
        JoinBy::Roster { meeting, seat, code } => {
            check_phase(&app, &meeting).await?;
            let digest = secret::personal_digest(&meeting, seat, code.trim());
            (Some(ClaimBy::Code(digest)), ProblemKind::WrongCode, ProblemKind::SeatIsTaken)
        }
        JoinBy::Open { meeting, group } => {
            check_phase(&app, &meeting).await?;
            (Some(ClaimBy::Open { meeting, group }), ProblemKind::UnknownMeeting, ProblemKind::SeatIsTaken)
        }
    };
    let failed = |problem| {
        app.attempts.failed(guessed);
        Err(Problem::of(problem))
    };
    let Some(claim_by) = claim_by else { return failed(unknown) };
    let claim = Claim { by: claim_by, credential: secret::credential_digest(&credential), leads_subject };
    match app.hub.store().claim_seat(&claim).await? {
        Claimed::Seated(seat) => Ok(Json(Joined::Joined {
            meeting: seat.meeting,
            group: seat.group,
            leads_subject: seat.leads_subject.filter(|subject| *subject != 0),
        })),
        Claimed::WhichBranch { meeting, group, subjects, none_allowed } => {
            Ok(Json(Joined::WhichBranch { meeting, group, subjects, none_allowed }))
        }
        Claimed::Unknown => failed(unknown),
        Claimed::Taken => failed(taken),
        Claimed::BranchIsTaken => Err(Problem::of(ProblemKind::BranchIsTaken)),
        Claimed::Full => Err(Problem::of(ProblemKind::MeetingIsFull)),
        Claimed::NotYetOpen => Err(Problem::of(ProblemKind::NotYetOpen)),
        Claimed::MeetingIsOver => Err(Problem::of(ProblemKind::MeetingIsOver)),
    }
}

/// A name or a group is only claimed where the meeting lets phones in; a slip's meeting is checked by the store.
async fn check_phase(app: &App, meeting: &str) -> Result<(), Problem> {
    let stored = app.hub.store().load(meeting).await?.ok_or(Problem::of(ProblemKind::UnknownMeeting))?;
    match stored.meeting.phase {
        Phase::Draft => Err(Problem::of(ProblemKind::NotYetOpen)),
        Phase::Checkin | Phase::InSession => Ok(()),
        Phase::Closed | Phase::Archived => Err(Problem::of(ProblemKind::MeetingIsOver)),
    }
}

/// `POST /api/sessions`.
pub(super) async fn open_session(State(app): State<App>, body: Body) -> Result<Json<SessionOpened>, Problem> {
    let OpenSession { capability, session } = read_json(body, REQUEST_BYTES_MAX).await?;
    if !secret::is_token(&session) {
        return Err(Problem::with(ProblemKind::BadMessage, "the session is not 128 bits in base64url"));
    }
    if let Some(wait_s) = app.attempts.wait_s(None) {
        return Err(Problem::slow_down(wait_s));
    }
    let opened =
        app.hub.store().open_session(secret::capability_digest(&capability), secret::session_digest(&session)).await?;
    match opened {
        Some((meeting, role)) => Ok(Json(SessionOpened { meeting, role })),
        None => {
            app.attempts.failed(None);
            Err(Problem::of(ProblemKind::UnknownSession))
        }
    }
}
