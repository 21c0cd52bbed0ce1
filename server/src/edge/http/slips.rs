//! New slips for the free seats of a group: the page that prints them draws their codes, and tells their hashes here.

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::HeaderMap;

use super::{App, Asking, asking, read_json};
use crate::config::SLIPS_BYTES_MAX;
use crate::protocol::{self, Done, Problem, ProblemKind, Role};
use crate::store::{Digest, NewSlips};
use pingyi_rules::meeting::plan::SEATS_MAX;
use pingyi_rules::meeting::slips::PrintedBy;

/// `POST /api/meetings/{meeting}/slips` with the session of the chair or of the teller. Safe to repeat.
pub(super) async fn replace(
    State(app): State<App>,
    Path(meeting): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Done>, Problem> {
    let by = match asking(&app, &headers).await? {
        Asking::Role(of) if of.is(&meeting, Role::Chair) => PrintedBy::Chair,
        Asking::Role(of) if of.is(&meeting, Role::Teller) => PrintedBy::Teller,
        Asking::Role(..) | Asking::Voter(_) | Asking::Visitor => return Err(Problem::of(ProblemKind::NotAllowed)),
    };
    let protocol::NewSlipsRequest { group, series, codes } = read_json(body, SLIPS_BYTES_MAX).await?;
    let read = |code: &String| -> Option<Digest> {
        data_encoding::BASE64URL_NOPAD.decode(code.as_bytes()).ok()?.try_into().ok()
    };
    let codes: Option<Vec<Digest>> = codes.iter().map(read).collect();
    let bad = || Problem::with(ProblemKind::BadMessage, "codes are 1 to 20,000 hashes of 32 bytes in base64url");
    let codes = codes.filter(|codes| (1..=SEATS_MAX).contains(&codes.len())).ok_or_else(bad)?;
    let watched = app.hub.watch(&meeting).await?.ok_or(Problem::of(ProblemKind::UnknownMeeting))?;
    Ok(Json(Done { version: watched.replace_slips(NewSlips { group, series, codes }, by).await? }))
}
