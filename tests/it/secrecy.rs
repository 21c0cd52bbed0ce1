//! Seats, papers and ballots of a running service: what each half may know and do, seen from outside.

mod casts;
mod hall;
mod papers;
mod views;
