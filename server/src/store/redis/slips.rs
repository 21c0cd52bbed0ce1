//! Slips that are replaced at Redis, and every server's own copy of their codes. The names of new codes lead to the meeting
//! before a seat has them; those of old ones are forgotten by whoever learns that they are replaced.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use crate::meeting::Meeting;
use crate::store::redis::client::meeting_cache::Known;
use crate::store::redis::client::step::{Arguments, NAME_MEETINGS, REPLACE_SLIPS, RESERVE_NAMES};
use crate::store::redis::client::{LOOK_UPS, Point};
use crate::store::redis::sealing::document;
use crate::store::{Digest, NewSeat, NewSlips, Result, SlipSeries, SlipsReplaced, Stored};

/// Names that are given or forgotten in one step: other callers wait no longer than a few milliseconds.
const NAMES_A_STEP: usize = 500;

/// The series of slips that head counts tell of, as `series:A` and `void:A`.
pub(super) fn series_in(heads: &[(String, u32)]) -> Vec<SlipSeries> {
    let of = |what: &str, group: &str| {
        heads.iter().find(|(name, _)| name.split_once(':') == Some((what, group))).map_or(0, |(_, count)| *count)
    };
    let groups = heads.iter().filter_map(|(name, _)| name.strip_prefix("series:"));
    groups
        .map(|group| SlipSeries { group: group.to_owned(), series: of("series", group), void: of("void", group) })
        .collect()
}

/// Gives the free seats of a group new codes.
pub(super) async fn replace(point: &Point, seen: u32, meeting: &Meeting, new: &NewSlips) -> Result<SlipsReplaced> {
    let Some((known, before)) = point.loaded(&meeting.id).await? else { return Ok(SlipsReplaced::Unknown) };
    let new = &new.kept_under(point.half.secret());
    if !new.are_distinct() || !reserve(point, &meeting.id, &new.codes).await? {
        return Ok(SlipsReplaced::Another);
    }
    let mut arguments = Arguments::new().and(seen);
    document::push(&mut arguments, &point.sealing, meeting)?;
    arguments = arguments.and(&new.group).and(new.series);
    new.codes.iter().for_each(|code| arguments.push(code.as_slice()));
    let (word, mut answer) = point.write(&known, &REPLACE_SLIPS, &arguments).await?;
    match word.as_str() {
        "unknown_meeting" => return Ok(SlipsReplaced::Unknown),
        "now" => {
            let stored = Stored { meeting: meeting.clone(), epoch: answer.epoch.clone(), version: answer.version };
            point.take_over(&known, stored).await?;
            if before.version + 1 != answer.version {
                let summary = document::summary(meeting, answer.version)?;
                point.name("summary", meeting.id.as_bytes(), &summary).await?;
            }
            point.changed(&known);
            return Ok(SlipsReplaced::Now(answer.version));
        }
        "before" => {
            // This server may have stopped before it had them.
            let asked = SlipSeries { group: new.group.clone(), series: new.series, void: 0 };
            follow(point, &known, &[asked]).await?;
            return Ok(SlipsReplaced::Before);
        }
        _ => {}
    }
    let free = answer.number()?;
    for some in answer.list()?.chunks(NAMES_A_STEP) {
        point.forget(&meeting.id, "code", some).await?;
    }
    Ok(match word.as_str() {
        "free" => SlipsReplaced::SeatsFree(free),
        "not_now" => SlipsReplaced::NotNow,
        "stale" => {
            point.heard(&known);
            SlipsReplaced::Stale
        }
        _ => SlipsReplaced::Another,
    })
}

/// Lets all codes name the meeting, or none of them; false where one names another meeting.
async fn reserve(point: &Point, meeting: &str, codes: &[Digest]) -> Result<bool> {
    let known = point.known(LOOK_UPS).await?;
    let mut arguments = Arguments::new().and(meeting).and("").and("");
    for code in codes {
        arguments = arguments.and("code").and(code.as_slice());
    }
    Ok(point.write(&known, &RESERVE_NAMES, &arguments).await?.0 == "reserved")
}

/// The own copy has the codes of every series that a document names.
pub(super) async fn follow_document(point: &Point, known: &Arc<Known>, meeting: &Meeting) -> Result<()> {
    let of = |(group, series): (&String, &u32)| SlipSeries { group: group.clone(), series: *series, void: 0 };
    let series: Vec<SlipSeries> = meeting.slip_series.iter().map(of).collect();
    follow(point, known, &series).await
}

/// Takes over the codes of series that the own copy does not have: names of new ones are given, those of old ones forgotten,
/// and only then is it in the copy, so that whoever is cut off does it again.
pub(super) async fn follow(point: &Point, known: &Arc<Known>, series: &[SlipSeries]) -> Result<()> {
    if !is_behind(known, series) {
        return Ok(());
    }
    let _following = known.following.lock().await;
    if !is_behind(known, series) {
        return Ok(());
    }
    let (seats, _, found) = point.seats_links_and_series(known).await?;
    let own: BTreeMap<String, u32> =
        point.half.slip_series(&known.id).await?.into_iter().map(|own| (own.group, own.series)).collect();
    // What this server brings back in a moment is not behind.
    let found: Vec<SlipSeries> =
        found.into_iter().filter(|of| own.get(&of.group).is_none_or(|own| *own <= of.series)).collect();
    let is_followed = |seat: &&NewSeat| found.iter().any(|of| of.group == seat.entitled.group);
    let (old, _) = point.half.seats_and_links(&known.id).await?;
    let old: HashSet<Digest> = old.iter().filter(is_followed).map(|seat| seat.code).collect();
    let new: HashSet<Digest> = seats.iter().filter(is_followed).map(|seat| seat.code).collect();
    name(point, &known.id, new.difference(&old)).await?;
    let gone: Vec<Vec<u8>> = old.difference(&new).map(|code| code.to_vec()).collect();
    for some in gone.chunks(NAMES_A_STEP) {
        point.forget(&known.id, "code", some).await?;
    }
    point.half.follow_slips(&known.id, seats, found.clone()).await?;
    let mut state = known.state();
    for of in found.iter().chain(series) {
        let followed = state.slip_series.entry(of.group.clone()).or_default();
        *followed = of.series.max(*followed);
    }
    Ok(())
}

fn is_behind(known: &Known, series: &[SlipSeries]) -> bool {
    let state = known.state();
    series.iter().any(|of| state.slip_series.get(&of.group).is_none_or(|followed| *followed < of.series))
}

/// Lets codes name the meeting.
async fn name(point: &Point, meeting: &str, codes: impl Iterator<Item = &Digest>) -> Result<()> {
    let known = point.known(LOOK_UPS).await?;
    let codes: Vec<&Digest> = codes.collect();
    for some in codes.chunks(NAMES_A_STEP) {
        let mut arguments = Arguments::new();
        for code in some {
            arguments = arguments.and("code").and(code.as_slice()).and(meeting);
        }
        point.write(&known, &NAME_MEETINGS, &arguments).await?;
    }
    Ok(())
}
