//! The results of a rehearsal: every figure of the chair's published view, with marks by their ids, as `results.json` and as
//! a table for the terminal. Scores and means are the server's finished strings; nothing is computed here.

use std::fmt::Write as _;
use std::path::Path;

use bytes::Bytes;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::problem::RehearsalError;
use crate::folder::ReportLanguage;
use crate::protocol::{GroupResult, ResultForm, ResultRow, ResultView};
use pingyi_rules::meeting::GroupAccount;
use pingyi_rules::meeting::plan::Plan;

/// What came out of a rehearsal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Results {
    /// One entry a round, in order.
    pub rounds: Vec<RoundResults>,
    /// The whole record of each round, in the same order.
    #[serde(skip)]
    pub records: Vec<Bytes>,
}

/// What came out of a round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RoundResults {
    /// The round's number.
    pub round: u32,
    /// The form of the round.
    #[serde(skip)]
    pub form: ResultForm,
    /// The closed accounts over all groups, and of them what was on paper.
    pub accounts: GroupAccount,
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
    /// The mean of each item, finished; none where rows have one overall mark.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<Option<String>>,
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
            form: view.form.clone(),
            accounts: view.total.clone(),
            subjects: view.rows.iter().map(|row| subject(plan, &view.form, row)).collect(),
        };
        let mut rounds: Vec<RoundResults> = views.iter().map(round).collect();
        rounds.sort_by_key(|round| round.round);
        Self { rounds, records: Vec::new() }
    }

    /// Writes `results.json` and `record.json` (of several rounds `record-1.json`, …) into a folder, which is made where there
    /// is none.
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
        for (round, record) in self.rounds.iter().zip(&self.records) {
            let number = if self.records.len() == 1 { String::new() } else { format!("-{}", round.round) };
            std::fs::write(folder.join(format!("record{number}.json")), record).map_err(failed)?;
        }
        Ok(file)
    }

    /// The tables as they are printed on a terminal.
    #[must_use]
    pub fn tables(&self, plan: &Plan, language: ReportLanguage) -> String {
        let mut out = String::new();
        for round in &self.rounds {
            table(&mut out, plan, round, language);
        }
        out
    }
}

fn by_mark(form: &ResultForm, counts: &[u32]) -> Named<u32> {
    Named(form.scale.iter().zip(counts).map(|(mark, count)| (mark.id.clone(), *count)).collect())
}

fn subject(plan: &Plan, form: &ResultForm, row: &ResultRow) -> SubjectResults {
    let figures = |group: &GroupResult| GroupFigures {
        marks: by_mark(form, &group.marks),
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
        marks: row.marks.as_deref().map(|counts| by_mark(form, counts)),
        items: row.items.iter().flatten().map(|item| item.mean.clone()).collect(),
        abstained: row.abstained,
        recused: row.recused,
        top_rate_percent: row.top_rate_percent.clone(),
        groups: Named(plan.groups.iter().map(|group| (group.id.clone(), of(&group.id))).collect()),
    }
}

fn table(out: &mut String, plan: &Plan, round: &RoundResults, language: ReportLanguage) {
    let head = match language {
        ReportLanguage::Chinese => ["名称", "弃权", "回避", "得分", "位次"],
        ReportLanguage::English => ["Subject", "Abst.", "Recused", "Score", "Rank"],
    };
    let mut rows: Vec<Vec<String>> = Vec::new();
    let label = |zh: &String, en: &String| match language {
        ReportLanguage::English if !en.is_empty() => en.clone(),
        ReportLanguage::English | ReportLanguage::Chinese => zh.clone(),
    };
    let form = &round.form;
    let has_items = !form.items.is_empty();
    let marks = form.scale.iter().filter(|_| !has_items).map(|mark| label(&mark.label, &mark.label_en));
    let marks = marks.chain(form.items.iter().map(|item| label(&item.label, &item.label_en)));
    rows.push(
        [head[0].to_owned()].into_iter().chain(marks).chain(head[1..].iter().map(|&word| word.to_owned())).collect(),
    );
    let number = |count: Option<u32>| count.map_or_else(|| "–".to_owned(), |count| count.to_string());
    for figures in &round.subjects {
        let name = plan.subject(figures.subject).map_or_else(String::new, |subject| subject.branch.clone());
        let count = |id: &str| number(figures.marks.as_ref().and_then(|marks| marks.get(id).copied()));
        let mut row = vec![format!("{} {name}", figures.subject)];
        row.extend(form.scale.iter().filter(|_| !has_items).map(|mark| count(&mark.id)));
        row.extend(figures.items.iter().map(|mean| mean.clone().unwrap_or_else(|| "–".to_owned())));
        row.extend([number(figures.abstained), number(figures.recused)]);
        row.extend([figures.score.clone().unwrap_or_else(|| "–".to_owned()), number(figures.rank)]);
        rows.push(row);
    }
    let title = match language {
        ReportLanguage::Chinese => format!("第 {} 轮", round.round),
        ReportLanguage::English => format!("Round {}", round.round),
    };
    let GroupAccount { entitled, present, issued, returned, valid, invalid, .. } = round.accounts;
    let GroupAccount { paper_issued, kiosk_issued, .. } = round.accounts;
    let accounts = match language {
        ReportLanguage::Chinese => format!(
            "应到 {entitled} 人，实到 {present} 人；发出 {issued} 张（其中纸质 {paper_issued} 张，平板 {kiosk_issued} 张），收回 {returned} 张，有效 {valid} 张，无效 {invalid} 张"
        ),
        ReportLanguage::English => format!(
            "entitled {entitled}, present {present}; issued {issued} ({paper_issued} on paper, {kiosk_issued} at tablets), returned {returned}, valid {valid}, invalid {invalid}"
        ),
    };
    let _ = writeln!(out, "\n{title}\n{accounts}");
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
