//! The end of a meeting's people at Redis and in every server's copy. The document says that they are erased; whoever sees it
//! destroys what is his, and says so at Redis.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::known::Known;
use super::looker::name_of;
use super::point::Point;
use super::step::{Arguments, DESTROY, DESTROY_NAMES, DESTROYED};
use crate::inventory::{Destroyed, Kept, KeptPlace};
use crate::store::{Result, StoreError};

/// Names that are forgotten in one step.
const NAMES_A_STEP: usize = 500;
/// The place of what is at Redis.
const REDIS: &str = "redis";

/// What a server tells of its own copy.
#[derive(Serialize, Deserialize)]
struct Told {
    name: String,
    things: Vec<Kept>,
}

/// Destroys what this server has, and tells it. Nothing is told while Redis is lost: the next look does it.
pub(super) async fn destroy_copy(point: &Point, known: &Arc<Known>) -> Result<()> {
    let things = point.half.destroy_people(&known.id).await?;
    let told = serde_json::to_string(&Told { name: point.name.clone(), things });
    let told = told.map_err(|_| StoreError::Broken("a note cannot be written".to_owned()))?;
    point.write(known, &DESTROYED, &Arguments::new().and(told)).await?;
    known.state().is_destroyed = true;
    point.changed(known);
    Ok(())
}

/// Destroys what is at Redis and here, and answers how far everybody is.
pub(super) async fn destroy(point: &Point, known: &Arc<Known>) -> Result<Vec<Destroyed>> {
    if !known.state().is_destroyed {
        destroy_copy(point, known).await?;
    }
    let (_, mut names) = point.write(known, &DESTROY_NAMES, &Arguments::new()).await?;
    for kind in ["code", "credential", "session"] {
        for some in names.list()?.chunks(NAMES_A_STEP) {
            point.forget(&known.id, kind, some).await?;
        }
    }
    point.write(known, &DESTROY, &Arguments::new()).await?;
    let (_, mut answer) = point.write(known, &DESTROYED, &Arguments::new().and("")).await?;
    let (told, servers) = (answer.texts()?, answer.texts()?);
    let mut told: BTreeMap<&str, &str> =
        told.chunks_exact(2).map(|told| (told[0].as_str(), told[1].as_str())).collect();
    let mut all = vec![Destroyed {
        place: "Redis".to_owned(),
        is_done: true,
        things: at_redis(told.remove(REDIS).unwrap_or_default())?,
    }];
    for server in &servers {
        let of: Option<Told> = told.get(server.as_str()).and_then(|text| serde_json::from_str(text).ok());
        let is_done = of.is_some();
        let (place, things) = of.map_or_else(|| (name_of(point, server), Vec::new()), |told| (told.name, told.things));
        all.push(Destroyed { place, is_done, things });
    }
    Ok(all)
}

fn at_redis(counts: &str) -> Result<Vec<Kept>> {
    let counts: BTreeMap<String, u32> =
        serde_json::from_str(counts).map_err(|_| StoreError::Broken("redis: a note cannot be read".to_owned()))?;
    let kept = |(name, count): (String, u32)| Kept {
        place: KeptPlace::Redis,
        kind: super::inventory::kind_of(&name),
        name: format!("pingyi:{{meeting}}:{name}"),
        count,
    };
    Ok(counts.into_iter().map(kept).collect())
}
