//! Groups that are too small vote as one with those of their weight (rule s54).

use pingyi::hub::NotDone;
use pingyi::protocol::{CastVerdict, Role};
use pingyi::rehearsal::own_server::{OwnServer, prepare};
use pingyi::rehearsal::papers::{blind, contests, finalize, request};
use pingyi::rehearsal::phone::filled_in;
use pingyi::rehearsal::{Options, SheetSource, run};
use pingyi_rules::meeting::plan::{Group, Plan, Publication};
use pingyi_rules::meeting::round::SmallGroups;
use pingyi_rules::meeting::{PlainWish, Refusal, Wish};
use pingyi_rules::scoring::TieBreak;

use super::hall::{Hall, Voter, all_are, plan};

/// A of 6, B of 3 and C of 5, of whom B and C weigh alike.
fn three_groups(weight_of_c: u32) -> Plan {
    let plan = plan();
    let group = |id: &str, entitled, weight_bp| Group {
        id: id.to_owned(),
        name: format!("票种{id}"),
        entitled,
        weight_bp,
        leaders: 0,
    };
    let groups = vec![group("A", 6, 7_000 - weight_of_c), group("B", 3, 3_000), group("C", 5, weight_of_c)];
    Plan { k_min: 5, groups, ..plan }
}

async fn full_hall(plan: Plan) -> (Hall, Vec<Voter>) {
    let hall = Hall::with(plan).await;
    hall.welcomes().await;
    let mut voters = Vec::new();
    for seat in 1..=14 {
        voters.push(hall.seats(seat, None).await);
    }
    hall.chair(PlainWish::Begin).await;
    hall.keys_are_ready().await;
    (hall, voters)
}

fn arm(small_groups: SmallGroups) -> Wish {
    Wish::Arm { round: 1, small_groups }
}

