//! What the box takes, how often, and until when.

use bytes::Bytes;
use pingyi::ballot_box::NotCast;
use pingyi::protocol::{CastReply, CastVerdict};
use pingyi_rules::meeting::PlainWish;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::hall::{Hall, Voter, all_are, plan};

/// A hall with an open round and two voters with papers: one of A, and a secretary of B who leads subject 2.
async fn open_hall() -> (Hall, Voter, Voter) {
    let hall = Hall::with(plan()).await;
    hall.welcomes().await;
    let (mut voter, mut reporter) = (hall.seats(1, None).await, hall.seats(7, Some(2)).await);
    hall.begins_and_arms().await;
    voter.gets_papers(&hall).await;
    reporter.gets_papers(&hall).await;
    (hall, voter, reporter)
}

#[tokio::test(flavor = "multi_thread")]
async fn s4_no_cast_before_a_round_is_open_or_after_it_is_closed() {
    let (hall, voter, reporter) = open_hall().await;
    let early = voter.fills_in(&hall, "hao").await;
    assert!(all_are(&hall.casts(&early).await, CastVerdict::Closed));
    hall.opens().await;
    assert!(all_are(&hall.casts(&early).await, CastVerdict::In));
    hall.chair(PlainWish::Close { round: 1 }).await;
    let flushed = reporter.fills_in(&hall, "cha").await;
    assert!(all_are(&hall.casts(&flushed).await, CastVerdict::In), "closing still takes what is on its way");
    hall.chair_sees(|view| view["now"]["round"]["state"] == "closed").await;
    assert!(all_are(&hall.casts(&flushed).await, CastVerdict::Same));
}

