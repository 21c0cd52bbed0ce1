//! The accept loop: each connection gets its place and is served until it ends, is told to go, or the hub stops.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::header::CONNECTION;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;

use super::connections::{ConnectionRoom, Connections};
use super::counted::{self, CountedStream};
use super::{App, router};
use crate::config::{DRAIN_TIMEOUT, HEAD_TIMEOUT, KEPT_CONNECTIONS_MAX};
use crate::descriptors::connections_max;
use crate::hub::stopped;

/// In a rush no connection is kept for a next request; a socket is no request any more and stays.
async fn closed_in_a_rush(State(connections): State<Arc<Connections>>, mut response: Response) -> Response {
    if connections.asking() > KEPT_CONNECTIONS_MAX && response.status() != StatusCode::SWITCHING_PROTOCOLS {
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

/// Serves until the hub stops; then lets answers under way finish, for [`DRAIN_TIMEOUT`] at most.
///
/// # Errors
/// None: an accept that fails is tried again.
pub async fn serve(listener: TcpListener, app: App) {
    let mut stopping = app.hub.stopping();
    let connections = Connections::new(ConnectionRoom::of(connections_max()));
    let close_some = axum::middleware::map_response_with_state(Arc::clone(&connections), closed_in_a_rush);
    let routes = TowerToHyperService::new(router(app).layer(close_some));
    let mut http = hyper::server::conn::http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD_TIMEOUT).max_buf_size(16 * 1024);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stopped(&mut stopping) => break,
        };
        let Ok((stream, _)) = accepted else {
            // Out of file descriptors, most likely: the hall waits a moment instead of losing the server.
            connections.not_taken();
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        let place = tokio::select! {
            place = connections.enter() => place,
            () = stopped(&mut stopping) => break,
        };
        // Small answers must not wait for more to say; where it cannot be set, they wait a little.
        let _ = stream.set_nodelay(true);
        let handle = place.connection().clone();
        let service = counted::service(handle.clone(), routes.clone());
        let connection =
            http.serve_connection(TokioIo::new(CountedStream::new(stream, place)), service).with_upgrades();
        let mut stopping = stopping.clone();
        tokio::spawn(async move {
            let mut connection = std::pin::pin!(connection);
            tokio::select! {
                // A connection that breaks is the client's news, not ours.
                _ = connection.as_mut() => return,
                () = handle.told_to_go() => return,
                () = stopped(&mut stopping) => connection.as_mut().graceful_shutdown(),
            }
            let _ = connection.await;
        });
    }
    drop(listener);
    let _ = tokio::time::timeout(DRAIN_TIMEOUT, connections.all_left()).await;
}

/// Binds a listener.
///
/// # Errors
/// As the system says: the port is taken, or the address is not ours.
pub async fn bind(address: SocketAddr) -> std::io::Result<TcpListener> {
    TcpListener::bind(address).await
}
