//! Links of roles, for the operator.

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::HeaderMap;

use super::meetings::must_be_operator;
use super::{App, read_json};
use crate::config::REQUEST_BYTES_MAX;
use crate::creation::Handout;
use crate::links::{self, AskLink, LinkList, WithdrawLink};
use crate::protocol::{Problem, ProblemKind};
use pingyi_rules::meeting::LinkOccasion;

/// Refuses who is not the operator, and what is no meeting.
async fn check(app: &App, headers: &HeaderMap, meeting: &str) -> Result<(), Problem> {
    must_be_operator(app, headers).await?;
    app.hub.watch(meeting).await?.map(|_| ()).ok_or(Problem::of(ProblemKind::UnknownMeeting))
}

/// `GET /api/meetings/{meeting}/links`.
pub(super) async fn list(
    State(app): State<App>,
    Path(meeting): Path<String>,
    headers: HeaderMap,
) -> Result<Json<LinkList>, Problem> {
    check(&app, &headers, &meeting).await?;
    Ok(Json(LinkList { links: links::list(&**app.hub.store(), &meeting).await? }))
}

/// `POST /api/meetings/{meeting}/links`.
pub(super) async fn give(
    State(app): State<App>,
    Path(meeting): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Handout>, Problem> {
    check(&app, &headers, &meeting).await?;
    let AskLink { role } = read_json(body, REQUEST_BYTES_MAX).await?;
    Ok(Json(links::give(&**app.hub.store(), &meeting, &[role], LinkOccasion::Request).await?))
}

/// `POST /api/meetings/{meeting}/links/withdraw`: done when this server keeps it, and the others within a second.
pub(super) async fn withdraw(
    State(app): State<App>,
    Path(meeting): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<LinkList>, Problem> {
    check(&app, &headers, &meeting).await?;
    let WithdrawLink { link } = read_json(body, REQUEST_BYTES_MAX).await?;
    links::withdraw(&**app.hub.store(), &meeting, &link).await?;
    let watched = app.hub.watch(&meeting).await?.ok_or(Problem::of(ProblemKind::UnknownMeeting))?;
    watched.refresh().await?;
    Ok(Json(LinkList { links: links::list(&**app.hub.store(), &meeting).await? }))
}
