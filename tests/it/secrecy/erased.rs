//! Rule s61: what stays of a meeting once its people are erased.

use pingyi::hub::NotDone;
use pingyi_rules::ballot::record::RecordAudience;
use pingyi_rules::meeting::plan::Publication;
use pingyi_rules::meeting::{PlainWish, Refusal, Wish};

use super::hall::{Hall, plan};

async fn record(hall: &Hall, audience: RecordAudience) -> Vec<u8> {
    let stored = hall.store.load(hall.meeting()).await.unwrap().unwrap();
    let issuance = pingyi::view::record::inputs(&stored.meeting.rounds[0]);
    let made = hall.hub.ballot_box.record(hall.meeting(), 1, &issuance, audience).await.unwrap().unwrap();
    made.file.to_vec()
}

#[tokio::test(flavor = "multi_thread")]
async fn s61_records_are_the_same_after_people_were_erased() {
    let hall = Hall::with(plan()).await;
    let body = hall.opens_with_a_sheet().await;
    hall.casts(&body).await;
    hall.closes().await;
    hall.certify().await;
    hall.publish(Publication::HallScores).await;
    hall.chair(PlainWish::CloseMeeting).await;
    let too_early = hall.watched.command(Wish::ErasePeople).await;
    assert_eq!(too_early, Err(NotDone::Refused(Refusal::WrongPhase)));
    hall.chair(PlainWish::Archive).await;
    let all = [RecordAudience::Whole, RecordAudience::Public, RecordAudience::Withheld];
    let mut before = Vec::new();
    for audience in all {
        before.push(record(&hall, audience).await);
    }
    hall.chair(Wish::ErasePeople).await;
    hall.chair(Wish::ErasePeople).await;
    let view = hall.chair_sees(|view| view["destroyed"][0]["is_done"] == true).await;
    assert_eq!(view["total"]["returned"], 1, "head counts stay");
    assert!(view["destroyed"][0]["things"].as_array().unwrap().len() >= 4, "{view}");
    assert_eq!(hall.store.keys(hall.meeting(), 1).await.unwrap(), None);
    let hall = hall.restarted().await;
    for (audience, before) in all.into_iter().zip(before) {
        assert!(record(&hall, audience).await == before, "{audience:?} differs");
    }
    assert_eq!(crate::record::fixtures::verified(&record(&hall, RecordAudience::Whole).await).map(|_| ()), Ok(()));
}
