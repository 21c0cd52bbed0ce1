//! Failed attempts at slips, codes and links. A whole hall sits behind one address, so nothing is counted by address:
//! failures are counted over the whole server, and for a roster's personal codes by seat.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::config::{CODE_PAUSE, FAILED_ATTEMPTS_A_MINUTE_MAX, FAILED_CODES_A_SEAT_MAX};

/// Seats with failures that are remembered at once; more than that is an attack that the common limit stops.
const SEATS_MAX: usize = 10_000;
const MINUTE: Duration = Duration::from_secs(60);

/// The counters.
#[derive(Default)]
pub struct Attempts {
    // A std mutex: held for counting only.
    counted: Mutex<Counted>,
}

#[derive(Default)]
struct Counted {
    minute: Option<Instant>,
    failed: u32,
    seats: HashMap<(String, u32), (u32, Instant)>,
}

impl Attempts {
    /// Seconds to wait before another attempt is heard, if there were too many.
    #[must_use]
    pub fn wait_s(&self, seat: Option<(&str, u32)>) -> Option<u32> {
        let counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let left = |since: Instant, pause: Duration| pause.checked_sub(now - since);
        let common = counted.minute.filter(|_| counted.failed >= FAILED_ATTEMPTS_A_MINUTE_MAX);
        let of_seat = seat
            .and_then(|(meeting, seat)| counted.seats.get(&(meeting.to_owned(), seat)))
            .filter(|(failed, _)| *failed >= FAILED_CODES_A_SEAT_MAX);
        let waits =
            [common.and_then(|since| left(since, MINUTE)), of_seat.and_then(|(_, last)| left(*last, CODE_PAUSE))];
        let wait = waits.into_iter().flatten().max()?;
        Some(u32::try_from(wait.as_secs()).unwrap_or(u32::MAX) + 1)
    }

    /// An attempt failed.
    pub fn failed(&self, seat: Option<(&str, u32)>) {
        let mut counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        if counted.minute.is_none_or(|since| now - since >= MINUTE) {
            counted.minute = Some(now);
            counted.failed = 0;
        }
        counted.failed += 1;
        if let Some((meeting, seat)) = seat {
            counted.seats.retain(|_, (_, last)| now - *last < CODE_PAUSE);
            if counted.seats.len() < SEATS_MAX {
                let entry = counted.seats.entry((meeting.to_owned(), seat)).or_insert((0, now));
                *entry = (entry.0 + 1, now);
            }
        }
    }
}
