//! Pingyi: a live voting service for meetings that evaluate people's work.
//!
//! # Layout
//!
//! `form` is what a sheet asks, `meeting` and `scoring` are the rules, `ballot` the secret ballot's formats; all four are
//! pure. `store` says what is kept, `store::local` keeps it on one machine, and `store::redis` lets several servers meet at
//! Redis. `issuer` knows seats and papers, `ballot_box` knows ballots, and neither knows the other's half. `hub` runs one task
//! for each watched meeting, `view` decides what a role may see, `protocol` is the wire, `http` and `socket` are the edges.
//! `folder` and `creation` make meetings, `export` prints, `rehearsal` simulates phones. Without the feature `server` only what
//! is pure is there.

pub mod ballot;
#[cfg(feature = "server")]
pub mod ballot_box;
#[cfg(feature = "server")]
pub mod channel;
#[cfg(feature = "server")]
pub mod command;
#[cfg(feature = "server")]
pub mod config;
#[cfg(feature = "server")]
pub mod creation;
#[cfg(feature = "server")]
pub mod descriptors;
#[cfg(feature = "server")]
pub mod durability;
pub mod envelope;
#[cfg(feature = "server")]
pub mod export;
#[cfg(feature = "server")]
pub mod folder;
pub mod form;
#[cfg(feature = "server")]
pub mod http;
#[cfg(feature = "server")]
pub mod hub;
#[cfg(feature = "server")]
pub mod inventory;
#[cfg(feature = "server")]
pub mod issuer;
#[cfg(feature = "server")]
pub mod links;
pub mod meeting;
#[cfg(feature = "server")]
pub mod private_file;
#[cfg(feature = "server")]
pub mod protocol;
#[cfg(feature = "server")]
pub mod randomness;
#[cfg(feature = "server")]
pub mod rehearsal;
#[cfg(feature = "server")]
pub mod role;
#[cfg(feature = "server")]
pub mod round_keys;
#[cfg(feature = "server")]
pub mod running;
pub mod scoring;
#[cfg(feature = "server")]
pub mod secret;
#[cfg(feature = "server")]
pub mod server_secret;
#[cfg(feature = "server")]
pub mod signer;
#[cfg(feature = "server")]
pub mod socket;
#[cfg(feature = "server")]
pub mod store;
#[cfg(feature = "server")]
pub mod terminal;
#[cfg(feature = "server")]
pub mod view;
