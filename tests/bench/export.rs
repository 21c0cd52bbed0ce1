//! How long files take for 71 subjects marked by 160 voters in 16 groups on twelve marks, the largest meeting met in
//! practice (154 voters) with more columns than any; and the same with six items a row, counted from its ballots. A timing is a figure, never an assertion. `cargo bench --bench export -- FILE.xlsx` also keeps the workbook, to be opened in an office program.
#![expect(clippy::unwrap_used, reason = "a benchmark that panics has no figures to tell")]

use std::time::Instant;

use pingyi::ballot_box::count;
use pingyi::export::archive::{ArchiveContents, FORMAT, MeetingFile, archive, source};
use pingyi::export::csv::csv;
use pingyi::export::words::Language;
use pingyi::export::xlsx::xlsx;
use pingyi::folder;
use pingyi::view;
use pingyi_rules::ballot::Ballot;
use pingyi_rules::ballot::cast::{row_answer, sheet_answer};
use pingyi_rules::form::{Item, Live, Mark, MarkKind};
use pingyi_rules::meeting::plan::{Group, Publication, Subject};
use pingyi_rules::meeting::{Accounting, GroupAccount, Meeting, Phase, RoundState, Tally};
use pingyi_rules::scoring::{GroupCount, SubjectCount};

const RUNS: usize = 9;
const SUBJECTS: u16 = 71;
const GROUPS: u8 = 16;
const MARKS: u32 = 12;
const ITEMS: u32 = 6;

/// The institute's rules on a large meeting. Every count is made up and always the same.
fn large() -> Meeting {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../meetings/institute");
    let mut plan = folder::read(&folder, folder::ReportLanguage::English).unwrap().plan;
    let subject = |id| Subject { id, branch: format!("第{id}党支部"), ..plan.subjects[0].clone() };
    plan.subjects = (1..=SUBJECTS).map(subject).collect();
    let group = |place: u8| Group {
        id: char::from(b'A' + place).to_string(),
        weight_bp: 625,
        entitled: 10,
        leaders: 0,
        ..plan.groups[0].clone()
    };
    plan.groups = (0..GROUPS).map(group).collect();
    let mark = |place: u32| Mark {
        id: format!("m{place}"),
        label: format!("等次{place}"),
        label_en: format!("Mark {place}"),
        kind: MarkKind::Grade,
        points_hundredths: 10_000 - place * 500,
    };
    plan.scale = (0..MARKS).map(mark).collect();
    plan.scoring.tie_breaks.clear();
    let mut meeting = Meeting::new("b2345678".to_owned(), plan);
    let count = |subject: u16, group: u8| {
        let mut count = GroupCount { marks: vec![0; MARKS as usize], ..GroupCount::default() };
        for voter in 0..10_u16 {
            count.marks[usize::from((subject * 7 + u16::from(group) * 5 + voter * 3) % 12)] += 1;
        }
        count
    };
    let row = |subject| SubjectCount { subject, groups: (0..GROUPS).map(|group| count(subject, group)).collect() };
    let account = |group: &Group| GroupAccount {
        group: group.id.clone(),
        entitled: 10,
        present: 10,
        issued: 10,
        returned: 10,
        valid: 10,
        ..GroupAccount::default()
    };
    let accounting = Accounting { groups: meeting.plan.groups.iter().map(account).collect() };
    meeting.phase = Phase::Closed;
    let round = &mut meeting.rounds[0];
    round.state = RoundState::Published;
    round.publication = Some(Publication::HallScores);
    round.accounting = Some(accounting);
    round.tally = Some(Tally { rows: (1..=SUBJECTS).map(row).collect() });
    meeting
}

