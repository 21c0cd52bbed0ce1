//! The history as a chain: each line's digest covers the line and the digest before it, so that nobody can change, drop, add or
//! move a line of an archive without every later digest, and the digits on a signed print, being others (rule e16).

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use pingyi_rules::ballot::canonical::canonical;
use pingyi_rules::ballot::fingerprint::{fingerprint, is_of_digits, sixteen_digits};
use pingyi_rules::meeting::{Command, HistoryEntry};

const DOMAIN: &[u8] = b"pingyi-history/1\0";

/// One command, as `history.json` has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChainLine {
    /// Milliseconds since 1970.
    pub at_ms: u64,
    /// What was commanded, without what an archive withholds.
    pub command: Command,
    /// `SHA-256("pingyi-history/1\0" ‖ the digest before, 32 zeros at first ‖ canonical JSON of at_ms and command)`, hex.
    pub digest: String,
}

/// The lines of a history, oldest first, each with its digest.
#[must_use]
pub fn lines(history: &[HistoryEntry]) -> Vec<ChainLine> {
    let mut before = [0; 32];
    let line = |entry: &HistoryEntry| {
        let line = serde_json::json!({"at_ms": entry.at_ms, "command": entry.command});
        // Commands are made of integers, texts and booleans, so they have canonical bytes.
        let line = canonical(&line).unwrap_or_default();
        before = Sha256::new().chain_update(DOMAIN).chain_update(before).chain_update(line).finalize().into();
        let digest = data_encoding::HEXLOWER.encode(&before);
        ChainLine { at_ms: entry.at_ms, command: entry.command.clone(), digest }
    };
    history.iter().map(line).collect()
}

/// The letters that stand for a whole history on a print; nothing where nothing was commanded. A meeting whose rounds all have the
/// sixteen digits of before has them for its history too, as it was printed and signed then.
#[must_use]
pub fn digits(history: &[HistoryEntry]) -> Option<String> {
    let last = lines(history).pop()?;
    let digest = data_encoding::HEXLOWER.decode(last.digest.as_bytes()).ok()?.try_into().ok()?;
    let armed = || {
        history.iter().filter_map(|entry| match &entry.command {
            Command::Arm { fingerprint, .. } => Some(fingerprint),
            _ => None,
        })
    };
    let is_of_before = armed().next().is_some() && armed().all(|fingerprint| is_of_digits(fingerprint));
    Some(if is_of_before { sixteen_digits(&digest) } else { fingerprint(&digest) })
}
