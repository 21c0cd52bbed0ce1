//! Counting and scoring: worked vectors, a whole meeting, single rules, and a second implementation that must always agree.
//! The helpers here read like a count on paper: so many of each mark, by group.

mod faults;
pub mod formulas;
mod grades;
mod institute;
mod naive;
mod properties;
mod single_rules;
pub mod vectors;

use pingyi_rules::scoring::{
    Band, GroupCount, GroupWeight, Rules, ScoreTable, SmallGroupPolicy, SubjectCount, SubjectScore, Worth, score,
};

/// Every group figure is shown.
pub const ALL_SHOWN: SmallGroupPolicy = SmallGroupPolicy { k_min: 0, totals_only: false };

/// 好, 较好, 一般, 差.
pub fn four_grades() -> Vec<Worth> {
    grades(&[100, 80, 60, 40])
}

/// Grades of so many whole points each.
pub fn grades(points: &[u32]) -> Vec<Worth> {
    points.iter().map(|points| Worth::PointsHundredths(points * 100)).collect()
}

/// Groups A, B, C … of these weights.
pub fn groups(weights_bp: &[u32]) -> Vec<GroupWeight> {
    let ids = ('A'..='Z').map(String::from);
    ids.zip(weights_bp).map(|(id, weight_bp)| GroupWeight { id, weight_bp: *weight_bp }).collect()
}

/// So many rows of each mark.
pub fn marks(marks: &[u32]) -> GroupCount {
    GroupCount { marks: marks.to_vec(), ..GroupCount::default() }
}

/// One group's rows for one value each, on a scale that has exactly these values.
pub fn one_by_one(points: &[u32]) -> (Vec<Worth>, GroupCount) {
    (grades(points), marks(&vec![1; points.len()]))
}

/// Subject 1 alone.
pub fn score_one(rules: &Rules, weights_bp: &[u32], scale: &[Worth], counts: Vec<GroupCount>) -> SubjectScore {
    let mut table = table(rules, weights_bp, scale, vec![counts]);
    table.subjects.remove(0)
}

/// Subjects 1, 2, 3 … with these counts by group.
pub fn table(rules: &Rules, weights_bp: &[u32], scale: &[Worth], counts: Vec<Vec<GroupCount>>) -> ScoreTable {
    let counts: Vec<SubjectCount> =
        (1..).zip(counts).map(|(subject, groups)| SubjectCount { subject, groups }).collect();
    score(rules, &groups(weights_bp), scale, &counts, ALL_SHOWN)
}

/// Subjects of one group, each with one row of its own value.
pub fn table_of_scores(rules: &Rules, points_hundredths: &[u32]) -> ScoreTable {
    let scale: Vec<Worth> = points_hundredths.iter().copied().map(Worth::PointsHundredths).collect();
    let counts =
        (0..scale.len()).map(|at| vec![marks(&(0..scale.len()).map(|mark| u32::from(mark == at)).collect::<Vec<_>>())]);
    table(rules, &[10_000], &scale, counts.collect())
}

/// 好 from 90, 较好 from 75, 一般 from 60, 差 below.
pub fn four_bands() -> Vec<Band> {
    let bands = [("hao", "好", 9_000), ("jiaohao", "较好", 7_500), ("yiban", "一般", 6_000), ("cha", "差", 0)];
    bands
        .map(|(id, label, from_hundredths)| Band {
            id: id.to_owned(),
            label: label.to_owned(),
            label_en: String::new(),
            from_hundredths,
        })
        .to_vec()
}

pub fn ranks(table: &ScoreTable) -> Vec<Option<u32>> {
    table.subjects.iter().map(|subject| subject.rank).collect()
}

pub fn suggested(table: &ScoreTable) -> Vec<Option<&str>> {
    table.subjects.iter().map(|subject| subject.suggested_grade.as_deref()).collect()
}

pub fn means(subject: &SubjectScore) -> Vec<Option<&str>> {
    subject.groups.iter().map(|group| group.mean.as_deref()).collect()
}
