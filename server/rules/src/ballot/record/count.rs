//! Ballots become counts, and counts the published tally, by the manifest's own rules. Nothing here knows a seat.

use std::collections::BTreeMap;

use super::{PaperGroup, SheetCounts, SheetsOfGroup, TallyGroup, TallyPart, TallyRow};
use crate::ballot::manifest::{GroupColumns, Manifest, SHEET};
use crate::ballot::{Ballot, Edition, Frozen};
use crate::form::Answer;
use crate::form::Mark;
use crate::scoring::{GroupCount, GroupWeight, Published, Rules, SmallGroupPolicy, SubjectCount, Worth, publish};

/// What a box and the paper sheets hold together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    /// Sheets returned on phones, by group in the manifest's order.
    pub sheets: Vec<u32>,
    /// Ballots of phones by contest from 1 on, then by group.
    pub phone: Vec<Vec<ContestCount>>,
    /// Sheets returned in all, by group.
    pub returned: Vec<u32>,
    /// Of them invalid, by group.
    pub invalid: Vec<u32>,
    /// The counts of every contest, as they are scored; `subject` is the contest.
    pub rows: Vec<SubjectCount>,
}

/// The ballots of one group in one contest.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContestCount {
    /// By mark in the order of the scale, blank rows last; of the sheet one number. Where rows have several items: blank rows alone.
    pub marks: Vec<u32>,
    /// Rows of several items by [`crate::scoring::ItemRows::row`].
    pub item_rows: BTreeMap<String, u32>,
}

impl ContestCount {
    /// How many ballots there are.
    #[must_use]
    pub fn ballots(&self) -> u32 {
        self.marks.iter().chain(self.item_rows.values()).sum()
    }

    /// Puts others beside these.
    pub(crate) fn add(&mut self, others: &Self) {
        self.marks.iter_mut().zip(&others.marks).for_each(|(sum, count)| *sum += count);
        for (row, count) in &others.item_rows {
            *self.item_rows.entry(row.clone()).or_default() += count;
        }
    }
}

/// Counts a ballot in its place; false where the manifest has none for it.
pub fn put(manifest: &Manifest, ballot: &Ballot, counts: &mut [Vec<ContestCount>]) -> bool {
    let group = manifest.groups.iter().position(|group| group.id == ballot.group);
    let cells = counts.get_mut(usize::from(ballot.contest));
    let Some(cell) = group.zip(cells).and_then(|(group, cells)| cells.get_mut(group)) else { return false };
    let answer = ballot.mark().and_then(|mark| manifest.answer(ballot.contest, mark));
    match answer {
        _ if ballot.contest == SHEET => cell.marks.iter_mut().for_each(|sheets| *sheets += 1),
        Some(Answer::Blank) => cell.marks.iter_mut().next_back().into_iter().for_each(|blank| *blank += 1),
        Some(Answer::Mark(place)) => cell.marks.get_mut(place).into_iter().for_each(|mark| *mark += 1),
        Some(Answer::Items(row)) => *cell.item_rows.entry(row).or_default() += 1,
        None => return false,
    }
    true
}

/// An empty count: `[contest][group]`, contest 0 being the sheets with one number.
#[must_use]
pub(crate) fn nothing(manifest: &Manifest) -> Vec<Vec<ContestCount>> {
    let marks = if manifest.items.is_empty() { manifest.scale.len() + 1 } else { 1 };
    let count = |contest: usize| ContestCount {
        marks: vec![0; if contest == 0 { 1 } else { marks }],
        ..ContestCount::default()
    };
    (0..=manifest.contests.len()).map(|contest| vec![count(contest); manifest.groups.len()]).collect()
}

/// The marks of a count as a record tells them: by mark, or for each item by mark and then those that leave it empty.
#[must_use]
pub(in crate::ballot) fn told(manifest: &Manifest, count: &GroupCount) -> Vec<u32> {
    if manifest.items.is_empty() {
        return count.marks.clone();
    }
    count.item_marks(manifest.items.len(), manifest.scale.len()).concat()
}

