//! Every figure of a result, opened into its formula with the numbers in it, so that anybody in the hall can recalculate
//! it by hand. Nothing is opened that the result view does not show: where a group is too small, no formula names it.

mod totals;

use super::result;
use super::rules::{quota, row_policy, weights};
use crate::protocol::{
    Explained, ExplainedFigure, ExplainedRow, Figure, GroupResult, ItemResult, MarkView, ResultForm, ResultRow,
    ResultView,
};
use pingyi_rules::form::MarkKind;
use pingyi_rules::meeting::plan::Plan;
use pingyi_rules::meeting::{Meeting, Round};
use pingyi_rules::scoring::{Combined, Flag, Opened, SubjectScore, TieBreak, exact_text, parse_decimal, share_opened};

/// Most subjects that a rank names as being ahead.
const NAMED_MAX: usize = 6;

type Line = [String; 2];

/// The figures of a round that the chair may see, opened.
#[must_use]
pub fn explained(meeting: &Meeting, round: &Round) -> Option<Explained> {
    let shown = result::of_round(meeting, round)?;
    let plan = meeting.plan_of(round);
    let table = result::published(meeting, round)?.table;
    let combined = super::combined::combined(&plan, round, &table).unwrap_or_default();
    let rows = shown.rows.iter().zip(&table.subjects).enumerate().map(|(at, (row, figures))| {
        let of = Of { plan: &plan, result: &shown, row, figures, has_small_group: table.has_small_group };
        ExplainedRow { subject: row.subject, figures: of.figures(combined.get(at)) }
    });
    Some(Explained { round: shown.round, rows: rows.collect() })
}

/// One subject's figures, with what they are explained by.
struct Of<'a> {
    plan: &'a Plan,
    result: &'a ResultView,
    row: &'a ResultRow,
    figures: &'a SubjectScore,
    /// Whether a group is small anywhere in the table. Then no tie is broken by a group's mean.
    has_small_group: bool,
}

