//! The contract of every store, a function for each promise.

pub mod ballots;
pub mod meetings;
pub mod release;
pub mod seats;
