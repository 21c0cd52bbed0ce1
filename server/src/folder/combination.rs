//! `[scoring.combination]` of `meeting.toml`: shares, components and gates, what can be wrong with them, and its sentences.
//! The values are in a file of their own (`components`); what a total is made of is `scoring`'s question.

use super::check::{Lines, unseen};
use super::mistake::{Combining, FileProblem, FolderFile, Found, Mistakes, Wanted};
use super::settings_table::Section;
use super::words::{Bilingual, both};
use pingyi_rules::meeting::plan::Plan;
use pingyi_rules::scoring::{Band, Combination, Component, Gate};

/// 100 % in basis points.
const PERCENT_MAX_BP: u32 = 10_000;
/// Most points below which a gate closes, in hundredths.
const POINTS_MAX_HUNDREDTHS: u32 = 1_000_000;
/// What a gate calls the evaluation's own score.
const EVALUATION: &str = "evaluation";
/// The columns of a components file beside its components; no component has such a name.
pub(super) const COLUMNS: [&str; 4] = ["subject", "branch", "adjustment", "best_grade"];
/// The same in Chinese.
pub(super) const COLUMNS_ZH: [&str; 4] = ["序号", "党组织", "加减分", "等次上限"];

/// The section; nothing where its shares cannot be read.
pub(super) fn settings(mut section: Section<'_>, bands: &[Band], found: &mut Mistakes) -> Option<Combination> {
    let share = section.hundredths("evaluation_share", PERCENT_MAX_BP, Wanted::Percent, found);
    if !section.has("evaluation_share") {
        let key = "scoring.combination.evaluation_share".to_owned();
        found.add(FolderFile::Meeting, section.line_of(""), FileProblem::KeyMissing(key));
    }
    let components = section.sections("components", found).unwrap_or_default();
    let components: Vec<Option<Component>> = components.into_iter().map(|part| component(part, found)).collect();
    // Gates are compared with names, which are there even where a share is not.
    let names: Vec<&str> = components.iter().flatten().map(|component| component.name.as_str()).collect();
    let gates = section.sections("gates", found).unwrap_or_default();
    let gates = gates.into_iter().filter_map(|part| gate(part, &names, bands, found)).collect();
    section.finish(found);
    let components = components.into_iter().collect::<Option<Vec<Component>>>()?;
    Some(Combination { evaluation_share_bp: share?, components, gates })
}

fn component(mut section: Section<'_>, found: &mut Mistakes) -> Option<Component> {
    let name = section.text("name", (1, 40), found);
    let share_bp = section.hundredths("share", PERCENT_MAX_BP, Wanted::Percent, found);
    if !section.has("share") {
        let key = "scoring.combination.components.share".to_owned();
        found.add(FolderFile::Meeting, section.line_of("name"), FileProblem::KeyMissing(key));
    }
    section.finish(found);
    Some(Component { name, share_bp: share_bp? })
}

fn gate(mut section: Section<'_>, names: &[&str], bands: &[Band], found: &mut Mistakes) -> Option<Gate> {
    let line = section.line_of("component");
    let name = section.text("component", (1, 40), found);
    let below = section.hundredths("below", POINTS_MAX_HUNDREDTHS, Wanted::Points, found);
    if !section.has("below") {
        found.add(FolderFile::Meeting, line, FileProblem::KeyMissing("scoring.combination.gates.below".to_owned()));
    }
    let best = section.text("best", (1, 24), found);
    let best_line = section.line_of("best");
    section.finish(found);
    let known = || [EVALUATION].iter().chain(names).map(|name| (*name).to_owned()).collect();
    let component = match names.iter().position(|known| *known == name) {
        _ if name == EVALUATION => Some(0),
        place => place.map(|place| place + 1),
    };
    if component.is_none() && name != "?" {
        found.add(FolderFile::Meeting, line, Combining::ComponentUnknown { found: name, known: known() });
    }
    let band = bands.iter().position(|band| band.id == best);
    if bands.is_empty() {
        found.add(FolderFile::Meeting, best_line, Combining::NoBands);
    } else if band.is_none() && best != "?" {
        let known = bands.iter().map(|band| band.id.clone()).collect();
        found.add(FolderFile::Meeting, best_line, Combining::BestUnknown { found: best, known });
    }
    let small = |number: usize| u32::try_from(number).ok();
    Some(Gate { component: small(component?)?, below_hundredths: below?, best_band: small(band?)? })
}

