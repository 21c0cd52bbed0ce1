//! Checks 10 to 14: papers, histograms, scores, the record's signature, small groups. All on integers and exact rationals.

use super::{Check, Fault, RecordPlace};
use crate::ballot::edition::Edition;
use crate::ballot::frozen::Frozen;
use crate::ballot::manifest::{GroupColumns, Manifest};
use crate::ballot::opinion::most_of_a_sheet;
use crate::ballot::record::{self, Counted, RecordFile, RecordHead, TallyPart, TallyRow, published, rows_told, told};
use crate::scoring::{GroupCount, Published, SmallGroupPolicy, SubjectCount};

/// Checks 10 to 14 in this order. `counted` is nothing in a sealed record.
pub(super) fn check(
    frozen: &Frozen,
    file: &RecordFile<'_>,
    counted: Option<&Counted>,
    leaves: usize,
) -> Result<(), Fault> {
    let manifest = frozen.manifest();
    let head = &file.head;
    papers(manifest, head, counted, leaves)?;
    opinions(manifest, file, counted)?;
    if let Some(tally) = &head.tally {
        match counted {
            Some(counted) => histograms(frozen, counted, tally)?,
            None => sealed_histograms(frozen, tally, leaves)?,
        }
        let of_tally = counts_of(manifest, tally);
        let rows = counted.map(|counted| (&counted.rows, &counted.returned)).or(of_tally.as_ref().map(|(r, s)| (r, s)));
        let published = rows.map(|(rows, returned)| published(frozen, rows, returned));
        if let Some(published) = &published {
            scores(published, tally, head.imported.is_some())?;
        }
        totals(manifest, head, tally)?;
    }
    if !record::is_signed(frozen.box_key(), frozen.hash(), &file.root, &head.hash(), &file.box_sig) {
        return Err(Check::RecordSignature.into());
    }
    small_groups(frozen, head, counted)
}

fn in_group(check: Check, group: &str, contest: Option<u16>) -> Fault {
    Fault::at(check, RecordPlace::Group(group.to_owned(), contest))
}

fn papers(manifest: &Manifest, head: &RecordHead, counted: Option<&Counted>, leaves: usize) -> Result<(), Fault> {
    let fault = |group: &str, contest| Err(in_group(Check::Papers, group, contest));
    for (at, issuance) in head.issuance.iter().enumerate() {
        let group = &issuance.g;
        let on_paper = head.paper.get(group);
        let issued = u64::from(issuance.issued) + u64::from(on_paper.map_or(0, |paper| paper.issued));
        if issued > u64::from(issuance.eligible) + u64::from(issuance.reissued) {
            return fault(group, None);
        }
        if let Some(counted) = counted {
            let sheets = counted.sheets[at];
            if sheets > issuance.issued {
                return fault(group, None);
            }
            for (contest, groups) in (1..).zip(&counted.phone) {
                if groups[at].ballots() > sheets {
                    return fault(group, Some(contest));
                }
            }
        }
        let Some(paper) = on_paper else { continue };
        if paper.invalid > paper.returned || paper.returned > paper.issued {
            return fault(group, None);
        }
        let valid = u64::from(paper.valid());
        let mut recused = 0;
        for row in &paper.rows {
            let told = row.recused.map(u64::from);
            if row.rows() + told.unwrap_or_default() > valid || told.is_some_and(|told| row.rows() + told != valid) {
                return fault(group, Some(row.c));
            }
            recused += valid - row.rows();
        }
        if paper.recused.is_some_and(|told| u64::from(told) != recused) {
            return fault(group, None);
        }
    }
    let sum = |count: fn(&record::Issuance) -> u32| head.issuance.iter().map(|it| u64::from(count(it))).sum::<u64>();
    let of_a_sheet = manifest.contests.len() as u64 + 1 + opinions_of_a_sheet(manifest);
    let too_many = counted.is_none() && leaves as u64 > sum(|it| it.issued) * of_a_sheet;
    if too_many || sum(|it| it.reissued) > u64::from(manifest.reissues_max) {
        return Err(Check::Papers.into());
    }
    Ok(())
}

