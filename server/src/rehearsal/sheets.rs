//! What every simulated voter marks: from a file of sheets, or at random within the sheet's rules.
//! A sheet belongs to a seat here only because whoever rehearses wrote it so; on the wire nothing does.

use std::collections::BTreeMap;
use std::path::Path;

use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};

use super::problem::RehearsalError;
use crate::folder::{Folder, ReportLanguage};
use pingyi_rules::ballot::Frozen;
use pingyi_rules::form::SheetRules;
use pingyi_rules::form::overall::Overall;
use pingyi_rules::form::sheet_rules::SheetRow;
use pingyi_rules::form::{MarkKind, OwnBranch};
use pingyi_rules::meeting::plan::Plan;
use pingyi_rules::scoring::ItemAnswer;

/// Most bytes of a file of sheets: 20,000 voters and 200 subjects.
const FILE_BYTES_MAX: u64 = 64 * 1024 * 1024;
/// Most mistakes that are listed.
const MISTAKES_MAX: usize = 100;
/// Random sheets that are drawn before the rules are met in another way.
const DRAWS_MAX: u32 = 500;

/// Where marks come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SheetSource {
    /// At random, mostly good; the same seed gives the same marks.
    Random(u64),
    /// One sheet a seat; a seat without one does not vote.
    File(BTreeMap<u32, Sheet>),
}

/// One sheet of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// How it comes back.
    pub channel: SheetChannel,
    /// What stands on it; nothing on an invalid one of paper, and on one that a phone never submits.
    pub marks: Option<Marks>,
}

/// How a voter votes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SheetChannel {
    /// On a phone of their own.
    Phone,
    /// At a shared tablet, once the round is open.
    Kiosk,
    /// On paper.
    Paper,
}

/// A voter's marks by subject; a subject that is not there is left blank.
pub type Marks = BTreeMap<u16, String>;

impl SheetSource {
    /// Reads `seat,group,channel,valid,s1,…`: marks by their ids, `abstain`, `recused`, or `double` on an invalid sheet.
    /// On paper `no` is an invalid sheet; on a phone or a tablet, which cannot cast one, a sheet that is never submitted.
    ///
    /// # Errors
    /// Every mistake of the file, with its line, in the language.
    pub fn read(path: &Path, folder: &Folder, language: ReportLanguage) -> Result<Self, RehearsalError> {
        let name = path.display().to_string();
        let unreadable = |error: std::io::Error| RehearsalError::File(name.clone(), error.to_string());
        if std::fs::metadata(path).map_err(unreadable)?.len() > FILE_BYTES_MAX {
            return Err(RehearsalError::File(name, "> 64 MiB".to_owned()));
        }
        let text = std::fs::read_to_string(path).map_err(unreadable)?;
        let mut reading = Reading { folder, language, name, sheets: BTreeMap::new(), mistakes: Vec::new() };
        reading.all(text.trim_start_matches('\u{feff}'));
        if reading.mistakes.is_empty() {
            Ok(Self::File(reading.sheets))
        } else {
            Err(RehearsalError::Sheets(reading.mistakes))
        }
    }

    /// The sheet of a seat that leads `leads`; nothing for a seat that does not vote.
    #[must_use]
    pub fn of(&self, plan: &Plan, seat: u32, leads: Option<u16>) -> Option<Marks> {
        match self {
            Self::File(sheets) => sheets.get(&seat).and_then(|sheet| sheet.marks.clone()),
            Self::Random(seed) => {
                let recused = leads.filter(|_| plan.own_branch == OwnBranch::Recused);
                Some(random(plan, recused, &mut StdRng::seed_from_u64(seed ^ (u64::from(seat) << 32))))
            }
        }
    }
}

impl SheetSource {
    /// The sheet of a seat that votes on paper.
    #[must_use]
    pub fn on_paper(&self, seat: u32) -> Option<&Sheet> {
        match self {
            Self::File(sheets) => sheets.get(&seat).filter(|sheet| sheet.channel == SheetChannel::Paper),
            Self::Random(_) => None,
        }
    }

    /// Whether a seat votes at a shared tablet.
    #[must_use]
    pub fn at_kiosk(&self, seat: u32) -> bool {
        match self {
            Self::File(sheets) => sheets.get(&seat).is_some_and(|sheet| sheet.channel == SheetChannel::Kiosk),
            Self::Random(_) => false,
        }
    }
}

struct Reading<'a> {
    folder: &'a Folder,
    language: ReportLanguage,
    name: String,
    sheets: BTreeMap<u32, Sheet>,
    mistakes: Vec<String>,
}

