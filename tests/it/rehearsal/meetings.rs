//! Both shipped meetings from the check-in to the archive.

use pingyi::folder::ReportLanguage;
use pingyi::rehearsal::own_server::{OwnServer, prepare};
use pingyi::rehearsal::results::{GroupFigures, Named, SubjectResults};
use pingyi::rehearsal::{Options, RehearsalError, Results, SheetSource, run};
use pingyi_rules::meeting::GroupAccount;

use super::{path, shipped};

async fn rehearsed(name: &str, sheets: &SheetSource) -> Results {
    let folder = shipped(name);
    let server = OwnServer::start().await.unwrap();
    let target = prepare(&server.base_url, Some(&server.key), &folder).await.unwrap();
    let results = run(&target, &folder, sheets, &Options::default(), |_, _| {}).await.unwrap();
    server.stop().await;
    results
}

fn slashed(marks: &Named<u32>) -> String {
    marks.0.iter().map(|(_, count)| count.to_string()).collect::<Vec<_>>().join("/")
}

/// A row of `expected.csv`, from the results alone.
fn row(subject: &SubjectResults) -> Vec<String> {
    let groups: Vec<&GroupFigures> = subject.groups.0.iter().map(|(_, group)| group.as_ref().unwrap()).collect();
    let mut row = vec![subject.subject.to_string()];
    row.extend(groups.iter().map(|group| slashed(&group.marks)));
    row.push(slashed(subject.marks.as_ref().unwrap()));
    row.extend([subject.abstained.unwrap().to_string(), subject.recused.unwrap().to_string()]);
    row.extend(groups.iter().map(|group| group.mean.clone().unwrap()));
    row.extend([subject.score.clone().unwrap(), subject.rank.unwrap().to_string()]);
    row.push(subject.top_rate_percent.clone().unwrap());
    row
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_o20_the_institute_with_its_sheets_gives_its_expected_table() {
    let file = path("institute").join("sheets.csv");
    let sheets = SheetSource::read(&file, &shipped("institute"), ReportLanguage::English).unwrap();
    let results = rehearsed("institute", &sheets).await;
    let mut table = csv::Reader::from_path(path("institute").join("expected.csv")).unwrap();
    let expected: Vec<Vec<String>> =
        table.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
    assert_eq!(results.rounds.len(), 1);
    assert_eq!(results.rounds[0].subjects.iter().map(row).collect::<Vec<_>>(), expected);

    let accounts = &results.rounds[0].accounts;
    assert_eq!(figures(accounts), [34, 33, 33, 33, 32, 1]);
    assert_eq!((accounts.paper_issued, accounts.paper_returned, accounts.paper_invalid), (3, 3, 1));
    // What is told of three sheets of paper is for the scrutineers: their record has them, and holds in all verifiers.
    let record = &results.records[0];
    assert_eq!(crate::record::fixtures::verdict(record, None), 0);
    assert_eq!(crate::record::python::verdicts(&[(record.to_vec(), None)]), [0]);
    assert_eq!(crate::record::python::browser_verdicts(&[(record.to_vec(), None)]), [0]);
    let head: serde_json::Value = serde_json::from_slice(record).unwrap();
    let paper = &head["paper"]["C"];
    assert_eq!((&paper["issued"], &paper["returned"], &paper["invalid"]), (&3.into(), &3.into(), &1.into()));
    assert_eq!(head["issuance"][2]["issued"], 16, "papers on phones");

    let out = tempfile::tempdir().unwrap();
    let written = std::fs::read_to_string(results.write(out.path()).unwrap()).unwrap();
    let json: serde_json::Value = serde_json::from_str(&written).unwrap();
    let first = &json["rounds"][0]["subjects"][0];
    assert_eq!((&json["rounds"][0]["round"], &first["score"], &first["rank"]), (&1.into(), &"93.71".into(), &4.into()));
    let group = serde_json::json!({
        "marks": { "hao": 5, "jiaohao": 2, "yiban": 0, "cha": 0 }, "abstained": 0, "recused": 0, "mean": "94.29"
    });
    assert_eq!(first["groups"]["A"], group);
    let places: Vec<usize> =
        ["\"hao\"", "\"jiaohao\"", "\"yiban\"", "\"cha\""].map(|mark| written.find(mark).unwrap()).into();
    assert!(places.is_sorted(), "marks stand in the order of the scale");
}

/// Entitled, present, issued, returned, valid, invalid.
fn figures(account: &GroupAccount) -> [u32; 6] {
    [account.entitled, account.present, account.issued, account.returned, account.valid, account.invalid]
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_o20_the_college_with_its_sheets_closes_its_accounts() {
    let file = path("college").join("sheets.csv");
    let sheets = SheetSource::read(&file, &shipped("college"), ReportLanguage::English).unwrap();
    let results = rehearsed("college", &sheets).await;
    let accounts = &results.rounds[0].accounts;
    assert_eq!(figures(accounts), [53, 50, 50, 49, 49, 0], "one phone never submits");
    assert_eq!((accounts.paper_issued, accounts.paper_returned, accounts.paper_invalid), (2, 2, 0));
    for subject in &results.rounds[0].subjects {
        let marks: u32 = subject.marks.as_ref().unwrap().0.iter().map(|(_, count)| count).sum();
        assert_eq!(marks + subject.abstained.unwrap() + subject.recused.unwrap(), 49);
    }
    assert_eq!(crate::record::python::verdicts(&[(results.records[0].to_vec(), None)]), [0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_o21_the_college_with_random_marks_counts_everybody_who_is_present() {
    let folder = shipped("college");
    let results = rehearsed("college", &SheetSource::Random(7)).await;
    let subjects = &results.rounds[0].subjects;
    assert_eq!(subjects.len(), 14);
    let present = folder.seats.iter().filter(|seat| seat.present).count();
    for subject in subjects {
        let marks: u32 = subject.marks.as_ref().unwrap().0.iter().map(|(_, count)| count).sum();
        let rows = marks + subject.abstained.unwrap() + subject.recused.unwrap();
        assert_eq!(rows as usize, present, "subject {}", subject.subject);
        let own = folder.seats.iter().filter(|seat| seat.present && seat.leads_subject == Some(subject.subject));
        assert_eq!(subject.recused.unwrap() as usize, own.count(), "subject {}", subject.subject);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn o26_what_cannot_be_reached_is_told_in_one_sentence() {
    let folder = shipped("institute");
    for address in ["https://example.invalid", "localhost:8080", "http://", "http://host/path", "ftp://host"] {
        let error = prepare(address, None, &folder).await.unwrap_err();
        assert_eq!(error, RehearsalError::BadAddress(address.to_owned()));
        assert!(error.sentence(ReportLanguage::Chinese).contains(address));
    }
    let server = OwnServer::start().await.unwrap();
    let wrong = prepare(&server.base_url, Some("AAAAAAAAAAAAAAAAAAAAAA"), &folder).await;
    assert_eq!(wrong.unwrap_err(), RehearsalError::WrongKey);
    let url = server.base_url.clone();
    server.stop().await;
    assert!(matches!(prepare(&url, None, &folder).await, Err(RehearsalError::NoAnswer(_))));
}

/// Three rounds after single turns, marked by items, and one at the end with a number a row.
#[tokio::test(flavor = "multi_thread")]
async fn slow_o56_the_hospital_holds_rounds_of_two_forms_and_each_of_them_recounts() {
    let results = rehearsed("hospital", &SheetSource::Random(3)).await;
    assert_eq!(results.rounds.len(), 4);
    let records: Vec<_> = results.records.iter().map(|record| (record.to_vec(), None)).collect();
    for (record, _) in &records {
        assert_eq!(crate::record::fixtures::verdict(record, None), 0);
    }
    assert_eq!(crate::record::python::verdicts(&records), [0; 4]);
    assert_eq!(crate::record::python::browser_verdicts(&records), [0; 4]);
    for (round, subject) in results.rounds[..3].iter().zip(1_u16..) {
        let [row] = round.subjects.as_slice() else { panic!("one row a turn: {round:?}") };
        assert_eq!((row.subject, round.form.items.len(), row.items.len()), (subject, 4, 4));
        assert!(row.marks.is_none() && row.score.is_some() && row.rank == Some(1));
        // Quality of care does not apply to logistics.
        assert_eq!(row.items[0].is_none(), subject == 3, "{row:?}");
        assert!(row.items[1..].iter().all(Option::is_some));
    }
    let last = &results.rounds[3];
    assert_eq!((last.form.title.as_str(), last.subjects.len()), ("科室负责人测评表", 3));
    for row in &last.subjects {
        let marks = row.marks.as_ref().unwrap();
        assert_eq!(marks.0.iter().map(|(id, _)| id.as_str()).collect::<Vec<_>>(), ["hao", "jiaohao", "yiban", "cha"]);
        let counted: u32 = marks.0.iter().map(|(_, count)| count).sum();
        assert_eq!(counted + row.abstained.unwrap() + row.recused.unwrap(), 17, "all are told by band");
    }
}
