//! Rules t: canonical JSON, the manifest, tokens, casts, receipts.

mod canonical;
mod casts;
pub mod der;
mod encoding;
mod exchange;
mod items;
mod manifest;
mod opinions;
pub mod round;
mod sealing;
mod sheet_rules;
mod texts;
mod tokens;
mod twins;
