//! The contract, run against the local store.

use super::world::local_world;

super::contract::every_promise!(local_world());
