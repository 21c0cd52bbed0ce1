//! Rules s63 and s64: papers issued anew to somebody who lost theirs.

use std::sync::Arc;

use pingyi::hub::NotDone;
use pingyi::protocol::CastVerdict;
use pingyi::rehearsal::papers::request;
use pingyi::secret;
use pingyi::store::Issued;
use pingyi_rules::ballot::record::RecordAudience;
use pingyi_rules::meeting::{Command, PlainWish, Refusal, Wish};

use super::hall::{Hall, Voter, all_are, plan};

fn asks(number: u32, slip: &str) -> Wish {
    Wish::AskReissue { round: 1, number, group: "A".to_owned(), leads_subject: None, slip: slip.to_owned() }
}

fn refused(refusal: Refusal) -> Result<u32, NotDone> {
    Err(NotDone::Refused(refusal))
}

const SLIP: &str = "ABCDE12345";

#[tokio::test(flavor = "multi_thread")]
async fn s63_a_reissue_is_asked_for_confirmed_and_bounded() {
    let hall = Hall::with(plan()).await;
    hall.welcomes().await;
    assert_eq!(hall.watched.command(asks(1, SLIP)).await, refused(Refusal::WrongRoundState));
    hall.begins_and_arms().await;
    assert_eq!(hall.frozen().await.manifest().reissues_max, 3);
    assert_eq!(hall.watched.command(asks(1, "too short")).await, refused(Refusal::OutOfRange));
    for _again in 0..2 {
        hall.chair(asks(1, SLIP)).await;
    }
    assert_eq!(hall.watched.command(asks(1, "ABCDE12346")).await, refused(Refusal::OutOfRange));
    let digest = secret::slip_digest(SLIP);
    assert_eq!(hall.hub.reissued.by_slip(&digest), None, "nobody confirmed it");
    let take = Command::TakeReissue { round: 1, number: 1, credential: "00".repeat(32) };
    assert_eq!(hall.watched.note(take).await, refused(Refusal::OutOfRange));
    hall.chair(PlainWish::ConfirmReissue { round: 1, number: 1 }).await;
    assert!(hall.hub.reissued.by_slip(&digest).is_some());
    for number in 2..=3 {
        hall.chair(asks(number, &format!("ABCDE1234{number}"))).await;
    }
    assert_eq!(hall.watched.command(asks(4, "ABCDE12349")).await, refused(Refusal::LimitIsReached));
    let missing = Wish::Plain(PlainWish::ConfirmReissue { round: 1, number: 4 });
    assert_eq!(hall.watched.command(missing).await, refused(Refusal::OutOfRange));
}

#[tokio::test(flavor = "multi_thread")]
async fn s64_a_lost_phone_votes_with_papers_issued_anew_and_the_record_holds() {
    let hall = Hall::with(plan()).await;
    hall.welcomes().await;
    let mut lost = hall.seats(1, None).await;
    hall.begins_and_arms().await;
    lost.gets_papers(&hall).await;
    hall.chair(asks(1, SLIP)).await;
    hall.chair(PlainWish::ConfirmReissue { round: 1, number: 1 }).await;
    let place = hall.hub.reissued.by_slip(&secret::slip_digest(SLIP)).unwrap();
    let take = |phone: &str| {
        let credential = data_encoding::HEXLOWER.encode(&secret::credential_digest(phone));
        hall.watched.note(Command::TakeReissue { round: 1, number: 1, credential })
    };
    take("a new phone").await.unwrap();
    take("a new phone").await.unwrap();
    assert_eq!(take("another phone").await, refused(Refusal::OutOfRange));
    let hall = hall.restarted().await;
    let seat = hall.hub.reissued.seat(&secret::credential_digest("a new phone")).unwrap();
    assert_eq!(seat, place.seat);
    let mut found = Voter { seat, blindings: Vec::new(), papers: Vec::new() };
    let frozen = hall.frozen().await;
    found.blinds(&frozen);
    let ask = async |hall: &Hall, voter: &Voter| {
        let watched = Arc::clone(&hall.watched);
        let note = async move |digest: [u8; 32]| {
            let request = data_encoding::HEXLOWER.encode(&digest);
            let noted = watched.note(Command::NoteReissue { round: 1, number: 1, request }).await;
            Ok(if noted.is_ok() { Issued::Sign } else { Issued::OtherPapers })
        };
        hall.hub.issuer.papers_noted(&voter.seat, 1, &request(&voter.blindings), note).await
    };
    let papers = ask(&hall, &found).await.unwrap();
    assert_eq!(ask(&hall, &found).await.unwrap(), papers, "the same bytes again");
    let mut other = Voter { seat: found.seat.clone(), blindings: Vec::new(), papers: Vec::new() };
    other.blinds(&frozen);
    assert!(ask(&hall, &other).await.is_err(), "another request");
    found.papers = pingyi::rehearsal::papers::finalize(&frozen, "A", &found.blindings, &papers).unwrap();
    hall.opens().await;
    // The lost papers are anonymous: where they turn up again both count, and the record tells of it.
    for voter in [&found, &lost] {
        let body = voter.fills_in(&hall, "hao").await;
        assert!(all_are(&hall.casts(&body).await, CastVerdict::In));
    }
    hall.closes().await;
    let round = hall.store.load(hall.meeting()).await.unwrap().unwrap().meeting.rounds[0].clone();
    assert_eq!(round.reissues[0].request, None);
    let account = &round.accounting.as_ref().unwrap().groups[0];
    assert_eq!((account.issued, account.reissued, account.returned), (1, 1, 2));
    hall.certify().await;
    let round = hall.store.load(hall.meeting()).await.unwrap().unwrap().meeting.rounds[0].clone();
    let inputs = pingyi::view::record::inputs(&round);
    let made = hall.hub.ballot_box.record(hall.meeting(), 1, &inputs, RecordAudience::Whole).await.unwrap().unwrap();
    let text = String::from_utf8_lossy(&made.file).into_owned();
    assert!(text.contains(r#""reissued":1"#));
    assert_eq!(crate::record::fixtures::verdict(&made.file, None), 0);
    assert_eq!(crate::record::python::verdicts(&[(made.file.to_vec(), None)]), [0]);
}
