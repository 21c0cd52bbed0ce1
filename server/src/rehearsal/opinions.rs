//! What simulated voters write where a meeting asks for opinions: sentences that fit any branch and are nobody's.

use rand::RngExt;
use rand::seq::IndexedRandom;

use pingyi_rules::ballot::Frozen;
use pingyi_rules::ballot::manifest::SHEET;
use pingyi_rules::ballot::opinion::OPINIONS_MAX;
use pingyi_rules::ballot::phone::PhoneToken;
use pingyi_rules::form::SheetRules;
use pingyi_rules::form::sheet_rules::SheetRow;

const SENTENCES: [&str; 8] = [
    "汇报实事求是，问题找得准。",
    "建议把整改任务列成清单，按季度公布进展。",
    "联系群众的办法多，希望坚持下去。",
    "发展党员工作要提前谋划。",
    "组织生活质量有提高，形式还可以再丰富。",
    "The plan for next year is clear; please say who answers for each part.",
    "希望多听一线职工的意见。",
    "对青年同志的培养可以再具体一些。",
];
/// Of so many rows a voter writes about two.
const ONE_OF: u32 = 3;

/// Rows of these papers, some two thirds of them, each with a sentence; and every row that must have one, as the sheet rules ask
/// for a reason for the worst grade. None where nobody is asked.
pub(super) fn of_sheet(
    frozen: &Frozen,
    papers: &[PhoneToken],
    mark_of: impl Fn(u16) -> Option<String>,
) -> Vec<(u16, String)> {
    let manifest = frozen.manifest();
    if !manifest.opinions {
        return Vec::new();
    }
    let (grades, reasons) = (frozen.grades(), SheetRules { worst_reason: true, ..SheetRules::default() });
    let needs_one = |contest: u16| {
        let mark = mark_of(contest);
        let row = SheetRow { mark: mark.as_deref(), has_reason: false };
        manifest.sheet_rules.worst_reason && !reasons.broken(&grades, [row].into_iter()).is_empty()
    };
    let mut rng = rand::rng();
    let rows = papers.iter().map(|paper| paper.contest).filter(|contest| *contest != SHEET);
    let rows = rows.filter(|contest| needs_one(*contest) || !rng.random_ratio(1, ONE_OF));
    let rows: Vec<u16> = rows.take(OPINIONS_MAX).collect();
    rows.into_iter()
        .map(|row| (row, SENTENCES.choose(&mut rng).copied().unwrap_or_default().to_owned()))
        .filter(|(_, text)| !text.is_empty())
        .collect()
}
