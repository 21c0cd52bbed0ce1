//! Lost history, and what a server does by the clock so that it is noticed. It uses the whole store; nothing of the store asks
//! for it but the client, when an answer tells that history was lost.

pub(in crate::store::redis) mod earlier;
pub(in crate::store::redis) mod epoch;
pub(in crate::store::redis) mod watchdog;