/// The same meeting with six items a row, before its count; and its ballots, each sheet of which marks otherwise.
fn itemised() -> (Meeting, Vec<Ballot>) {
    let mut meeting = large();
    let item = |at: u32| Item { label: format!("指标{at}"), label_en: format!("Item {at}"), not_for: Vec::new() };
    meeting.plan.items = (1..=ITEMS).map(item).collect();
    meeting.plan.scoring.item_weights_bp = vec![1_667, 1_667, 1_667, 1_667, 1_666, 1_666];
    meeting.plan.live = Live::Turnout;
    let mut ballots = Vec::new();
    for (group, voter) in (0..GROUPS).flat_map(|group| (0..10_u32).map(move |voter| (group, voter))) {
        for contest in 0..=SUBJECTS {
            let mark = |item: u32| {
                let place = u32::from(contest) * 7 + u32::from(group) * 5 + voter * 3 + item * (voter + 2);
                format!("m{}", place % MARKS)
            };
            let answer = match contest {
                0 => sheet_answer(&[0; 32]),
                _ => row_answer(&(0..ITEMS).map(mark).collect::<Vec<_>>().join(".")),
            };
            let group = char::from(b'A' + group).to_string();
            let (pk, token, signature) = ([0; 32], [0; 256], [0; 64]);
            ballots.push(Ballot { contest, group, pk, token, answer, signature });
        }
    }
    (meeting, ballots)
}

/// The median of some runs.
fn timed<T>(what: &str, mut run: impl FnMut() -> T) -> T {
    let mut times = Vec::new();
    let mut last = None;
    for _ in 0..RUNS {
        let begin = Instant::now();
        last = Some(run());
        times.push(begin.elapsed());
    }
    times.sort();
    let [fastest, median, slowest] = [0, RUNS / 2, RUNS - 1].map(|at| times[at].as_secs_f64() * 1e3);
    println!("{what:<44} {median:>8.1} ms   (of {RUNS}: {fastest:.1} to {slowest:.1})");
    last.unwrap()
}

fn main() {
    let meeting = large();
    let rounds: Vec<_> = meeting.rounds.iter().map(|round| view::round(&meeting, round)).collect();
    let plan = view::plan(&meeting, "");
    let result = timed("result view", || view::result::for_chair(&meeting)).unwrap();
    let of = source(&plan, &rounds, &result, Language::Zh);
    let workbook = timed("xlsx, 19 sheets", || xlsx(&of.tables()).unwrap());
    timed("summary as CSV", || csv(&of.summary()));
    timed("every figure explained", || view::explained::explained(&meeting, &meeting.rounds[0]).unwrap());
    let file = timed("archive with everything", || {
        let kept = view::archived::archived(&meeting);
        let prints = view::prints::prints(&meeting, view::prints::PrintInputs::default());
        let explained = meeting.rounds.iter().filter_map(|round| view::explained::explained(&meeting, round)).collect();
        let (format, seats) = (FORMAT.to_owned(), Vec::new());
        let of = MeetingFile { format, meeting: kept.meeting, seats, withheld: kept.withheld };
        let print_page = serde_json::to_vec(&prints).unwrap();
        archive(&ArchiveContents {
            meeting: of,
            prints,
            explained,
            manifests: Vec::new(),
            records: Vec::new(),
            print_page,
        })
        .unwrap()
    });
    println!("xlsx {} kB, archive {} kB", workbook.len() / 1000, file.len() / 1000);
    let (mut meeting, ballots) = itemised();
    let subjects = meeting.rounds[0].subjects.clone();
    let counted = timed("six items: 11,520 ballots counted", || count(&meeting.plan, &subjects, &ballots));
    meeting.rounds[0].tally = Some(counted.tally);
    let result = timed("six items: result view", || view::result::for_chair(&meeting)).unwrap();
    let of = source(&plan, &rounds, &result, Language::Zh);
    timed("six items: xlsx", || xlsx(&of.tables()).unwrap());
    if let Some(path) = std::env::args().skip(1).find(|argument| argument.ends_with(".xlsx")) {
        std::fs::write(path, workbook).unwrap();
    }
}
