//! A store and the place where it keeps things, so that one suite runs against every store and through restarts.

use std::sync::Arc;
use std::time::Instant;

use crate::patience::PATIENCE;
use async_trait::async_trait;
use pingyi::store::local::{LocalOptions, LocalStore};
use pingyi::store::{MeetingStore, Store};
use tempfile::TempDir;

/// Where a store keeps things. Opening it again is a restart.
#[async_trait]
pub trait Place: Send + Sync {
    async fn open(&self) -> Arc<dyn Store>;
}

/// A store that can be restarted.
pub struct World {
    place: Box<dyn Place>,
    store: Option<Arc<dyn Store>>,
}

impl World {
    pub async fn at(place: impl Place + 'static) -> Self {
        let store = place.open().await;
        Self { place: Box::new(place), store: Some(store) }
    }

    pub fn store(&self) -> Arc<dyn Store> {
        Arc::clone(self.store.as_ref().unwrap())
    }

    pub async fn restart(&mut self) {
        let stopping = self.store.take().unwrap();
        // A caller whose task has ended may hold it for a moment longer: the last one out closes the directory.
        let deadline = Instant::now() + PATIENCE;
        while Arc::strong_count(&stopping) > 1 {
            assert!(Instant::now() < deadline, "somebody still uses the store that is to restart");
            tokio::task::yield_now().await;
        }
        drop(stopping);
        self.store = Some(self.place.open().await);
    }

    pub async fn round_is(&self, meeting: &str, state: pingyi_rules::meeting::RoundState) {
        super::fixtures::round_becomes(&*self.store(), meeting, state).await;
    }
}

/// A local store in a directory of its own.
pub struct LocalPlace(pub TempDir);

#[async_trait]
impl Place for LocalPlace {
    async fn open(&self) -> Arc<dyn Store> {
        Arc::new(LocalStore::open(self.0.path()).unwrap())
    }
}

pub async fn local_world() -> World {
    World::at(LocalPlace(TempDir::new().unwrap())).await
}

/// A local store on another disk, with the directory kept by the caller.
pub fn local_on(directory: &TempDir, disk: Arc<dyn pingyi::store::disk::Disk>) -> LocalStore {
    let options = LocalOptions { disk, ..LocalOptions::default() };
    let store = LocalStore::open_with(directory.path(), options).unwrap();
    assert_eq!(store.durability(), pingyi::protocol::Durability::Local);
    store
}