impl Of<'_> {
    fn figures(&self, combined: Option<&Combined>) -> Vec<ExplainedFigure> {
        let form = &self.result.form;
        let marks = (0..form.scale.len()).filter_map(|place| self.mark(place));
        let items = (0..form.items.len()).filter_map(|place| self.item(place));
        let of_total =
            combined.map(|of| totals::Of { plan: self.plan, result: self.result, row: self.row, combined: of });
        let total = of_total.as_ref().and_then(totals::Of::total);
        let total_rank = of_total.as_ref().and_then(totals::Of::rank);
        let (flags, reason) = match combined {
            Some(combined) => (&combined.flags, &combined.grade_reason),
            None => (&self.figures.flags, &self.figures.explanation.suggested_grade),
        };
        let rest = [
            self.score(),
            self.rank(),
            total,
            total_rank,
            self.suggested_grade(flags, reason.as_ref()),
            self.top_rate(),
        ];
        marks
            .chain(items)
            .chain([self.abstained(), self.recused()].into_iter().flatten())
            .chain(self.groups().filter_map(|group| self.group_mean(group)))
            .chain(rest.into_iter().flatten())
            .collect()
    }

    /// The groups' figures, where the result shows them.
    fn groups(&self) -> impl Iterator<Item = &GroupResult> {
        self.row.groups.iter().flatten().flatten()
    }

    /// `A 5 + B 3 = 8`, where the groups are shown.
    fn sum(&self, of: impl Fn(&GroupResult) -> u32, sum: u32) -> Option<Line> {
        let terms: Vec<String> = self.groups().map(|group| format!("{} {}", group.group, of(group))).collect();
        (!terms.is_empty()).then(|| same(format!("{} = {sum}", terms.join(" + "))))
    }

    fn mark(&self, place: usize) -> Option<ExplainedFigure> {
        let (counts, percents) = (self.row.marks.as_ref()?, self.row.percents.as_ref()?);
        let (count, percent) = (*counts.get(place)?, percents.get(place)?);
        let mut lines: Vec<Line> =
            self.sum(|group| group.marks.get(place).copied().unwrap_or(0), count).into_iter().collect();
        if let Some(opened) = share_opened(count, counts.iter().copied().map(u64::from).sum()) {
            lines.push(same(format!("{} %", way(&opened))));
            if opened.printed != *percent {
                lines.push([
                    format!("各等次百分比合计须为 100.0，按最大余数进位，此处为 {percent}%。"),
                    format!("The shares add up to 100.0 by the largest remainder, which makes this {percent} %."),
                ]);
            }
        }
        let mark = self.result.form.scale.get(place)?.id.clone();
        Some(ExplainedFigure { figure: Figure::Mark { mark }, printed: count.to_string(), lines })
    }

    fn item(&self, place: usize) -> Option<ExplainedFigure> {
        let item = self.row.items.as_ref()?.get(place)?;
        let printed = item.mean.clone()?;
        let form = &self.result.form;
        let [zh, en] = counts(form, item);
        let mut lines = vec![
            [format!("{zh}。"), format!("{en}.")],
            [
                format!("该指标全部票的平均分，权重 {}%，各票种合在一起。", form.items.get(place)?.weight_percent),
                format!(
                    "The mean of this item over all ballots, the groups together; it weighs {} %.",
                    form.items.get(place)?.weight_percent
                ),
            ],
        ];
        // Where the groups are shown, what each of them gave.
        lines.extend(self.groups().filter_map(|group| {
            let (item, id) = (group.items.get(place)?, &group.group);
            let mean = item.mean.as_ref()?;
            let [zh, en] = counts(form, item);
            Some([format!("{id} 票：{zh}，平均分 {mean}。"), format!("Group {id}: {en}; mean {mean}.")])
        }));
        Some(ExplainedFigure { figure: Figure::Item { item: u16::try_from(place).ok()? }, printed, lines })
    }

    fn abstained(&self) -> Option<ExplainedFigure> {
        let count = self.row.abstained?;
        let mut lines: Vec<Line> = self.sum(|group| group.abstained, count).into_iter().collect();
        lines.push(row_policy("弃权", "Abstentions", self.plan.scoring.abstain));
        Some(ExplainedFigure { figure: Figure::Abstained, printed: count.to_string(), lines })
    }

    fn recused(&self) -> Option<ExplainedFigure> {
        let count = self.row.recused?;
        let mut lines: Vec<Line> = self.sum(|group| group.recused, count).into_iter().collect();
        lines.push([
            "述职人对本支部回避，这一行没有发票，不计入平均分。".to_owned(),
            "No ballot was issued for this row, because its voter leads the subject; it enters no mean.".to_owned(),
        ]);
        Some(ExplainedFigure { figure: Figure::Recused, printed: count.to_string(), lines })
    }

    fn group_mean(&self, group: &GroupResult) -> Option<ExplainedFigure> {
        let place = self.plan.groups.iter().position(|known| known.id == group.group)?;
        let opened = self.figures.explanation.group_means.get(place)?.as_ref()?;
        let mut lines = vec![same(way(opened))];
        lines.push(if self.plan.items.is_empty() {
            [
                "各等次分值 × 票数，除以计入的票数。".to_owned(),
                "Points of each mark × its ballots, divided by the ballots counted.".to_owned(),
            ]
        } else {
            [
                "每张票的分值是各指标分值按权重加权；分值 × 票数，除以计入的票数。".to_owned(),
                "A ballot's points are those of its items, weighted; points × ballots, divided by the ballots counted."
                    .to_owned(),
            ]
        });
        if opened.expression.contains(" − ") {
            lines.push([
                "去掉一个最高分和一个最低分。".to_owned(),
                "One highest and one lowest row are dropped.".to_owned(),
            ]);
        }
        if group.abstained > 0 {
            lines.push(row_policy("弃权", "Abstentions", self.plan.scoring.abstain));
        }
        let unknown =
            self.plan.scale.iter().zip(&group.marks).any(|(mark, count)| mark.kind == MarkKind::Unknown && *count > 0);
        if unknown {
            lines.push(row_policy("不了解", "“Not known”", self.plan.scoring.unknown));
        }
        let figure = Figure::GroupMean { group: group.group.clone() };
        Some(ExplainedFigure { figure, printed: opened.printed.clone(), lines })
    }

    fn score(&self) -> Option<ExplainedFigure> {
        let printed = self.row.score.clone()?;
        // The weighted sum has every group's mean in it.
        let opened = self.figures.explanation.score.as_ref().filter(|_| self.row.groups.is_some());
        let mut lines: Vec<Line> = match opened {
            Some(opened) => vec![same(way(opened))],
            None => vec![[
                "Σ 权重 × 票种平均分 ÷ Σ 权重。有的票种人数太少或只公布合计，各票种的数字不列出。".to_owned(),
                "Σ weight × group mean ÷ Σ weights. A group is too small, or only totals are told, so the groups' \
                 figures are not listed."
                    .to_owned(),
            ]],
        };
        lines.push(weights(&self.plan.groups));
        // The flag on one group's weight tells that nobody of it marked: it is a group's figure.
        lines.extend(self.figures.flags.iter().filter(|_| self.row.groups.is_some()).filter_map(said));
        if self.has_small_group {
            lines.push([
                "有的票种人数太少，得分最多保留一位小数。".to_owned(),
                "A group is too small, so scores have one decimal at most.".to_owned(),
            ]);
        }
        Some(ExplainedFigure { figure: Figure::Score, printed, lines })
    }

    fn rank(&self) -> Option<ExplainedFigure> {
        let rank = self.row.rank?;
        let score = self.row.score.as_deref()?;
        let others = || self.result.rows.iter().filter(|other| other.subject != self.row.subject);
        let ahead: Vec<&ResultRow> = others().filter(|other| other.rank.is_some_and(|other| other < rank)).collect();
        let equal: Vec<&ResultRow> = others().filter(|other| other.score.as_deref() == Some(score)).collect();
        let mut lines = Vec::new();
        if ahead.is_empty() {
            lines.push([
                format!("没有排在 {score} 分之前的，位次为 1。"),
                format!("Nobody stands before {score}: place 1."),
            ]);
        } else {
            let names = self.named(&ahead);
            let count = ahead.len();
            lines.push([
                format!("排在前面的有 {count} 个（{names}），位次为 {count} + 1 = {rank}。"),
                format!("{count} stand before ({names}): place {count} + 1 = {rank}."),
            ]);
        }
        if !equal.is_empty() {
            lines.push([
                format!("得分相同（{score}）的：{}。", self.named(&equal)),
                format!("The same score ({score}): {}.", self.named(&equal)),
            ]);
            lines.extend(self.plan.scoring.tie_breaks.iter().filter_map(|rule| self.tie(rule, &equal)));
            if equal.iter().any(|other| other.rank == Some(rank)) {
                lines.push(["并列，共用一个位次。".to_owned(), "They share the place.".to_owned()]);
            }
        }
        Some(ExplainedFigure { figure: Figure::Rank, printed: rank.to_string(), lines })
    }

    /// The values that a tie-break compared, where they are shown.
    fn tie(&self, rule: &TieBreak, equal: &[&ResultRow]) -> Option<Line> {
        let value = |row: &ResultRow| match rule {
            TieBreak::GroupMean(_) if self.has_small_group => None,
            TieBreak::GroupMean(id) => {
                row.groups.iter().flatten().flatten().find(|group| group.group == *id)?.mean.clone()
            }
            TieBreak::TopRate => row.top_rate_percent.as_ref().map(|rate| format!("{rate}%")),
        };
        let rows = std::iter::once(self.row).chain(equal.iter().copied()).take(NAMED_MAX);
        let values: Option<Vec<String>> =
            rows.map(|row| Some(format!("{} {}", self.name(row.subject), value(row)?))).collect();
        let values = values?.join(", ");
        Some(match rule {
            TieBreak::GroupMean(id) => {
                [format!("先比 {id} 票平均分：{values}。"), format!("Compared by the mean of group {id}: {values}.")]
            }
            TieBreak::TopRate => [
                format!("再比最高等次得票率：{values}。"),
                format!("Compared by the share of the best mark: {values}."),
            ],
        })
    }

    fn suggested_grade(&self, flags: &[Flag], reason: Option<&String>) -> Option<ExplainedFigure> {
        let is_told = flags.contains(&Flag::TieAcrossQuota) || self.row.suggested_grade.is_some();
        let reason = reason.filter(|_| is_told)?;
        let mark = self.row.suggested_grade.as_ref();
        let label =
            mark.map(|id| self.result.form.scale.iter().find(|mark| mark.id == *id).map_or(id, |mark| &mark.label));
        let mut lines = vec![same(reason.clone())];
        lines.extend(flags.iter().filter_map(graded));
        lines.extend(quota(self.plan));
        lines.push([
            "这是建议等次；等次由有关会议研究确定。".to_owned(),
            "This is a suggestion; the grade itself is decided elsewhere.".to_owned(),
        ]);
        let printed = label.cloned().unwrap_or_else(|| "—".to_owned());
        Some(ExplainedFigure { figure: Figure::SuggestedGrade, printed, lines })
    }

    fn top_rate(&self) -> Option<ExplainedFigure> {
        let printed = self.row.top_rate_percent.clone()?;
        let opened = self.figures.explanation.top_rate_percent.as_ref()?;
        let lines = vec![
            same(format!("{} %", way(opened))),
            [
                "最高等次的票数 ÷ 全部等次的票数，弃权和不了解不计。".to_owned(),
                "Ballots with the best mark ÷ ballots with any grade; abstentions and “not known” are left out."
                    .to_owned(),
            ],
        ];
        Some(ExplainedFigure { figure: Figure::TopRate, printed, lines })
    }

    fn named(&self, rows: &[&ResultRow]) -> String {
        let names = rows
            .iter()
            .take(NAMED_MAX)
            .map(|row| format!("{} {}", self.name(row.subject), row.score.as_deref().unwrap_or("—")));
        let more = if rows.len() > NAMED_MAX { ", …" } else { "" };
        format!("{}{more}", names.collect::<Vec<_>>().join(", "))
    }

    fn name(&self, subject: u16) -> String {
        name_of(self.plan, subject)
    }
}

