//! Every sentence of a folder's mistakes, in Chinese and English: what is wrong, and what to write instead.
//! Nothing else in the folder holds words for people.

use super::mistake::{CellProblem, FileProblem, FolderProblem, Relation, Setting, Wanted};
use super::{FILE_BYTES_MAX, ReportLanguage, combination};
use pingyi_rules::scoring::RulesFault;

/// Chinese and English.
pub(super) type Bilingual = (String, String);

/// The sentence of a problem.
pub(super) fn sentence(problem: &FolderProblem, language: ReportLanguage) -> String {
    let (chinese, english) = match problem {
        FolderProblem::File(problem) => of_file(problem),
        FolderProblem::Cell(problem) => of_cell(problem),
        FolderProblem::Setting(problem) => of_setting(problem),
        FolderProblem::Relation(problem) => of_relation(problem),
    };
    match language {
        ReportLanguage::Chinese => chinese,
        ReportLanguage::English => english,
    }
}

pub(super) fn both(chinese: impl Into<String>, english: impl Into<String>) -> Bilingual {
    (chinese.into(), english.into())
}

fn of_file(problem: &FileProblem) -> Bilingual {
    let mib = FILE_BYTES_MAX / 1024 / 1024;
    match problem {
        FileProblem::FileMissing => {
            both("缺少这个文件；请把它放进会议文件夹", "is missing; put it into the meeting's folder")
        }
        FileProblem::FileTooBig => {
            (format!("文件超过 {mib} MiB；请确认不是放错了文件"), format!("is over {mib} MiB; is it the right file?"))
        }
        FileProblem::NotUtf8 => both(
            "不是 UTF-8 编码；请在 Excel 或 WPS 中“另存为”，选择“CSV UTF-8（逗号分隔）”",
            "is not UTF-8; in Excel or WPS choose “Save as”, “CSV UTF-8 (comma delimited)”",
        ),
        FileProblem::Unreadable(error) => (format!("无法打开：{error}"), format!("cannot be opened: {error}")),
        FileProblem::NotToml(error) => (
            format!("TOML 语法不对：{error}；文字要加引号，如 title = \"述职评议会\""),
            format!("is no TOML: {error}; texts stand in quotes, as title = \"Evaluation\""),
        ),
        FileProblem::ColumnMissing(column) => (
            format!("第一行缺少列“{column}”；请加上这一列"),
            format!("the first line has no column `{column}`; add it"),
        ),
        FileProblem::ColumnUnknown { found, known } => {
            let known = known.join(", ");
            (
                format!("不认识列“{found}”；可用的列：{known}"),
                format!("unknown column `{found}`; the columns are {known}"),
            )
        }
        FileProblem::ColumnTwice(column) => {
            (format!("列“{column}”出现两次；请删去一个"), format!("column `{column}` stands twice; delete one"))
        }
        FileProblem::RowLength { have, want } => (
            format!("这一行有 {have} 格，应为 {want} 格；含逗号的文字要加英文双引号"),
            format!("this row has {have} cells instead of {want}; a text with a comma stands in double quotes"),
        ),
        FileProblem::KeyMissing(key) => (format!("缺少“{key}”；请加上"), format!("`{key}` is missing; add it")),
        FileProblem::KeyUnknown { found, known } => {
            let known = known.join(", ");
            (format!("不认识“{found}”；这里可用：{known}"), format!("unknown key `{found}`; here may stand {known}"))
        }
    }
}

fn of_cell(problem: &CellProblem) -> Bilingual {
    match problem {
        CellProblem::Wrong { name, found, wanted } => {
            let (chinese, english) = of_wanted(wanted);
            let shown = if found.is_empty() {
                ("空".to_owned(), "empty".to_owned())
            } else {
                (format!("“{found}”"), format!("`{found}`"))
            };
            (format!("{name} 是{}，应为{chinese}", shown.0), format!("`{name}` is {}; write {english}", shown.1))
        }
        CellProblem::Invisible { name, seen, sign, place } => {
            let sign = format!("U+{:04X}", u32::from(*sign));
            let of = if seen.is_empty() { String::new() } else { format!("“{seen}”") };
            (
                format!("{name}{of}的第 {place} 个字符 {sign} 看不见，或不是有效字符；请删掉它，或重新输入这段文字"),
                format!(
                    "character {place} of {name} {of}, {sign}, is one that nobody sees, or none at all; delete it, or type the text again"
                )
                .replace(" ,", ","),
            )
        }
        CellProblem::TooMany { what, max } => {
            (format!("{what} 超过 {max} 项；请减少"), format!("{what}: more than {max}; use fewer"))
        }
        CellProblem::Empty(what) => {
            (format!("{what} 一项也没有；至少写一项"), format!("{what}: there is none; write at least one"))
        }
        CellProblem::Twice { name, value, first_line } => {
            let (chinese, english) = of_first_line(*first_line);
            (
                format!("{name}“{value}”重复{chinese}；每个只能出现一次"),
                format!("{name} `{value}` was there before{english}; use each once"),
            )
        }
    }
}

