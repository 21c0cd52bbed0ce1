//! Pingyi: a live voting service for meetings that evaluate people's work.
//!
//! `server/README.md` has the map: what each module is for, and what it must not know.

pub mod ballot_box;
pub mod channel;
pub mod clock;
pub mod command;
pub mod config;
pub mod creation;
pub mod descriptors;
pub mod durability;
pub mod edge;
pub mod export;
pub mod folder;
pub mod hub;
pub mod inventory;
pub mod issuer;
pub mod links;
pub mod notices;
pub mod private_file;
pub mod protocol;
pub mod randomness;
pub mod rehearsal;
pub mod role;
pub mod round_keys;
pub mod running;
pub mod secret;
pub mod server_secret;
pub mod signer;
pub mod store;
pub mod terminal;
pub mod view;
