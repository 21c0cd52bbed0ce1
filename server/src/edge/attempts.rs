//! Failed attempts at slips, codes, links and the operator key. Who fails waits; who is right is heard at once, whatever others
//! do, so every attempt is looked up before anything is counted. A whole hall sits behind one address, so nothing is counted by
//! address. Only a roster's personal codes of six digits can be guessed: a seat rests after a few wrong ones.
//!
//! The wait holds a connection and its place, no lock and nothing that was looked up. It tells whoever failed, and whoever
//! listens on the way, that somebody was wrong; what is refused because too many wait was wrong too.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Semaphore;

use super::every_minute::EveryMinute;
use crate::config::{CODE_PAUSE, FAILED_CODES_A_SEAT_MAX, FAILED_WAIT, FAILED_WAITING_MAX};
use crate::protocol::Problem;
use pingyi_rules::meeting::plan::SEATS_MAX;

/// Seats with failures that are remembered of a pause's length: those of five rosters of the largest size.
const REMEMBERED_MAX: usize = 5 * SEATS_MAX;

const REFUSED: usize = 0;
const PAUSED: usize = 1;

/// Whoever fails, and the seats whose codes were tried.
pub(super) struct Attempts {
    waiting: Semaphore,
    // A std mutex: held for counting only.
    seats: Mutex<Seats>,
    lock_outs: EveryMinute<2>,
}

type SeatOfMeeting = (String, u32);

/// Failures at one seat, and when the last one was.
#[derive(Clone, Copy)]
struct Failures {
    failed: u32,
    last: Instant,
}

/// Failures by seat. What has not failed for a pause's length is forgotten with everything of its time, at once: nothing is
/// looked through while a flood goes on.
#[derive(Default)]
struct Seats {
    recent: HashMap<SeatOfMeeting, Failures>,
    before: HashMap<SeatOfMeeting, Failures>,
    turned: Option<Instant>,
}

impl Seats {
    fn of(&mut self, seat: &SeatOfMeeting, now: Instant) -> &mut Failures {
        let is_over = self.turned.is_none_or(|turned| now - turned >= CODE_PAUSE);
        if is_over || (self.recent.len() >= REMEMBERED_MAX && !self.recent.contains_key(seat)) {
            self.before = std::mem::take(&mut self.recent);
            self.turned = Some(now);
        }
        let known = self.before.remove(seat).unwrap_or(Failures { failed: 0, last: now });
        self.recent.entry(seat.clone()).or_insert(known)
    }
}

impl Attempts {
    /// Nobody has failed.
    pub(super) fn new() -> Self {
        let say = |[refused, seats_paused]: [u64; 2]| {
            tracing::warn!(
                refused,
                seats_paused,
                "so many wrong slips, codes, links or keys were told to slow down, and so many seats rest after wrong codes; right \
                 ones are heard as ever"
            );
        };
        Self { waiting: Semaphore::new(FAILED_WAITING_MAX), seats: Mutex::default(), lock_outs: EveryMinute::new(say) }
    }

    /// What somebody is told who failed: the problem after [`FAILED_WAIT`], or `slow_down` at once where too many wait.
    pub(super) async fn failed(&self, problem: Problem) -> Problem {
        let Ok(_place) = self.waiting.try_acquire() else {
            self.lock_outs.note(REFUSED);
            return Problem::slow_down(1);
        };
        tokio::time::sleep(FAILED_WAIT).await;
        problem
    }

    /// An attempt at the personal code of a seat, in a meeting that is there. It is counted as a failure from the beginning, so
    /// that many at once are no more than one after the other, until [`AtSeat::did_not_fail`] takes it back.
    ///
    /// # Errors
    /// `slow_down` while the seat rests, with the seconds that are left.
    pub(super) fn at_seat(&self, meeting: &str, seat: u32) -> Result<AtSeat<'_>, Problem> {
        let seat = (meeting.to_owned(), seat);
        let now = Instant::now();
        let mut seats = self.seats();
        let failures = seats.of(&seat, now);
        let left = CODE_PAUSE.checked_sub(now - failures.last).filter(|left| *left > Duration::ZERO);
        match left {
            Some(left) if failures.failed >= FAILED_CODES_A_SEAT_MAX => {
                return Err(Problem::slow_down(u32::try_from(left.as_secs()).unwrap_or(u32::MAX).saturating_add(1)));
            }
            Some(_) => {}
            None => failures.failed = 0,
        }
        *failures = Failures { failed: failures.failed + 1, last: now };
        let is_last = failures.failed == FAILED_CODES_A_SEAT_MAX;
        Ok(AtSeat { attempts: self, seat, is_last, has_failed: true })
    }

    fn seats(&self) -> MutexGuard<'_, Seats> {
        self.seats.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An attempt at a seat's personal code. Whoever goes away before the answer has failed: otherwise a guess could be looked at
/// by its effect alone, and be free.
pub(super) struct AtSeat<'a> {
    attempts: &'a Attempts,
    seat: SeatOfMeeting,
    is_last: bool,
    has_failed: bool,
}

impl AtSeat<'_> {
    /// The code was right, or nobody could look.
    pub(super) fn did_not_fail(mut self) {
        self.has_failed = false;
        let mut seats = self.attempts.seats();
        let failures = seats.of(&self.seat, Instant::now());
        failures.failed = failures.failed.saturating_sub(1);
    }
}

impl Drop for AtSeat<'_> {
    fn drop(&mut self) {
        if self.has_failed && self.is_last {
            self.attempts.lock_outs.note(PAUSED);
        }
    }
}