fn of_first_line(line: Option<u32>) -> Bilingual {
    line.map_or_else(Bilingual::default, |line| (format!("（已在第 {line} 行）"), format!(" (line {line})")))
}

fn of_wanted(wanted: &Wanted) -> Bilingual {
    match wanted {
        Wanted::Whole { min, max } => {
            (format!(" {min} 到 {max} 的整数"), format!("a whole number from {min} to {max}"))
        }
        Wanted::Text { min: 0, max } => {
            (format!("不超过 {max} 个字的文字"), format!("a text of at most {max} characters"))
        }
        Wanted::Text { min, max } => {
            (format!(" {min} 到 {max} 个字的文字"), format!("a text of {min} to {max} characters"))
        }
        Wanted::OneOf(words) => (format!("其中之一：{}", words.join("、")), format!("one of {}", words.join(", "))),
        Wanted::Percent => both(
            " 0 到 100 的百分数，最多两位小数，如 33.33",
            "a percentage from 0 to 100 with at most two decimals, as 33.33",
        ),
        Wanted::Points => {
            both(" 0 到 10000 的分值，最多两位小数，如 80", "points from 0 to 10000 with at most two decimals, as 80")
        }
        Wanted::Component => both(
            " 0 到 9999 的分数，最多四位小数，如 91.5",
            "points from 0 to 9999 with at most four decimals, as 91.5",
        ),
        Wanted::Adjustment => both(
            "加减的分数，最多四位小数，如 2 或 -1.5",
            "points to add or, with a minus, to take away, with at most four decimals, as 2 or -1.5",
        ),
        Wanted::GroupId => both(" 1 到 8 个英文字母或数字，如 A", "1 to 8 ASCII letters or digits, as A"),
        Wanted::MarkId => both(
            " 1 到 24 个小写字母、数字或下划线，如 hao，且不能是 abstain",
            "1 to 24 of a-z, 0-9 and _, as hao, but not abstain",
        ),
        Wanted::TrueOrFalse => both(" true 或 false", "true or false"),
        Wanted::List => both("列表，如 [90, 75, 60, 0] 或 [\"A\"]", "a list, as [90, 75, 60, 0] or [\"A\"]"),
        Wanted::Section => both("一节，如 [scoring] 或 [[groups]]", "a section, as [scoring] or [[groups]]"),
        Wanted::ExcludeOrPoints => both(" \"exclude\" 或分值，如 60", "\"exclude\" or points, as 60"),
    }
}

fn of_setting(problem: &Setting) -> Bilingual {
    match problem {
        Setting::Weights { total_percent } => (
            format!("各票种权重合计 {total_percent}%，应为 100%"),
            format!("the groups' weights add up to {total_percent} %; make it 100 %"),
        ),
        Setting::GroupEmpty(group) => (
            format!("票种“{group}”在 roster.csv 中没有人；请加上座席或删去这个票种"),
            format!("nobody in roster.csv is of group `{group}`; add seats or delete the group"),
        ),
        Setting::HeadCount { group, entitled, leaders } => (
            format!("票种“{group}”应为应到 {entitled} 人，其中述职人 {leaders} 人"),
            format!("group `{group}` has {entitled} entitled voters, {leaders} of them leaders; write these"),
        ),
        Setting::TooFewGrades => both(
            "等次不足两个；至少写两个 kind = \"grade\" 的等次",
            "there are fewer than two grades; write at least two marks with kind = \"grade\"",
        ),
        Setting::PointsNotDescending(mark) => (
            format!("等次“{mark}”的分值不低于前一个；等次由高到低排列"),
            format!("mark `{mark}` is not worth less than the one before; write the best first"),
        ),
        Setting::PointsOfNoGrade(mark) => (
            format!("“{mark}”不是等次，不能有 points；请删去，或在 [scoring] 中写 unknown 或 abstain"),
            format!("`{mark}` is no grade and has no points; delete them, or set unknown or abstain in [scoring]"),
        ),
        Setting::TooManyBands { grades } => (
            format!("bands 比等次多；最多 {grades} 个"),
            format!("there are more bands than grades; write at most {grades}"),
        ),
        Setting::QuotaNeedsOneLimit => {
            both("min_below_top 与 max_top 必须且只能写一个", "write either min_below_top or max_top, and only one")
        }
        Setting::TopMaxTwice => {
            both("top_max 与 top_max_percent 只能写一个", "write either top_max or top_max_percent, not both")
        }
        Setting::SheetRules => both(
            "填表规则与等次不符；distinct_min 不能超过等次数，low_from 必须是一个等次",
            "the sheet rules do not fit the scale; distinct_min is at most the number of grades, low_from the id of a grade",
        ),
        Setting::NumbersNameGrades
        | Setting::NumbersNeedBands
        | Setting::ItemsNeedWeights
        | Setting::ItemsCount { .. }
        | Setting::ItemsLeaveNone { .. }
        | Setting::ItemsTakeGrades
        | Setting::ItemsTakeAllRowsOnly
        | Setting::ItemsShowNoTally
        | Setting::ItemsAreTooLong
        | Setting::ReasonsNeedOpinions { .. }
        | Setting::OverallNeedsItem => of_form(problem),
        Setting::Rules(fault) => of_rules(*fault),
        Setting::Combination(problem) => combination::words(problem),
    }
}

