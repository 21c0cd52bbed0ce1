//! Every integration test in one binary.
#![expect(clippy::unwrap_used, reason = "a test that panics has failed, which is what it is for")]

mod attacks;
mod ballot;
mod contents;
mod dependencies;
mod edge;
mod export;
mod folder;
mod fuzz;
mod generated;
mod hub;
mod meeting;
mod patience;
mod record;
mod redis;
mod rehearsal;
mod scoring;
mod secrecy;
mod simulation;
mod start;
mod store;
mod tidy;