/// How many marked rows such marks are of.
#[must_use]
pub(in crate::ballot) fn rows_told(manifest: &Manifest, marks: &[u32]) -> u64 {
    let of_one_item = if manifest.items.is_empty() { marks.len() } else { manifest.scale.len() + 1 };
    marks.iter().take(of_one_item).copied().map(u64::from).sum()
}

/// Counts ballots that were checked; one that the manifest has no place for is left out.
#[must_use]
pub fn counted(frozen: &Frozen, paper: &BTreeMap<String, PaperGroup>, ballots: &[Ballot]) -> Counted {
    let manifest = frozen.manifest();
    let mut counts = nothing(manifest);
    for ballot in ballots {
        put(manifest, ballot, &mut counts);
    }
    Counted::new(manifest, counts, paper)
}

impl Counted {
    /// Puts counts of phones and paper together.
    #[must_use]
    pub(crate) fn new(
        manifest: &Manifest,
        mut counts: Vec<Vec<ContestCount>>,
        paper: &BTreeMap<String, PaperGroup>,
    ) -> Self {
        let phone = counts.split_off(1);
        let sheets: Vec<u32> = counts.iter().flatten().map(ContestCount::ballots).collect();
        let papers: Vec<Option<&PaperGroup>> = manifest.groups.iter().map(|group| paper.get(&group.id)).collect();
        let rows = manifest.contests.iter().zip(&phone).map(|(contest, groups)| SubjectCount {
            subject: contest.c,
            groups: groups
                .iter()
                .zip(&papers)
                .zip(&sheets)
                .map(|((cast, paper), sheets)| together(manifest, contest.c, cast, *paper, *sheets))
                .collect(),
        });
        let rows = rows.collect();
        let of_paper =
            |count: fn(&PaperGroup) -> u32| -> Vec<u32> { papers.iter().map(|paper| paper.map_or(0, count)).collect() };
        let on_paper = of_paper(|paper| paper.returned);
        let returned = sheets.iter().zip(&on_paper).map(|(phone, paper)| phone + paper).collect();
        Self { returned, invalid: of_paper(|paper| paper.invalid), sheets, phone, rows }
    }

    /// Whether phones or paper of a group alone are too few ballots of a row: a whole record tells them apart.
    pub(super) fn has_small_channel(&self, frozen: &Frozen) -> bool {
        let policy = SmallGroupPolicy { k_min: frozen.manifest().k_min, totals_only: false };
        let mut cells = self.rows.iter().zip(&self.phone).flat_map(|(row, phone)| row.groups.iter().zip(phone));
        cells.any(|(all, cast)| {
            let on_phones = u64::from(cast.ballots());
            policy.is_small(on_phones) || policy.is_small(all.ballots().saturating_sub(on_phones))
        })
    }

    /// The finished figures, and what of them may be told.
    #[must_use]
    pub fn published(&self, frozen: &Frozen) -> Published {
        published(frozen, &self.rows, &self.returned)
    }

    /// Recused rows of all contests, as sheets tell them: not where one contest is not told, because the others would tell it.
    fn recused(&self, edition: Edition, published: &Published) -> Option<u32> {
        let is_told = edition != Edition::First && published.shows_totals.iter().all(|shows| *shows);
        is_told.then(|| self.all_recused())
    }

    /// Recused rows of all contests and groups.
    pub(in crate::ballot) fn all_recused(&self) -> u32 {
        self.rows.iter().flat_map(|row| &row.groups).fold(0, |sum: u32, count| sum.saturating_add(count.recused))
    }

