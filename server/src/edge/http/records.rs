//! What everybody may download of a published round, without a session: the record, and the leaves for phones that look for
//! their own ballots. Leaves come whole, or in a large round in parts of thousands; nothing answers for a single ballot.

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use serde::Deserialize;

use super::{App, Asking, asking, octets};
use crate::ballot_box::RecordCopy;
use crate::config::{LEAVES_PART, LEAVES_WHOLE_MAX};
use crate::protocol::{OpinionsView, Problem, ProblemKind, RecordView, Role};
use crate::view;
use pingyi_rules::ballot::merkle;
use pingyi_rules::ballot::record::RecordAudience;
use pingyi_rules::meeting::plan::Publication;
use pingyi_rules::meeting::{Meeting, Round};

/// The record of a round, if `which` says that it may be had.
pub(super) async fn made(
    app: &App,
    meeting: &str,
    number: u32,
    which: impl Fn(&Round) -> Option<RecordAudience>,
) -> Result<Arc<RecordCopy>, Problem> {
    // Watching prepares the rounds: their manifests and box keys are there for as long as it is held.
    let _watched = app.hub.watch(meeting).await?.ok_or(Problem::of(ProblemKind::UnknownMeeting))?;
    let stored = app.hub.store().load(meeting).await?.ok_or(Problem::of(ProblemKind::UnknownMeeting))?;
    let not_yet = || Problem::with(ProblemKind::NotFound, "this round has no record yet");
    let round = stored.meeting.round(number).ok_or_else(not_yet)?;
    let audience = which(round).ok_or_else(not_yet)?;
    let made = app.hub.ballot_box.record(meeting, number, &view::record::inputs(round), audience).await?;
    made.ok_or_else(not_yet)
}

fn file(made: &RecordCopy, name: &str) -> Response {
    let mut response = Response::new(Body::from(made.file.clone()));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        headers.insert(CONTENT_DISPOSITION, value);
    }
    response
}

/// `GET /m/{meeting}/rounds/{round}/record.json`: the public record, as a file to keep.
pub(super) async fn record(
    State(app): State<App>,
    Path((meeting, round)): Path<(String, u32)>,
) -> Result<Response, Problem> {
    let made = made(&app, &meeting, round, view::record::for_everybody).await?;
    Ok(file(&made, &format!("record-{meeting}-{round}.json")))
}

/// For whom the record is made.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Audience {
    /// Without it for the scrutineers themselves.
    publication: Option<Publication>,
}

/// `GET /api/meetings/{meeting}/rounds/{round}/record.json` with a scrutineer's session: the whole record, in confidence; with
/// `?publication=` the one that everybody can download once the round is published so, to be held against it before that.
pub(super) async fn whole_record(
    State(app): State<App>,
    Path((meeting, round)): Path<(String, u32)>,
    Query(audience): Query<Audience>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    match asking(&app, &headers).await? {
        Asking::Role(of) if of.is(&meeting, Role::Scrutineer) => {}
        Asking::Role(..) | Asking::Voter(_) | Asking::Visitor => return Err(Problem::of(ProblemKind::NotAllowed)),
    }
    let Some(publication) = audience.publication else {
        let made = made(&app, &meeting, round, view::record::for_scrutineers).await?;
        return Ok(file(&made, &format!("record-{meeting}-{round}-whole.json")));
    };
    let which = |round: &Round| view::record::for_scrutineers(round).map(|_| view::record::at(publication));
    let made = made(&app, &meeting, round, which).await?;
    Ok(file(&made, &format!("record-{meeting}-{round}.json")))
}

