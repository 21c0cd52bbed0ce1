//! The rules in force in words, Chinese and English, as they are on the result and on every print.
//! One sentence a rule; a rule that is not in force has none.

use pingyi_rules::form::{Live, Mark, MarkKind, OwnBranch};
use pingyi_rules::meeting::plan::{Group, Plan};
use pingyi_rules::scoring::{MissingGroup, MissingItem, QuotaLimit, QuotaRounding, RowPolicy, TieBreak, TurnoutRule};

/// Every rule that decides the result.
#[must_use]
pub fn in_words(plan: &Plan) -> Vec<[String; 2]> {
    let mut rules = vec![plan.numeric.map_or_else(|| marks(&plan.scale), numbers)];
    rules.extend(items(plan));
    rules.push(weights(&plan.groups));
    rules.push(row_policy("弃权", "Abstentions", plan.scoring.abstain));
    if plan.scale.iter().any(|mark| mark.kind == MarkKind::Unknown) {
        rules.push(row_policy("不了解", "“Not known”", plan.scoring.unknown));
    }
    rules.push(match plan.own_branch {
        OwnBranch::Recused => {
            both("述职人对本支部回避，不发本支部的票。", "Reporters get no ballot for their own branch.")
        }
        OwnBranch::Allowed => both("述职人可以测评本支部。", "Reporters may mark their own branch."),
    });
    if let Some(trim) = plan.scoring.trim {
        rules.push([
            format!("某票种计票超过 {} 票时，去掉一个最高分和一个最低分。", trim.more_than_rows),
            format!(
                "Where a group has more than {} counted rows, one highest and one lowest are dropped.",
                trim.more_than_rows
            ),
        ]);
    }
    rules.push(missing_group(plan.scoring.missing_group));
    rules.extend(plan.scoring.tie_breaks.iter().map(tie_break));
    rules.extend(super::combined::rules(plan));
    rules.extend(bands(plan));
    rules.extend(quota(plan));
    rules.extend(turnout(plan.turnout));
    rules.push([
        format!("得分保留 {} 位小数，四舍五入；位次按保留后的得分排列。", plan.scoring.decimals),
        format!("Scores are rounded half up to {} decimals; ranks follow the rounded score.", plan.scoring.decimals),
    ]);
    rules.push([
        format!("某票种少于 {} 票时，不单列该票种的数字，也不公布能推算出它的数字。", plan.k_min),
        format!(
            "A group with fewer than {} ballots is not shown on its own, nor anything it follows from.",
            plan.k_min
        ),
    ]);
    if plan.opinions {
        rules.push([
            format!("意见建议与票分开存放；对一个党组织的意见不少于 {} 条时，公布结果后才给主持人看。", plan.opinions_min),
            format!(
                "Opinions are kept apart from the marks; those about a branch are shown, after publication, from {} on.",
                plan.opinions_min
            ),
        ]);
    }
    if plan.live == Live::Tally {
        rules.push([
            format!("现场计票每次至少变动 {} 票。", plan.pool_k),
            format!("The live tally moves in steps of at least {}.", plan.pool_k),
        ]);
    }
    rules
}

fn both(zh: &str, en: &str) -> [String; 2] {
    [zh.to_owned(), en.to_owned()]
}

fn decimal(hundredths: u32) -> String {
    super::decimal(hundredths)
}

fn marks(scale: &[Mark]) -> [String; 2] {
    let grades = || scale.iter().filter(|mark| mark.kind == MarkKind::Grade);
    let zh: Vec<String> = grades().map(|mark| format!("{} {}", mark.label, decimal(mark.points_hundredths))).collect();
    let en: Vec<String> = grades()
        .map(|mark| {
            let label = if mark.label_en.is_empty() { &mark.label } else { &mark.label_en };
            format!("{label} {}", decimal(mark.points_hundredths))
        })
        .collect();
    [format!("计分：{}。", zh.join("、")), format!("Points: {}.", en.join(", "))]
}

fn numbers(highest: u32) -> [String; 2] {
    [format!("计分：0 到 {highest} 分，整数。"), format!("Points: whole numbers from 0 to {highest}.")]
}

/// The items with their weights, and what becomes of a row that leaves one open.
fn items(plan: &Plan) -> Vec<[String; 2]> {
    if plan.items.is_empty() {
        return Vec::new();
    }
    let items = || plan.items.iter().zip(&plan.scoring.item_weights_bp);
    let zh: Vec<String> = items().map(|(item, weight)| format!("{} {}%", item.label, decimal(*weight))).collect();
    let en: Vec<String> = items()
        .map(|(item, weight)| {
            let label = if item.label_en.is_empty() { &item.label } else { &item.label_en };
            format!("{label} {} %", decimal(*weight))
        })
        .collect();
    let mut rules = vec![[format!("测评指标：{}。", zh.join("、")), format!("Items: {}.", en.join(", "))]];
    rules.push(match plan.scoring.missing_item {
        MissingItem::Require => both(
            "一行的各项指标须全部填写，或整行留空（弃权）。",
            "A row marks every item, or is left blank as a whole.",
        ),
        MissingItem::Renormalise => both(
            "未填的指标不计，其权重按比例分给已填的指标。",
            "An item left open does not count; the others share its weight.",
        ),
    });
    if plan.items.iter().any(|item| !item.not_for.is_empty()) {
        rules.push(both(
            "不适用于某党组织的指标不计，其权重按比例分给其他指标。",
            "An item that does not apply to a branch does not count for it; the others share its weight.",
        ));
    }
    rules
}

