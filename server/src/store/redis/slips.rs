//! Slips that are replaced at Redis, in one step with the document that says so. The names of new codes lead to the meeting before
//! a seat has them.

use super::client::RedisClient;
use super::client::step::{Arguments, steps};
use super::directory::NAMES_A_STEP;
use super::sealing::document;
use super::{directory, documents, slip_codes};
use crate::store::{NewSlips, Result, SlipSeries, SlipsReplaced, Stored};
use pingyi_rules::meeting::Meeting;

steps! {
    REPLACE_SLIPS: "parts/seat_groups", "parts/slip_codes", "people/replace_slips";
}

/// Gives the free seats of a group new codes.
pub(super) async fn replace(
    client: &RedisClient,
    seen: u32,
    meeting: &Meeting,
    new: &NewSlips,
) -> Result<SlipsReplaced> {
    let Some((cache, before)) = documents::loaded(client, &meeting.id).await? else {
        return Ok(SlipsReplaced::Unknown);
    };
    let new = &new.kept_under(client.journal.secret());
    if !new.are_distinct()
        || !directory::reserve(client, &meeting.id, new.codes.iter().map(|code| ("code", code))).await?
    {
        return Ok(SlipsReplaced::Another);
    }
    let mut arguments = Arguments::new().and(seen);
    arguments.extend(document::written(&client.sealing, meeting)?);
    arguments = arguments.and(&new.group).and(new.series);
    new.codes.iter().for_each(|code| arguments.push(code.as_slice()));
    let (word, mut answer) = client.write(&cache, &REPLACE_SLIPS, &arguments).await?;
    match word.as_str() {
        "unknown_meeting" => return Ok(SlipsReplaced::Unknown),
        "now" => {
            let stored = Stored { meeting: meeting.clone(), epoch: answer.epoch.clone(), version: answer.version };
            documents::take_over(client, &cache, stored).await?;
            if before.version + 1 != answer.version {
                let summary = document::summary(meeting, answer.version)?;
                directory::name(client, "summary", meeting.id.as_bytes(), &summary).await?;
            }
            client.changed(&cache);
            return Ok(SlipsReplaced::Now(answer.version));
        }
        "before" => {
            // This server may have stopped before it had them.
            let asked = SlipSeries { group: new.group.clone(), series: new.series, void: 0 };
            slip_codes::follow(client, &cache, &[asked]).await?;
            return Ok(SlipsReplaced::Before);
        }
        _ => {}
    }
    let free = answer.number()?;
    for some in answer.list()?.chunks(NAMES_A_STEP) {
        directory::forget(client, &meeting.id, "code", some).await?;
    }
    Ok(match word.as_str() {
        "free" => SlipsReplaced::SeatsFree(free),
        "not_now" => SlipsReplaced::NotNow,
        "stale" => {
            client.heard(&cache);
            SlipsReplaced::Stale
        }
        _ => SlipsReplaced::Another,
    })
}