#[tokio::test(flavor = "multi_thread")]
async fn s6_the_same_batch_gets_the_same_receipts_also_after_the_freeze_and_a_restart() {
    let (hall, voter, reporter) = open_hall().await;
    hall.opens().await;
    let body = voter.fills_in(&hall, "hao").await;
    let first = hall.casts(&body).await;
    let receipts = |answer: &pingyi::protocol::CastAnswer| {
        answer.items.iter().map(|item| item.receipt.clone().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(receipts(&hall.casts(&body).await), receipts(&first));
    let changed = voter.fills_in(&hall, "cha").await;
    assert!(hall.casts(&changed).await.items.iter().any(|item| item.answer == CastVerdict::Conflict));
    let hall = hall.restarted().await;
    assert_eq!(receipts(&hall.casts(&body).await), receipts(&first));
    hall.closes().await;
    assert_eq!(receipts(&hall.casts(&body).await), receipts(&first));
    let late = reporter.fills_in(&hall, "hao").await;
    assert!(all_are(&hall.casts(&late).await, CastVerdict::Closed));
}

#[tokio::test(flavor = "multi_thread")]
async fn s7_tokens_of_elsewhere_are_refused() {
    let (hall, voter, reporter) = open_hall().await;
    let (other, stranger, _) = open_hall().await;
    hall.opens().await;
    other.opens().await;
    let refused = async |body: Bytes| {
        let answer = hall.answers(&body).await;
        assert!(matches!(answer, Err(NotCast::Bad(_))), "{answer:?}");
    };
    // Of another meeting's round; said to be of another group; with the rows' tokens exchanged.
    refused(stranger.fills_in(&other, "hao").await).await;
    let text = |body: &Bytes| String::from_utf8(body.to_vec()).unwrap();
    let of_reporter = reporter.fills_in(&hall, "hao").await;
    refused(text(&of_reporter).replace("\"g\":\"B\"", "\"g\":\"A\"").into()).await;
    let of_voter = text(&voter.fills_in(&hall, "hao").await);
    let swapped =
        of_voter.replace("\"c\":1,", "\"c\":9,").replace("\"c\":2,", "\"c\":1,").replace("\"c\":9,", "\"c\":2,");
    refused(swapped.into()).await;
    // The control: what was made for this round is taken.
    assert!(all_are(&hall.casts(&of_voter.into()).await, CastVerdict::In));
}

#[tokio::test(flavor = "multi_thread")]
async fn a2_s10_what_is_frozen_is_what_was_acknowledged_and_the_accounts_close() {
    let hall = Hall::with(plan()).await;
    hall.welcomes().await;
    let mut voters = Vec::new();
    for seat in 1..=6 {
        voters.push(hall.seats(seat, None).await);
    }
    for (seat, leads) in [(7, 1), (8, 2), (9, 0)] {
        voters.push(hall.seats(seat, Some(leads)).await);
    }
    hall.begins_and_arms().await;
    for voter in &mut voters {
        voter.gets_papers(&hall).await;
    }
    hall.opens().await;
    let marks = ["hao", "hao", "cha", "hao", "nothing", "cha", "hao", "cha", "hao"];
    for (voter, mark) in voters.iter().zip(marks).take(8) {
        let frozen = hall.frozen().await;
        let of_row = |_| (mark != "nothing").then(|| mark.to_owned());
        let batch = pingyi_rules::ballot::phone::fill_in(
            &frozen,
            &voter.seat.group,
            &voter.papers,
            of_row,
            &[],
            &mut rand::rng(),
        );
        let body = Bytes::from(pingyi_rules::ballot::phone::body(&frozen, &batch));
        assert!(all_are(&hall.casts(&body).await, CastVerdict::In));
    }
    hall.closes().await;
    let meeting = hall.store.load(hall.meeting()).await.unwrap().unwrap().meeting;
    let round = meeting.round(1).unwrap();
    let (accounting, tally) = (round.accounting.as_ref().unwrap(), round.tally.as_ref().unwrap());
    assert!(accounting.closes());
    let returned: Vec<u32> = accounting.groups.iter().map(|group| group.returned).collect();
    assert_eq!(returned, [6, 2]);
    let rows: Vec<_> =
        tally.rows.iter().flat_map(|row| &row.groups).map(|g| (g.marks.clone(), g.abstained, g.recused)).collect();
    let expected = [(vec![3, 2], 1, 0), (vec![0, 1], 0, 1), (vec![3, 2], 1, 0), (vec![1, 0], 0, 1)];
    assert_eq!(rows, expected);
    for row in &tally.rows {
        for (group, account) in row.groups.iter().zip(&accounting.groups) {
            let sum = group.marks.iter().sum::<u32>() + group.abstained + group.recused + group.void;
            assert_eq!(sum, account.valid);
        }
    }
}

/// Says one raw request and reads the whole answer.
async fn says(address: std::net::SocketAddr, head: &str, body: &[u8]) -> Vec<u8> {
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let request = format!("{head}\r\nhost: hall.test\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", body.len());
    stream.write_all(request.as_bytes()).await.unwrap();
    stream.write_all(body).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    answer
}

#[tokio::test(flavor = "multi_thread")]
async fn s5_a_cast_with_a_cookie_or_an_authorization_is_refused() {
    let (hall, voter, _) = open_hall().await;
    hall.opens().await;
    let listener = pingyi::edge::bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let address = listener.local_addr().unwrap();
    let serving = tokio::spawn(pingyi::edge::serve(listener, pingyi::edge::App::new(hall.hub.clone(), None)));
    let cast = hall.sealed(&voter.fills_in(&hall, "hao").await).await;
    let body = cast.envelope.clone();
    let path = format!("POST /box/{}/1/cast HTTP/1.1", hall.meeting());
    for identity in ["cookie: a=b", "authorization: Bearer x", "Cookie: "] {
        let answer = says(address, &format!("{path}\r\n{identity}"), &body).await;
        let answer = String::from_utf8(answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 400") && answer.contains("not_anonymous"), "{answer}");
    }
    let view = hall.chair_sees(|_| true).await;
    assert_eq!(view["total"]["returned"], 0);
    // The control: the same bytes without an identity are taken.
    let answer = says(address, &path, &body).await;
    let ends = answer.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
    let head = String::from_utf8_lossy(&answer[..ends]).to_lowercase();
    assert!(head.starts_with("http/1.1 200") && !head.contains("set-cookie"), "{head}");
    let CastReply::Items(answer) = cast.reads(&answer[ends + 4..]).unwrap() else { panic!("a problem") };
    assert!(all_are(&answer, CastVerdict::In));
    hall.hub.stop();
    serving.await.unwrap();
}