/// Numbers and items.
fn of_form(problem: &Setting) -> Bilingual {
    match problem {
        Setting::NumbersNameGrades => both(
            "打分制的 scale 只为分数段命名，每个都要是等次（kind = \"grade\"）；请换一个标准",
            "with numeric the scale names the bands, so all its marks are grades; take another scale",
        ),
        Setting::NumbersNeedBands => both(
            "打分制要写 bands，如 bands = [90, 75, 60, 0]，结果按分数段列出",
            "numeric needs bands, as bands = [90, 75, 60, 0]: results show them",
        ),
        Setting::ItemsNeedWeights => {
            both("每个测评指标都要写 weight，合计 100", "write a weight for each item; together they are 100")
        }
        Setting::ItemsCount { max } => (
            format!("测评指标应为 2 到 {max} 个；只有一个时不要写 [[items]]"),
            format!("write 2 to {max} items; with a single one leave [[items]] out"),
        ),
        Setting::ItemsLeaveNone { subject } => (
            format!("序号 {subject} 没有任何测评指标；请在某个指标的 not_for 中删去它"),
            format!("no item applies to subject {subject}; take it out of an item's not_for"),
        ),
        Setting::ItemsTakeGrades => both(
            "有测评指标时，等次标准中不能有不了解或弃权；整行留空即为弃权",
            "with items every mark is a grade: write a scale without 不了解 or 弃权; a blank row is an abstention",
        ),
        Setting::ItemsTakeAllRowsOnly => both(
            "有测评指标或打分时，填表规则只能写 all_rows，有测评指标时还可以写 worst_reason 和 overall_matches",
            "with items or numbers the only sheet rule is all_rows, with items also worst_reason and overall_matches; delete the others",
        ),
        Setting::ReasonsNeedOpinions { max } => (
            format!("worst_reason 要求写理由：请写 opinions = true，用有名称的等次标准，且被测评的不超过 {max} 个"),
            format!(
                "worst_reason asks for words: write opinions = true, a scale of named marks, and at most {max} subjects"
            ),
        ),
        Setting::OverallNeedsItem => both(
            "overall_matches 把最后一个测评指标当作总体评价：请给它写 weight = 0，不写 not_for，用有名称的等次标准，并写 bands",
            "overall_matches makes the last item the overall mark: write weight = 0 for it, no not_for, a scale of named marks, and bands",
        ),
        Setting::ItemsShowNoTally => both(
            "有测评指标时，大屏不能实时显示票数；请写 live = \"turnout\" 或 \"off\"",
            "with items there is no live tally; write live = \"turnout\" or \"off\"",
        ),
        _ => both(
            "等次的 id 太长，一行的全部指标放不进一张票；请用短一些的 id 或少几个指标",
            "the ids of the marks are too long for a row of so many items; use shorter ids or fewer items",
        ),
    }
}

