//! The rules of Pingyi: everything that decides a result, and nothing that runs a server.
//!
//! # Layout
//!
//! `form` is what a sheet asks, `scoring` makes scores of marks, `meeting` is the agenda with its rounds, `ballot` has the secret
//! ballot's formats with the whole of the verifier, and `envelope` is what casts and requests travel in. `scoring` is below
//! `form`, `form` below the others, and neither `meeting` nor `ballot` knows the other. There is no I/O here, no clock, no task and
//! no private operation of RSA: a verifier or a fuzzer takes this crate alone.

pub mod ballot;
pub mod envelope;
pub mod form;
pub mod meeting;
pub mod scoring;
