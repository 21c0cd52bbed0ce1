//! Rules t: canonical JSON, the manifest, tokens, casts, receipts.

mod canonical;
mod casts;
mod encoding;
mod exchange;
mod manifest;
mod round;
mod sheet_rules;
mod tokens;
