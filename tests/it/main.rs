//! Every integration test in one binary.
#![expect(clippy::unwrap_used, reason = "a test that panics has failed, which is what it is for")]

mod ballot;
mod folder;
mod generated;
mod meeting;
mod rehearsal;
mod scoring;
mod secrecy;
mod store;
mod tidy;