impl Reading<'_> {
    fn all(&mut self, text: &str) {
        let mut rows = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
        let columns = ["seat", "group", "channel", "valid"].map(str::to_owned).into_iter();
        let wanted: Vec<String> =
            columns.chain(self.folder.plan.subjects.iter().map(|subject| format!("s{}", subject.id))).collect();
        let head_is_right = rows.headers().is_ok_and(|head| head.iter().eq(wanted.iter().map(String::as_str)));
        if !head_is_right {
            let wanted = wanted.join(",");
            return self.mistake(1, &format!("表头应为 {wanted}"), &format!("the head must be {wanted}"));
        }
        for (line, row) in (2u64..).zip(rows.records()) {
            match row {
                Ok(row) => self.row(line, &row.iter().collect::<Vec<_>>()),
                Err(error) => self.mistake(line, &format!("无法读取：{error}"), &format!("it cannot be read: {error}")),
            }
        }
    }

    fn mistake(&mut self, line: u64, chinese: &str, english: &str) {
        if self.mistakes.len() < MISTAKES_MAX {
            let name = &self.name;
            self.mistakes.push(match self.language {
                ReportLanguage::Chinese => format!("{name} 第 {line} 行：{chinese}。"),
                ReportLanguage::English => format!("{name}, line {line}: {english}."),
            });
        }
    }

    fn row(&mut self, line: u64, cells: &[&str]) {
        let plan = &self.folder.plan;
        let [seat, group, channel, valid, marks @ ..] = cells else {
            return self.mistake(line, "列数不足", "columns are missing");
        };
        if marks.len() != plan.subjects.len() {
            let number = plan.subjects.len();
            return self.mistake(line, &format!("应有 {number} 个等次"), &format!("there must be {number} marks"));
        }
        let known = seat.parse().ok().and_then(|number: u32| self.folder.seats.iter().find(|seat| seat.seat == number));
        let Some(seat) = known else {
            return self.mistake(line, &format!("名册中没有座席 {seat}"), &format!("the roster has no seat {seat}"));
        };
        if seat.group != *group {
            let of = seat.group.clone();
            return self.mistake(
                line,
                &format!("座席属于 {of}，不是 {group}"),
                &format!("the seat is of {of}, not of {group}"),
            );
        }
        if !seat.present {
            return self.mistake(line, "该座席未到会，没有测评表", "this voter is not present and has no sheet");
        }
        let channel = match *channel {
            "phone" => SheetChannel::Phone,
            "kiosk" => SheetChannel::Kiosk,
            "paper" => SheetChannel::Paper,
            _ => {
                return self.mistake(
                    line,
                    "channel 应为 phone、kiosk 或 paper",
                    "the channel is phone, kiosk or paper",
                );
            }
        };
        match *valid {
            "yes" => {}
            "no" => {
                self.sheets.insert(seat.seat, Sheet { channel, marks: None });
                return;
            }
            _ => return self.mistake(line, "valid 应为 yes 或 no", "valid is yes or no"),
        }
        let (number, leads) = (seat.seat, seat.leads_subject);
        if self.sheets.contains_key(&number) {
            return self.mistake(line, &format!("座席 {number} 出现两次"), &format!("seat {number} is there twice"));
        }
        let recused = leads.filter(|_| plan.own_branch == OwnBranch::Recused);
        let mut sheet = Marks::new();
        let mut wrong = Vec::new();
        for (subject, mark) in plan.subjects.iter().map(|subject| subject.id).zip(marks) {
            match *mark {
                "abstain" if recused != Some(subject) => {}
                "recused" if recused == Some(subject) => {}
                mark if recused != Some(subject) && plan.answer(subject, mark).is_some() => {
                    sheet.insert(subject, mark.to_owned());
                }
                mark => wrong.push((subject, mark.to_owned())),
            }
        }
        self.sheets.insert(number, Sheet { channel, marks: Some(sheet) });
        for (subject, mark) in wrong {
            let (chinese, english) = if recused == Some(subject) {
                (format!("s{subject} 是本支部，应写 recused"), format!("s{subject} is the own branch: write recused"))
            } else {
                (
                    format!("s{subject} 的“{mark}”不是等次，也不是 abstain"),
                    format!("s{subject}: \"{mark}\" is no mark of the scale, nor abstain"),
                )
            };
            self.mistake(line, &chinese, &english);
        }
    }
}

