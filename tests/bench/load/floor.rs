//! The floor: as little axum as can carry the same bytes to the same sockets with the same buffers, and nothing behind it.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::ws::{Message, Utf8Bytes, WebSocket, WebSocketUpgrade};
use axum::response::Response;
use axum::routing::{get, post};
use tokio::sync::watch;

type Frames = Arc<watch::Sender<Bytes>>;

async fn step(State(frames): State<Frames>, body: Bytes) -> &'static str {
    frames.send_replace(body);
    "{}"
}

async fn upgrade(State(frames): State<Frames>, request: WebSocketUpgrade) -> Response {
    let request = request.read_buffer_size(1024).write_buffer_size(0);
    request.on_upgrade(move |socket| follow(socket, frames.subscribe()))
}

async fn follow(mut socket: WebSocket, mut frames: watch::Receiver<Bytes>) {
    loop {
        tokio::select! {
            changed = frames.changed() => {
                let frame = frames.borrow_and_update().clone();
                let Ok(text) = Utf8Bytes::try_from(frame) else { return };
                if changed.is_err() || socket.send(Message::Text(text)).await.is_err() {
                    return;
                }
            }
            received = socket.recv() => if !matches!(received, Some(Ok(_))) { return },
        }
    }
}

/// Serves until it is killed.
pub async fn serve() {
    let frames: Frames = Arc::new(watch::Sender::new(Bytes::new()));
    let router = Router::new().route("/step", post(step)).route("/ws/{meeting}", get(upgrade)).with_state(frames);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    println!("http://{}", listener.local_addr().unwrap());
    let service = hyper_util::service::TowerToHyperService::new(router);
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        stream.set_nodelay(true).unwrap();
        let http = hyper::server::conn::http1::Builder::new();
        let connection = http.serve_connection(hyper_util::rt::TokioIo::new(stream), service.clone()).with_upgrades();
        tokio::spawn(connection);
    }
}
