//! What simulated voters write where a meeting asks for opinions: sentences that fit any branch and are nobody's.

use rand::RngExt;
use rand::seq::IndexedRandom;

use crate::ballot::manifest::SHEET;
use crate::ballot::opinion::OPINIONS_MAX;
use crate::ballot::phone::Paper;

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

/// Rows of these papers, some two thirds of them, each with a sentence.
pub(super) fn some(papers: &[Paper]) -> Vec<(u16, String)> {
    let mut rng = rand::rng();
    let rows = papers.iter().filter(|paper| paper.contest != SHEET && !rng.random_ratio(1, ONE_OF));
    let rows: Vec<u16> = rows.map(|paper| paper.contest).take(OPINIONS_MAX).collect();
    rows.into_iter()
        .map(|row| (row, SENTENCES.choose(&mut rng).copied().unwrap_or_default().to_owned()))
        .filter(|(_, text)| !text.is_empty())
        .collect()
}