/// How many opinions come with one sheet at most.
fn opinions_of_a_sheet(manifest: &Manifest) -> u64 {
    if manifest.opinions { most_of_a_sheet(manifest.contests.len()) as u64 } else { 0 }
}

/// No more opinions than the sheets of phones can have brought.
fn opinions(manifest: &Manifest, file: &RecordFile<'_>, counted: Option<&Counted>) -> Result<(), Fault> {
    let (Some(opinions), Some(counted)) = (&file.opinions, counted) else { return Ok(()) };
    let sheets: u64 = counted.sheets.iter().copied().map(u64::from).sum();
    if opinions.len() as u64 > sheets * opinions_of_a_sheet(manifest) { Err(Check::Papers.into()) } else { Ok(()) }
}

fn histograms(frozen: &Frozen, counted: &Counted, tally: &TallyPart) -> Result<(), Fault> {
    let sheets = &tally.sheets;
    let by_group = sheets.groups.iter().flatten().zip(counted.returned.iter().zip(&counted.invalid));
    let sheets_hold = sheets.returned == counted.returned.iter().sum::<u32>()
        && sheets.invalid == counted.invalid.iter().sum::<u32>()
        && sheets.recused.is_none_or(|told| told == counted.all_recused())
        && by_group
            .into_iter()
            .all(|(told, (returned, invalid))| told.returned == *returned && told.invalid == *invalid);
    if !sheets_hold {
        return Err(Check::Histograms.into());
    }
    for (row, count) in tally.rows.iter().zip(&counted.rows) {
        let mut groups = row.groups.iter().flatten().zip(&count.groups);
        let is_total = !row.tells_counts() || Told::of_row(row).is_of(frozen, &count.total());
        let holds = is_total && groups.all(|(told, group)| Told::of_group(told).is_of(frozen, group));
        if !holds {
            return Err(Fault::at(Check::Histograms, RecordPlace::Contest(row.c)));
        }
    }
    Ok(())
}

/// What a sealed record's figures must say among themselves.
fn sealed_histograms(frozen: &Frozen, tally: &TallyPart, leaves: usize) -> Result<(), Fault> {
    let (manifest, edition) = (frozen.manifest(), frozen.edition());
    let sheets = &tally.sheets;
    let sum = |counts: &mut dyn Iterator<Item = u32>| counts.map(u64::from).sum::<u64>();
    if let Some(groups) = &sheets.groups {
        let returned = sum(&mut groups.iter().map(|group| group.returned));
        let invalid = sum(&mut groups.iter().map(|group| group.invalid));
        let holds = returned == u64::from(sheets.returned) && invalid == u64::from(sheets.invalid);
        if !holds || groups.iter().any(|group| group.invalid > group.returned) {
            return Err(Check::Histograms.into());
        }
    }
    if sheets.invalid > sheets.returned {
        return Err(Check::Histograms.into());
    }
    let mut ballots = u64::from(sheets.returned) * (1 + opinions_of_a_sheet(manifest));
    let mut recused = 0;
    for row in &tally.rows {
        let fault = || Fault::at(Check::Histograms, RecordPlace::Contest(row.c));
        if !row.tells_counts() {
            // Every sheet has one ballot for it at most.
            ballots += u64::from(sheets.returned);
            continue;
        }
        let total = Told::of_row(row);
        ballots += total.ballots(manifest);
        // From the second edition on a row may have fewer ballots than there are valid sheets: of whom it is recused.
        let adds_up = |told: &Told<'_>, valid: u64| {
            told.items_agree(manifest)
                && if edition == Edition::First {
                    told.rows(manifest) == valid
                } else {
                    told.ballots(manifest) <= valid
                }
        };
        let valid = u64::from(sheets.returned - sheets.invalid);
        if !adds_up(&total, valid) {
            return Err(fault());
        }
        recused += valid - total.ballots(manifest);
        let Some(groups) = &row.groups else { continue };
        let counts: Vec<Told<'_>> = groups.iter().map(Told::of_group).collect();
        let sums = |count: &dyn Fn(&Told<'_>) -> u32| counts.iter().map(|group| u64::from(count(group))).sum::<u64>();
        let marks_hold = (0..row.marks.len()).all(|at| sums(&|group| group.marks[at]) == u64::from(row.marks[at]));
        let others_hold = (0..3).all(|at| sums(&|group| group.others[at]) == u64::from(total.others[at]));
        let mut valid = sheets.groups.iter().flatten().map(|group| u64::from(group.returned - group.invalid));
        let mut group_holds = |told: &Told<'_>| match valid.next() {
            Some(valid) => adds_up(told, valid),
            None => told.items_agree(manifest),
        };
        let groups_hold = counts.iter().all(&mut group_holds);
        if !(marks_hold && others_hold && groups_hold) {
            return Err(fault());
        }
    }
    let is_sum = sheets.recused.is_none_or(|told| u64::from(told) == recused);
    if leaves as u64 > ballots || !is_sum { Err(Check::Histograms.into()) } else { Ok(()) }
}

