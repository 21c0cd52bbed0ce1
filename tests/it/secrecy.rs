//! Seats, papers and ballots of a running service: what each half may know and do, seen from outside.

mod box_key;
mod casts;
mod channel;
mod erased;
pub mod hall;
mod merged;
mod opinions;
pub mod overheard;
mod paper;
mod papers;
mod published;
mod reissued;
mod slips;
mod together;
mod views;
mod wire;
