//! Lost history, and what a server does by the clock so that it is noticed. It uses the whole store; nothing of the store imports
//! it: the client is handed [`epoch::start`] when it is made.

mod earlier;
pub(super) mod epoch;
mod merge;
pub(super) mod watchdog;
