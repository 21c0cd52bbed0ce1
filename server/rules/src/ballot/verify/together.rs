//! Check 16: a public record and the whole one of the scrutineers are one count. What is public is then exactly what follows from
//! the ballots, though nobody who has only the public file could tell.

use super::{Check, Checked, Fault, RecordPlace, Summary, checked};
use crate::ballot::edition::Edition;
use crate::ballot::record::{RecordFile, reasons_of};
use crate::ballot::sha256;

/// Checks a public record, the whole one, and that both are one count; then a phone's proof.
///
/// # Errors
/// The [`Fault`]: that of the public record first, then that of the whole one, then check 16 with the first member that differs.
pub fn verify_with_whole(
    public: &[u8],
    whole: &[u8],
    proof: Option<&[u8]>,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<Summary, Fault> {
    let (public, digest) = {
        let public = checked(public, progress)?;
        let whole = checked(whole, progress).map_err(|fault| Fault { in_whole: true, ..fault })?;
        if let Some(place) = difference(&public, &whole) {
            return Err(Fault::at(Check::OneCount, place));
        }
        (public, sha256(&[whole.bytes]))
    };
    Ok(Summary { whole: Some(digest), ..public.summary(proof)? })
}

/// The first thing in which the public record is not the one that follows from the whole one.
fn difference(public: &Checked<'_>, whole: &Checked<'_>) -> Option<RecordPlace> {
    let Some(counted) = &whole.counted else { return Some(RecordPlace::Member("ballots")) };
    let (of_public, of_whole) = (&public.file.head, &whole.file.head);
    // All that is public of every record, whoever the result is for.
    let members = [
        ("manifest", public.file.manifest == whole.file.manifest),
        ("leaves", public.leaves == whole.leaves && public.file.root == whole.file.root),
        ("issuance", of_public.issuance == of_whole.issuance),
        ("left_out", of_public.left_out == of_whole.left_out),
        ("sealed", is_of_the_right_kind(public, &reasons_of(&whole.frozen, counted))),
        ("paper", public.counted.is_none() || of_public.paper == of_whole.paper),
        ("imported", of_public.tally.is_none() || of_public.imported == of_whole.imported),
    ];
    if let Some((member, _)) = members.into_iter().find(|(_, is_same)| !is_same) {
        return Some(RecordPlace::Member(member));
    }
    // The tally of the whole one was counted again: the public one is the same or, where the result was not released, none.
    tally_difference(&public.file, &whole.file)
}

/// Whether ballots are told where no rule asks to hold them back, and nowhere else; and the reasons are those that there are.
fn is_of_the_right_kind(public: &Checked<'_>, reasons: &[crate::ballot::record::Reason]) -> bool {
    let head = &public.file.head;
    match (&public.counted, &head.tally) {
        (Some(_), _) => reasons.is_empty(),
        (None, None) => true,
        // Records of the first edition name no reasons, and some were sealed without one.
        (None, Some(_)) if public.frozen.edition() == Edition::First => true,
        (None, Some(_)) => head.sealed.as_deref() == Some(reasons),
    }
}

fn tally_difference(public: &RecordFile<'_>, whole: &RecordFile<'_>) -> Option<RecordPlace> {
    let (told, right) = public.head.tally.as_ref().zip(whole.head.tally.as_ref())?;
    let mut rows = told.rows.iter().zip(&right.rows);
    if let Some((row, _)) = rows.find(|(told, right)| told != right) {
        return Some(RecordPlace::Contest(row.c));
    }
    (told != right).then_some(RecordPlace::Member("tally"))
}
