//! Views for screens whose sockets are blocked: as server-sent events, or one at a time.

use std::convert::Infallible;

use axum::body::Body;
use axum::extract::{Extension, Path, State};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use axum::response::Response;
use bytes::{BufMut, Bytes, BytesMut};
use futures_util::stream;
use tokio::sync::watch;

use super::{App, Asking, asking, json};
use crate::config::PING_INTERVAL;
use crate::edge::connections::{Connection, Owner};
use crate::edge::following::{welcome, withdrawn};
use crate::hub::{Frame, OpenedWith, ScrutineerConnection, stopped};
use crate::protocol::{Problem, ProblemKind};

/// What a screen follows.
struct Followed {
    views: watch::Receiver<Frame>,
    opened_with: Option<OpenedWith>,
    /// Held while it follows, so that it is counted.
    _scrutineer: Option<ScrutineerConnection>,
}

async fn followed(app: &App, meeting: &str, asking: &Asking) -> Result<Followed, Problem> {
    let viewer = asking.viewer(meeting).ok_or(Problem::of(ProblemKind::NotAllowed))?;
    let watched = app.hub.watch(meeting).await?.ok_or(Problem::of(ProblemKind::UnknownMeeting))?;
    Ok(Followed {
        views: watched.views.subscribe(viewer),
        opened_with: asking.link().map(|link| watched.opened_with(link)),
        _scrutineer: watched.views.viewer_opens(viewer),
    })
}

/// `GET /api/meetings/{meeting}/view`: the latest view.
pub(super) async fn view(
    State(app): State<App>,
    Path(meeting): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let latest = followed(&app, &meeting, &asking(&app, &headers).await?).await?.views.borrow().clone();
    Ok(json(latest))
}

/// What is sent next on an event stream.
enum Then {
    Welcome,
    View,
    Wait,
}

/// `GET /api/meetings/{meeting}/events`: every view, as `data:` lines; a welcome now and then keeps proxies awake and sets the page's clock anew.
pub(super) async fn events(
    State(app): State<App>,
    Path(meeting): Path<String>,
    Extension(connection): Extension<Connection>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let asking = asking(&app, &headers).await?;
    let followed = followed(&app, &meeting, &asking).await?;
    match Owner::of(&asking) {
        Some(owner) => connection.belongs_to(owner),
        None => connection.is_a_visitors_stream(),
    }
    let stopping = app.hub.stopping();
    let events = stream::unfold((followed, stopping, Then::Welcome), |(mut followed, mut stopping, then)| async move {
        let event = match then {
            Then::Welcome => return Some((event(welcome().as_bytes()), (followed, stopping, Then::View))),
            Then::View => event(&followed.views.borrow_and_update().clone()),
            Then::Wait => tokio::select! {
                changed = followed.views.changed() => {
                    changed.ok()?;
                    event(&followed.views.borrow_and_update().clone())
                }
                () = withdrawn(&mut followed.opened_with) => return None,
                () = stopped(&mut stopping) => return None,
                () = tokio::time::sleep(PING_INTERVAL) => event(welcome().as_bytes()),
            },
        };
        Some((event, (followed, stopping, Then::Wait)))
    });
    let mut response = Response::new(Body::from_stream(events));
    response.headers_mut().insert(CONTENT_TYPE, axum::http::HeaderValue::from_static("text/event-stream"));
    Ok(response)
}

/// One event. Views are written without line breaks.
#[expect(clippy::unnecessary_wraps, reason = "a body's stream yields results")]
fn event(view: &[u8]) -> Result<Bytes, Infallible> {
    let mut bytes = BytesMut::with_capacity(view.len() + 8);
    bytes.put_slice(b"data: ");
    bytes.put_slice(view);
    bytes.put_slice(b"\n\n");
    Ok(bytes.freeze())
}
