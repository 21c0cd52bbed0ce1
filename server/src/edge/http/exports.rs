//! Files for chair, teller and scrutineer: tables, prints, explanations, and the chair's archive. All of them are made from
//! the views that their screens get; nothing here looks at a tally.

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use serde::Deserialize;

use super::{App, Asking, asking, pages, records};
use crate::clock::now_ms;
use crate::export::archive::{self, ArchiveContents, FORMAT, MeetingFile};
use crate::export::csv::csv;
use crate::export::tables::Table;
use crate::export::words::Language;
use crate::export::xlsx::xlsx;
use crate::protocol::{Explained, Prints, Problem, ProblemKind, Role, RosterLine};
use crate::view;
use pingyi_rules::meeting::plan::{Admission, EntitledSeat};
use pingyi_rules::meeting::{Meeting, Phase};

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
pub(super) const CSV: &str = "text/csv; charset=utf-8";

/// Which round, in which language.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TableQuery {
    /// The round's number; without it the last one with a result.
    round: Option<u32>,
    /// Chinese, where nothing else is said.
    #[serde(default)]
    pub(super) language: Language,
}

/// The meeting, for a session of one of these roles.
pub(super) async fn meeting_for(app: &App, id: &str, headers: &HeaderMap, roles: &[Role]) -> Result<Meeting, Problem> {
    meeting_and_role(app, id, headers, roles).await.map(|(meeting, _)| meeting)
}

async fn meeting_and_role(
    app: &App,
    id: &str,
    headers: &HeaderMap,
    roles: &[Role],
) -> Result<(Meeting, Role), Problem> {
    let role = match asking(app, headers).await? {
        Asking::Role(of) if of.meeting == id && roles.contains(&of.role) => of.role,
        Asking::Role(..) | Asking::Voter(_) | Asking::Visitor => return Err(Problem::of(ProblemKind::NotAllowed)),
    };
    let stored = app.hub.store().load(id).await?.ok_or(Problem::of(ProblemKind::UnknownMeeting))?;
    Ok((stored.meeting, role))
}

/// The entitled seats; none as soon as the meeting says that its people are erased, also while the store still destroys them.
async fn seats_of(app: &App, meeting: &Meeting) -> Result<Vec<EntitledSeat>, Problem> {
    if meeting.people_erased {
        return Ok(Vec::new());
    }
    Ok(app.hub.store().roster(&meeting.id).await?)
}

const COUNTING: [Role; 3] = [Role::Chair, Role::Teller, Role::Scrutineer];

/// `GET /api/meetings/{meeting}/prints`.
pub(super) async fn prints(
    State(app): State<App>,
    Path(meeting): Path<String>,
    headers: HeaderMap,
) -> Result<Json<Prints>, Problem> {
    let (meeting, role) = meeting_and_role(&app, &meeting, &headers, &COUNTING).await?;
    let seats = seats_of(&app, &meeting).await?;
    Ok(Json(prints_of(&app, &meeting, &seats, role).await?))
}

async fn prints_of(app: &App, meeting: &Meeting, seats: &[EntitledSeat], role: Role) -> Result<Prints, Problem> {
    let number = meeting.round_of_now().map_or(0, |round| round.number);
    let counts = app.hub.store().seat_counts(&meeting.id, number).await?;
    let line = |seat: &EntitledSeat| RosterLine {
        seat: seat.seat,
        name: seat.name.clone(),
        role: seat.role.clone(),
        group: seat.group.clone(),
    };
    let has_names = meeting.plan.admission == Admission::Roster && !meeting.people_erased;
    let inputs = view::prints::PrintInputs {
        roster: has_names.then(|| seats.iter().map(line).collect()),
        seats: counts,
        opinions: records::written(app, meeting, role).await?,
        now_ms: now_ms(),
        join_link: app.hub.join_link(&meeting.id),
    };
    Ok(view::prints::prints(meeting, inputs))
}

/// `GET /api/meetings/{meeting}/rounds/{round}/explained`.
pub(super) async fn explained(
    State(app): State<App>,
    Path((meeting, number)): Path<(String, u32)>,
    headers: HeaderMap,
) -> Result<Json<Explained>, Problem> {
    let meeting = meeting_for(&app, &meeting, &headers, &COUNTING).await?;
    let explained = meeting.round(number).and_then(|round| view::explained::explained(&meeting, round));
    explained.map(Json).ok_or(Problem::of(ProblemKind::NothingToExport))
}