/// The counts that a tally tells, where it hides no group. Rows of several items are counted row by row, which no tally tells.
fn counts_of(manifest: &Manifest, tally: &TallyPart) -> Option<(Vec<SubjectCount>, Vec<u32>)> {
    if !manifest.items.is_empty() {
        return None;
    }
    let returned = tally.sheets.groups.as_ref()?.iter().map(|group| group.returned).collect();
    let count = |group: &record::TallyGroup| {
        // Whom a row is recused of weighs nothing.
        let record::TallyGroup { marks, abstained, recused, void, .. } = group.clone();
        GroupCount { marks, abstained, recused: recused.unwrap_or_default(), void, ..GroupCount::default() }
    };
    let row = |row: &TallyRow| {
        let groups = row.groups.as_ref()?.iter().map(count).collect();
        Some(SubjectCount { subject: row.c, groups })
    };
    Some((tally.rows.iter().map(row).collect::<Option<_>>()?, returned))
}

/// Totals follow from the printed scores, whatever else is told; where there are any, the suggested grades do.
fn totals(manifest: &Manifest, head: &RecordHead, tally: &TallyPart) -> Result<(), Fault> {
    let rules = record::rules(manifest).unwrap_or_default();
    let Some(imported) = &head.imported else { return Ok(()) };
    let totals = record::totals(&rules, imported, &tally.rows).unwrap_or_default();
    let holds = |row: &TallyRow, total: &crate::scoring::Combined| {
        row.total == total.total && row.total_rank == total.rank && row.suggested_grade == total.suggested_grade
    };
    let wrong = tally.rows.iter().zip(&totals).find(|(row, total)| !holds(row, total));
    wrong.map_or(Ok(()), |(row, _)| Err(Fault::at(Check::Scores, RecordPlace::Contest(row.c))))
}

fn scores(published: &Published, tally: &TallyPart, combines: bool) -> Result<(), Fault> {
    let figures = published.table.subjects.iter().zip(&published.shows_groups);
    for (row, (figures, shows)) in tally.rows.iter().zip(figures) {
        let means = row.groups.iter().flatten().zip(&figures.groups);
        let holds = row.score == figures.score
            && row.rank == figures.rank
            && (combines || row.suggested_grade == figures.suggested_grade)
            && row.top_rate_percent == figures.top_rate_percent
            && (!shows || means.into_iter().all(|(told, group)| told.mean == group.mean));
        if !holds {
            return Err(Fault::at(Check::Scores, RecordPlace::Contest(row.c)));
        }
    }
    Ok(())
}

