//! Seats by credential, kept in memory: a seat that was taken never changes, and every request of a phone asks for it.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::store::{Digest, Seat};

/// Seats that are kept; when there are more, it begins anew.
const SEATS_MAX: usize = 50_000;

/// The seats.
#[derive(Default)]
pub(super) struct SeatCache {
    // A std mutex: held for a look-up only.
    seats: Mutex<HashMap<Digest, Seat>>,
}

impl SeatCache {
    pub(super) fn get(&self, credential: &Digest) -> Option<Seat> {
        self.seats.lock().unwrap_or_else(PoisonError::into_inner).get(credential).cloned()
    }

    pub(super) fn note(&self, credential: Digest, seat: Seat) {
        let mut seats = self.seats.lock().unwrap_or_else(PoisonError::into_inner);
        if seats.len() >= SEATS_MAX {
            seats.clear();
        }
        seats.insert(credential, seat);
    }
}
