//! A meeting's document as Redis keeps it: sealed, because it holds results before they are published and what was entered of
//! paper, and beside it what steps must know.

use serde::Serialize;
use serde_json::json;

use super::{Kind, Sealing};
use crate::store::{Result, StoreError};
use pingyi_rules::form::Live;
use pingyi_rules::meeting::{Meeting, RoundState};

/// The five arguments of a document: sealed, phase, rules of claims, whether marks are shown live, rounds.
pub(in crate::store::redis) fn written(sealing: &Sealing, meeting: &Meeting) -> Result<[Vec<u8>; 5]> {
    let unwritable = |_| StoreError::Broken("a meeting cannot be written".to_owned());
    let plan = &meeting.plan;
    let groups: serde_json::Map<String, serde_json::Value> = plan
        .groups
        .iter()
        .map(|group| (group.id.clone(), json!({"leaders": group.leaders, "entitled": group.entitled})))
        .collect();
    let mut subjects: Vec<u16> = plan.subjects.iter().map(|subject| subject.id).collect();
    subjects.sort_unstable();
    let rules = json!({"admission": plan.admission, "groups": groups, "subjects": subjects});
    let document = serde_json::to_vec(meeting).map_err(unwritable)?;
    let shown_live = if plan.live == Live::Tally { "1" } else { "0" };
    Ok([
        sealing.seal(Kind::Document, &meeting.id, 0, &document)?,
        word(&meeting.phase)?.into_bytes(),
        rules.to_string().into_bytes(),
        shown_live.into(),
        rounds(meeting).into_bytes(),
    ])
}

/// Reads the document of a meeting.
pub(in crate::store::redis) fn opened(sealing: &Sealing, meeting: &str, sealed: &[u8]) -> Result<Meeting> {
    read(&sealing.open(Kind::Document, meeting, 0, sealed)?)
}

/// Reads the JSON of a document.
pub(in crate::store::redis) fn read(json: &[u8]) -> Result<Meeting> {
    // The place of the mistake, and nothing of what is there.
    let unreadable = |error: serde_json::Error| {
        StoreError::Broken(format!("a stored meeting cannot be read, at column {}", error.column()))
    };
    serde_json::from_slice(json).map_err(unreadable)
}

/// The version, a blank, and what the list of meetings shows.
pub(in crate::store::redis) fn summary(meeting: &Meeting, version: u32) -> Result<String> {
    let shown = json!({"title": meeting.plan.title, "host": meeting.plan.host, "phase": word(&meeting.phase)?});
    Ok(format!("{version} {shown}"))
}

fn word(value: &impl Serialize) -> Result<String> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => Ok(word),
        _ => Err(StoreError::Broken("a value has no word".to_owned())),
    }
}

fn rounds(meeting: &Meeting) -> String {
    let round = |round: &pingyi_rules::meeting::Round| {
        let state = match round.state {
            RoundState::Draft => "draft",
            RoundState::Armed => "armed",
            RoundState::Open => "open",
            RoundState::Closing { .. } => "closing",
            RoundState::Closed | RoundState::Certified | RoundState::Published => "counted",
            RoundState::Void => "void",
        };
        let without: Vec<&str> = round.closed_without.iter().map(|left| left.server.as_str()).collect();
        let ends = match round.state {
            RoundState::Closing { ends_at_ms } => ends_at_ms.to_string(),
            _ => String::new(),
        };
        format!("{}={state}={ends}={};", round.number, without.join(","))
    };
    meeting.rounds.iter().map(round).collect()
}
