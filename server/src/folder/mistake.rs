//! What can be wrong in a folder, as closed enums, and where. It finds nothing and words nothing.

use std::fmt;

use super::{ReportLanguage, words};
use pingyi_rules::scoring::RulesFault;

/// One mistake, worded for whoever wrote the folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// The file's name, as `roster.csv`.
    pub file: &'static str,
    /// The line from 1; nothing where the whole file is meant.
    pub line: Option<u32>,
    /// What is wrong and what to write instead.
    pub message: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(formatter, "{}:{line}: {}", self.file, self.message),
            None => write!(formatter, "{}: {}", self.file, self.message),
        }
    }
}

/// A file of the folder, in the order in which they are reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum FolderFile {
    Meeting,
    Subjects,
    Agenda,
    Roster,
    Components,
    ComponentsWorkbook,
}

impl FolderFile {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Meeting => "meeting.toml",
            Self::Subjects => "subjects.csv",
            Self::Agenda => "agenda.csv",
            Self::Roster => "roster.csv",
            Self::Components => "components.csv",
            Self::ComponentsWorkbook => "components.xlsx",
        }
    }
}

/// A problem and its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) source: FolderFile,
    pub(super) line: Option<u32>,
    pub(super) problem: FolderProblem,
}

/// Most mistakes that are reported of one folder: who has more has the wrong file.
const MISTAKES_MAX: usize = 1_000;

/// Everything found so far.
#[derive(Default)]
pub(super) struct Mistakes(pub(super) Vec<Found>);

impl Mistakes {
    pub(super) fn add(&mut self, source: FolderFile, line: Option<u32>, problem: impl Into<FolderProblem>) {
        self.extend([Found { source, line, problem: problem.into() }]);
    }

    pub(super) fn extend(&mut self, found: impl IntoIterator<Item = Found>) {
        let room = MISTAKES_MAX.saturating_sub(self.0.len());
        self.0.extend(found.into_iter().take(room));
    }

    /// In the order of files and lines, what concerns a whole file first.
    pub(super) fn worded(mut self, language: ReportLanguage) -> Vec<Mistake> {
        self.0.sort_by_key(|found| (found.source, found.line));
        let worded = |found: Found| Mistake {
            file: found.source.name(),
            line: found.line,
            message: words::sentence(&found.problem, language),
        };
        self.0.into_iter().map(worded).collect()
    }
}

/// What can be wrong, by where it is noticed; each part has its sentences in a function of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum FolderProblem {
    File(FileProblem),
    Cell(CellProblem),
    Setting(Setting),
    Relation(Relation),
}

/// A file that is no table or no settings, and names that are not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum FileProblem {
    FileMissing,
    FileTooBig,
    NotUtf8,
    Unreadable(String),
    NotToml(String),
    ColumnMissing(String),
    ColumnUnknown { found: String, known: Vec<String> },
    ColumnTwice(String),
    RowLength { have: usize, want: usize },
    KeyMissing(String),
    KeyUnknown { found: String, known: Vec<&'static str> },
}

/// One value, or a list of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum CellProblem {
    Wrong {
        name: String,
        found: String,
        wanted: Wanted,
    },
    /// A character that nobody sees, or that is none, in the place from 1.
    Invisible {
        name: String,
        seen: String,
        sign: char,
        place: usize,
    },
    TooMany {
        what: &'static str,
        max: usize,
    },
    Empty(&'static str),
    Twice {
        name: &'static str,
        value: String,
        first_line: Option<u32>,
    },
}

/// Groups, marks and rules that do not fit each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Setting {
    Weights { total_percent: String },
    GroupEmpty(String),
    HeadCount { group: String, entitled: u32, leaders: u32 },
    TooFewGrades,
    PointsNotDescending(String),
    PointsOfNoGrade(String),
    TooManyBands { grades: usize },
    QuotaNeedsOneLimit,
    TopMaxTwice,
    SheetRules,
    NumbersNameGrades,
    NumbersNeedBands,
    ItemsNeedWeights,
    ItemsCount { max: usize },
    ItemsLeaveNone { subject: u16 },
    ItemsTakeGrades,
    ItemsTakeAllRowsOnly,
    ItemsShowNoTally,
    ItemsAreTooLong,
    ReasonsNeedOpinions { max: usize },
    OverallNeedsItem,
    Rules(RulesFault),
    Combination(Combining),
}

/// A combination that cannot be calculated by, or values that do not fit it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Combining {
    ComponentTwice(String),
    ComponentIsAColumn(String),
    ComponentUnknown { found: String, known: Vec<String> },
    BestUnknown { found: String, known: Vec<String> },
    NoBands,
    NoCombination,
    BranchDiffers { subject: u16, branch: String },
    ValuesDoNotFit(u16),
}

/// What is in two rows or two files and does not agree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Relation {
    GroupUnknown { group: String, known: Vec<String> },
    SubjectUnknown(u16),
    LeaderMissing { subject: u16, branch: String },
    LeaderTwice { subject: u16, first_line: Option<u32> },
    NameMissing(u32),
    StepNeedsSubject(&'static str),
    StepTakesNoSubject(&'static str),
    ReportMissing { subject: u16, branch: String },
    ReportTwice { subject: u16, first_line: Option<u32> },
    ModeDiffers { subject: u16, wanted: &'static str },
    FormUnknown(String),
    OnlyEvaluationsHaveForms,
    EvaluationMissing,
    CloseMissing,
    CloseNotLast,
}

impl From<FileProblem> for FolderProblem {
    fn from(problem: FileProblem) -> Self {
        Self::File(problem)
    }
}

impl From<CellProblem> for FolderProblem {
    fn from(problem: CellProblem) -> Self {
        Self::Cell(problem)
    }
}

impl From<Setting> for FolderProblem {
    fn from(problem: Setting) -> Self {
        Self::Setting(problem)
    }
}

impl From<Combining> for FolderProblem {
    fn from(problem: Combining) -> Self {
        Self::Setting(Setting::Combination(problem))
    }
}

impl From<Relation> for FolderProblem {
    fn from(problem: Relation) -> Self {
        Self::Relation(problem)
    }
}

/// What a value should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    Whole {
        min: u32,
        max: u32,
    },
    Text {
        min: usize,
        max: usize,
    },
    OneOf(Vec<&'static str>),
    /// 0 to 100 with at most two decimals.
    Percent,
    /// 0 to 10,000 with at most two decimals.
    Points,
    /// 0 to 9,999 with at most four decimals.
    Component,
    /// The same with a sign.
    Adjustment,
    GroupId,
    MarkId,
    TrueOrFalse,
    List,
    Section,
    ExcludeOrPoints,
}
