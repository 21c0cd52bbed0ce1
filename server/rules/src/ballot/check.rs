//! Whether a cast may go into the box: every token, signature and answer, the sheet's commitment and the sheet rules.
//! It sees one batch and its manifest, and keeps nothing; whether a token was spent before is the box's to know.

use ed25519_dalek::{Signature, VerifyingKey};

use super::cast::{BadCast, Ballot, Batch, cast_message, commitment, commitment_of};
use super::frozen::Frozen;
use super::item::BoxItem;
use super::manifest::SHEET;
use super::opinion::Opinion;
use crate::form::ABSTAIN;
use crate::form::sheet_rules::SheetRow;

/// Checks a batch against the manifest of its round and hands back its ballots and then its opinions, in the order in which
/// they came.
///
/// What is cheap comes first, signatures and tokens last, so that a forged body costs little.
///
/// # Errors
/// The first reason found, as [`BadCast`] lists them.
pub fn check(frozen: &Frozen, batch: &Batch) -> Result<Vec<BoxItem>, BadCast> {
    if batch.m != *frozen.hash() {
        return Err(BadCast::OtherManifest);
    }
    let sheet = contests_are_whole(frozen, &batch.ballots)?;
    let committed = commitment_of(&sheet.answer).ok_or(BadCast::Answer(SHEET))?;
    let rows = || batch.ballots.iter().filter(|ballot| ballot.contest != SHEET);
    for row in rows() {
        row.mark().and_then(|mark| frozen.manifest().answer(row.contest, mark)).ok_or(BadCast::Answer(row.contest))?;
    }
    opinions_fit(frozen, batch)?;
    let leaves = rows().map(Ballot::leaf).chain(batch.opinions.iter().map(Opinion::leaf));
    if commitment(&batch.salt, leaves.collect()) != committed {
        return Err(BadCast::Commitment);
    }
    let sheet = rows().map(|row| SheetRow {
        mark: row.mark().filter(|mark| *mark != ABSTAIN),
        has_reason: batch.opinions.iter().any(|opinion| opinion.contest == row.contest),
    });
    let broken = frozen.manifest().sheet_rules.broken(&frozen.grades(), sheet);
    if !broken.is_empty() {
        return Err(BadCast::SheetRules(broken));
    }
    for ballot in &batch.ballots {
        check_ballot(frozen, ballot)?;
    }
    let ballots = batch.ballots.iter().cloned().map(BoxItem::Ballot);
    Ok(ballots.chain(batch.opinions.iter().cloned().map(BoxItem::Opinion)).collect())
}

/// Where opinions are asked for: at most one about each row that the batch holds. A row that is recused has none.
fn opinions_fit(frozen: &Frozen, batch: &Batch) -> Result<(), BadCast> {
    let mut seen = Vec::with_capacity(batch.opinions.len());
    for opinion in &batch.opinions {
        let has_row = batch.ballots.iter().any(|ballot| ballot.contest == opinion.contest);
        let fits = frozen.manifest().opinions && opinion.contest != SHEET && has_row;
        if !fits || seen.contains(&opinion.contest) {
            return Err(BadCast::Opinion(opinion.contest));
        }
        seen.push(opinion.contest);
    }
    Ok(())
}

/// Checks the token, the signature and the answer of one ballot, as a verifier does with each ballot of a record.
///
/// # Errors
/// The first reason found; never one that needs the rest of a batch.
pub fn check_ballot(frozen: &Frozen, ballot: &Ballot) -> Result<(), BadCast> {
    let key = frozen.key(ballot.contest, &ballot.group).ok_or(BadCast::UnknownContest(ballot.contest))?;
    if !is_answered(frozen, ballot) {
        return Err(BadCast::Answer(ballot.contest));
    }
    if !key.is_good(&ballot.pk, &ballot.token) {
        return Err(BadCast::Token(ballot.contest));
    }
    if is_signed(frozen, ballot) { Ok(()) } else { Err(BadCast::Signature(ballot.contest)) }
}

/// Whether the ballot says what a ballot of its contest may say.
#[must_use]
pub fn is_answered(frozen: &Frozen, ballot: &Ballot) -> bool {
    match ballot.contest {
        SHEET => commitment_of(&ballot.answer).is_some(),
        _ => ballot.mark().is_some_and(|mark| frozen.manifest().answer(ballot.contest, mark).is_some()),
    }
}

/// Whether the ballot's own key signed its answer, strictly: no weak key, no second spelling of a signature.
#[must_use]
pub fn is_signed(frozen: &Frozen, ballot: &Ballot) -> bool {
    let message = cast_message(frozen.hash(), ballot.contest, &ballot.group, &ballot.answer);
    VerifyingKey::from_bytes(&ballot.pk)
        .is_ok_and(|key| key.verify_strict(&message, &Signature::from_bytes(&ballot.signature)).is_ok())
}

/// One group; every contest once, but for one row at most where the group recuses. Answers the sheet.
fn contests_are_whole<'a>(frozen: &Frozen, ballots: &'a [Ballot]) -> Result<&'a Ballot, BadCast> {
    let manifest = frozen.manifest();
    let name = &ballots.first().ok_or(BadCast::ContestMissing)?.group;
    let group = manifest.groups.iter().find(|group| group.id == *name).ok_or(BadCast::Group)?;
    let row_count = manifest.contests.len();
    let mut seen = vec![false; row_count + 1];
    for ballot in ballots {
        if ballot.group != *name {
            return Err(BadCast::Group);
        }
        match seen.get_mut(usize::from(ballot.contest)) {
            None => return Err(BadCast::UnknownContest(ballot.contest)),
            Some(true) => return Err(BadCast::ContestTwice(ballot.contest)),
            Some(new) => *new = true,
        }
    }
    // A sheet without a row would be no sheet: who may mark none gets no paper.
    let recused_max = usize::from(group.recuses && row_count > 1);
    let sheet = ballots.iter().find(|ballot| ballot.contest == SHEET);
    sheet.filter(|_| ballots.len() + recused_max > row_count).ok_or(BadCast::ContestMissing)
}