fn of_rules(fault: RulesFault) -> Bilingual {
    match fault {
        RulesFault::TooManyDecimals => both("decimals 应为 0 到 4", "decimals: write 0 to 4"),
        RulesFault::TooManyEntries => both(
            "计分规则中有一项列表超过 16 个；请减少",
            "a list of the scoring rules has more than 16 entries; use fewer",
        ),
        RulesFault::ItemWeightsAreNotWhole => {
            both("各测评指标权重合计应为 100%", "make the items' weights add up to 100 %")
        }
        RulesFault::TrimLeavesNoRow => both("trim_more_than_rows 至少为 2", "trim_more_than_rows: write at least 2"),
        RulesFault::TieBreakOfUnknownGroup => both(
            "tie_breaks 中有未定义的票种；请写票种的 id 或 top_rate",
            "tie_breaks names a group that there is not; write a group's id or top_rate",
        ),
        RulesFault::BandsAreNotDescendingToZero => both(
            "bands 应由高到低、互不相同，最后一个为 0，如 [90, 75, 60, 0]",
            "bands: write them from high to low, each once, the last 0, as [90, 75, 60, 0]",
        ),
        RulesFault::QuotaNeedsTwoBands => {
            both("有比例限制时 bands 至少两个", "a quota needs at least two bands; write them")
        }
        RulesFault::QuotaIsOverWhole => both("比例限制不能超过 100%", "a quota is at most 100 %"),
        RulesFault::SharesAreNotWhole => {
            both("各组成部分占比合计应为 100%", "make the components' shares add up to 100 %")
        }
        RulesFault::GateOfUnknownComponentOrBand => both(
            "限制条件指向不存在的组成部分或等次",
            "a gate names a component or band that there is not; write one that there is",
        ),
    }
}

fn of_relation(problem: &Relation) -> Bilingual {
    match problem {
        Relation::GroupUnknown { group, known } => {
            let known = known.join(", ");
            (
                format!("票种“{group}”没有定义；meeting.toml 中有：{known}"),
                format!("group `{group}` is not defined; meeting.toml has {known}"),
            )
        }
        Relation::SubjectUnknown(subject) => (
            format!("subjects.csv 中没有序号 {subject}；请改正序号或加上这一行"),
            format!("subjects.csv has no subject {subject}; correct the number or add the row"),
        ),
        Relation::LeaderMissing { subject, branch } => (
            format!("{branch}（{subject}）在 roster.csv 中没有负责人；请在其座席的 leads_subject 写 {subject}"),
            format!("{branch} ({subject}) has no leader in roster.csv; write {subject} in the leader's leads_subject"),
        ),
        Relation::LeaderTwice { subject, first_line } => {
            let (chinese, english) = of_first_line(*first_line);
            (
                format!("序号 {subject} 已有负责人{chinese}；每个党组织只能有一位"),
                format!("subject {subject} has a leader already{english}; leave one"),
            )
        }
        Relation::NameMissing(seat) => (
            format!("座席 {seat} 没有姓名；按名册入场时每人都要写姓名"),
            format!("seat {seat} has no name; with admission = \"roster\" write everybody's name"),
        ),
        Relation::StepNeedsSubject(step) => {
            (format!("{step} 要写是哪一个 subject"), format!("`{step}` needs a subject; write its number"))
        }
        Relation::StepTakesNoSubject(step) => (
            format!("{step} 不属于某一个 subject；请把这格留空"),
            format!("`{step}` belongs to no subject; leave the cell empty"),
        ),
        Relation::ReportMissing { subject, branch } => (
            format!("{branch}（{subject}）在 agenda.csv 中没有述职；请加一行 report,{subject}"),
            format!("{branch} ({subject}) has no report in agenda.csv; add a row report,{subject}"),
        ),
        Relation::ReportTwice { subject, first_line } => {
            let (chinese, english) = of_first_line(*first_line);
            (
                format!("序号 {subject} 述职两次{chinese}；请删去一行"),
                format!("subject {subject} reports twice{english}; delete one row"),
            )
        }
        Relation::ModeDiffers { subject, wanted } => (
            format!("序号 {subject} 在 subjects.csv 中是 {wanted}；请写 {wanted} 或留空"),
            format!("subjects.csv says {wanted} for subject {subject}; write {wanted} or leave it empty"),
        ),
        Relation::FormUnknown(form) => (
            format!("没有定义测评表“{form}”；请在 meeting.toml 中加一节 [[forms]]，或改正 id"),
            format!("form `{form}` is not defined; add it to meeting.toml as [[forms]], or correct the id"),
        ),
        Relation::OnlyEvaluationsHaveForms => {
            both("只有 evaluation 可以写 form；请把这格留空", "only an evaluation has a form; leave the cell empty")
        }
        Relation::EvaluationMissing => {
            both("没有测评环节；请加一行 evaluation", "there is no evaluation; add a row evaluation")
        }
        Relation::CloseNotLast => {
            both("close 必须是最后一个环节；请移到末尾", "close is the last step; move it to the end")
        }
        Relation::CloseMissing => {
            both("没有结束环节；请在末尾加一行 close", "there is no end; add a row close as the last one")
        }
    }
}
