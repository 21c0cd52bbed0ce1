//! The table of one round: means, weighted scores, ranks and suggested grades of all its subjects, as finished strings.
//! It decides which group figures may be printed (rule c14), and knows no ballot, seat or person.

use num_bigint::BigInt;
use num_traits::Zero;
use serde::{Deserialize, Serialize};

use super::exact::{DECIMALS_MAX, Exact, divided, printed, rounded, whole};
use super::grade::{Candidate, Suggestion, suggestions};
use super::mean::{Mean, group_mean};
use super::opened::{Explanation, Opened, mean_expression, weighted_expression};
use super::published::PublishedFigures;
use super::rank::ranks;
use super::rows::{CountedRows, GroupCount, ItemAnswer, ItemRows, Worth, answers, counted_rows};
use super::rules::{MissingGroup, Rules, TieBreak};

/// Decimals of a rate in percent.
const RATE_DECIMALS: u32 = 2;
/// Most decimals of a table in which a small group's value is inside a score.
const SMALL_GROUP_DECIMALS: u32 = 1;

/// A group of voters and its weight.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupWeight {
    /// As `A`.
    pub id: String,
    /// In basis points; only the proportions matter.
    pub weight_bp: u32,
}

/// What all groups put on the table for one subject.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubjectCount {
    /// The subject's number.
    pub subject: u16,
    /// One count a group, in the order of the weights; missing ones are empty.
    pub groups: Vec<GroupCount>,
}

impl SubjectCount {
    /// All groups together.
    #[must_use]
    pub fn total(&self) -> GroupCount {
        let mut sum = GroupCount::default();
        for group in &self.groups {
            sum.marks.resize(sum.marks.len().max(group.marks.len()), 0);
            sum.marks.iter_mut().zip(&group.marks).for_each(|(sum, mark)| *sum += mark);
            sum.abstained += group.abstained;
            sum.recused += group.recused;
            sum.void += group.void;
            group.item_rows.iter().for_each(|same| sum.put(&same.row, same.rows));
        }
        sum
    }
}

/// Which group figures may be printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SmallGroupPolicy {
    /// A group with 1 to `k_min − 1` ballots for a subject is small: none of that subject's group figures is printed.
    pub k_min: u32,
    /// Whether the meeting decided to print totals only.
    pub totals_only: bool,
}

/// The finished table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScoreTable {
    /// Decimals of every mean and score in it.
    pub decimals: u32,
    /// Whether a small group is in it, so that it has one decimal at most, and no tie is broken by a group's mean.
    pub has_small_group: bool,
    /// The subjects in the order of the counts.
    pub subjects: Vec<SubjectScore>,
}

/// The figures of one subject.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubjectScore {
    /// The subject's number.
    pub subject: u16,
    /// The weighted score as printed; nothing where it is blocked or nobody marked.
    pub score: Option<String>,
    /// Its place by the printed score, 1 for the best.
    pub rank: Option<u32>,
    /// One entry a group, in the order of the weights.
    pub groups: Vec<GroupScore>,
    /// The mean of all counted rows in one pile, not weighted by group and never trimmed.
    pub pooled_mean: Option<String>,
    /// Top marks among all grades given, in percent with two decimals.
    pub top_rate_percent: Option<String>,
    /// The [`super::Band::id`] that the score suggests; a committee decides.
    pub suggested_grade: Option<String>,
    /// What the print must say beside the figures.
    pub flags: Vec<Flag>,
    /// Each printed number with its formula.
    pub explanation: Explanation,
}

/// The figures of one group for one subject; all nothing where they may not be printed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupScore {
    /// The group's id.
    pub group: String,
    /// The mean as printed; nothing where no row is counted.
    pub mean: Option<String>,
    /// How many rows the mean is of, dropped ones included.
    pub counted_rows: Option<u64>,
}

/// What the print must say beside a subject's figures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Flag {
    /// The group of this id has no counted row; the others share its weight.
    GroupSharedOut(String),
    /// The group of this id has no counted row and counts as zero.
    GroupCountsZero(String),
    /// The group of this id has no counted row, so there is no score.
    BlockedByGroup(String),
    /// A group is too small to be printed, so no group figure is.
    SmallGroup,
    /// The quota moved it from the best grade to the second.
    MovedByQuota,
    /// It ties with others across the quota's line: no suggestion, the committee decides.
    TieAcrossQuota,
    /// A gate or a decision caps the grade.
    Capped,
    /// The imported component of this number, from 1, is missing or no number, so there is no total.
    ComponentMissing(u32),
    /// The imported adjustment is no number, so there is no total.
    AdjustmentUnreadable,
}

/// One subject on the way, with exact values.
struct Worked {
    means: Vec<Option<Mean>>,
    score: Option<Exact>,
    terms: Vec<(u32, Exact)>,
    pooled: Option<Mean>,
    top: Option<(u64, u64)>,
    is_small: bool,
    told: PublishedFigures,
    flags: Vec<Flag>,
}

