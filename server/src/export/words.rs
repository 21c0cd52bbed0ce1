//! The words of the exported tables in both languages, the same as on the printed forms.

use serde::{Deserialize, Serialize};

/// The language of a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// 中文.
    #[default]
    Zh,
    /// English.
    En,
}

/// Every word of a table.
#[derive(Clone, Copy, Debug)]
pub struct Words {
    /// The summary's title, and the name of its sheet.
    pub summary: &'static str,
    /// The name of a group's sheet, before the group's id.
    pub group_sheet: &'static str,
    /// The accounts' title, and the name of their sheet.
    pub accounts: &'static str,
    /// The rules' title, and the name of their sheet.
    pub rules: &'static str,
    /// Before a round's number.
    pub round: &'static str,
    /// 校验码.
    pub fingerprint: &'static str,
    /// 记录码, before the digits of the record.
    pub record: &'static str,
    /// 序号.
    pub number: &'static str,
    /// 党组织.
    pub branch: &'static str,
    /// 书记.
    pub secretary: &'static str,
    /// 述职方式.
    pub report: &'static str,
    /// 现场.
    pub onsite: &'static str,
    /// 书面.
    pub written: &'static str,
    /// Ballots of a mark.
    pub votes: &'static str,
    /// Share of a mark.
    pub percent: &'static str,
    /// 测评指标平均分, above the items.
    pub items: &'static str,
    /// 弃权.
    pub abstained: &'static str,
    /// 回避.
    pub recused: &'static str,
    /// 票种.
    pub group: &'static str,
    /// A group's mean.
    pub mean: &'static str,
    /// 加权得分.
    pub score: &'static str,
    /// 位次.
    pub rank: &'static str,
    /// 综合, above the columns of a total.
    pub combined: &'static str,
    /// 加减分.
    pub adjustment: &'static str,
    /// 综合得分.
    pub total: &'static str,
    /// 综合位次.
    pub total_rank: &'static str,
    /// 建议等次.
    pub grade: &'static str,
    /// 最高等次得票率.
    pub top_rate: &'static str,
    /// 备注.
    pub note: &'static str,
    /// 缺席.
    pub absent: &'static str,
    /// 合计.
    pub all: &'static str,
    /// Entitled, present, issued, returned, valid, invalid.
    pub heads: [&'static str; 6],
    /// Papers on phones.
    pub on_phones: &'static str,
    /// Of these at shared tablets.
    pub at_tablets: &'static str,
    /// Sheets on paper.
    pub on_paper: &'static str,
    /// What a dash means.
    pub too_small: &'static str,
}

const ZH: Words = Words {
    summary: "汇总表",
    group_sheet: "票种",
    accounts: "票数统计",
    rules: "计分规则",
    round: "轮次",
    fingerprint: "校验码",
    record: "记录码",
    number: "序号",
    branch: "党组织",
    secretary: "书记",
    report: "述职方式",
    onsite: "现场",
    written: "书面",
    votes: "票",
    percent: "%",
    items: "指标平均分",
    abstained: "弃权",
    recused: "回避",
    group: "票种",
    mean: "平均分",
    score: "加权得分",
    rank: "位次",
    combined: "综合",
    adjustment: "加减分",
    total: "综合得分",
    total_rank: "综合位次",
    grade: "建议等次",
    top_rate: "最高等次得票率%",
    note: "备注",
    absent: "缺席",
    all: "合计",
    heads: ["应到", "实到", "发出", "收回", "有效", "无效"],
    on_phones: "手机票",
    at_tablets: "其中共用平板",
    on_paper: "纸质票",
    too_small: "“—”：人数太少，不单独列出。",
};

const EN: Words = Words {
    summary: "Summary",
    group_sheet: "Group",
    accounts: "Accounts",
    rules: "Rules",
    round: "Round",
    fingerprint: "Fingerprint",
    record: "Record",
    number: "No.",
    branch: "Branch",
    secretary: "Secretary",
    report: "Report",
    onsite: "on site",
    written: "written",
    votes: "votes",
    percent: "%",
    items: "Mean of the item",
    abstained: "Abst.",
    recused: "Recused",
    group: "Group",
    mean: "Mean",
    score: "Score",
    rank: "Rank",
    combined: "Combined",
    adjustment: "Adjustment",
    total: "Total",
    total_rank: "Rank by total",
    grade: "Suggested grade",
    top_rate: "Best mark %",
    note: "Notes",
    absent: "absent",
    all: "All",
    heads: ["Entitled", "Present", "Issued", "Returned", "Valid", "Invalid"],
    on_phones: "On phones",
    at_tablets: "of these at shared tablets",
    on_paper: "On paper",
    too_small: "“—”: too few to be listed on their own.",
};

impl Language {
    /// The words in it.
    #[must_use]
    pub fn words(self) -> &'static Words {
        match self {
            Self::Zh => &ZH,
            Self::En => &EN,
        }
    }

    /// The sentence or label in it; Chinese where there is no English.
    #[must_use]
    pub fn of<'a>(self, zh: &'a str, en: &'a str) -> &'a str {
        if self == Self::En && !en.is_empty() { en } else { zh }
    }

    /// As it is in a file's name.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Zh => "zh",
            Self::En => "en",
        }
    }
}
