//! The total of a subject and its place, opened: the formula with its numbers, and who stands before it.

use super::{Line, NAMED_MAX, name_of, same, way};
use crate::protocol::{CombinedRow, ExplainedFigure, Figure, ResultRow, ResultView};
use crate::view::combined::missing;
use pingyi_rules::meeting::plan::Plan;
use pingyi_rules::scoring::Combined;

/// One subject's total, with what it is explained by.
pub(super) struct Of<'a> {
    pub(super) plan: &'a Plan,
    pub(super) result: &'a ResultView,
    pub(super) row: &'a ResultRow,
    pub(super) combined: &'a Combined,
}

impl Of<'_> {
    fn shown(&self) -> Option<&CombinedRow> {
        self.row.combined.as_ref()
    }

    /// `40%×93.03 + 60%×91 = 22953/250 ≈ 91.81`, and what each share is of; or what is missing.
    pub(super) fn total(&self) -> Option<ExplainedFigure> {
        let shown = self.shown()?;
        let mut lines: Vec<Line> = Vec::new();
        match &self.combined.opened {
            Some(opened) => lines.push(same(way(opened))),
            None => lines.extend(self.combined.flags.iter().filter_map(|flag| missing(self.plan, flag))),
        }
        if lines.is_empty() {
            // A subject without a score.
            lines.push(["没有测评得分，不出综合得分。", "Without a score there is no total."].map(str::to_owned));
        }
        lines.extend(self.parts());
        if let Some(adjustment) = &shown.adjustment {
            lines.push([format!("加减分 {adjustment}。"), format!("Adjustment {adjustment}.")]);
        }
        let printed = shown.total.clone().unwrap_or_else(|| "—".to_owned());
        Some(ExplainedFigure { figure: Figure::Total, printed, lines })
    }

    fn parts(&self) -> Option<Line> {
        let shown = self.shown()?;
        let combination = self.result.combination.as_ref()?;
        let score = self.row.score.as_deref().unwrap_or("—");
        let (mut zh, mut en) = (vec![format!("测评得分 {score}")], vec![format!("score {score}")]);
        for (component, value) in combination.components.iter().zip(&shown.components) {
            let part = format!("{} {}", component.name, value.as_deref().unwrap_or("—"));
            zh.push(part.clone());
            en.push(part);
        }
        Some([format!("各项：{}。", zh.join("，")), format!("Its parts: {}.", en.join(", "))])
    }

    pub(super) fn rank(&self) -> Option<ExplainedFigure> {
        let shown = self.shown()?;
        let (rank, total) = (shown.rank?, shown.total.as_deref()?);
        let totals = || {
            let others = self.result.rows.iter().filter(|other| other.subject != self.row.subject);
            others.filter_map(|other| Some((other.subject, other.combined.as_ref()?)))
        };
        let ahead: Vec<_> = totals().filter(|(_, other)| other.rank.is_some_and(|other| other < rank)).collect();
        let equal: Vec<_> = totals().filter(|(_, other)| other.total.as_deref() == Some(total)).collect();
        let (names, count) = (self.named(&ahead), ahead.len());
        let mut lines = vec![if ahead.is_empty() {
            [format!("没有排在 {total} 分之前的，位次为 1。"), format!("Nobody stands before {total}: place 1.")]
        } else {
            [
                format!("排在前面的有 {count} 个（{names}），位次为 {count} + 1 = {rank}。"),
                format!("{count} stand before ({names}): place {count} + 1 = {rank}."),
            ]
        }];
        if !equal.is_empty() {
            let names = self.named(&equal);
            lines.push([
                format!("综合得分相同（{total}）的：{names}。并列，共用一个位次。"),
                format!("The same total ({total}): {names}. They share the place."),
            ]);
        }
        Some(ExplainedFigure { figure: Figure::TotalRank, printed: rank.to_string(), lines })
    }

    fn named(&self, rows: &[(u16, &CombinedRow)]) -> String {
        let name = |(subject, row): &(u16, &CombinedRow)| {
            format!("{} {}", name_of(self.plan, *subject), row.total.as_deref().unwrap_or("—"))
        };
        let names: Vec<String> = rows.iter().take(NAMED_MAX).map(name).collect();
        let more = if rows.len() > NAMED_MAX { ", …" } else { "" };
        format!("{}{more}", names.join(", "))
    }
}
