//! Papers and casts: the two halves of a vote, on two channels that have nothing in common.

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::http::header::{AUTHORIZATION, COOKIE};
use axum::response::{IntoResponse, Response};

use super::sealed::AtLeast;
use super::{App, Asking, asking, octets, read, read_json};
use crate::ballot_box::{CastOutcome, NotCast};
use crate::config::{CAST_BYTES_MAX, PAPERS_BYTES_MAX};
use crate::hub::reissued::place_of;
use crate::hub::{NotDone, Watched};
use crate::issuer::NotIssued;
use crate::protocol::{CastReply, PAPER_BYTES, Papers, PapersRequest, Problem, ProblemKind};
use crate::store::{Digest, Issued, StoreError};
use pingyi_rules::ballot::BadCast;
use pingyi_rules::meeting::{Command, Refusal};

/// `POST /api/meetings/{meeting}/rounds/{round}/papers`: with the seat's credential, blinded.
pub(super) async fn papers(
    State(app): State<App>,
    Path((meeting, round)): Path<(String, u32)>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let mut answer = issued(&app, &meeting, round, &headers, body).await.map(Json).into_response();
    // Whoever is recused gets one paper less, and an answer of the same length.
    let rows = app.hub.ballot_box.round(&meeting, round).map_or(0, |round| round.manifest.manifest().contests.len());
    answer.extensions_mut().insert(AtLeast((rows + 1) * PAPER_BYTES));
    answer
}

async fn issued(app: &App, meeting: &str, round: u32, headers: &HeaderMap, body: Body) -> Result<Papers, Problem> {
    let Asking::Voter(seat) = asking(app, headers).await? else {
        return Err(Problem::of(ProblemKind::NotAllowed));
    };
    if seat.meeting != meeting {
        return Err(Problem::of(ProblemKind::NotAllowed));
    }
    let request: PapersRequest = read_json(body, PAPERS_BYTES_MAX).await?;
    let watched = app.hub.watch(meeting).await?.ok_or(Problem::of(ProblemKind::UnknownMeeting))?;
    let mut issued = match place_of(&seat) {
        // Papers issued anew: what the store notes of a seat, the meeting itself notes of them.
        Some((of, number)) if of == round => {
            let note = async |digest: Digest| note_reissue(&watched, round, number, &digest).await;
            app.hub.issuer.papers_noted(&seat, round, &request, note).await
        }
        Some(_) => Err(NotIssued::NotNow),
        None => app.hub.issuer.papers(&seat, round, &request).await,
    };
    if place_of(&seat).is_none() && matches!(issued, Err(NotIssued::NotNow)) && watched.refresh().await.is_ok() {
        // Another server may have armed the round a moment ago.
        issued = app.hub.issuer.papers(&seat, round, &request).await;
    }
    issued.map_err(|not_issued| match not_issued {
        NotIssued::NotNow => Problem::of(ProblemKind::NoPapersNow),
        NotIssued::OtherPapers => Problem::of(ProblemKind::OtherPapers),
        NotIssued::BadRequest => Problem::with(ProblemKind::BadBallot, "not the papers that this seat may have"),
        NotIssued::Store(error) => error.into(),
        NotIssued::Machine(error) => {
            tracing::error!(?error, "papers could not be signed");
            Problem::of(ProblemKind::TryAgain)
        }
    })
}

async fn note_reissue(watched: &Watched, round: u32, number: u32, request: &Digest) -> Result<Issued, StoreError> {
    let request = data_encoding::HEXLOWER.encode(request);
    match watched.note(Command::NoteReissue { round, number, request }).await {
        Ok(_) => Ok(Issued::Sign),
        Err(NotDone::Refused(Refusal::OutOfRange)) => Ok(Issued::OtherPapers),
        Err(NotDone::Refused(_) | NotDone::SeatsFree(_)) => Ok(Issued::NotNow),
        Err(NotDone::Store(error)) => Err(error),
    }
}

/// `POST /box/{meeting}/{round}/cast`: without any identity. A request that carries one is refused before it is read, so
/// that no page of ours can ever send one by mistake and not notice (rule s5).
pub(super) async fn cast(
    State(app): State<App>,
    Path((meeting, round)): Path<(String, u32)>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    if headers.contains_key(COOKIE) || headers.contains_key(AUTHORIZATION) {
        return Err(Problem::of(ProblemKind::NotAnonymous));
    }
    drop(headers);
    let body = read(body, CAST_BYTES_MAX).await?;
    let watched = app.hub.watch(&meeting).await?.ok_or(Problem::of(ProblemKind::UnknownMeeting))?;
    if app.hub.ballot_box.round(&meeting, round).is_none() {
        // Another server may have armed the round a moment ago; where nobody can tell, the phone tries again.
        watched.refresh().await.map_err(|_| Problem::of(ProblemKind::TryAgain))?;
    }
    let CastOutcome { answer, reply_to } = app.hub.ballot_box.cast(&meeting, round, body).await;
    let answer = answer.map_err(|not_cast| match not_cast {
        NotCast::UnknownRound => Problem::with(ProblemKind::BadBallot, "no round of this number takes ballots"),
        NotCast::Counted => Problem::of(ProblemKind::RoundIsCounted),
        NotCast::Bad(bad) => Problem::with(ProblemKind::BadBallot, reason(&bad)),
        NotCast::Store(error) => error.into(),
    });
    match reply_to {
        // Whatever the outcome of the cast, from outside it is one status and one length.
        Some(reply_to) => {
            let reply = answer.map_or_else(CastReply::Problem, CastReply::Items);
            reply_to.seal(&reply).map(octets).ok_or(Problem::of(ProblemKind::TryAgain))
        }
        None => Err(answer.err().unwrap_or(Problem::of(ProblemKind::TryAgain))),
    }
}

/// Why a batch was refused, without any number that depends on its marks: a phone shows it.
fn reason(bad: &BadCast) -> &'static str {
    match bad {
        BadCast::TooLarge => "the batch is too large",
        BadCast::NotSealed => "the cast is not sealed to this round",
        BadCast::OtherForm => "the batch has another form",
        BadCast::OtherManifest => "the batch is for another manifest",
        BadCast::Group => "the batch is not of one group of the manifest",
        BadCast::UnknownContest(_) => "a contest is not in the manifest",
        BadCast::ContestTwice(_) => "a contest is there twice",
        BadCast::ContestMissing => "a contest is missing",
        BadCast::Answer(_) => "an answer is not one of the scale",
        BadCast::Opinion(_) => "an opinion has no place on this sheet",
        BadCast::Commitment => "the sheet does not stand for these rows",
        BadCast::SheetRules(_) => "the sheet breaks a rule",
        BadCast::Signature(_) => "a ballot's signature is not its key's",
        BadCast::Token(_) => "a token is not for this ballot",
    }
}