/// What does not hold in a plan's combination and its imported values, whichever way they came.
pub(super) fn check(plan: &Plan, lines: &Lines) -> Vec<Found> {
    let mut found = Vec::new();
    let line = lines.key("scoring");
    let components = plan.scoring.combination.iter().flat_map(|combination| &combination.components);
    let names: Vec<&String> = components.map(|component| &component.name).collect();
    for (at, name) in names.iter().enumerate() {
        if names[..at].contains(name) {
            add(&mut found, FolderFile::Meeting, line, Combining::ComponentTwice((*name).clone()));
        }
        if let Some(problem) = unseen("scoring.combination.components.name", name) {
            let problem = problem.into();
            found.push(Found { source: FolderFile::Meeting, line, problem });
            continue;
        }
        let fits = (1..=40).contains(&name.chars().count()) && !name.chars().any(char::is_control);
        let is_a_column = COLUMNS.iter().chain(&COLUMNS_ZH).any(|column| column == name) || *name == EVALUATION;
        let looks_like_a_formula = name.starts_with(['=', '+', '-', '@']);
        if is_a_column || looks_like_a_formula || !fits || name.trim() != *name {
            add(&mut found, FolderFile::Meeting, line, Combining::ComponentIsAColumn((*name).clone()));
        }
    }
    if plan.scoring.combination.is_none() && !plan.imported.is_empty() {
        add(&mut found, FolderFile::Components, None, Combining::NoCombination);
        return found;
    }
    for (at, row) in plan.imported.iter().enumerate() {
        let is_known = plan.subject(row.subject).is_some() || !lines.has_subjects;
        let is_first = plan.imported[..at].iter().all(|other| other.subject != row.subject);
        if !(row.fits(&plan.scoring) && is_known && is_first) {
            add(&mut found, FolderFile::Components, None, Combining::ValuesDoNotFit(row.subject));
        }
    }
    found
}

fn add(found: &mut Vec<Found>, source: FolderFile, line: Option<u32>, problem: Combining) {
    found.push(Found { source, line, problem: problem.into() });
}

/// The sentence of each problem.
pub(super) fn words(problem: &Combining) -> Bilingual {
    match problem {
        Combining::ComponentTwice(name) => (
            format!("组成部分“{name}”重复；每个名称只能出现一次"),
            format!("component `{name}` stands twice; use each name once"),
        ),
        Combining::ComponentIsAColumn(name) => (
            format!("组成部分不能叫“{name}”；请换一个 1 到 40 个字的名称，首尾没有空格，不以 = + - @ 开头"),
            format!(
                "a component cannot be called `{name}`; write another name of 1 to 40 characters, without a blank at its ends and none of = + - @ at its beginning"
            ),
        ),
        Combining::ComponentUnknown { found, known } => {
            let known = known.join(", ");
            (
                format!("没有组成部分“{found}”；这里可用：{known}"),
                format!("there is no component `{found}`; write one of {known}"),
            )
        }
        Combining::BestUnknown { found, known } => {
            let known = known.join(", ");
            (
                format!("没有建议等次“{found}”；这里可用：{known}"),
                format!("there is no grade `{found}`; write one of {known}"),
            )
        }
        Combining::NoBands => both(
            "限制等次需要先写 bands；请在 [scoring] 中写出各等次从多少分起",
            "a gate on the grade needs bands; write in [scoring] where each grade begins",
        ),
        Combining::NoCombination => both(
            "meeting.toml 没有 [scoring.combination]，不用这个文件；请加上这一节或删去文件",
            "meeting.toml has no [scoring.combination], so nothing is made of this file; add the section or delete the file",
        ),
        Combining::BranchDiffers { subject, branch } => (
            format!("序号 {subject} 是“{branch}”；请核对是否错行"),
            format!("subject {subject} is `{branch}`; see whether the rows are shifted"),
        ),
        Combining::ValuesDoNotFit(subject) => (
            format!("序号 {subject} 的数据不符；每个组成部分一格，0 到 9999，最多四位小数，每个序号一行"),
            format!(
                "the values of subject {subject} do not fit; one for each component, 0 to 9999, at most four decimals, one row a subject"
            ),
        ),
    }
}
