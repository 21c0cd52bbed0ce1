//! From starting the binary to its first answer, on the data directory of 100 old meetings.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::time::{Duration, Instant};

use pingyi::ballot_box;
use pingyi::creation::{self, MeetingRequest};
use pingyi::store::local::LocalStore;
use pingyi::store::{BoxStore as _, MeetingStore as _, Replaced};
use pingyi_rules::meeting::plan::{Publication, StepKind};
use pingyi_rules::meeting::round::SmallGroups;
use pingyi_rules::meeting::{Accounting, CoSigned, Command, GroupAccount, Meeting, PlainWish};

use crate::hall::folder;
use crate::measure::{RUNS, line, median, ms};
use crate::process;

const OLD_MEETINGS: usize = 100;
const SEATS: u32 = 50;

/// The commands of a whole meeting in which nobody voted.
fn history(meeting: &Meeting) -> Vec<Command> {
    let account = |group: &pingyi_rules::meeting::plan::Group| GroupAccount {
        group: group.id.clone(),
        entitled: group.entitled,
        ..GroupAccount::default()
    };
    let accounting = Accounting { groups: meeting.plan.groups.iter().map(account).collect() };
    let tally = ballot_box::count(&meeting.plan, &meeting.rounds[0].subjects, &[]).tally;
    let arm = Command::Arm {
        round: 1,
        manifest_hash: "0".repeat(64),
        fingerprint: "0000-0000-0000-0000-0000-0000".to_owned(),
        promise: None,
        accounting: accounting.clone(),
        small_groups: SmallGroups::Refuse,
        merged: Vec::new(),
    };
    let published = CoSigned::Publication { publication: Publication::Chair };
    let asks = |number, asked| Command::Plain(PlainWish::Ask { round: 1, number, asked });
    let confirms = |number, asked| Command::Confirm { round: 1, number, asked, record: None };
    let step = |kind| meeting.plan.agenda.iter().find(|step| step.kind == kind).unwrap().id;
    vec![
        PlainWish::OpenCheckin.into(),
        PlainWish::Begin.into(),
        arm,
        PlainWish::GoTo { step: step(StepKind::Evaluation) }.into(),
        PlainWish::Open { round: 1 }.into(),
        PlainWish::Close { round: 1 }.into(),
        Command::Freeze { round: 1, accounting, tally },
        asks(1, CoSigned::Certificate),
        confirms(1, CoSigned::Certificate),
        asks(2, published.clone()),
        confirms(2, published),
        PlainWish::GoTo { step: step(StepKind::Close) }.into(),
        PlainWish::CloseMeeting.into(),
        PlainWish::Archive.into(),
    ]
}

async fn old_meeting(store: &LocalStore) {
    let folder = folder(SEATS);
    let (new, handout) =
        creation::make(MeetingRequest { plan: folder.plan, seats: folder.seats }, store.secret()).unwrap();
    let mut meeting = new.meeting.clone();
    store.create(new).await.unwrap();
    let mut version = store.load(&handout.meeting).await.unwrap().unwrap().version;
    for (hour, command) in (1u64..).zip(history(&meeting)) {
        if matches!(command, Command::Freeze { .. }) {
            store.freeze(&handout.meeting, 1, &[]).await.unwrap();
        }
        meeting = meeting.apply(&command, hour * 3_600_000).unwrap();
        version = match store.replace(version, &meeting).await.unwrap() {
            Replaced::Now(version) => version,
            other => panic!("{other:?}"),
        };
    }
}

fn answers(port: u16) -> bool {
    let Ok(mut stream) = TcpStream::connect(("127.0.0.1", port)) else { return false };
    let request = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    let mut answer = String::new();
    stream.write_all(request).is_ok()
        && stream.read_to_string(&mut answer).is_ok()
        && answer.starts_with("HTTP/1.1 200")
}

pub async fn run() {
    let data = tempfile::tempdir().unwrap();
    let store = LocalStore::open(data.path()).unwrap();
    for _ in 0..OLD_MEETINGS {
        old_meeting(&store).await;
    }
    drop(store);
    let mut took = Vec::new();
    for _ in 0..RUNS {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let path = data.path().to_owned();
        let begun = Instant::now();
        let starting = std::thread::spawn(move || process::server(&path, &format!("127.0.0.1:{port}"), &[]));
        while !answers(port) {
            std::thread::sleep(Duration::from_micros(500));
        }
        took.push(ms(begun.elapsed()));
        drop(starting.join());
    }
    let figure = format!("first answer {:.0} ms after the start, with 100 old meetings", median(took));
    line("start", &figure, "≤ 100 ms", "");
}
