//! The college with its shared tablet: 44 phones, one of which never submits, four voters at the tablet, two sheets of paper.

use std::io::Cursor;
use std::sync::Arc;

use calamine::{Data, Reader, Xlsx};
use pingyi::folder::ReportLanguage;
use pingyi::protocol::{ChairView, ChannelAccount, Prints, Role, ServerMessage};
use pingyi::rehearsal::chair::open_session;
use pingyi::rehearsal::own_server::{OwnServer, prepare};
use pingyi::rehearsal::{Options, ServerAddress, SheetSource, Target, Wire, capability, run};

use super::{path, shipped};
use crate::patience::PATIENCE;

/// Issued, returned, valid, invalid, and issued at tablets, by channel.
const CHANNELS: [[u32; 5]; 2] = [[48, 47, 47, 0, 4], [2, 2, 2, 0, 0]];

fn figures(channels: &[ChannelAccount]) -> Vec<[u32; 5]> {
    channels.iter().map(|each| [each.issued, each.returned, each.valid, each.invalid, each.kiosk_issued]).collect()
}

/// A desk's answer to a path below the meeting.
async fn gets(target: &Target, role: Role, what: &str) -> bytes::Bytes {
    let wire = Wire::new(Arc::new(ServerAddress::parse(&target.base_url).unwrap()), PATIENCE);
    let (session, opened) = open_session(&wire, capability(&target.handout, role).unwrap()).await.unwrap();
    wire.download(&format!("/api/meetings/{}/{what}", opened.meeting), &session).await.unwrap()
}

/// The lines of the accounts below all groups together, as a table's reader sees them.
fn channel_rows(rows: Vec<Vec<String>>) -> Vec<Vec<String>> {
    let total = rows.iter().position(|row| row[0] == "All").unwrap();
    rows[total..=total + 3].to_vec()
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_o28_the_college_tells_its_tablet_and_its_paper_alike_everywhere() {
    let folder = shipped("college");
    let sheets = SheetSource::read(&path("college").join("sheets.csv"), &folder, ReportLanguage::English).unwrap();
    assert_eq!((1..=53).filter(|seat| sheets.at_kiosk(*seat)).collect::<Vec<_>>(), [24, 25, 26, 27]);
    let server = OwnServer::start().await.unwrap();
    let target = prepare(&server.base_url, Some(&server.key), &folder).await.unwrap();
    let mut at_opening = None;
    let options = Options::default();
    let results = run(&target, &folder, &sheets, &options, |view, next| {
        if next.action == pingyi::protocol::NextAction::Close {
            at_opening = Some(view.clone());
        }
    });
    let results = results.await.unwrap();
    let expected = CHANNELS.map(|each| each.map(|count| count.to_string()));

    // Results of the rehearsal, and how the tablet's voters came: each as one at a tablet, while the round was open.
    let accounts = &results.rounds[0].accounts;
    assert_eq!((accounts.present, accounts.issued, accounts.returned), (50, 50, 49));
    assert_eq!((accounts.kiosk_issued, accounts.paper_issued, accounts.paper_returned), (4, 2, 2));
    let open: ChairView = at_opening.unwrap();
    let at_tablet = open.history.iter().filter(|line| line.command == "seat_at_kiosk").count();
    assert_eq!(at_tablet, 4);
    let table = results.tables(&folder.plan, ReportLanguage::English);
    assert!(table.contains("issued 50 (2 on paper, 4 at tablets), returned 49, valid 49, invalid 0"), "{table}");

    // The screen of chair and teller.
    for role in [Role::Chair, Role::Teller] {
        let ServerMessage::Chair(view) = serde_json::from_slice(&gets(&target, role, "view").await).unwrap() else {
            panic!("no view of a chair")
        };
        assert_eq!(figures(&view.result.unwrap().channels), CHANNELS);
    }
    // The print.
    let prints: Prints = serde_json::from_slice(&gets(&target, Role::Chair, "prints").await).unwrap();
    assert_eq!(figures(&prints.accounts[0].channels), CHANNELS);
    assert!(prints.accounts[0].confirmed_at_ms.is_some(), "chair and scrutineer confirmed it");
    // CSV and xlsx.
    let text = gets(&target, Role::Chair, "exports/accounts.csv?language=en").await;
    let text = String::from_utf8(text.to_vec()).unwrap();
    let mut csv = csv::ReaderBuilder::new().flexible(true).has_headers(false).from_reader(text.as_bytes());
    let of_csv = csv.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
    let xlsx = gets(&target, Role::Chair, "exports/tables.xlsx?language=en").await.to_vec();
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(xlsx)).unwrap();
    let cell = |cell: &Data| match cell {
        Data::Float(number) => format!("{number:.0}"),
        Data::Empty => String::new(),
        other => other.to_string(),
    };
    let sheet = book.worksheet_range("Accounts").unwrap();
    let of_xlsx = sheet.rows().map(|row| row.iter().map(cell).collect()).collect();
    let line = |name: &str, counts: &[String]| {
        let mut line = vec![name.to_owned(), String::new(), String::new()];
        line.extend(counts.iter().cloned());
        line.resize(7, String::new());
        line
    };
    let total = ["All", "53", "50", "50", "49", "49", "0"].map(str::to_owned).to_vec();
    let [phones, paper] = &expected;
    let lines = [
        total,
        line("On phones", &phones[..4]),
        line("of these at shared tablets", &phones[4..]),
        line("On paper", &paper[..4]),
    ];
    assert_eq!(channel_rows(of_csv), lines);
    assert_eq!(channel_rows(of_xlsx), lines);
    // The record: papers on phones and tablets by group, paper beside them.
    let record: serde_json::Value = serde_json::from_slice(&results.records[0]).unwrap();
    let issued: u64 = record["issuance"].as_array().unwrap().iter().map(|of| of["issued"].as_u64().unwrap()).sum();
    let sum = |what: &str| -> u64 {
        record["paper"].as_object().unwrap().values().map(|of| of[what].as_u64().unwrap()).sum()
    };
    assert_eq!((issued, sum("issued"), sum("returned"), sum("invalid")), (48, 2, 2, 0));
    let sheets_in_box = record["ballots"].as_array().unwrap().iter().filter(|ballot| ballot["c"] == 0).count();
    assert_eq!(sheets_in_box, 47);
    assert_eq!(crate::record::fixtures::verdict(&results.records[0], None), 0);
    server.stop().await;
}