/// `GET /api/meetings/{meeting}/exports/{file}?round=&language=`: `tables.xlsx`, `summary.csv`, `groups.csv`,
/// `accounts.csv` or `rules.csv`.
pub(super) async fn table(
    State(app): State<App>,
    Path((meeting, file)): Path<(String, String)>,
    Query(query): Query<TableQuery>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let meeting = meeting_for(&app, &meeting, &headers, &COUNTING).await?;
    let plan = view::plan(&meeting, "");
    let nothing = || Problem::of(ProblemKind::NothingToExport);
    let results = view::result::all_for_chair(&meeting);
    let is_wanted = |result: &&crate::protocol::ResultView| query.round.is_none_or(|number| number == result.round);
    let result = results.iter().rev().find(is_wanted).ok_or_else(nothing)?.clone();
    let rounds: Vec<_> = meeting.rounds.iter().map(|round| view::round(&meeting, round)).collect();
    let language = query.language;
    let name = format!("pingyi-{}-{}-{file}", meeting.id, result.round);
    let made = tokio::task::spawn_blocking(move || {
        let source = archive::source(&plan, &rounds, &result, language);
        let as_csv = |table: Table| Some(Ok((csv(&table), CSV)));
        match file.as_str() {
            "tables.xlsx" => Some(xlsx(&source.tables()).map(|bytes| (bytes, XLSX))),
            "summary.csv" => as_csv(source.summary()),
            "groups.csv" => as_csv(source.all_groups()),
            "accounts.csv" => as_csv(source.accounts()),
            "rules.csv" => as_csv(source.rules()),
            _ => None,
        }
    });
    match made.await {
        Ok(Some(Ok((bytes, content_type)))) => Ok(download(bytes, content_type, &name)),
        Ok(None) => Err(Problem::of(ProblemKind::NotFound)),
        Ok(Some(Err(error))) => Err(failed(&error)),
        Err(error) => Err(failed(&error.to_string())),
    }
}

/// `GET /api/meetings/{meeting}/archive.zip` with the chair's session, once the meeting is closed.
pub(super) async fn whole(
    State(app): State<App>,
    Path(meeting): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let meeting = meeting_for(&app, &meeting, &headers, &[Role::Chair]).await?;
    if !matches!(meeting.phase, Phase::Closed | Phase::Archived) {
        return Err(Problem::of(ProblemKind::NotYetClosed));
    }
    let seats = seats_of(&app, &meeting).await?;
    let prints = prints_of(&app, &meeting, &seats, Role::Chair).await?;
    let mut manifests = Vec::new();
    for round in meeting.rounds.iter().filter(|round| round.manifest_hash.is_some()) {
        if let Some(manifest) = app.hub.store().manifest(&meeting.id, round.number).await? {
            manifests.push((round.number, manifest));
        }
    }
    let records = public_records(&app, &meeting).await?;
    let name = format!("pingyi-{}.zip", meeting.id);
    let made = tokio::task::spawn_blocking(move || {
        let first = serde_json::to_vec(&prints).map_err(|error| error.to_string())?;
        let explained = meeting.rounds.iter().filter_map(|round| view::explained::explained(&meeting, round)).collect();
        let kept = view::archived::archived(&meeting);
        let meeting = MeetingFile { format: FORMAT.to_owned(), meeting: kept.meeting, seats, withheld: kept.withheld };
        let print_page = pages::print_with(&first);
        archive::archive(&ArchiveContents { meeting, prints, explained, manifests, records, print_page })
    });
    match made.await {
        Ok(Ok(bytes)) => Ok(download(bytes, "application/zip", &name)),
        Ok(Err(error)) => Err(failed(&error)),
        Err(error) => Err(failed(&error.to_string())),
    }
}

/// What everybody may download of each round, and no more. A round that came back from an archive has no box, and no record.
async fn public_records(app: &App, meeting: &Meeting) -> Result<Vec<(u32, bytes::Bytes)>, Problem> {
    let mut all = Vec::new();
    for round in meeting.rounds.iter().filter(|round| view::record::for_everybody(round).is_some()) {
        match records::made(app, &meeting.id, round.number, view::record::for_everybody).await {
            Ok(made) => all.push((round.number, made.file.clone())),
            Err(problem) if problem.problem == ProblemKind::NotFound => {}
            Err(problem) => return Err(problem),
        }
    }
    Ok(all)
}

fn failed(error: &str) -> Problem {
    tracing::error!(error, "a file could not be made");
    Problem::of(ProblemKind::TryAgain)
}

/// A file to keep. Names are made of ids and known words only.
pub(super) fn download(bytes: Vec<u8>, content_type: &'static str, name: &str) -> Response {
    let mut response = Response::new(Body::from(bytes));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        headers.insert(CONTENT_DISPOSITION, value);
    }
    response
}
