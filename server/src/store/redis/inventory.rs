//! What is at Redis at this moment: every key of a meeting and of the look-ups, found by scanning, each with what it is. What it
//! finds and does not know is said as well, as unknown.

use std::collections::BTreeMap;

use super::client::step::{Arguments, steps};
use super::client::{DIRECTORY, RedisClient};
use crate::inventory::{InventoryKind, InventoryLine, InventoryPlace};
use crate::store::Result;

steps! {
    INVENTORY: "meeting/inventory";
}

/// Looks of a thousand keys each that one list takes at most: a Redis with a million keys is gone through.
const LOOKS_MAX: u32 = 1_000;

/// Keys by pattern.
pub(super) async fn list(client: &RedisClient, meeting: &str) -> Result<Vec<InventoryLine>> {
    let mut found = BTreeMap::new();
    for (place, shown) in [(meeting, "{meeting}"), (DIRECTORY, "{look-ups}")] {
        let mut cursor = "0".to_owned();
        for _look in 0..LOOKS_MAX {
            let mut answer = client.ask(place, "", &INVENTORY, &Arguments::new().and(&cursor)).await?;
            cursor = answer.text()?;
            let keys = answer.texts()?;
            for key in keys.chunks_exact(3) {
                let pattern = pattern_of(&key[0]);
                let kind = kind_of(&pattern);
                let name = if kind == InventoryKind::Unknown { key[0].clone() } else { pattern };
                let name = format!("pingyi:{shown}:{name}");
                // The same key may be met twice while others come: then it is counted once.
                let count: u32 = key[2].parse().unwrap_or(0);
                found.insert((name, kind, key[0].clone()), count);
            }
            if cursor == "0" {
                break;
            }
        }
    }
    let mut summed: BTreeMap<(String, InventoryKind), u32> = BTreeMap::new();
    for ((name, kind, _), count) in found {
        *summed.entry((name, kind)).or_default() += count;
    }
    let kept = |((name, kind), count)| InventoryLine { place: InventoryPlace::Redis, name, kind, count };
    Ok(summed.into_iter().map(kept).collect())
}

/// A key's name with what differs between rounds, groups, contests and roles left open.
fn pattern_of(key: &str) -> String {
    let mut parts = key.split(':');
    let head = parts.next().unwrap_or_default();
    let rest: Vec<&str> = parts.collect();
    let are_numbers = rest.iter().all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
    match (head, rest.len()) {
        (
            "box" | "keys" | "issued" | "counts" | "sheets" | "pool" | "fresh" | "tick" | "since" | "took" | "casters",
            1,
        ) if are_numbers => {
            format!("{head}:{{round}}")
        }
        ("free", 1) => "free:{group}".to_owned(),
        ("links" | "sessions", 1) => format!("{head}:{{role}}"),
        _ => key.to_owned(),
    }
}

/// What is under a pattern.
pub(super) fn kind_of(pattern: &str) -> InventoryKind {
    match pattern {
        "meeting" => InventoryKind::Document,
        "seats" | "taken" | "leads" | "led" | "free:{group}" => InventoryKind::Seats,
        "codes" | "code" => InventoryKind::Slips,
        "credentials" | "credential" => InventoryKind::Credentials,
        "issued:{round}" => InventoryKind::Papers,
        "links" | "links:{role}" | "link" => InventoryKind::Links,
        "sessions" | "sessions:{role}" | "session" => InventoryKind::Sessions,
        "heads" | "counts:{round}" | "sheets:{round}" | "took:{round}" => InventoryKind::Counts,
        "manifests" => InventoryKind::Manifests,
        "box:{round}" => InventoryKind::Ballots,
        "pool:{round}" | "fresh:{round}" | "tick:{round}" | "since:{round}" => InventoryKind::Pool,
        "keys:{round}" => InventoryKind::Keys,
        "members" | "copies" | "merged" | "frozen" | "casting" | "casters:{round}" | "erased" | "destroyed"
        | "touched" | "servers" | "list" | "listed" | "summaries" => InventoryKind::Notes,
        _ => InventoryKind::Unknown,
    }
}
