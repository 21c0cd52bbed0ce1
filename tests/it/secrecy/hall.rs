//! A small hall for these tests: a server on a store of its own, and voters whose every step is in the test's hands.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use pingyi::ballot_box::NotCast;
use pingyi::creation::{self, Handout, MeetingRequest};
use pingyi::hub::{Hub, Viewer, Watched};
use pingyi::protocol::{CastAnswer, CastVerdict, Papers, Role};
use pingyi::rehearsal::SealedCast;
use pingyi::rehearsal::blinding::Blinding;
use pingyi::rehearsal::papers::{blind, contests, finalize, request};
use pingyi::rehearsal::phone::filled_in;
use pingyi::secret;
use pingyi::store::local::LocalStore;
use pingyi::store::{Claim, ClaimBy, Claimed, Seat, Store};
use pingyi_rules::ballot::phone::PhoneToken;
use pingyi_rules::ballot::{Frozen, Manifest};
use pingyi_rules::form::Live;
use pingyi_rules::meeting::plan::{EntitledSeat, Plan, Publication};
use pingyi_rules::meeting::round::SmallGroups;
use pingyi_rules::meeting::{CoSigned, PlainWish, Wish};
use tempfile::TempDir;

use crate::patience::PATIENCE;

pub struct Hall {
    pub data: TempDir,
    pub hub: Arc<Hub>,
    pub watched: Arc<Watched>,
    pub handout: Handout,
    pub store: Arc<dyn Store>,
}

/// A plan for so many voters a group that needs no secrecy rule to begin.
pub fn plan() -> Plan {
    Plan { live: Live::Tally, k_min: 1, ..crate::meeting::small_plan() }
}

impl Hall {
    pub async fn with(plan: Plan) -> Self {
        let data = TempDir::new().unwrap();
        let store = Arc::new(LocalStore::open(data.path()).unwrap());
        Self::made_in(data, store, plan).await
    }

    /// A hall whose meeting is made in a store.
    pub async fn made_in(data: TempDir, store: Arc<dyn Store>, plan: Plan) -> Self {
        let mut seats = Vec::new();
        for group in &plan.groups {
            for _ in 0..group.entitled {
                let seat = u32::try_from(seats.len()).unwrap() + 1;
                let (name, role, group) = (String::new(), String::new(), group.id.clone());
                seats.push(EntitledSeat { seat, name, role, group, leads_subject: None, present: true });
            }
        }
        let (new, handout) = creation::make(MeetingRequest { plan, seats }, store.secret()).unwrap();
        store.create(new).await.unwrap();
        Self::on(data, store, handout).await
    }

    /// A server on a store that has the meeting.
    pub async fn on(data: TempDir, store: Arc<dyn Store>, handout: Handout) -> Self {
        let hub = Hub::new(Arc::clone(&store), "http://hall.test".to_owned());
        let watched = hub.watch(&handout.meeting).await.unwrap().unwrap();
        Self { data, hub, watched, handout, store }
    }

