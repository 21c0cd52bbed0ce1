//! A server for one rehearsal: on a loopback port, on a data directory of its own that is removed afterwards.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use super::Target;
use super::problem::RehearsalError;
use super::wire::{ServerAddress, Wire, create};
use crate::creation::MeetingRequest;
use crate::folder::Folder;
use crate::running::Running;
use crate::secret;
use crate::store::Store;
use crate::store::local::LocalStore;

/// The server; [`stop`](Self::stop) it, so that its directory can be removed.
pub struct OwnServer {
    /// Its address.
    pub base_url: String,
    /// The operator key.
    pub key: String,
    running: Running,
    data: PathBuf,
}

impl OwnServer {
    /// Starts it on a free port.
    ///
    /// # Errors
    /// [`RehearsalError::OwnServer`], [`RehearsalError::NoRandomness`].
    pub async fn start() -> Result<Self, RehearsalError> {
        let failed = |error: std::io::Error| RehearsalError::OwnServer(error.to_string());
        let data = std::env::temp_dir().join(format!("pingyi-rehearsal-{}", uuid::Uuid::new_v4().simple()));
        let key = secret::token().map_err(|_| RehearsalError::NoRandomness)?;
        let listener = crate::edge::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await.map_err(failed)?;
        let base_url = format!("http://{}", listener.local_addr().map_err(failed)?);
        let store = LocalStore::open(&data).map_err(|error| RehearsalError::OwnServer(error.sentences()[1].clone()))?;
        let store: Arc<dyn Store> = Arc::new(store);
        let running = Running::start(listener, store, base_url.clone(), Some(secret::operator_digest(&key)));
        Ok(Self { base_url, key, running, data })
    }

    /// Stops it and removes its directory.
    pub async fn stop(self) {
        self.running.stop().await;
        // What cannot be removed is in the system's temporary directory, which is cleared by the system.
        let _ = std::fs::remove_dir_all(&self.data);
    }
}

/// Makes the folder's meeting on a server.
///
/// # Errors
/// [`RehearsalError::WrongKey`], or what the server said.
pub async fn prepare(base_url: &str, key: Option<&str>, folder: &Folder) -> Result<Target, RehearsalError> {
    let address = Arc::new(ServerAddress::parse(base_url)?);
    let wire = Wire::new(address, std::time::Duration::from_secs(10));
    let request = MeetingRequest { plan: folder.plan.clone(), seats: folder.seats.clone() };
    let handout = create(&wire, key, &request).await?;
    Ok(Target { base_url: base_url.trim_end_matches('/').to_owned(), handout })
}
