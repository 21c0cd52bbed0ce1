//! A hall whose phones are spread over several servers: everybody has papers and a sheet that is ready to be cast, so that a
//! test only decides when, and what breaks meanwhile. It reaches servers over HTTP and knows what screens could know.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use data_encoding::BASE64URL_NOPAD;
use pingyi::creation::{Handout, MeetingRequest};
use pingyi::protocol::{
    CastAnswer, CastVerdict, Join, JoinBy, Joined, OpenSession, Papers, ProblemKind, Role, RoundStateView,
    SessionOpened,
};
use pingyi::rehearsal::papers::{blind, contests, finalize, request};
use pingyi::rehearsal::{SealedCast, Wire, capability};
use pingyi::secret;
use pingyi::store::entry::BoxEntry;
use pingyi::store::redis::sealing::BatchShape;
use pingyi_rules::ballot::{self, Ballot, Batch, BoxItem, Frozen, Opinion};
use pingyi_rules::form::{Live, Mark, OwnBranch};
use pingyi_rules::meeting::plan::{EntitledSeat, Group, Plan, Publication, StepKind};
use pingyi_rules::meeting::round::SmallGroups;
use pingyi_rules::meeting::{CoSigned, Meeting, PlainWish, Wish};
use rand::RngExt;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

pub use super::desk::{Chair, is_at};
use super::ledger::{Ledger, Told};
use super::process::RedisProcess;
use super::server::{Server, sealing};
use crate::patience::{PATIENCE, eventually};

/// The marks of these halls.
pub const MARKS: [&str; 2] = ["canary_mark_hao", "canary_mark_cha"];
/// The pause of somebody who was not answered.
const PAUSE_MS: u64 = 100;

/// Somebody who sits: seat, group, credential.
pub type Seated = (u32, String, String);

/// Somebody with papers, and a sheet that is filled in.
pub struct Voter {
    pub seat: u32,
    pub group: String,
    pub credential: String,
    /// What the phone sent to the issuer, and what it got: numbers that nobody else ever saw.
    pub blinded: Vec<String>,
    /// The sheet as it is filled in, and in its envelope, as it is cast.
    pub opened: Bytes,
    pub cast: SealedCast,
    pub ballots: Vec<Ballot>,
    /// What it wrote about the first row.
    pub opinions: Vec<Opinion>,
}

/// Every opinion of these halls begins so, which stands nowhere else.
pub const OPINION: &str = "canary_opinion_of_";

pub struct Hall {
    pub servers: Vec<Server>,
    plan: Plan,
    /// By seat: the subject that its voter leads.
    leads: BTreeMap<u32, u16>,
    wires: Arc<Vec<Wire>>,
    pub handout: Handout,
    session: String,
    pub frozen: Arc<Frozen>,
    pub voters: Vec<Arc<Voter>>,
    pub ledger: Arc<Ledger>,
}

/// Phones that cast at this moment.
pub struct Casting(JoinSet<()>);

impl Casting {
    /// Waits until every one of them knows.
    pub async fn ended(mut self) {
        while let Some(ended) = self.0.join_next().await {
            ended.unwrap();
        }
    }
}

pub fn plan(voters: u32) -> Plan {
    let small = crate::meeting::small_plan();
    let group = |group: &Group| Group { entitled: voters / 2, ..group.clone() };
    Plan {
        groups: small.groups.iter().map(group).collect(),
        live: Live::Tally,
        k_min: 1,
        own_branch: OwnBranch::Allowed,
        opinions: true,
        // Words that stand nowhere else, so that they can be searched for.
        scale: small.scale.iter().zip(MARKS).map(|(mark, id)| Mark { id: id.to_owned(), ..mark.clone() }).collect(),
        ..small
    }
}

