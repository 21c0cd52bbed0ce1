//! The people of the simulation: phones that cast until they know, and a chair who closes the round. They have a runtime of their
//! own, and reach servers over the network of the simulation.

use std::sync::Arc;
use std::time::Duration;

use pingyi::ballot_box::NotCast;
use pingyi::protocol::{CastAnswer, CastVerdict};
use pingyi::store::Freeze;
use pingyi_rules::meeting::{Meeting, PlainWish, RoundState};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use tokio::sync::oneshot;
use tokio::time::{sleep, timeout};

use super::network::Network;
use super::prepared::Voter;
use super::server::{Door, Request};
use super::world::SERVERS;
use crate::redis::ledger::{Ledger, Told};

/// How long somebody waits for a server.
const PATIENCE: Duration = Duration::from_secs(8);
/// The longest thought before a cast, in milliseconds.
const THINK_MAX_MS: u64 = 20_000;

/// What people reach.
#[derive(Clone)]
pub struct Reach {
    pub network: Arc<Network>,
    pub doors: Vec<Door>,
}

impl Reach {
    /// Asks a server; nothing where no answer came.
    async fn asks<A>(
        &self,
        server: usize,
        who: &'static str,
        request: impl FnOnce(oneshot::Sender<A>) -> Request,
    ) -> Option<A> {
        let asking = async {
            if !self.network.passes_hall(server, who).await {
                std::future::pending::<()>().await;
            }
            let door = self.doors[server].lock().unwrap().clone()?;
            let (sender, answer) = oneshot::channel();
            door.send(request(sender)).await.ok()?;
            drop(door);
            let answer = answer.await.ok()?;
            if !self.network.passes_hall(server, who).await {
                std::future::pending::<()>().await;
            }
            Some(answer)
        };
        timeout(PATIENCE, asking).await.ok().flatten()
    }

    pub async fn meeting(&self, server: usize) -> Option<Meeting> {
        self.asks(server, "look", Request::Meeting).await.flatten()
    }

    pub async fn frozen(&self, server: usize) -> Option<Freeze> {
        self.asks(server, "box", Request::Box).await.flatten()
    }

    async fn command(&self, server: usize, wish: PlainWish) -> bool {
        let said = self.asks(server, "command", |answer| Request::Command(wish, answer)).await;
        matches!(said, Some(Ok(_)))
    }
}

/// One voter: casts after a moment of thought, and repeats the same bytes until it knows. Some ask once more afterwards.
pub async fn votes(reach: Reach, voter: Arc<Voter>, ledger: Arc<Ledger>, seed: u64) {
    let mut rng = StdRng::seed_from_u64(seed);
    sleep(Duration::from_millis(rng.random_range(0..THINK_MAX_MS))).await;
    ledger.casts(voter.seat, &voter.items);
    let mut again = u32::from(rng.random_range(0..3) == 0);
    loop {
        let server = rng.random_range(0..SERVERS);
        let said = reach.asks(server, "cast", |answer| Request::Cast(voter.envelope.clone(), answer)).await;
        match said {
            Some(Ok(answer)) => {
                ledger.notes(voter.seat, told(&answer));
                if again == 0 {
                    return;
                }
                again -= 1;
            }
            // The round was counted, and its envelopes open for nobody any more: the record tells.
            Some(Err(NotCast::Counted)) => return,
            Some(Err(NotCast::Bad(bad))) => panic!("a good sheet is refused: {bad:?}"),
            Some(Err(NotCast::Store(_) | NotCast::UnknownRound)) | None => {}
        }
        sleep(Duration::from_millis(rng.random_range(100..2_000))).await;
    }
}

fn told(answer: &CastAnswer) -> Told {
    let all_are = |some: &[CastVerdict]| answer.items.iter().all(|item| some.contains(&item.answer));
    if all_are(&[CastVerdict::In, CastVerdict::Same]) {
        assert!(answer.items.iter().all(|item| item.receipt.is_some()), "a ballot is acknowledged without a receipt");
        Told::Acknowledged
    } else {
        assert!(
            all_are(&[CastVerdict::In, CastVerdict::Same, CastVerdict::Closed]),
            "a good sheet conflicts: {answer:?}"
        );
        if all_are(&[CastVerdict::Closed]) { Told::Closed } else { Told::InPart }
    }
}

/// The chair closes the round at some moment, takes it back at times, and closes it again, until some server says that it is
/// closed.
pub async fn closes(reach: Reach, seed: u64) {
    let mut rng = StdRng::seed_from_u64(seed);
    sleep(Duration::from_millis(rng.random_range(2_000..24_000))).await;
    let mut takes_back = rng.random_range(0..4) == 0;
    loop {
        let server = rng.random_range(0..SERVERS);
        let is_closing = reach.command(server, PlainWish::Close { round: 1 }).await;
        if is_closing && std::mem::take(&mut takes_back) {
            sleep(Duration::from_millis(rng.random_range(0..3_500))).await;
            reach.command(rng.random_range(0..SERVERS), PlainWish::UndoClose { round: 1 }).await;
        }
        sleep(Duration::from_millis(rng.random_range(200..3_000))).await;
        let meeting = reach.meeting(rng.random_range(0..SERVERS)).await;
        if meeting.is_some_and(|meeting| meeting.rounds[0].state == RoundState::Closed) {
            return;
        }
    }
}
