//! The edge of the server, the only place that knows axum: `accepting` takes connections, `http` answers requests, `socket`
//! sends views, and neither of the last two knows the other. Requests are read, handed to whoever decides, and answered: who may
//! wish what is decided in `meeting::permission`, what a role may see in `view`. There is no access log and no cookie.

mod accepting;
mod asking;
mod attempts;
mod connections;
mod counted;
mod every_minute;
mod following;
pub mod http;
mod socket;

use std::sync::Arc;

use axum::Router;
use axum::routing::get;
use tokio::sync::Semaphore;

use crate::channel::Fresh;
use crate::config::SEALED_LARGE_AT_ONCE;
use crate::hub::Hub;
use crate::store::Digest;

pub use accepting::{bind, serve};
pub use asking::{Asking, holder};

/// What every request can reach.
#[derive(Clone)]
pub struct App {
    /// The meetings.
    pub hub: Arc<Hub>,
    /// The digest of the operator key; none on a server that anybody may create meetings on.
    pub operator: Option<Digest>,
    attempts: Arc<attempts::Attempts>,
    /// Lists of what is kept that are made at a time: one, whoever asks.
    looking: Arc<Semaphore>,
    /// Large envelopes that are read at a time.
    large: Arc<Semaphore>,
    /// What came through the sealed channel a moment ago.
    fresh: Arc<Fresh>,
}

impl App {
    /// An app on a hub.
    #[must_use]
    pub fn new(hub: Arc<Hub>, operator: Option<Digest>) -> Self {
        Self {
            hub,
            operator,
            attempts: Arc::new(attempts::Attempts::new()),
            looking: Arc::new(Semaphore::new(1)),
            large: Arc::new(Semaphore::new(SEALED_LARGE_AT_ONCE)),
            fresh: Arc::default(),
        }
    }
}

/// Everything that can be asked of the server.
pub fn router(app: App) -> Router {
    http::router(app, get(socket::upgrade))
}
