//! The results of a rehearsal: every figure of the chair's published view, with marks by their ids, as `results.json` and as
//! a table for the terminal. Scores and means are the server's finished strings; nothing is computed here.

use std::fmt::Write as _;
use std::path::Path;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::problem::RehearsalError;
use crate::folder::Language;
use crate::meeting::plan::Plan;
use crate::protocol::{GroupResult, ResultRow, ResultView};

/// What came out of a rehearsal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Results {
    /// One entry a round, in order.
    pub rounds: Vec<RoundResults>,
}

/// What came out of a round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RoundResults {
    /// The round's number.
    pub round: u32,
    /// One entry a subject, in the order of the sheet.
    pub subjects: Vec<SubjectResults>,
}

/// One subject's figures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SubjectResults {
    /// The subject's number.
    pub subject: u16,
    /// The weighted score, finished; nothing where there is none.
    pub score: Option<String>,
    /// 1, 2, 2, 4.
    pub rank: Option<u32>,
    /// Counts by mark over all groups.
    pub marks: Option<Named<u32>>,
    /// Rows left blank.
    pub abstained: Option<u32>,
    /// Rows for which no ballot was issued.
    pub recused: Option<u32>,
    /// Share of the best mark in percent, finished.
    pub top_rate_percent: Option<String>,
    /// By group id; nothing for a group that is too small to be shown.
    pub groups: Named<Option<GroupFigures>>,
}

/// One group's figures for one subject.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GroupFigures {
    /// Counts by mark.
    pub marks: Named<u32>,
    /// Rows left blank.
    pub abstained: u32,
    /// Rows for which no ballot was issued.
    pub recused: u32,
    /// The group's mean, finished.
    pub mean: Option<String>,
}

/// Values by name that keep the order of the plan, where a map of JSON would sort them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named<V>(pub Vec<(String, V)>);

impl<V> Named<V> {
    /// The value of a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&V> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }
}

impl<V: Serialize> Serialize for Named<V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

impl Results {
    /// The results in the published views of a meeting with this plan.
    #[must_use]
    pub fn new(plan: &Plan, views: &[ResultView]) -> Self {
        let round = |view: &ResultView| RoundResults {
            round: view.round,
            subjects: view.rows.iter().map(|row| subject(plan, row)).collect(),
        };
        let mut rounds: Vec<RoundResults> = views.iter().map(round).collect();
        rounds.sort_by_key(|round| round.round);
        Self { rounds }
    }

    /// Writes `results.json` into a folder, which is made where there is none.
    ///
    /// # Errors
    /// [`RehearsalError::File`].
    pub fn write(&self, folder: &Path) -> Result<std::path::PathBuf, RehearsalError> {
        let file = folder.join("results.json");
        let failed = |error: std::io::Error| RehearsalError::File(file.display().to_string(), error.to_string());
        std::fs::create_dir_all(folder).map_err(failed)?;
        let mut json = serde_json::to_string_pretty(self).map_err(|error| failed(error.into()))?;
        json.push('\n');
        std::fs::write(&file, json).map_err(failed)?;
        Ok(file)
    }

    /// The tables as they are printed on a terminal.
    #[must_use]
    pub fn tables(&self, plan: &Plan, language: Language) -> String {
        let mut out = String::new();
        for round in &self.rounds {
            table(&mut out, plan, round, language);
        }
        out
    }
}

fn by_mark(plan: &Plan, counts: &[u32]) -> Named<u32> {
    Named(plan.scale.iter().zip(counts).map(|(mark, count)| (mark.id.clone(), *count)).collect())
}

fn subject(plan: &Plan, row: &ResultRow) -> SubjectResults {
    let figures = |group: &GroupResult| GroupFigures {
        marks: by_mark(plan, &group.marks),
        abstained: group.abstained,
        recused: group.recused,
        mean: group.mean.clone(),
    };
    let shown = row.groups.as_deref().unwrap_or_default();
    let of = |id: &str| shown.iter().flatten().find(|group| group.group == id).map(figures);
    SubjectResults {
        subject: row.subject,
        score: row.score.clone(),
        rank: row.rank,
        marks: row.marks.as_deref().map(|counts| by_mark(plan, counts)),
        abstained: row.abstained,
        recused: row.recused,
        top_rate_percent: row.top_rate_percent.clone(),
        groups: Named(plan.groups.iter().map(|group| (group.id.clone(), of(&group.id))).collect()),
    }
}

fn table(out: &mut String, plan: &Plan, round: &RoundResults, language: Language) {
    let head = match language {
        Language::Chinese => ["名称", "弃权", "回避", "得分", "位次"],
        Language::English => ["Subject", "Abst.", "Recused", "Score", "Rank"],
    };
    let mut rows: Vec<Vec<String>> = Vec::new();
    let label = |mark: &crate::meeting::plan::Mark| match language {
        Language::English if !mark.label_en.is_empty() => mark.label_en.clone(),
        Language::English | Language::Chinese => mark.label.clone(),
    };
    let marks = plan.scale.iter().map(label);
    rows.push(
        [head[0].to_owned()].into_iter().chain(marks).chain(head[1..].iter().map(|&word| word.to_owned())).collect(),
    );
    let number = |count: Option<u32>| count.map_or_else(|| "–".to_owned(), |count| count.to_string());
    for figures in &round.subjects {
        let name = plan.subject(figures.subject).map_or_else(String::new, |subject| subject.branch.clone());
        let count = |id: &str| number(figures.marks.as_ref().and_then(|marks| marks.get(id).copied()));
        let mut row = vec![format!("{} {name}", figures.subject)];
        row.extend(plan.scale.iter().map(|mark| count(&mark.id)));
        row.extend([number(figures.abstained), number(figures.recused)]);
        row.extend([figures.score.clone().unwrap_or_else(|| "–".to_owned()), number(figures.rank)]);
        rows.push(row);
    }
    let title = match language {
        Language::Chinese => format!("第 {} 轮", round.round),
        Language::English => format!("Round {}", round.round),
    };
    let _ = writeln!(out, "\n{title}");
    let columns = rows.first().map_or(0, Vec::len);
    let widest = |column: usize| rows.iter().map(|row| width(&row[column])).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns).map(widest).collect();
    for row in &rows {
        for (column, cell) in row.iter().enumerate() {
            let blanks = " ".repeat(widths[column] - width(cell));
            let _ = if column == 0 { write!(out, "{cell}{blanks}") } else { write!(out, "  {blanks}{cell}") };
        }
        out.push('\n');
    }
}

/// Columns that a text takes on a terminal: Chinese characters take two.
fn width(text: &str) -> usize {
    text.chars().map(|character| if character >= '\u{2e80}' { 2 } else { 1 }).sum()
}