pub fn entitled(plan: &Plan) -> Vec<EntitledSeat> {
    // The first of a group with leaders lead a subject each; here everybody marks the own one as well.
    let leads = |group: &Group, place: u16| (u32::from(place) <= group.leaders).then_some(place);
    let of_group = |group: &'_ Group| (1..=group.entitled).map(|_| group.id.clone()).collect::<Vec<_>>();
    let groups = plan.groups.iter().flat_map(|group| (1..).map(|place| leads(group, place)).zip(of_group(group)));
    let seat = |(seat, (leads_subject, group))| EntitledSeat {
        seat,
        name: String::new(),
        role: String::new(),
        group,
        leads_subject,
        present: true,
    };
    (1..).zip(groups).map(seat).collect()
}

/// What a seat marks in a row; it marks every item of a row alike.
fn mark(seat: u32, row: u16, items: usize) -> String {
    let is_good = if row.is_multiple_of(2) { !seat.is_multiple_of(3) } else { seat.is_multiple_of(2) };
    vec![MARKS[usize::from(!is_good)]; items.max(1)].join(".")
}

/// What a seat writes: one opinion where everybody marks every row, else none to two.
fn written(frozen: &Frozen, seat: u32, rows: &[u16]) -> Vec<(u16, String)> {
    let recuses = frozen.manifest().own_branch == OwnBranch::Recused;
    let count = if recuses { seat as usize % 3 } else { 1 };
    rows.iter().take(count).map(|row| (*row, format!("{OPINION}{seat}"))).collect()
}

pub async fn asks<A: DeserializeOwned>(
    wires: &[Wire],
    first: usize,
    path: &str,
    bearer: Option<&str>,
    question: &impl Serialize,
) -> A {
    let body = Bytes::from(serde_json::to_vec(question).unwrap());
    let give_up_at = Instant::now() + PATIENCE;
    for attempt in first.. {
        match wires[attempt % wires.len()].post(path, bearer, body.clone()).await {
            Ok(answer) => return serde_json::from_slice(&answer).unwrap(),
            Err(not_yet) => {
                let is_final = not_yet.again_after_s().is_none() && not_yet.refusal().is_none();
                assert!(!is_final && Instant::now() < give_up_at, "{path}: {not_yet:?}");
            }
        }
        sleep(Duration::from_millis(PAUSE_MS)).await;
    }
    unreachable!("attempts have no end")
}

impl Hall {
    /// So many phones with papers in an open round; each server has its share of them.
    pub async fn opens(servers: Vec<Server>, voters: u32) -> Self {
        Self::opens_with(servers, plan(voters)).await
    }

    /// The same with another plan than theirs.
    pub async fn opens_with(servers: Vec<Server>, plan: Plan) -> Self {
        let (mut hall, seated) = Self::arms_with(servers, plan).await;
        hall.voters = hall.with_papers(seated).await;
        hall.opens_round().await;
        hall
    }

    /// So many phones with seats in a round that is armed, none of which has papers yet.
    pub async fn arms(servers: Vec<Server>, voters: u32) -> (Self, Vec<Seated>) {
        Self::arms_with(servers, plan(voters)).await
    }

    async fn arms_with(servers: Vec<Server>, plan: Plan) -> (Self, Vec<Seated>) {
        let wires: Arc<Vec<Wire>> = Arc::new(servers.iter().map(|server| server.wire.clone()).collect());
        let seats = entitled(&plan);
        let voters = u32::try_from(seats.len()).unwrap();
        let leads: BTreeMap<u32, u16> =
            seats.iter().filter_map(|seat| Some((seat.seat, seat.leads_subject?))).collect();
        let request = MeetingRequest { plan: plan.clone(), seats };
        let handout: Handout = asks(&wires, 0, "/api/meetings", None, &request).await;
        let session = secret::token().unwrap();
        let of_chair = capability(&handout, Role::Chair).unwrap().to_owned();
        let question = OpenSession { capability: of_chair, session: session.clone() };
        let _: SessionOpened = asks(&wires, 1, "/api/sessions", None, &question).await;
        let chair = Chair { wires: Arc::clone(&wires), meeting: handout.meeting.clone(), session: session.clone() };
        chair.says(PlainWish::OpenCheckin).await;
        let seated = seated(&wires, &handout, &leads).await;
        chair.says(PlainWish::Begin).await;
        chair.sees("everybody to be present", |view| view.total.present == voters).await;
        chair.says(Wish::Arm { round: 1, small_groups: SmallGroups::Refuse }).await;
        let frozen = chair.manifest().await;
        let (voters, ledger) = (Vec::new(), Arc::default());
        let hall = Self { servers, plan, leads, wires, handout, session, frozen, voters, ledger };
        (hall, seated)
    }

