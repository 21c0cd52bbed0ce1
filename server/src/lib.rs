//! Pingyi: a live voting service for meetings that evaluate people's work.
//!
//! # Layout
//!
//! `meeting` and `scoring` are the rules, `ballot` the secret ballot's formats; all three are pure. `store` says what is
//! kept, `store::local` keeps it on one machine, and `store::redis` lets several servers meet at Redis. `issuer` knows seats
//! and papers, `ballot_box` knows ballots, and neither knows the other's half. `hub` runs one task for each watched meeting,
//! `view` decides what a role may see, `protocol` is the wire, `http` and `socket` are the edges. `folder` and `creation`
//! make meetings, `export` prints, `rehearsal` simulates phones.

pub mod ballot;
pub mod ballot_box;
pub mod command;
pub mod config;
pub mod creation;
pub mod export;
pub mod folder;
pub mod http;
pub mod hub;
pub mod issuer;
pub mod meeting;
pub mod protocol;
pub mod rehearsal;
pub mod round_keys;
pub mod running;
pub mod scoring;
pub mod secret;
pub mod socket;
pub mod store;
pub mod terminal;
pub mod view;
