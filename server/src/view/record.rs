//! Which record of a round who may have. The record tells every figure, so it is released with the scores and not before.

use std::collections::BTreeMap;

use pingyi_rules::ballot::record::{
    ImportedRow, Issuance, LeftOut, PaperGroup, PaperRow, RecordAudience, RecordInputs,
};
use pingyi_rules::meeting::plan::Publication;
use pingyi_rules::meeting::{Round, RoundState};

/// What everybody may download, without a session.
#[must_use]
pub fn for_everybody(round: &Round) -> Option<RecordAudience> {
    match (round.state, round.publication) {
        (RoundState::Published, Some(publication)) => Some(at(publication)),
        _ => None,
    }
}

/// What everybody may download once a round is published to this audience.
#[must_use]
pub fn at(publication: Publication) -> RecordAudience {
    match publication {
        Publication::HallScores => RecordAudience::Public,
        // Phones can look for their own ballots in any case; figures are for whom the chair released them to.
        Publication::Held
        | Publication::Chair
        | Publication::Leaders
        | Publication::EachOwn
        | Publication::HallGrades => RecordAudience::Withheld,
    }
}

/// What scrutineers may download, from their own certificate on.
#[must_use]
pub fn for_scrutineers(round: &Round) -> Option<RecordAudience> {
    matches!(round.state, RoundState::Certified | RoundState::Published).then_some(RecordAudience::Whole)
}

/// What a round's record tells beside manifest and ballots: head counts, and the servers that the count did not wait for.
#[must_use]
pub fn inputs(round: &Round) -> RecordInputs {
    let accounts = round.accounting.iter().flat_map(|accounting| &accounting.groups);
    let of = |account: &pingyi_rules::meeting::GroupAccount| Issuance {
        g: account.group.clone(),
        eligible: account.entitled,
        issued: account.issued - account.paper_issued + account.reissued,
        reissued: account.reissued,
    };
    let left_out = |left: &pingyi_rules::meeting::round::LeftOutServer| LeftOut {
        name: left.name.clone(),
        server: left.server.clone(),
        sheets: left.sheets,
    };
    let mut servers: Vec<LeftOut> = round.closed_without.iter().map(left_out).collect();
    servers.sort_by(|one, other| one.server.cmp(&other.server));
    RecordInputs {
        issuance: accounts.map(of).collect(),
        left_out: servers,
        paper: paper(round),
        imported: imported(round),
    }
}

/// What was imported of each contest: one a subject, in the order of the sheet.
fn imported(round: &Round) -> Vec<ImportedRow> {
    let of = |(c, subject): (u16, &u16)| {
        let row = round.imported.iter().find(|row| row.subject == *subject)?;
        let pingyi_rules::scoring::Imported { components, adjustment, best_band, .. } = row.clone();
        Some(ImportedRow { adjustment, best_band, c, components })
    };
    (1u16..).zip(&round.subjects).filter_map(of).collect()
}

/// The paper of each group that had any; invalid sheets are invalid as a whole, so no row is void.
fn paper(round: &Round) -> BTreeMap<String, PaperGroup> {
    let row = |(c, row): (u16, &pingyi_rules::meeting::paper::PaperMarks)| PaperRow {
        answers: row.answers.clone(),
        c,
        marks: row.marks.clone(),
        abstained: row.abstained,
        recused: Some(row.recused),
        void: 0,
    };
    let counted = round.paper.counted.iter().flatten();
    counted
        .map(|(group, count)| {
            let issued = round.paper.issued_to(std::slice::from_ref(group));
            let rows = (1u16..).zip(&count.rows).map(row).collect();
            (
                group.clone(),
                PaperGroup { issued, returned: count.returned, invalid: count.invalid, recused: None, rows },
            )
        })
        .collect()
}
