//! Meetings as a whole: the list, creation, the plan, the roster, manifests, commands and QR codes.

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};
use serde::Deserialize;

use super::{App, Asking, asking, bearer, json, read_json};
use crate::clock::now_ms;
use crate::config::{COMMAND_BYTES_MAX, MEETING_BYTES_MAX, MEETINGS_LISTED_MAX, REQUEST_BYTES_MAX};
use crate::creation::{self, Handout, MeetingRequest};
use crate::links::role_of;
use crate::protocol::{
    Done, Durability, InventoryView, MeetingLine, MeetingList, Problem, ProblemKind, Role, Roster, RosterLine,
};
use crate::secret;
use crate::store::{Created, Stored};
use pingyi_rules::meeting::Wish;
use pingyi_rules::meeting::permission::may;
use pingyi_rules::meeting::plan::Admission;

/// `GET /healthz`: the process answers.
pub(super) async fn health() -> &'static str {
    "ok\n"
}

/// `GET /readyz`: the store answers, and how safely it keeps a ballot.
pub(super) async fn ready(State(app): State<App>) -> Result<Json<Durability>, Problem> {
    app.hub.store().meetings(1).await?;
    Ok(Json(app.hub.store().durability()))
}

/// `GET /api/meetings`.
pub(super) async fn list(State(app): State<App>) -> Result<Json<MeetingList>, Problem> {
    let meetings = app.hub.store().meetings(MEETINGS_LISTED_MAX).await?;
    let line = |meeting: crate::store::MeetingSummary| MeetingLine {
        id: meeting.id,
        title: meeting.title,
        host: meeting.host,
    };
    Ok(Json(MeetingList { meetings: meetings.into_iter().map(line).collect() }))
}

/// Refuses who has not the operator key, and everybody where there is none.
pub(super) async fn must_be_operator(app: &App, headers: &HeaderMap) -> Result<(), Problem> {
    let given = bearer(headers).map(secret::operator_digest);
    match app.operator {
        Some(operator) if given == Some(operator) => Ok(()),
        _ => Err(app.attempts.failed(Problem::of(ProblemKind::NotAllowed)).await),
    }
}

/// `POST /api/meetings` with the operator key.
pub(super) async fn create(State(app): State<App>, headers: HeaderMap, body: Body) -> Result<Json<Handout>, Problem> {
    if app.operator.is_some() {
        must_be_operator(&app, &headers).await?;
    }
    let MeetingRequest { plan, seats } = read_json(body, MEETING_BYTES_MAX).await?;
    let (plan, seats) = crate::folder::tidy(plan, seats);
    let request = MeetingRequest { plan, seats };
    let faults = crate::folder::faults(&request.plan, &request.seats);
    if !faults.is_empty() {
        return Err(Problem::with(ProblemKind::BadMessage, faults.join("\n")));
    }
    let no_randomness = |_| Problem::of(ProblemKind::TryAgain);
    let (new, handout) = creation::make(request, app.hub.store().secret()).map_err(no_randomness)?;
    match app.hub.store().create(new).await? {
        Created::Made => Ok(Json(handout)),
        // The ids have 40 random bits: whoever meets one that exists tries again and gets another.
        Created::Exists => Err(Problem::of(ProblemKind::TryAgain)),
    }
}

/// `GET /api/meetings/{meeting}/plan`.
pub(super) async fn plan(State(app): State<App>, Path(meeting): Path<String>) -> Result<Response, Problem> {
    let watched = app.hub.watch(&meeting).await?.ok_or(Problem::of(ProblemKind::UnknownMeeting))?;
    Ok(json(watched.views.plan()))
}

async fn stored(app: &App, meeting: &str) -> Result<Stored, Problem> {
    app.hub.store().load(meeting).await?.ok_or(Problem::of(ProblemKind::UnknownMeeting))
}

/// `GET /api/meetings/{meeting}/roster`: only where voters look for their names.
pub(super) async fn roster(State(app): State<App>, Path(meeting): Path<String>) -> Result<Json<Roster>, Problem> {
    if stored(&app, &meeting).await?.meeting.plan.admission != Admission::Roster {
        return Err(Problem::of(ProblemKind::NotFound));
    }
    let seats = app.hub.store().roster(&meeting).await?.into_iter();
    let line = |seat: pingyi_rules::meeting::plan::EntitledSeat| RosterLine {
        seat: seat.seat,
        name: seat.name,
        role: seat.role,
        group: seat.group,
    };
    Ok(Json(Roster { seats: seats.map(line).collect() }))
}