/// `好 5, 较好 2`: the marks that an item got, in Chinese and English.
fn counts(form: &ResultForm, item: &ItemResult) -> Line {
    let marked = || form.scale.iter().zip(&item.marks).filter(|(_, count)| **count > 0);
    let in_english =
        |mark: &MarkView| if mark.label_en.is_empty() { mark.label.clone() } else { mark.label_en.clone() };
    let zh = marked().map(|(mark, count)| format!("{} {count}", mark.label));
    let en = marked().map(|(mark, count)| format!("{} {count}", in_english(mark)));
    [zh.collect::<Vec<_>>().join(", "), en.collect::<Vec<_>>().join(", ")]
}

fn name_of(plan: &Plan, subject: u16) -> String {
    plan.subject(subject).map_or_else(|| subject.to_string(), |subject| subject.branch.clone())
}

fn same(text: String) -> Line {
    [text.clone(), text]
}

/// `(100×5 + 80×2) ÷ 7 = 660/7 ≈ 94.29`; `= 92.00` where nothing was rounded.
fn way(opened: &Opened) -> String {
    let Opened { expression, exact, printed } = opened;
    let is_exact = parse_decimal(printed).is_some_and(|value| exact_text(&value) == *exact);
    if is_exact { format!("{expression} = {printed}") } else { format!("{expression} = {exact} ≈ {printed}") }
}

