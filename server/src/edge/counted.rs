//! A connection's stream with its place among all connections: the place is given back exactly when the descriptor is closed,
//! also by a socket that has long ceased to be a request. One that is told to go reads and writes no more.

use std::convert::Infallible;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::Router;
use axum::body::{Body, Bytes, HttpBody};
use axum::response::Response;
use hyper::Request;
use hyper::body::{Frame, Incoming, SizeHint};
use hyper::service::{Service, service_fn};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

use super::connections::{Connection, ConnectionPlace, Side};

/// The stream.
pub(super) struct CountedStream {
    stream: TcpStream,
    place: ConnectionPlace,
}

impl CountedStream {
    /// A stream that has a place.
    pub(super) fn new(stream: TcpStream, place: ConnectionPlace) -> Self {
        Self { stream, place }
    }

    fn goes(&self, side: Side, context: &Context<'_>) -> io::Result<()> {
        if self.place.is_told_to_go(side, context) { Err(io::ErrorKind::ConnectionAborted.into()) } else { Ok(()) }
    }
}

impl AsyncRead for CountedStream {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        this.goes(Side::Reading, context)?;
        Pin::new(&mut this.stream).poll_read(context, into)
    }
}

impl AsyncWrite for CountedStream {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        this.goes(Side::Writing, context)?;
        Pin::new(&mut this.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        this.goes(Side::Writing, context)?;
        Pin::new(&mut this.stream).poll_write_vectored(context, bytes)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(context)
    }
}

/// The routes for one connection: each request carries it, and while a whole request waits for its answer it is not told to go.
pub(super) fn service(
    connection: Connection,
    routes: TowerToHyperService<Router>,
) -> impl Service<Request<Incoming>, Response = Response, Error = Infallible, Future: Send> {
    service_fn(move |request: Request<Incoming>| {
        let (connection, routes) = (connection.clone(), routes.clone());
        async move {
            let answering = Answering(connection.clone());
            if request.body().is_end_stream() {
                connection.is_heard();
            }
            let mut request = request.map(|body| Body::new(Heard { body, connection: connection.clone() }));
            request.extensions_mut().insert(connection);
            let answer = routes.call(request).await;
            drop(answering);
            answer
        }
    })
}

/// Says that a request has its answer, also where the client went away before.
struct Answering(Connection);

impl Drop for Answering {
    fn drop(&mut self) {
        self.0.is_answered();
    }
}

/// A body that says when all of it is here.
struct Heard {
    body: Incoming,
    connection: Connection,
}

impl HttpBody for Heard {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let this = self.get_mut();
        let frame = Pin::new(&mut this.body).poll_frame(context);
        if matches!(frame, Poll::Ready(None)) {
            this.connection.is_heard();
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