/// Counts become the finished table (rules c1 to c14). The rules are meant to be without [`Rules::faults`]; with faults the
/// table is still defined and nothing panics.
#[must_use]
pub fn score(
    rules: &Rules,
    groups: &[GroupWeight],
    scale: &[Worth],
    counts: &[SubjectCount],
    policy: SmallGroupPolicy,
) -> ScoreTable {
    scored(rules, groups, scale, counts, policy).0
}

/// [`score`], and what of each subject may be told.
pub(super) fn scored(
    rules: &Rules,
    groups: &[GroupWeight],
    scale: &[Worth],
    counts: &[SubjectCount],
    policy: SmallGroupPolicy,
) -> (ScoreTable, Vec<PublishedFigures>) {
    let worked: Vec<Worked> = counts.iter().map(|count| work(rules, groups, scale, count, policy)).collect();
    let has_small_group = worked.iter().any(|subject| subject.is_small);
    let decimals_max = if has_small_group { SMALL_GROUP_DECIMALS } else { DECIMALS_MAX };
    let decimals = rules.decimals.min(decimals_max);
    let keys: Vec<Option<Vec<Option<BigInt>>>> = worked
        .iter()
        .map(|subject| rank_key(rules, groups, subject, decimals, has_small_group || policy.totals_only))
        .collect();
    let ranks = ranks(&keys);
    let candidates: Vec<Option<Candidate>> = worked
        .iter()
        .zip(&ranks)
        .map(|(subject, rank)| Some(Candidate::new(subject.score.as_ref()?, decimals, (*rank)?)))
        .collect();
    let suggested = suggestions(rules, &candidates);
    let told = worked.iter().map(|subject| subject.told).collect();
    let subjects = counts
        .iter()
        .zip(worked)
        .zip(ranks)
        .zip(suggested)
        .map(|(((count, subject), rank), suggestion)| {
            finish(count.subject, groups, subject, decimals, rank, suggestion)
        })
        .collect();
    (ScoreTable { decimals, has_small_group, subjects }, told)
}

fn work(
    rules: &Rules,
    groups: &[GroupWeight],
    scale: &[Worth],
    count: &SubjectCount,
    policy: SmallGroupPolicy,
) -> Worked {
    let nothing = GroupCount::default();
    let counts: Vec<&GroupCount> = (0..groups.len()).map(|at| count.groups.get(at).unwrap_or(&nothing)).collect();
    let rows: Vec<CountedRows> = counts.iter().map(|count| counted_rows(rules, scale, count)).collect();
    let pile = rows.iter().fold(CountedRows::default(), |pile, rows| pile.with(rows));
    let means: Vec<Option<Mean>> = rows.into_iter().map(|rows| group_mean(rows, rules.trim)).collect();
    let (terms, flags) = weighted_terms(rules.missing_group, groups, &means);
    let is_blocked = flags.iter().any(|flag| matches!(flag, Flag::BlockedByGroup(_)));
    let nobody_marked = means.iter().all(Option::is_none);
    let told = policy.tells(count, &pulls(groups, &means));
    let score = if is_blocked || nobody_marked || !told.score { None } else { weighted(&terms) };
    let is_small = policy.has_small_group(count);
    let pooled = group_mean(pile, None).filter(|_| told.totals);
    let top = top_rate(scale, &counts).filter(|_| told.totals);
    Worked { means, score, terms, pooled, top, is_small, told, flags }
}

/// How far a point more in one counted row of each group moves the score, but for the sum of the weights.
fn pulls(groups: &[GroupWeight], means: &[Option<Mean>]) -> Vec<Exact> {
    let rows = |mean: &Mean| mean.rows.rows() - if mean.dropped.is_some() { 2 } else { 0 };
    let pull = |(group, mean): (&GroupWeight, &Option<Mean>)| {
        mean.as_ref().and_then(|mean| divided(&whole(group.weight_bp.into()), &whole(rows(mean))))
    };
    groups.iter().zip(means).map(|pair| pull(pair).unwrap_or_else(Exact::zero)).collect()
}

/// The weighted means that make the score, and what to say about the groups that have none (rule c7).
fn weighted_terms(
    missing: MissingGroup,
    groups: &[GroupWeight],
    means: &[Option<Mean>],
) -> (Vec<(u32, Exact)>, Vec<Flag>) {
    let mut terms = Vec::new();
    let mut flags = Vec::new();
    for (group, mean) in groups.iter().zip(means) {
        match (mean, missing) {
            (Some(mean), _) => terms.push((group.weight_bp, mean.value.clone())),
            (None, MissingGroup::Renormalise) => flags.push(Flag::GroupSharedOut(group.id.clone())),
            (None, MissingGroup::Zero) => {
                terms.push((group.weight_bp, Exact::zero()));
                flags.push(Flag::GroupCountsZero(group.id.clone()));
            }
            (None, MissingGroup::Block) => flags.push(Flag::BlockedByGroup(group.id.clone())),
        }
    }
    (terms, flags)
}

fn weighted(terms: &[(u32, Exact)]) -> Option<Exact> {
    let sum = terms.iter().fold(Exact::zero(), |sum, (weight, mean)| sum + mean * whole((*weight).into()));
    divided(&sum, &whole(terms.iter().map(|(weight, _)| u64::from(*weight)).sum()))
}

