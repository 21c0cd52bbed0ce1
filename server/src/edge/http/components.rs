//! The components that scores are combined with, as the chair's files: one to fill in, and a filled one looked at. Nothing is
//! kept here; what was looked at is imported by a command.

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::Response;

use super::exports::{CSV, TableQuery, download, meeting_for};
use super::{App, read};
use crate::export::components::components;
use crate::folder::{self, FILE_BYTES_MAX, Mistake, ReportLanguage};
use crate::protocol::{ComponentsMistake, ComponentsPreview, Problem, ProblemKind, Role};
use crate::view;

/// Most mistakes that are told of one file: who has more has the wrong one.
const MISTAKES_MAX: usize = 100;

/// `GET /api/meetings/{meeting}/rounds/{round}/components.csv?language=` with the chair's session.
pub(super) async fn file(
    State(app): State<App>,
    Path((meeting, number)): Path<(String, u32)>,
    Query(query): Query<TableQuery>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let meeting = meeting_for(&app, &meeting, &headers, &[Role::Chair]).await?;
    let file = meeting.round(number).and_then(|round| components(&meeting.form_plan(round), round, query.language));
    let file = file.ok_or(Problem::of(ProblemKind::NothingToExport))?;
    Ok(download(file, CSV, &format!("components-{}-{number}.csv", meeting.id)))
}

/// `POST /api/meetings/{meeting}/rounds/{round}/components` with the chair's session and the file as its body.
pub(super) async fn preview(
    State(app): State<App>,
    Path((meeting, number)): Path<(String, u32)>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<ComponentsPreview>, Problem> {
    let meeting = meeting_for(&app, &meeting, &headers, &[Role::Chair]).await?;
    let round = meeting.round(number).ok_or(Problem::of(ProblemKind::NotFound))?;
    let (plan, subjects) = (meeting.form_plan(round).into_owned(), round.subjects.clone());
    let file = read(body, FILE_BYTES_MAX).await?;
    let looked = tokio::task::spawn_blocking(move || {
        let both = [ReportLanguage::Chinese, ReportLanguage::English]
            .map(|language| folder::read_components(&file, &plan, language));
        match both {
            [Ok(mut imported), _] => {
                imported.retain(|row| subjects.contains(&row.subject));
                ComponentsPreview { rows: view::combined::rows(&imported), mistakes: Vec::new() }
            }
            [Err(chinese), english] => {
                let mistakes = chinese.into_iter().zip(english.err().unwrap_or_default());
                ComponentsPreview { rows: Vec::new(), mistakes: mistakes.take(MISTAKES_MAX).map(told).collect() }
            }
        }
    });
    looked.await.map(Json).map_err(|_| Problem::of(ProblemKind::TryAgain))
}

fn told((chinese, english): (Mistake, Mistake)) -> ComponentsMistake {
    ComponentsMistake { line: chinese.line, message: [chinese.message, english.message] }
}