/// `GET /api/meetings/{meeting}/rounds/{round}/opinions` with a chair's or a scrutineer's session: what was written.
pub(super) async fn opinions(
    State(app): State<App>,
    Path((meeting, number)): Path<(String, u32)>,
    headers: HeaderMap,
) -> Result<Json<OpinionsView>, Problem> {
    let role = match asking(&app, &headers).await? {
        Asking::Role(of) if of.meeting == meeting => of.role,
        Asking::Role(..) | Asking::Voter(_) | Asking::Visitor => return Err(Problem::of(ProblemKind::NotAllowed)),
    };
    let stored = app.hub.store().load(&meeting).await?.ok_or(Problem::of(ProblemKind::UnknownMeeting))?;
    let all = written(&app, &stored.meeting, role).await?;
    all.into_iter().find(|view| view.round == number).map(Json).ok_or(Problem::of(ProblemKind::NotAllowed))
}

/// What was written in each round whose opinions this role may read; nothing where nobody was asked, or where the box is not
/// here, as in a meeting that came back from an archive: "too few" would say more than is known.
pub(super) async fn written(app: &App, meeting: &Meeting, role: Role) -> Result<Vec<OpinionsView>, Problem> {
    // Watching prepares the rounds, for as long as it is held.
    let _watched = app.hub.watch(&meeting.id).await?;
    let mut all = Vec::new();
    let may_read = |round: &&Round| meeting.plan.opinions && view::opinions::may_read(role, round);
    for round in meeting.rounds.iter().filter(may_read) {
        if let Some(opinions) = app.hub.ballot_box.opinions(&meeting.id, round.number).await? {
            all.push(view::opinions::told(round, meeting.plan.opinions_min, &opinions));
        }
    }
    Ok(all)
}

/// `GET /m/{meeting}/rounds/{round}/record`: what the box signed, for phones.
pub(super) async fn view(
    State(app): State<App>,
    Path((meeting, round)): Path<(String, u32)>,
) -> Result<Json<RecordView>, Problem> {
    Ok(Json(made(&app, &meeting, round, view::record::for_everybody).await?.view()))
}

/// `GET /m/{meeting}/rounds/{round}/leaves`: all of them, 32 bytes each; in a large round 413, and there is [`index`].
pub(super) async fn leaves(
    State(app): State<App>,
    Path((meeting, round)): Path<(String, u32)>,
) -> Result<Response, Problem> {
    let made = made(&app, &meeting, round, view::record::for_everybody).await?;
    if made.leaves.len() > LEAVES_WHOLE_MAX {
        return Err(Problem::of(ProblemKind::TooLarge));
    }
    Ok(octets(made.leaves.as_flattened().to_vec()))
}

/// `GET /m/{meeting}/rounds/{round}/leaves/index`: for each part of [`LEAVES_PART`] leaves its first one and its root.
pub(super) async fn index(
    State(app): State<App>,
    Path((meeting, round)): Path<(String, u32)>,
) -> Result<Response, Problem> {
    let made = made(&app, &meeting, round, view::record::for_everybody).await?;
    let entry = |part: &[[u8; 32]]| [part.first().copied().unwrap_or_default(), merkle::root(part)];
    let index: Vec<[u8; 32]> = made.leaves.chunks(LEAVES_PART).flat_map(entry).collect();
    Ok(octets(index.as_flattened().to_vec()))
}

/// `GET /m/{meeting}/rounds/{round}/leaves/{part}`: one part, from 0. The last one comes with the one before it, so that
/// every answer holds thousands.
pub(super) async fn part(
    State(app): State<App>,
    Path((meeting, round, part)): Path<(String, u32, usize)>,
) -> Result<Response, Problem> {
    let made = made(&app, &meeting, round, view::record::for_everybody).await?;
    let parts = made.leaves.len().div_ceil(LEAVES_PART);
    if part >= parts {
        return Err(Problem::of(ProblemKind::NotFound));
    }
    let is_end = part + 2 >= parts;
    let first = if is_end { parts.saturating_sub(2) } else { part } * LEAVES_PART;
    let last = if is_end { made.leaves.len() } else { first + LEAVES_PART };
    Ok(octets(made.leaves[first..last].as_flattened().to_vec()))
}