/// Top marks and all grades given, over all groups and items (rule c12); nothing where no grade was given.
fn top_rate(scale: &[Worth], counts: &[&GroupCount]) -> Option<(u64, u64)> {
    let points = |worth: &Worth| match worth {
        Worth::PointsHundredths(points) => Some(*points),
        Worth::Unknown | Worth::Abstain => None,
    };
    let best = scale.iter().filter_map(points).max()?;
    let given = counts.iter().flat_map(|count| scale.iter().zip(count.marks.iter().copied()));
    let of_row = |same: &ItemRows| {
        let marks: Vec<&Worth> = answers(&same.row)
            .filter_map(|answer| match answer {
                ItemAnswer::Mark(place) => scale.get(place),
                ItemAnswer::NotApplicable | ItemAnswer::Open => None,
            })
            .collect();
        let rows = same.rows;
        marks.into_iter().map(move |worth| (worth, rows))
    };
    let of_items = counts.iter().flat_map(|count| count.item_rows.iter().flat_map(of_row));
    let (mut top, mut all) = (0, 0);
    for (points, rows) in given.chain(of_items).filter_map(|(worth, rows)| Some((points(worth)?, u64::from(rows)))) {
        all += rows;
        top += if points == best { rows } else { 0 };
    }
    (all > 0).then_some((top, all))
}

fn rate_percent((top, all): (u64, u64)) -> Option<Exact> {
    divided(&(whole(top) * whole(100)), &whole(all))
}

/// What ranks a subject: the printed score, then the printed values of the tie-breaks (rules c8 and c9).
fn rank_key(
    rules: &Rules,
    groups: &[GroupWeight],
    subject: &Worked,
    decimals: u32,
    hides_groups: bool,
) -> Option<Vec<Option<BigInt>>> {
    let mut key = vec![Some(rounded(subject.score.as_ref()?, decimals))];
    key.extend(rules.tie_breaks.iter().map(|tie_break| match tie_break {
        // A rank that followed a hidden mean would tell it.
        TieBreak::GroupMean(_) if hides_groups => None,
        TieBreak::GroupMean(id) => {
            let at = groups.iter().position(|group| group.id == *id)?;
            Some(rounded(&subject.means.get(at)?.as_ref()?.value, decimals))
        }
        TieBreak::TopRate => Some(rounded(&rate_percent(subject.top?)?, RATE_DECIMALS)),
    }));
    Some(key)
}

fn finish(
    subject: u16,
    groups: &[GroupWeight],
    worked: Worked,
    decimals: u32,
    rank: Option<u32>,
    suggestion: Suggestion,
) -> SubjectScore {
    let hides = !worked.told.groups;
    let group_means: Vec<Option<Opened>> = worked
        .means
        .iter()
        .map(|mean| mean.as_ref().filter(|_| !hides))
        .map(|mean| mean.map(|mean| Opened::new(mean_expression(mean), &mean.value, decimals)))
        .collect();
    let group_scores = groups.iter().zip(&worked.means).zip(&group_means).map(|((group, mean), opened)| GroupScore {
        group: group.id.clone(),
        mean: opened.as_ref().map(|opened| opened.printed.clone()),
        counted_rows: (!hides).then(|| mean.as_ref().map_or(0, |mean| mean.rows.rows())),
    });
    let rate = worked.top.and_then(|top| Some((top, rate_percent(top)?)));
    let mut flags = worked.flags;
    flags.extend(worked.is_small.then_some(Flag::SmallGroup));
    flags.extend(suggestion.flags);
    let score = worked.score.as_ref();
    SubjectScore {
        subject,
        score: score.map(|score| printed(score, decimals)),
        rank,
        groups: group_scores.collect(),
        pooled_mean: worked.pooled.as_ref().map(|mean| printed(&mean.value, decimals)),
        top_rate_percent: rate.as_ref().map(|(_, rate)| printed(rate, RATE_DECIMALS)),
        suggested_grade: suggestion.band,
        flags,
        explanation: Explanation {
            group_means,
            // The weighted sum with its numbers would give the hidden means away.
            score: score
                .filter(|_| !hides)
                .map(|score| Opened::new(weighted_expression(&worked.terms), score, decimals)),
            pooled_mean: worked.pooled.map(|mean| Opened::new(mean_expression(&mean), &mean.value, decimals)),
            top_rate_percent: rate
                .map(|((top, all), rate)| Opened::new(format!("{top}×100 ÷ {all}"), &rate, RATE_DECIMALS)),
            suggested_grade: suggestion.reason,
        },
    }
}

impl Candidate {
    /// A subject as the bands see it: by its printed value.
    pub(crate) fn new(value: &Exact, decimals: u32, rank: u32) -> Self {
        let units = rounded(value, decimals);
        let ten_to = (0..decimals).fold(BigInt::from(1), |product, _| product * 10);
        Self { value: Exact::new(units, ten_to), printed: printed(value, decimals), rank, best_band: 0 }
    }
}
