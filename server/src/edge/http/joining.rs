//! Taking a seat, and exchanging a link for a session.

use axum::Json;
use axum::body::Body;
use axum::extract::State;

use super::{App, read_json};
use crate::config::REQUEST_BYTES_MAX;
use crate::edge::attempts::AtSeat;
use crate::hub::NotDone;
use crate::hub::reissued::ReissuePlace;
use crate::protocol::{Join, JoinBy, Joined, OpenSession, Problem, ProblemKind, SessionOpened};
use crate::secret;
use crate::store::{Claim, ClaimBy, Claimed, Digest, Seat};
use pingyi_rules::meeting::plan::SEATS_MAX;
use pingyi_rules::meeting::{Command, Phase, Refusal, RoundState};

/// `POST /api/join`.
pub(super) async fn join(State(app): State<App>, body: Body) -> Result<Json<Joined>, Problem> {
    let Join { by, credential, leads_subject, kiosk } = read_json(body, REQUEST_BYTES_MAX).await?;
    if !secret::is_token(&credential) {
        return Err(Problem::with(ProblemKind::BadMessage, "the credential is not 128 bits in base64url"));
    }
    let failed = async |problem| Err(app.attempts.failed(Problem::of(problem)).await);
    let mut at_seat = None;
    let (claim_by, unknown, taken) = match by {
        JoinBy::Slip { code } => {
            let digest = secret::typed_slip(&code).map(|code| secret::slip_digest(&code));
            (digest.map(ClaimBy::Code), ProblemKind::UnknownSlip, ProblemKind::UsedSlip)
        }
        JoinBy::Roster { meeting, seat, code } => {
            check_phase(&app, &meeting).await?;
            // Where no seat can be there is nothing to guess.
            if (1..=SEATS_MAX).contains(&usize::try_from(seat).unwrap_or(0)) {
                at_seat = Some(app.attempts.at_seat(&meeting, seat)?);
            }
            let digest = secret::personal_digest(&meeting, seat, code.trim());
            (Some(ClaimBy::Code(digest)), ProblemKind::WrongCode, ProblemKind::SeatIsTaken)
        }
        JoinBy::Open { meeting, group } => {
            check_phase(&app, &meeting).await?;
            (Some(ClaimBy::Open { meeting, group }), ProblemKind::UnknownMeeting, ProblemKind::SeatIsTaken)
        }
    };
    let Some(claim_by) = claim_by else { return failed(unknown).await };
    let credential = secret::credential_digest(&credential);
    if let ClaimBy::Code(code) = &claim_by
        && let Some(place) = app.hub.reissued.by_slip(code)
    {
        return take_reissue(&app, place, &credential).await;
    }
    let claimed = app.hub.store().claim_seat(&Claim { by: claim_by, credential, leads_subject }).await;
    if !matches!(claimed, Ok(Claimed::Unknown | Claimed::Taken)) {
        at_seat.into_iter().for_each(AtSeat::did_not_fail);
    }
    match claimed? {
        Claimed::Seated(seat) => {
            if kiosk == Some(true) {
                note_kiosk(&app, &seat, &credential).await?;
            }
            Ok(Json(Joined::Joined {
                meeting: seat.meeting,
                group: seat.group,
                leads_subject: seat.leads_subject.filter(|subject| *subject != 0),
            }))
        }
        Claimed::WhichBranch { meeting, group, subjects, none_allowed } => {
            Ok(Json(Joined::WhichBranch { meeting, group, subjects, none_allowed }))
        }
        Claimed::Unknown => failed(unknown).await,
        Claimed::Taken => failed(taken).await,
        Claimed::BranchIsTaken => Err(Problem::of(ProblemKind::BranchIsTaken)),
        Claimed::Full => Err(Problem::of(ProblemKind::MeetingIsFull)),
        Claimed::NotYetOpen => Err(Problem::of(ProblemKind::NotYetOpen)),
        Claimed::MeetingIsOver => Err(Problem::of(ProblemKind::MeetingIsOver)),
    }
}

/// A seat at a shared tablet is counted as one while a round is open.
async fn note_kiosk(app: &App, seat: &Seat, credential: &Digest) -> Result<(), Problem> {
    let unknown = || Problem::of(ProblemKind::UnknownMeeting);
    let watched = app.hub.watch(&seat.meeting).await?.ok_or_else(unknown)?;
    let meeting = app.hub.store().load(&seat.meeting).await?.ok_or_else(unknown)?.meeting;
    let Some(round) = meeting.round_of_now().filter(|round| round.state == RoundState::Open) else { return Ok(()) };
    let credential = data_encoding::HEXLOWER.encode(credential);
    match watched.note(Command::SeatAtKiosk { round: round.number, group: seat.group.clone(), credential }).await {
        // The round closed meanwhile: then no papers come of it either.
        Ok(_) | Err(NotDone::Refused(_)) => Ok(()),
        Err(other) => Err(other.into()),
    }
}

/// The slip of a paper issued anew: the first phone has it.
async fn take_reissue(app: &App, place: ReissuePlace, credential: &Digest) -> Result<Json<Joined>, Problem> {
    let unknown = || Problem::of(ProblemKind::UnknownMeeting);
    let watched = app.hub.watch(&place.meeting).await?.ok_or_else(unknown)?;
    let credential = data_encoding::HEXLOWER.encode(credential);
    let take = Command::TakeReissue { round: place.round, number: place.number, credential };
    match watched.note(take).await {
        Ok(_) => {
            let Seat { meeting, group, leads_subject, .. } = place.seat;
            Ok(Json(Joined::Joined { meeting, group, leads_subject }))
        }
        Err(NotDone::Refused(Refusal::OutOfRange)) => Err(Problem::of(ProblemKind::UsedSlip)),
        Err(other) => Err(other.into()),
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
    let (capability, session) = (secret::capability_digest(&capability), secret::session_digest(&session));
    if let Some((meeting, role)) = app.hub.store().open_session(capability, session).await? {
        let link = secret::link_id(&capability);
        let watched = app.hub.watch(&meeting).await?.ok_or(Problem::of(ProblemKind::UnknownMeeting))?;
        // One that was given out a moment ago, here or elsewhere, is looked for once more.
        if !watched.admits_link(&link) {
            watched.refresh().await?;
        }
        if watched.admits_link(&link) {
            return Ok(Json(SessionOpened { meeting, role }));
        }
    }
    Err(app.attempts.failed(Problem::of(ProblemKind::UnknownSession)).await)
}