    /// From now on casts are taken.
    pub async fn opens_round(&self) {
        let evaluation = self.plan.agenda.iter().find(|step| step.kind == StepKind::Evaluation).unwrap();
        self.chair().says(PlainWish::GoTo { step: evaluation.id }).await;
        self.chair().says(PlainWish::Open { round: 1 }).await;
    }

    /// One phone gets its papers and fills its sheet in.
    pub async fn gets_papers(&mut self, seated: Seated) {
        let with_papers = self.with_papers(vec![seated]).await;
        self.voters.extend(with_papers);
    }

    async fn with_papers(&self, seated: Vec<Seated>) -> Vec<Arc<Voter>> {
        with_papers(&self.wires, &self.handout, &self.frozen, &self.leads, seated).await
    }

    /// Everything that a voter casts, as it lies at Redis.
    pub fn sealed(&self, voter: &Voter) -> Vec<Vec<u8>> {
        let meeting = Meeting::new(self.meeting().to_owned(), self.plan.clone());
        let shape = BatchShape::of(&meeting, &meeting.rounds[0]);
        let seal = |item| sealing().entry(&meeting.id, 1, &BoxEntry::Item(item), shape).unwrap();
        voter.items().into_iter().map(seal).collect()
    }

    /// The subject whose row this voter has no paper for.
    pub fn recused(&self, voter: &Voter) -> Option<u16> {
        self.leads.get(&voter.seat).copied().filter(|_| self.plan.own_branch == OwnBranch::Recused)
    }

    /// The voter of this place casts now.
    pub async fn casts_now(&self, place: usize) {
        self.casts(place..place + 1, Duration::ZERO).ended().await;
    }

    /// A session of a role, at the first server.
    pub async fn opens_session(&self, role: Role) -> String {
        if role == Role::Chair {
            return self.session.clone();
        }
        let session = secret::token().unwrap();
        let capability = capability(&self.handout, role).unwrap().to_owned();
        let question = OpenSession { capability, session: session.clone() };
        let _: SessionOpened = asks(&self.wires, 0, "/api/sessions", None, &question).await;
        session
    }

    pub fn meeting(&self) -> &str {
        &self.handout.meeting
    }

    pub fn chair(&self) -> Chair {
        Chair { wires: Arc::clone(&self.wires), meeting: self.meeting().to_owned(), session: self.session.clone() }
    }

    /// The chair asks, the scrutineer confirms: the request of that number.
    pub async fn agree(&self, number: u32, asked: CoSigned) {
        self.chair().says(PlainWish::Ask { round: 1, number, asked: asked.clone() }).await;
        let scrutineer = Chair { session: self.opens_session(Role::Scrutineer).await, ..self.chair() };
        scrutineer.says(Wish::Confirm { round: 1, number, asked }).await;
    }

    /// The voters of these places cast, each after a moment of thought of at most that length, at the own server first.
    pub fn casts(&self, places: std::ops::Range<usize>, think: Duration) -> Casting {
        let mut casting = JoinSet::new();
        for voter in &self.voters[places] {
            let (voter, wires) = (Arc::clone(voter), Arc::clone(&self.wires));
            let (frozen, ledger) = (Arc::clone(&self.frozen), Arc::clone(&self.ledger));
            let path = format!("/box/{}/1/cast", self.meeting());
            let thinks = rand::rng().random_range(Duration::ZERO..=think);
            casting.spawn(async move {
                sleep(thinks).await;
                ledger.casts(voter.seat, &voter.items());
                if let Some(told) = voter.is_told(&wires, &path, &frozen).await {
                    ledger.notes(voter.seat, told);
                }
            });
        }
        Casting(casting)
    }

