//! Several servers that meet at Redis, against real redis-server processes.

mod cluster;
mod desk;
mod fault_proxy;
mod faults;
pub mod hall;
pub mod ledger;
pub mod process;
pub mod recording_proxy;
pub mod secrecy;
mod sentinel;
pub mod server;
