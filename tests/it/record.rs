//! Rules r: the record, its verifiers, what is served of it.

mod agreement;
mod combined;
pub mod fixtures;
mod format;
mod fraud;
mod items;
mod old;
pub mod python;
mod reasons;
mod served;
pub mod tampering;
mod together;