pub(super) fn weights(groups: &[Group]) -> [String; 2] {
    let zh: Vec<String> =
        groups.iter().map(|group| format!("{} 票（{}）{}%", group.id, group.name, decimal(group.weight_bp))).collect();
    let en: Vec<String> =
        groups.iter().map(|group| format!("{} ({}) {} %", group.id, group.name, decimal(group.weight_bp))).collect();
    [format!("权重：{}。", zh.join("、")), format!("Weights: {}.", en.join(", "))]
}

pub(super) fn row_policy(zh: &str, en: &str, policy: RowPolicy) -> [String; 2] {
    match policy {
        RowPolicy::Exclude => [format!("{zh}不计入平均分。"), format!("{en} do not enter the mean.")],
        RowPolicy::PointsHundredths(points) => {
            [format!("{zh}按 {} 分计。", decimal(points)), format!("{en} count {} points.", decimal(points))]
        }
    }
}

fn missing_group(rule: MissingGroup) -> [String; 2] {
    match rule {
        MissingGroup::Renormalise => both(
            "某票种没有可计的票时，其权重按比例分给其他票种，并在表中注明。",
            "The weight of a group without a counted row is shared out to the others, and the table says so.",
        ),
        MissingGroup::Zero => both("某票种没有可计的票时，按零分计。", "A group without a counted row counts as zero."),
        MissingGroup::Block => {
            both("某票种没有可计的票时，不出得分。", "Without a counted row of every group there is no score.")
        }
    }
}

fn tie_break(rule: &TieBreak) -> [String; 2] {
    match rule {
        TieBreak::GroupMean(group) => {
            [format!("得分相同时，按 {group} 票平均分排列。"), format!("Ties are broken by the mean of group {group}.")]
        }
        TieBreak::TopRate => {
            both("得分相同时，按最高等次得票率排列。", "Ties are broken by the share of the best mark.")
        }
    }
}

fn bands(plan: &Plan) -> Option<[String; 2]> {
    let bands = &plan.scoring.bands;
    if bands.is_empty() {
        return None;
    }
    let zh: Vec<String> =
        bands.iter().map(|band| format!("{} 分及以上为“{}”", decimal(band.from_hundredths), band.label)).collect();
    let en: Vec<String> =
        bands.iter().map(|band| format!("“{}” from {}", band.label_en, decimal(band.from_hundredths))).collect();
    Some([
        format!("建议等次：{}；等次由有关会议研究确定。", zh.join("，")),
        format!("Suggested grades: {}; the grade itself is decided elsewhere.", en.join(", ")),
    ])
}

pub(super) fn quota(plan: &Plan) -> Option<[String; 2]> {
    let quota = plan.scoring.quota?;
    let (zh_rounding, en_rounding) = match quota.rounding {
        QuotaRounding::Floor => ("舍去小数", "rounded down"),
        QuotaRounding::HalfUp => ("四舍五入", "rounded half up"),
        QuotaRounding::Ceil => ("进位取整", "rounded up"),
    };
    Some(match quota.limit {
        QuotaLimit::MinBelowTopBp(share) => [
            format!("建议等次低于最高等次的不少于 {}%（{zh_rounding}）。", decimal(share)),
            format!("At least {} % are suggested below the best grade ({en_rounding}).", decimal(share)),
        ],
        QuotaLimit::MaxTopBp(share) => [
            format!("建议最高等次的不超过 {}%（{zh_rounding}）。", decimal(share)),
            format!("At most {} % are suggested for the best grade ({en_rounding}).", decimal(share)),
        ],
    })
}

fn turnout(rule: TurnoutRule) -> Option<[String; 2]> {
    let (zh, en) = match rule {
        TurnoutRule::None => return None,
        TurnoutRule::MoreThanHalf => ("超过应到人数的二分之一", "more than 1/2"),
        TurnoutRule::AtLeastTwoThirds => ("不少于应到人数的三分之二", "at least 2/3"),
        TurnoutRule::MoreThanTwoThirds => ("超过应到人数的三分之二", "more than 2/3"),
        TurnoutRule::AtLeastFourFifths => ("不少于应到人数的五分之四", "at least 4/5"),
        TurnoutRule::MoreThanFourFifths => ("超过应到人数的五分之四", "more than 4/5"),
    };
    Some([format!("实到人数{zh}方可测评。"), format!("The evaluation needs {en} of the entitled to be present.")])
}