/// What a flag says beside a score.
fn said(flag: &Flag) -> Option<Line> {
    Some(match flag {
        Flag::GroupSharedOut(id) => [
            format!("{id} 票没有可计的票，其权重按比例分给其他票种。"),
            format!("Group {id} has no counted row; the others share its weight."),
        ],
        Flag::GroupCountsZero(id) => {
            [format!("{id} 票没有可计的票，按零分计。"), format!("Group {id} has no counted row and counts as zero.")]
        }
        Flag::BlockedByGroup(id) => [
            format!("{id} 票没有可计的票，不出得分。"),
            format!("Group {id} has no counted row, so there is no score."),
        ],
        Flag::SmallGroup
        | Flag::MovedByQuota
        | Flag::TieAcrossQuota
        | Flag::Capped
        | Flag::ComponentMissing(_)
        | Flag::AdjustmentUnreadable => return None,
    })
}

/// What a flag says beside a suggested grade.
fn graded(flag: &Flag) -> Option<Line> {
    Some(match flag {
        Flag::MovedByQuota => [
            "因比例限制，建议等次由最高等次下调一档。".to_owned(),
            "Moved from the best grade to the next by the limit on shares.".to_owned(),
        ],
        Flag::TieAcrossQuota => [
            "与他人并列且跨过比例线，不给建议，请会议研究。".to_owned(),
            "Ties with others across the line of the limit: no suggestion, the committee decides.".to_owned(),
        ],
        Flag::Capped => ["等次有上限。".to_owned(), "The grade is capped.".to_owned()],
        Flag::GroupSharedOut(_)
        | Flag::GroupCountsZero(_)
        | Flag::BlockedByGroup(_)
        | Flag::SmallGroup
        | Flag::ComponentMissing(_)
        | Flag::AdjustmentUnreadable => return None,
    })
}