    /// The tally as the record tells it.
    #[must_use]
    pub fn tally(&self, frozen: &Frozen) -> TallyPart {
        let published = self.published(frozen);
        let manifest = frozen.manifest();
        let groups = &manifest.groups;
        let by_row = |recused: u32| (frozen.edition() == Edition::First).then_some(recused);
        let of_groups = groups.iter().zip(&self.returned).zip(&self.invalid).map(|((group, returned), invalid)| {
            SheetsOfGroup { g: group.id.clone(), returned: *returned, invalid: *invalid }
        });
        let shows = published.shows_groups.iter().zip(&published.shows_totals);
        let figures = published.table.subjects.iter().zip(shows);
        let rows = self.rows.iter().zip(figures).map(|(count, (figures, (shows, shows_total)))| {
            let total = if *shows_total { count.total() } else { GroupCount::default() };
            let marks = if *shows_total { told(manifest, &total) } else { Vec::new() };
            let of_groups = groups.iter().zip(&count.groups).zip(&figures.groups).map(|((group, count), figures)| {
                let GroupCount { abstained, recused, void, .. } = *count;
                let (marks, recused) = (told(manifest, count), by_row(recused));
                TallyGroup { g: group.id.clone(), marks, abstained, recused, void, mean: figures.mean.clone() }
            });
            TallyRow {
                c: count.subject,
                marks,
                abstained: total.abstained,
                recused: by_row(total.recused),
                void: total.void,
                groups: shows.then(|| of_groups.collect()),
                score: figures.score.clone(),
                rank: figures.rank,
                suggested_grade: figures.suggested_grade.clone(),
                top_rate_percent: figures.top_rate_percent.clone(),
                total: None,
                total_rank: None,
            }
        });
        TallyPart {
            rows: rows.collect(),
            sheets: SheetCounts {
                returned: self.returned.iter().sum(),
                invalid: self.invalid.iter().sum(),
                recused: self.recused(frozen.edition(), &published),
                groups: published.shows_sheets.then(|| of_groups.collect()),
            },
        }
    }
}

/// The finished figures of these counts under a manifest, and what of them may be told.
#[must_use]
pub(crate) fn published(frozen: &Frozen, rows: &[SubjectCount], returned: &[u32]) -> Published {
    let manifest = frozen.manifest();
    let weights: Vec<GroupWeight> =
        manifest.groups.iter().map(|group| GroupWeight { id: group.id.clone(), weight_bp: group.weight_bp }).collect();
    let scale: Vec<Worth> = manifest.scale.iter().map(Mark::worth).collect();
    let policy =
        SmallGroupPolicy { k_min: manifest.k_min, totals_only: manifest.group_columns == GroupColumns::TotalsOnly };
    publish(&rules(manifest).unwrap_or_default(), &weights, &scale, rows, returned, policy)
}

/// The scoring rules of a manifest; nothing where they are spelled in another way than this, or have faults.
#[must_use]
pub fn rules(manifest: &Manifest) -> Option<Rules> {
    let rules: Rules = serde_json::from_value(manifest.scoring.clone()).ok()?;
    let ids: Vec<&str> = manifest.groups.iter().map(|group| group.id.as_str()).collect();
    let is_spelled = serde_json::to_value(&rules).ok()? == manifest.scoring;
    (is_spelled && rules.faults(&ids).is_empty()).then_some(rules)
}

/// One group in one contest: what its phones cast, and its paper.
fn together(
    manifest: &Manifest,
    contest: u16,
    cast: &ContestCount,
    paper: Option<&PaperGroup>,
    sheets: u32,
) -> GroupCount {
    let (marks, blank) = cast.marks.split_at(cast.marks.len() - 1);
    let mut count = GroupCount {
        marks: marks.to_vec(),
        abstained: blank.iter().sum(),
        // A sheet without a ballot for the row: none was issued for it.
        recused: sheets.saturating_sub(cast.ballots()),
        ..GroupCount::default()
    };
    cast.item_rows.iter().for_each(|(row, rows)| count.put(row, *rows));
    let on_paper = paper.and_then(|paper| Some((paper, paper.rows.iter().find(|row| row.c == contest)?)));
    if let Some((paper, row)) = on_paper {
        count.marks.iter_mut().zip(&row.marks).for_each(|(sum, mark)| *sum += mark);
        for (answer, rows) in &row.answers {
            if let Some(Answer::Items(row)) = manifest.answer(contest, answer) {
                count.put(&row, *rows);
            }
        }
        count.abstained += row.abstained;
        count.recused += paper.recused_in(row);
        count.void += row.void;
    }
    count
}