#[tokio::test(flavor = "multi_thread")]
async fn s12_s54_a_group_that_is_too_small_votes_as_one_with_those_of_its_weight() {
    let (hall, mut voters) = full_hall(three_groups(3_000)).await;
    // Views from while they came in may still be the latest; the chair is told before papers are issued.
    let merging = serde_json::json!([["B", "C"]]);
    hall.chair_sees(|view| view["small_groups"][0] == "B" && view["merging"] == merging).await;
    hall.chair(arm(SmallGroups::Merge)).await;
    let frozen = hall.frozen().await;
    let groups = frozen.manifest().groups.iter().map(|group| (group.id.as_str(), group.name.as_str(), group.weight_bp));
    assert_eq!(groups.collect::<Vec<_>>(), [("A", "票种A", 4_000), ("B", "票种B、票种C", 6_000)]);
    assert_eq!(frozen.manifest().keys.len(), 3 * 2, "a key for each row and column");
    for voter in &mut voters {
        let group = if voter.seat.group == "A" { "A" } else { "B" };
        let blindings = blind(&frozen, group, &contests(&frozen, None), &mut rand::rng()).unwrap();
        let papers = hall.hub.issuer.papers(&voter.seat, 1, &request(&blindings)).await.unwrap();
        voter.papers = finalize(&frozen, group, &blindings, &papers).unwrap();
    }
    // What was merged is still merged on a server that comes back.
    let hall = hall.restarted().await;
    hall.opens().await;
    for voter in &voters {
        let (group, mark) = if voter.seat.group == "A" { ("A", "hao") } else { ("B", "cha") };
        let mark = if voter.seat.group == "B" { "hao" } else { mark };
        let marks = [1, 2].map(|subject| (subject, mark.to_owned())).into();
        let body = filled_in(&frozen, group, &voter.papers, &marks);
        assert!(all_are(&hall.casts(&body).await, CastVerdict::In));
    }
    hall.closes().await;
    hall.certify().await;
    hall.publish(Publication::HallScores).await;
    let view = hall.screen_shows(pingyi::hub::Viewer::Of(Role::Projector), |view| !view["result"].is_null()).await;
    let result = &view["result"];
    assert_eq!(result["record"]["sealed"], false, "no ballot tells the groups apart, so all may be seen");
    assert_eq!(result["merged"][0]["groups"], serde_json::json!(["B", "C"]));
    assert_eq!(result["merged"][0]["column"]["weight_percent"], "60");
    let heads = |place: usize| {
        [&result["groups"][place]["group"], &result["groups"][place]["returned"]].map(ToString::to_string)
    };
    assert_eq!([heads(0), heads(1)], [["\"A\"", "6"], ["\"B\"", "8"]]);
    let row = &result["rows"][0];
    // Three of eight marked 100 and five 40: one pile, 62.5 at 60 %, and 100 at 40 %.
    assert_eq!(row["groups"][1]["marks"], serde_json::json!([3, 5]));
    assert_eq!((&row["groups"][1]["mean"], &row["score"]), (&"62.50".into(), &"77.50".into()));
    assert_eq!(view["groups"].as_array().unwrap().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn s54_merging_is_refused_where_it_does_not_help() {
    // C weighs something else; and in another hall B and C are too few together.
    let (hall, _voters) = full_hall(three_groups(2_000)).await;
    let view = hall.chair_sees(|view| view["small_groups"][0] == "B").await;
    assert_eq!(view["merging"], serde_json::json!([]));
    let refused = hall.watched.command(arm(SmallGroups::Merge)).await;
    assert_eq!(refused, Err(NotDone::Refused(Refusal::GroupIsTooSmall)));
    let (hall, _voters) = full_hall(Plan { k_min: 9, ..three_groups(3_000) }).await;
    assert_eq!(hall.watched.command(arm(SmallGroups::Merge)).await, Err(NotDone::Refused(Refusal::GroupIsTooSmall)));
    hall.chair(arm(SmallGroups::TotalsOnly)).await;
}

#[test]
fn s54_the_plan_of_a_merged_round_keeps_order_weights_and_tie_breaks() {
    let mut plan = three_groups(3_000);
    plan.groups.swap(0, 1);
    plan.scoring.tie_breaks = ["C", "A"].map(|id| TieBreak::GroupMean(id.to_owned())).to_vec();
    let merged = plan.merge(&["C".to_owned()]);
    assert_eq!(merged, [["B", "C"]]);
    let plan = plan.with_merged(&merged);
    let groups = plan.groups.iter().map(|group| (group.id.as_str(), group.weight_bp, group.entitled));
    assert_eq!(groups.collect::<Vec<_>>(), [("B", 6_000, 8), ("A", 4_000, 6)]);
    assert_eq!(plan.scoring.tie_breaks, ["B", "A"].map(|id| TieBreak::GroupMean(id.to_owned())));
    assert_eq!(three_groups(3_000).merge(&["A".to_owned()]), Vec::<Vec<String>>::new(), "A is alone with its weight");
}

#[tokio::test(flavor = "multi_thread")]
async fn s54_simulated_phones_vote_in_merged_groups() {
    let mut folder = crate::rehearsal::shipped("institute");
    // The secretaries are too few once one of them is recused; the staff weigh as much.
    folder.plan.k_min = 7;
    folder.plan.groups[1].weight_bp = folder.plan.groups[2].weight_bp;
    folder.plan.groups[0].weight_bp = 10_000 - 2 * folder.plan.groups[2].weight_bp;
    let server = OwnServer::start().await.unwrap();
    let target = prepare(&server.base_url, Some(&server.key), &folder).await.unwrap();
    let results = run(&target, &folder, &SheetSource::Random(5), &Options::default(), |_, _| {}).await.unwrap();
    let record = &results.records[0];
    let tally = crate::record::fixtures::verified(record).unwrap().tally.unwrap();
    let of_groups = tally.sheets.groups.unwrap();
    assert_eq!(of_groups.iter().map(|group| group.g.as_str()).collect::<Vec<_>>(), ["A", "B"]);
    assert!(tally.rows.iter().all(|row| row.groups.is_some()));
    server.stop().await;
}