/// What a sheet is drawn for.
struct Drawn<'a> {
    grades: Vec<&'a str>,
    rules: &'a SheetRules,
    /// How many items a row has; 0 for one overall mark.
    items: usize,
    /// What the last of them must be, where it is the overall mark.
    overall: Option<Overall>,
    /// The rows that the voter has, with the places of the items that do not apply.
    rows: Vec<(u16, Vec<u16>)>,
}

fn random(plan: &Plan, recused: Option<u16>, rng: &mut StdRng) -> Marks {
    let grades = plan.scale.iter().filter(|mark| mark.kind == MarkKind::Grade).map(|mark| mark.id.as_str());
    let subjects = plan.subjects.iter().map(|subject| subject.id).filter(|id| Some(*id) != recused);
    let rows = subjects.map(|subject| (subject, plan.without(subject))).collect();
    let (items, overall) = (plan.items.len(), plan.overall());
    Drawn { grades: grades.collect(), rules: &plan.sheet_rules, items, overall, rows }.marks(rng)
}

/// These marks, or, where a round's form knows none of them, others that are drawn for it: a sheet of a file is one of the
/// meeting's first form.
#[must_use]
pub fn fitting(frozen: &Frozen, marks: &Marks, rng: &mut StdRng) -> Marks {
    let manifest = frozen.manifest();
    let row = |subject: &u16| manifest.contests.iter().find(|row| row.subject == *subject);
    let fits = |(subject, mark): (&u16, &String)| row(subject).is_none_or(|row| manifest.answer(row.c, mark).is_some());
    if marks.iter().all(fits) {
        return marks.clone();
    }
    let rows = manifest.contests.iter().map(|row| (row.subject, row.without.clone())).collect();
    let (items, overall) = (manifest.items.len(), manifest.overall());
    Drawn { grades: frozen.grades(), rules: &manifest.sheet_rules, items, overall, rows }.marks(rng)
}

impl Drawn<'_> {
    /// A sheet of mostly good marks, with a blank row now and then, that keeps the sheet's rules where that can be done.
    fn marks(&self, rng: &mut StdRng) -> Marks {
        let keeps_rules = |marks: &Marks| {
            // Who marks so simulated writes the reason too.
            let row =
                |(subject, _): &(u16, _)| SheetRow { mark: marks.get(subject).map(String::as_str), has_reason: true };
            let rows = self.rows.iter().map(row);
            self.rules.broken(&self.grades, rows).is_empty()
        };
        for draw in 0..DRAWS_MAX {
            // The longer the rules are not met, the more evenly marks are drawn.
            let halving = if draw < DRAWS_MAX / 2 { 2.0 } else { 1.0 };
            let mut marks = Marks::new();
            for (subject, without) in &self.rows {
                let is_blank = !self.rules.all_rows && rng.random_bool(0.02);
                let row = self.row(without, halving, rng);
                if !is_blank {
                    marks.insert(*subject, row);
                }
            }
            if keeps_rules(&marks) {
                return marks;
            }
        }
        // Grades in turn: as many different ones and as few top ones as can be.
        let turns = (0..self.grades.len()).rev().cycle();
        self.rows.iter().zip(turns).map(|((subject, _), at)| (*subject, self.grades[at].to_owned())).collect()
    }

    fn row(&self, without: &[u16], halving: f64, rng: &mut StdRng) -> String {
        let weighted: Vec<(usize, f64)> =
            (0..self.grades.len()).map(|at| (at, f64::powi(halving, -i32::try_from(at).unwrap_or(0)))).collect();
        let mut mark = || weighted.choose_weighted(rng, |(_, weight)| *weight).map_or(0, |(at, _)| *at);
        if self.items == 0 {
            return self.grades[mark()].to_owned();
        }
        let applies = |item: usize| !without.iter().any(|without| usize::from(*without) == item);
        // With items every mark of the scale is a grade, so its place among the grades is the one in the scale.
        let answer = |item| if applies(item) { ItemAnswer::Mark(mark()) } else { ItemAnswer::NotApplicable };
        let answers: Vec<ItemAnswer> = (0..self.items).map(answer).collect();
        let part = |answer: &ItemAnswer| match answer {
            ItemAnswer::Mark(place) => self.grades[*place],
            ItemAnswer::NotApplicable | ItemAnswer::Open => "",
        };
        let mut parts: Vec<&str> = answers.iter().map(part).collect();
        if let Some(overall) = self.overall.as_ref().and_then(|overall| overall.of(&answers)) {
            parts.pop();
            parts.push(overall);
        }
        parts.join(".")
    }
}