fn small_groups(frozen: &Frozen, head: &RecordHead, counted: Option<&Counted>) -> Result<(), Fault> {
    let manifest = frozen.manifest();
    let fault = |place| Err(Fault::at(Check::SmallGroups, place));
    if counted.is_none() && !head.paper.is_empty() {
        return fault(RecordPlace::Whole);
    }
    // A record is sealed only where a rule asks for it.
    if head.sealed.as_ref().is_some_and(|named| !record::reasons_fit(manifest, head.tally.as_ref(), named)) {
        return fault(RecordPlace::Whole);
    }
    let Some(tally) = &head.tally else { return Ok(()) };
    let policy =
        SmallGroupPolicy { k_min: manifest.k_min, totals_only: manifest.group_columns == GroupColumns::TotalsOnly };
    if let Some(counted) = counted {
        let published = counted.published(frozen);
        if tally.sheets.groups.is_some() != published.shows_sheets {
            return fault(RecordPlace::Whole);
        }
        let shows = published.shows_groups.iter().zip(&published.shows_totals);
        let is_right = |row: &TallyRow, (groups, totals): (&bool, &bool)| {
            row.groups.is_some() == *groups && row.tells_counts() == *totals
        };
        let mut rows = tally.rows.iter().zip(shows);
        let wrong = rows.find(|(row, shows)| !is_right(row, *shows));
        return wrong.map_or(Ok(()), |(row, _)| fault(RecordPlace::Contest(row.c)));
    }
    // Which figures a sealed record hides is not to be known; those that it tells must be fit to be told.
    let sheets = tally.sheets.groups.iter().flatten().map(|group| u64::from(group.returned));
    let tells_sheets = tally.sheets.groups.is_some();
    if tells_sheets && (policy.totals_only || sheets.into_iter().any(|sheets| policy.is_small(sheets))) {
        return fault(RecordPlace::Whole);
    }
    for row in &tally.rows {
        if row.tells_counts() && policy.is_small(Told::of_row(row).ballots(manifest)) {
            return fault(RecordPlace::Contest(row.c));
        }
        let Some(groups) = &row.groups else { continue };
        if !tells_sheets || groups.iter().any(|group| policy.is_small(Told::of_group(group).ballots(manifest))) {
            return fault(RecordPlace::Contest(row.c));
        }
    }
    Ok(())
}

/// The counts of a row or of one of its groups, as the tally tells them.
struct Told<'a> {
    marks: &'a [u32],
    /// Abstained, recused (0 where a row does not tell it) and void.
    others: [u32; 3],
}

impl<'a> Told<'a> {
    fn of_row(row: &'a TallyRow) -> Self {
        Self { marks: &row.marks, others: [row.abstained, row.recused.unwrap_or_default(), row.void] }
    }

    fn of_group(group: &'a record::TallyGroup) -> Self {
        Self { marks: &group.marks, others: [group.abstained, group.recused.unwrap_or_default(), group.void] }
    }

    fn is_of(&self, frozen: &Frozen, count: &GroupCount) -> bool {
        let recused = if frozen.edition() == Edition::First { count.recused } else { 0 };
        self.marks == told(frozen.manifest(), count) && self.others == [count.abstained, recused, count.void]
    }

    fn ballots(&self, manifest: &Manifest) -> u64 {
        let [abstained, _, void] = self.others;
        rows_told(manifest, self.marks) + u64::from(abstained) + u64::from(void)
    }

    /// Recused rows included.
    fn rows(&self, manifest: &Manifest) -> u64 {
        self.ballots(manifest) + u64::from(self.others[1])
    }

    /// Every item has one count for each row.
    fn items_agree(&self, manifest: &Manifest) -> bool {
        let rows = rows_told(manifest, self.marks);
        let of_items = self.marks.chunks(manifest.scale.len() + 1);
        manifest.items.is_empty()
            || of_items.into_iter().all(|counts| counts.iter().copied().map(u64::from).sum::<u64>() == rows)
    }
}
