//! Check 3: the record tells what a record tells, for the groups and contests of its manifest, and nothing else.

use super::{Check, Fault, RecordPlace};
use crate::ballot::edition::Edition;
use crate::ballot::manifest::Manifest;
use crate::ballot::record::{self, COUNT_MAX, LEFT_OUT_MAX, PaperGroup, RecordFile, RecordHead, TallyPart, TallyRow};
use crate::ballot::text;
use crate::form::Answer;

/// The manifest, once everything but the ballots has its form.
pub(super) fn manifest(file: &RecordFile<'_>) -> Result<Manifest, Fault> {
    let manifest = Manifest::read(file.manifest).map_err(|_| Check::Form)?;
    let edition = Edition::of_manifest(&manifest.format).ok_or(Check::Form)?;
    let head = &file.head;
    let tells_reasons = edition != Edition::First && file.ballots.is_none();
    let holds = head.format == edition.record()
        && head.sealed.is_some() == tells_reasons
        && record::rules(&manifest).is_some()
        && issuance_fits(&manifest, head)
        && left_out_fits(head)
        && head.paper.iter().all(|(group, paper)| has_group(&manifest, group) && paper_fits(edition, &manifest, paper))
        && record::imported_fits(&manifest, head.imported.as_deref(), head.tally.as_ref())
        && head.tally.as_ref().map_or(file.ballots.is_none(), |tally| tally_fits(edition, &manifest, tally));
    if holds { Ok(manifest) } else { Err(Fault::at(Check::Form, RecordPlace::Whole)) }
}

fn has_group(manifest: &Manifest, id: &str) -> bool {
    manifest.groups.iter().any(|group| group.id == id)
}

fn are_groups<'a>(manifest: &Manifest, ids: impl ExactSizeIterator<Item = &'a String>) -> bool {
    ids.len() == manifest.groups.len() && ids.zip(&manifest.groups).all(|(id, group)| *id == group.id)
}

fn are_contests(manifest: &Manifest, numbers: impl ExactSizeIterator<Item = u16>) -> bool {
    numbers.len() == manifest.contests.len() && numbers.zip(&manifest.contests).all(|(c, contest)| c == contest.c)
}

fn issuance_fits(manifest: &Manifest, head: &RecordHead) -> bool {
    let small = |count: u32| count <= COUNT_MAX;
    are_groups(manifest, head.issuance.iter().map(|issuance| &issuance.g))
        && head.issuance.iter().all(|it| small(it.eligible) && small(it.issued) && small(it.reissued))
}

fn left_out_fits(head: &RecordHead) -> bool {
    let servers = &head.left_out;
    let fits = |server: &record::LeftOut| {
        (1..=64).contains(&server.server.len())
            && server.server.bytes().all(|sign| sign.is_ascii_alphanumeric() || b"-_".contains(&sign))
            // What a server is called is no text of a manifest.
            && text::fits(Edition::First, &server.name, 0, 80)
            && server.sheets <= COUNT_MAX
    };
    servers.len() <= LEFT_OUT_MAX
        && servers.iter().all(fits)
        && servers.windows(2).all(|pair| pair[0].server < pair[1].server)
}

fn paper_fits(edition: Edition, manifest: &Manifest, paper: &PaperGroup) -> bool {
    let marks = manifest.scale.len();
    let small = |count: u32| count <= COUNT_MAX;
    // In the first edition each row tells who leads its subject, and an account of nothing is one.
    let by_row = edition == Edition::First;
    let is_there = by_row || paper.issued > 0 || paper.returned > 0;
    let is_row = |c: u16, answer: &str| matches!(manifest.answer(c, answer), Some(Answer::Items(_)));
    is_there
        && paper.recused.is_some() != by_row
        && paper
            .recused
            .is_none_or(|recused| u64::from(recused) <= u64::from(COUNT_MAX) * manifest.contests.len() as u64)
        && small(paper.issued)
        && small(paper.returned)
        && small(paper.invalid)
        && are_contests(manifest, paper.rows.iter().map(|row| row.c))
        && paper.rows.iter().all(|row| {
            let others = [row.abstained, row.recused.unwrap_or_default(), row.void];
            let has_its_form = match manifest.items.is_empty() {
                true => row.marks.len() == marks && row.answers.is_empty(),
                false => {
                    row.marks.is_empty() && row.answers.iter().all(|(answer, rows)| is_row(row.c, answer) && *rows > 0)
                }
            };
            let mut counts = row.marks.iter().chain(row.answers.values()).chain(&others);
            has_its_form && row.recused.is_some() == by_row && counts.all(|count| small(*count))
        })
}

fn tally_fits(edition: Edition, manifest: &Manifest, tally: &TallyPart) -> bool {
    let by_row = edition == Edition::First;
    // Over all rows, and only where all of them are told: else the others would tell the one that is not.
    let tells_recused = !by_row && tally.rows.iter().all(TallyRow::tells_counts);
    let marks = match manifest.items.len() {
        0 => manifest.scale.len(),
        items => items * (manifest.scale.len() + 1),
    };
    let row_fits = |row: &TallyRow| {
        let others = [row.abstained, row.recused.unwrap_or_default(), row.void];
        let is_silent = row.marks.is_empty() && row.groups.is_none() && others == [0; 3];
        (row.marks.len() == marks || is_silent)
            && row.recused.is_some() == by_row
            && row.groups.as_ref().is_none_or(|groups| {
                are_groups(manifest, groups.iter().map(|group| &group.g))
                    && groups.iter().all(|group| group.marks.len() == marks && group.recused.is_some() == by_row)
            })
    };
    are_contests(manifest, tally.rows.iter().map(|row| row.c))
        && tally.rows.iter().all(row_fits)
        && tally.sheets.recused.is_some() == tells_recused
        && tally.sheets.groups.as_ref().is_none_or(|groups| are_groups(manifest, groups.iter().map(|group| &group.g)))
}