/// `GET /api/meetings/{meeting}/subjects/{subject}/text`: a written report.
pub(super) async fn subject_text(
    State(app): State<App>,
    Path((meeting, subject)): Path<(String, u16)>,
) -> Result<String, Problem> {
    let stored = stored(&app, &meeting).await?;
    let subject = stored.meeting.plan.subject(subject).ok_or(Problem::of(ProblemKind::NotFound))?;
    Ok(subject.text.clone())
}

/// `GET /api/meetings/{meeting}/rounds/{round}/manifest`: its canonical bytes, as they were hashed.
pub(super) async fn manifest(
    State(app): State<App>,
    Path((meeting, round)): Path<(String, u32)>,
) -> Result<Response, Problem> {
    let manifest = app.hub.store().manifest(&meeting, round).await?.ok_or(Problem::of(ProblemKind::NotFound))?;
    Ok(json(manifest))
}

/// `POST /api/meetings/{meeting}/commands` with the session of a role that may wish it.
pub(super) async fn command(
    State(app): State<App>,
    Path(meeting): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Done>, Problem> {
    let role = match asking(&app, &headers).await? {
        Asking::Role(of) if of.meeting == meeting => of.role,
        Asking::Role(..) | Asking::Voter(_) | Asking::Visitor => return Err(Problem::of(ProblemKind::NotAllowed)),
    };
    let wish: Wish = read_json(body, COMMAND_BYTES_MAX).await?;
    if !role_of(role).is_some_and(|role| may(role, &wish)) {
        return Err(Problem::of(ProblemKind::NotAllowed));
    }
    let watched = app.hub.watch(&meeting).await?.ok_or(Problem::of(ProblemKind::UnknownMeeting))?;
    Ok(Json(Done { version: watched.command(wish).await? }))
}

/// `GET /api/meetings/{meeting}/kept` with a scrutineer's session: everything that the server keeps, as it finds it now.
pub(super) async fn kept(
    State(app): State<App>,
    Path(meeting): Path<String>,
    headers: HeaderMap,
) -> Result<Json<InventoryView>, Problem> {
    match asking(&app, &headers).await? {
        Asking::Role(of) if of.is(&meeting, Role::Scrutineer) => {}
        Asking::Role(..) | Asking::Voter(_) | Asking::Visitor => return Err(Problem::of(ProblemKind::NotAllowed)),
    }
    // One looks at a time: it goes through a directory, and whoever comes meanwhile waits for a place.
    let _looking = app.looking.acquire().await.map_err(|_| Problem::of(ProblemKind::TryAgain))?;
    let kept = app.hub.store().kept(&meeting).await?;
    Ok(Json(InventoryView { now_ms: now_ms(), kept }))
}

/// `GET /api/meetings/{meeting}/join.svg`: the code on the wall.
pub(super) async fn join_qr(State(app): State<App>, Path(meeting): Path<String>) -> Result<Response, Problem> {
    let meeting = stored(&app, &meeting).await?.meeting.id;
    svg_of(&app.hub.join_link(&meeting))
}

/// What `POST /api/qr` asks for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct QrRequest {
    /// Up to 500 bytes.
    text: String,
}

/// `POST /api/qr` with any session: a code for a text that must not be in an address, such as the deputy's link.
pub(super) async fn qr(State(app): State<App>, headers: HeaderMap, body: Body) -> Result<Response, Problem> {
    if matches!(asking(&app, &headers).await?, Asking::Visitor) {
        return Err(Problem::of(ProblemKind::NotAllowed));
    }
    let QrRequest { text } = read_json(body, REQUEST_BYTES_MAX).await?;
    if text.len() > 500 {
        return Err(Problem::of(ProblemKind::TooLarge));
    }
    svg_of(&text)
}

fn svg_of(text: &str) -> Result<Response, Problem> {
    let too_large = |_| Problem::of(ProblemKind::TooLarge);
    let code = QrCode::with_error_correction_level(text, EcLevel::M).map_err(too_large)?;
    let svg = code.render::<svg::Color>().quiet_zone(true).build();
    let mut response = Response::new(Body::from(svg));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("image/svg+xml"));
    Ok(response)
}
