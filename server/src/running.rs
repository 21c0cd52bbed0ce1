//! A whole server in one value: store, hub and edge, started on a listener and stopped in order.
//! The command line, rehearsals, tests and benchmarks all start it here.

use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::config::{GIVE_BACK_TIMEOUT, SIGN_OFF_TIMEOUT};
use crate::edge::{self, App};
use crate::hub::Hub;
use crate::store::{Digest, Store};

/// A server that listens.
pub struct Running {
    /// Its meetings.
    pub hub: Arc<Hub>,
    serving: JoinHandle<()>,
}

impl Running {
    /// Starts to serve. Meetings in session are looked after at once, so that a round whose time ran out is frozen.
    #[must_use]
    pub fn start(listener: TcpListener, store: Arc<dyn Store>, join_url: String, operator: Option<Digest>) -> Self {
        let hub = Hub::new(store, join_url);
        let serving = tokio::spawn(edge::serve(listener, App::new(Arc::clone(&hub), operator)));
        let resumed = Arc::clone(&hub);
        tokio::spawn(async move {
            if let Err(error) = resumed.resume().await {
                tracing::error!(%error, "the meetings in session could not be taken up again; they are when somebody looks");
            }
        });
        Self { hub, serving }
    }

    /// Stops: screens are told to come back, answers under way are finished, no other server has to wait for this one, and the
    /// data directory can be taken again (rule o55).
    pub async fn stop(self) {
        self.hub.stop();
        if let Err(error) = self.serving.await {
            tracing::error!(%error, "the server stopped unexpectedly");
        }
        match tokio::time::timeout(SIGN_OFF_TIMEOUT, self.hub.store().sign_off()).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::error!(%error, "this server could not sign off: a count waits until it is back"),
            Err(_) => tracing::error!("signing off took too long: a count waits until this server is back"),
        }
        let mut given_back = self.hub.store().given_back();
        drop(self.hub);
        // It ends by closing: nothing is ever sent.
        if tokio::time::timeout(GIVE_BACK_TIMEOUT, given_back.changed()).await.is_err() {
            tracing::warn!("something still uses the data directory; it is given back when this process ends");
        }
    }
}
