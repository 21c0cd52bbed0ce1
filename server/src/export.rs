//! What is printed from the server itself.

pub mod slips;