    /// Stops everything, and gives the directory back.
    pub async fn stopped(self) -> (TempDir, Handout) {
        let Self { data, hub, watched, handout, store } = self;
        hub.stop();
        drop((hub, watched));
        // The meeting's task lets go of the store when it has seen the stop.
        while Arc::strong_count(&store) > 1 {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        (data, handout)
    }

    /// Stops everything and starts it again on the same directory.
    pub async fn restarted(self) -> Self {
        let (data, handout) = self.stopped().await;
        let store = Arc::new(LocalStore::open(data.path()).unwrap());
        Self::on(data, store, handout).await
    }

    pub fn meeting(&self) -> &str {
        &self.handout.meeting
    }

    pub async fn chair(&self, wish: impl Into<Wish>) {
        self.watched.command(wish).await.unwrap();
    }

    /// The chair asks, the scrutineer confirms.
    pub async fn agree(&self, asked: CoSigned) {
        let stored = self.store.latest(self.meeting()).await.unwrap().unwrap();
        let number = stored.meeting.round(1).unwrap().next_request();
        self.chair(PlainWish::Ask { round: 1, number, asked: asked.clone() }).await;
        self.watched.command(Wish::Confirm { round: 1, number, asked }).await.unwrap();
    }

    pub async fn certify(&self) {
        self.agree(CoSigned::Certificate).await;
    }

    pub async fn publish(&self, publication: Publication) {
        self.agree(CoSigned::Publication { publication }).await;
    }

    /// Check-in is open, so that phones can join.
    pub async fn welcomes(&self) {
        self.chair(PlainWish::OpenCheckin).await;
    }

    pub async fn begins_and_arms(&self) {
        self.chair(PlainWish::Begin).await;
        self.keys_are_ready().await;
        self.chair(Wish::Arm { round: 1, small_groups: SmallGroups::Refuse }).await;
    }

    pub async fn opens(&self) {
        self.chair(PlainWish::GoTo { step: 4 }).await;
        self.chair(PlainWish::Open { round: 1 }).await;
    }

    /// Opens the round for one voter, who has papers and a sheet that is filled in: the sheet as it is cast.
    pub async fn opens_with_a_sheet(&self) -> Bytes {
        self.welcomes().await;
        let mut voter = self.seats(1, None).await;
        self.begins_and_arms().await;
        voter.gets_papers(self).await;
        self.opens().await;
        voter.fills_in(self, "hao").await
    }

    /// Closes the round and waits until its box is counted.
    pub async fn closes(&self) {
        self.chair(PlainWish::Close { round: 1 }).await;
        self.chair_sees(|view| view["now"]["round"]["state"] == "closed").await;
    }

    pub async fn keys_are_ready(&self) {
        self.chair_sees(|view| {
            let preparation = &view["preparation"];
            preparation["keys_ready"] == preparation["keys_needed"]
        })
        .await;
    }

    pub async fn chair_sees(&self, is: impl Fn(&serde_json::Value) -> bool) -> serde_json::Value {
        self.screen_shows(Viewer::Of(Role::Chair), is).await
    }

    /// Waits until a kind of screen shows it.
    pub async fn screen_shows(&self, viewer: Viewer, is: impl Fn(&serde_json::Value) -> bool) -> serde_json::Value {
        let mut views = self.watched.views.subscribe(viewer);
        let seen = views.wait_for(|view| serde_json::from_slice(view).is_ok_and(|view| is(&view)));
        let frame = tokio::time::timeout(PATIENCE, seen).await.unwrap().unwrap().clone();
        serde_json::from_slice(&frame).unwrap()
    }

    pub async fn frozen(&self) -> Frozen {
        Manifest::parse(&self.store.manifest(self.meeting(), 1).await.unwrap().unwrap()).unwrap()
    }

    /// A voter of a group takes the seat of that number.
    pub async fn seats(&self, seat: u32, leads: Option<u16>) -> Voter {
        let code = &self.handout.codes.iter().find(|code| code.seat == seat).unwrap().code;
        let by = ClaimBy::Code(secret::slip_digest(code));
        let credential = secret::credential_digest(&format!("phone {seat} of {}", self.meeting()));
        let claimed = self.store.claim_seat(&Claim { by, credential, leads_subject: leads }).await.unwrap();
        let Claimed::Seated(seat) = claimed else { panic!("{claimed:?}") };
        Voter { seat, blindings: Vec::new(), papers: Vec::new() }
    }

    pub async fn casts(&self, body: &Bytes) -> CastAnswer {
        self.answers(body).await.unwrap()
    }

    /// What the box says to a body that a phone sealed.
    pub async fn answers(&self, body: &[u8]) -> Result<CastAnswer, NotCast> {
        let envelope = self.sealed(body).await.envelope;
        self.hub.ballot_box.cast(self.meeting(), 1, envelope.to_vec()).await.answer
    }

    /// The private seal key as the store keeps it, in its stored spelling.
    pub async fn seal_key(&self) -> Option<String> {
        let kept = self.store.keys(self.meeting(), 1).await.unwrap().unwrap();
        let kept: serde_json::Value = serde_json::from_slice(&kept).unwrap();
        kept["seal_key"].as_str().map(str::to_owned)
    }

    /// Whether a file of the directory holds this text.
    pub fn disk_holds(&self, text: &str) -> bool {
        super::papers::is_anywhere(self.data.path(), text.as_bytes())
    }

    /// A body as a phone sends it.
    pub async fn sealed(&self, body: &[u8]) -> SealedCast {
        SealedCast::new(&self.frozen().await, body, &mut rand::rng()).unwrap()
    }
}

pub struct Voter {
    pub seat: Seat,
    pub blindings: Vec<Blinding>,
    pub papers: Vec<PhoneToken>,
}

impl Voter {
    pub fn blinds(&mut self, frozen: &Frozen) {
        let contests = contests(frozen, self.seat.leads_subject);
        self.blindings = blind(frozen, &self.seat.group, &contests, &mut rand::rng()).unwrap();
    }

    pub async fn asks(&self, hall: &Hall) -> Result<Papers, pingyi::issuer::NotIssued> {
        hall.hub.issuer.papers(&self.seat, 1, &request(&self.blindings)).await
    }

    /// Gets papers, all in one.
    pub async fn gets_papers(&mut self, hall: &Hall) {
        let frozen = hall.frozen().await;
        self.blinds(&frozen);
        let papers = self.asks(hall).await.unwrap();
        self.papers = finalize(&frozen, &self.seat.group, &self.blindings, &papers).unwrap();
    }

    /// The whole cast with that mark in every row.
    pub async fn fills_in(&self, hall: &Hall, mark: &str) -> Bytes {
        let frozen = hall.frozen().await;
        let marks: BTreeMap<u16, String> =
            frozen.manifest().contests.iter().map(|row| (row.subject, mark.to_owned())).collect();
        filled_in(&frozen, &self.seat.group, &self.papers, &marks)
    }
}

pub fn all_are(answer: &CastAnswer, verdict: CastVerdict) -> bool {
    answer.items.iter().all(|item| item.answer == verdict)
}