    /// Waits until so many sheets are acknowledged.
    pub async fn has_acknowledged(&self, sheets: usize) {
        let is = async || (self.ledger.acknowledged() >= sheets).then_some(());
        eventually("sheets to be acknowledged", is).await;
    }

    /// Everybody before `late` has cast. Closes the round, lets the others come too late, lets everybody ask again, and holds
    /// the count against the ledger. `nodes` are the redis-servers, one of which has the box.
    pub async fn counts(&self, late: usize, nodes: &[&RedisProcess]) {
        let chair = self.chair();
        self.casts(0..late, Duration::ZERO).ended().await;
        chair.says(PlainWish::Close { round: 1 }).await;
        chair.sees("the round to be closed", |view| is_at(view, RoundStateView::Closed)).await;
        self.casts(0..self.voters.len(), Duration::ZERO).ended().await;
        let counted = counted(self.meeting(), nodes);
        self.ledger.holds(&counted);
        assert_eq!(counted.len(), late * 4, "all who cast in time are counted: the sheet, two rows, an opinion");
        self.agree(1, CoSigned::Certificate).await;
        self.agree(2, CoSigned::Publication { publication: Publication::Chair }).await;
        let result = chair.sees("the result", |view| view.result.is_some()).await.result.unwrap();
        for row in result.rows {
            let of_row = |mark: &str| {
                let seats = self.voters[..late].iter().map(|voter| self::mark(voter.seat, row.subject, 1));
                u32::try_from(seats.filter(|marked| marked == mark).count()).unwrap()
            };
            assert_eq!(row.marks.unwrap(), MARKS.map(of_row), "subject {}", row.subject);
        }
    }
}

/// The ballots and opinions of the first round, as they lie in Redis.
pub fn counted(meeting: &str, nodes: &[&RedisProcess]) -> Vec<BoxItem> {
    let key = format!("pingyi:{{{meeting}}}:box:1");
    let members = nodes.iter().find_map(|node| {
        let asked: redis::RedisResult<Vec<Vec<u8>>> =
            redis::cmd("ZRANGE").arg(&key).arg(0).arg(-1).query(&mut node.connection());
        asked.ok().filter(|members| !members.is_empty())
    });
    let opened = |sealed: &Vec<u8>| sealing().opened_entry(meeting, 1, sealed).unwrap().item();
    members.unwrap_or_default().iter().filter_map(opened).collect()
}

/// Everybody has a seat: seat, group, credential.
async fn seated(wires: &Arc<Vec<Wire>>, handout: &Handout, leads: &BTreeMap<u32, u16>) -> Vec<Seated> {
    let mut joining = JoinSet::new();
    for code in handout.codes.clone() {
        let wires = Arc::clone(wires);
        let leads = leads.get(&code.seat).copied();
        joining.spawn(async move {
            let credential = secret::token().unwrap();
            let by = JoinBy::Slip { code: code.code };
            let mut join = Join { by, credential: credential.clone(), leads_subject: None, kiosk: None };
            loop {
                match asks(&wires, code.seat as usize, "/api/join", None, &join).await {
                    Joined::Joined { group, .. } => return (code.seat, group, credential),
                    Joined::WhichBranch { .. } => join.leads_subject = leads.or(Some(0)),
                }
            }
        });
    }
    let mut seated = joining.join_all().await;
    seated.sort();
    seated
}

/// Everybody gets papers and fills the sheet in.
async fn with_papers(
    wires: &Arc<Vec<Wire>>,
    handout: &Handout,
    frozen: &Arc<Frozen>,
    leads: &BTreeMap<u32, u16>,
    seated: Vec<Seated>,
) -> Vec<Arc<Voter>> {
    let mut asking = JoinSet::new();
    for (seat, group, credential) in seated {
        let (wires, frozen) = (Arc::clone(wires), Arc::clone(frozen));
        let path = format!("/api/meetings/{}/rounds/1/papers", handout.meeting);
        let rows = contests(&frozen, leads.get(&seat).copied());
        asking.spawn(async move {
            let blindings = blind(&frozen, &group, &rows, &mut rand::rng()).unwrap();
            // Another server than the one of the seat.
            let first = seat as usize + 1;
            let request = request(&blindings);
            let signed: Papers = asks(&wires, first, &path, Some(&credential), &request).await;
            let papers = finalize(&frozen, &group, &blindings, &signed).unwrap();
            let blinded = request.papers.into_iter().chain(signed.papers).map(|paper| paper.z).collect();
            let items = frozen.manifest().items.len();
            let mark_of = |contest: u16| Some(mark(seat, contest, items));
            let written = written(&frozen, seat, &rows[1..]);
            let batch = ballot::phone::fill_in(&frozen, &group, &papers, mark_of, &written, &mut rand::rng());
            let opened = Bytes::from(ballot::phone::body(&frozen, &batch));
            let Batch { ballots, opinions, .. } = batch;
            let cast = SealedCast::new(&frozen, &opened, &mut rand::rng()).unwrap();
            Arc::new(Voter { seat, group, credential, blinded, opened, cast, ballots, opinions })
        });
    }
    let mut voters = asking.join_all().await;
    voters.sort_by_key(|voter| voter.seat);
    voters
}

impl Voter {
    /// Everything that it casts, in the order in which it is answered.
    pub fn items(&self) -> Vec<BoxItem> {
        let ballots = self.ballots.iter().cloned().map(BoxItem::Ballot);
        ballots.chain(self.opinions.iter().cloned().map(BoxItem::Opinion)).collect()
    }

    /// Sends the same bytes to one server after the other until one knows.
    async fn is_told(&self, wires: &[Wire], path: &str, frozen: &Frozen) -> Option<Told> {
        let give_up_at = Instant::now() + PATIENCE;
        for attempt in self.seat as usize.. {
            match self.cast.sent(&wires[attempt % wires.len()], path).await {
                Ok(answer) => return Some(self.reads(&answer, frozen)),
                // A machine so slow that its round was counted long ago: only the record tells.
                Err(counted) if counted.kind() == Some(ProblemKind::RoundIsCounted) => return None,
                Err(not_yet) => {
                    let is_final = not_yet.again_after_s().is_none();
                    assert!(!is_final && Instant::now() < give_up_at, "seat {}: {not_yet:?}", self.seat);
                }
            }
            sleep(Duration::from_millis(PAUSE_MS)).await;
        }
        unreachable!("attempts have no end")
    }

    fn reads(&self, answer: &CastAnswer, frozen: &Frozen) -> Told {
        let items = self.items();
        assert_eq!(answer.items.len(), items.len());
        let all = |verdicts: &[CastVerdict]| answer.items.iter().all(|item| verdicts.contains(&item.answer));
        if all(&[CastVerdict::Closed]) {
            return Told::Closed;
        }
        assert!(all(&[CastVerdict::In, CastVerdict::Same]), "seat {}: {answer:?}", self.seat);
        for (cast, item) in items.iter().zip(&answer.items) {
            let receipt = BASE64URL_NOPAD.decode(item.receipt.as_ref().unwrap().as_bytes()).unwrap();
            let receipt = receipt.try_into().unwrap();
            assert!(ballot::receipt::is_good(frozen.box_key(), frozen.hash(), &cast.leaf(), &receipt));
        }
        Told::Acknowledged
    }
}
