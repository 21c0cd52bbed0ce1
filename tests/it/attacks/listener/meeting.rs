//! A whole meeting with everybody behind one listener, each by a door of their own: the operator who makes it, chair, teller,
//! scrutineer and projector with their links, phones with slips, a shared tablet, papers that move to another phone, others that
//! are issued anew, leaders who are recused; rows of items, and opinions that some write and others do not.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use pingyi::creation::{Handout, SeatCode};
use pingyi::folder::Folder;
use pingyi::protocol::{ChairView, Done, Join, JoinBy, Joined, Papers, ProjectorView, Role, RoundStateView, VoterView};
use pingyi::rehearsal::blinding::Blinding;
use pingyi::rehearsal::chair::open_session;
use pingyi::rehearsal::crowd::{Crowd, crowd};
use pingyi::rehearsal::own_server::prepare;
use pingyi::rehearsal::page::{PageConnection, View};
use pingyi::rehearsal::papers::{blind, contests, finalize, least_bytes, request};
use pingyi::rehearsal::sheets::{Sheet, SheetChannel};
use pingyi::rehearsal::{
    Chair, Manifests, Manners, Phone, Scrutineer, SealedCast, ServerAddress, SheetSource, Storage, Target, Voter, Wire,
    capability,
};
use pingyi::round_keys::RoundKeys;
use pingyi::running::Running;
use pingyi::secret;
use pingyi::store::Store;
use pingyi::store::local::LocalStore;
use pingyi_rules::ballot;
use pingyi_rules::ballot::phone::PhoneToken;
use pingyi_rules::ballot::{Frozen, opinion};
use pingyi_rules::form::{Item, Mark, MarkKind};
use pingyi_rules::meeting::plan::{Group, Plan, Publication, Step, StepKind, Subject};
use pingyi_rules::meeting::round::SmallGroups;
use pingyi_rules::meeting::{CoSigned, PlainWish, Wish};
use tempfile::TempDir;
use tokio::task::JoinSet;

use crate::patience::PATIENCE;
use crate::secrecy::overheard::Listener;

/// The marks; every answer begins like no other text.
pub const MARKS: [&str; 3] = ["canary_hao", "canary_yiban", "canary_hen_cha"];
/// Seats by how they vote; the first twelve are of group A, all others of group B, whose first five lead a subject each.
const AT_TABLET: [u32; 3] = [11, 15, 18];
const MOVED: u32 = 10;
const LOST: u32 = 9;
const ABSENT: u32 = 24;
/// So many rows that one more or less would be another length, if requests and answers were not filled up.
const SUBJECTS: u16 = 5;
/// The step in which they are evaluated, behind the opening and a report each.
const EVALUATION: u32 = 7;
const ENTITLED: u32 = 12;
/// Everybody but who is absent.
pub const SHEETS: u32 = 23;

fn plan() -> Plan {
    let small = crate::meeting::small_plan();
    let item = |label: &str| Item { label: label.to_owned(), label_en: String::new(), not_for: Vec::new() };
    let mark = |(id, points_hundredths): (&str, u32)| Mark {
        id: id.to_owned(),
        label: id.to_owned(),
        label_en: id.to_owned(),
        kind: MarkKind::Grade,
        points_hundredths,
    };
    let group = |group: &Group| Group {
        entitled: ENTITLED,
        leaders: if group.leaders > 0 { SUBJECTS.into() } else { 0 },
        ..group.clone()
    };
    let subject = |id: u16| Subject { id, branch: format!("第{id}支部"), ..small.subjects[0].clone() };
    let step = |id, kind, subject| Step { id, kind, subject, form: None };
    let reports = (1..=SUBJECTS).map(|id| step(u32::from(id) + 1, StepKind::Report, Some(id)));
    let last = [step(EVALUATION, StepKind::Evaluation, None), step(EVALUATION + 1, StepKind::Close, None)];
    let mut plan = Plan {
        groups: small.groups.iter().map(group).collect(),
        items: vec![item("履职"), item("作风")],
        scale: MARKS.into_iter().zip([10_000, 7_000, 4_000]).map(mark).collect(),
        subjects: (1..=SUBJECTS).map(subject).collect(),
        agenda: std::iter::once(step(1, StepKind::Opening, None)).chain(reports).chain(last).collect(),
        opinions: true,
        ..small.clone()
    };
    plan.scoring.item_weights_bp = vec![5_000, 5_000];
    plan
}

/// A phone whose every step is in the test's hands.
struct Device {
    wire: Wire,
    meeting: String,
    credential: String,
    group: String,
    screen: PageConnection<VoterView>,
}

impl Device {
    async fn joins(meeting: &Meeting, door: &str, code: &str) -> Self {
        let wire = meeting.wire(door).await;
        let credential = secret::token().unwrap();
        let by = JoinBy::Slip { code: code.to_owned() };
        let join = Join { by, credential: credential.clone(), leads_subject: None, kiosk: None };
        let Joined::Joined { group, .. } = wire.ask("/api/join", None, &join).await.unwrap() else {
            panic!("a group without leaders")
        };
        Self::goes_on(meeting, wire, credential, group)
    }

    /// A phone with a seat; also one that another phone took.
    fn goes_on(of: &Meeting, wire: Wire, credential: String, group: String) -> Self {
        let (address, meeting) = (Arc::new(wire.address().clone()), of.handout.meeting.clone());
        let screen = PageConnection::follow(address, &meeting, &credential, PATIENCE);
        Self { wire, meeting, credential, group, screen }
    }

    async fn gets_papers(&mut self, blindings: &mut Vec<Blinding>) -> (Arc<Frozen>, Vec<PhoneToken>) {
        let is_armed = |view: &VoterView| view.now.round.as_ref().is_some_and(|round| round.manifest_hash.is_some());
        let view = self.screen.sees(PATIENCE, is_armed).await.unwrap();
        let path = format!("/api/meetings/{}/rounds/1", self.meeting);
        let manifest = self.wire.get(&format!("{path}/manifest"), None).await.unwrap();
        let hash = view.now.round.as_ref().and_then(|round| round.manifest_hash.clone()).unwrap();
        let frozen = Manifests::default().read(&manifest, &hash).unwrap();
        if blindings.is_empty() {
            *blindings = blind(&frozen, &self.group, &contests(&frozen, None), &mut rand::rng()).unwrap();
        }
        let (path, asked, least) = (format!("{path}/papers"), request(blindings), least_bytes(&frozen));
        let answer: Papers = self.wire.ask_of_length(&path, Some(&self.credential), &asked, least).await.unwrap();
        let papers = finalize(&frozen, &self.group, blindings, &answer).unwrap();
        (frozen, papers)
    }

    /// Casts a sheet with the worst mark in every row, and this written about each.
    async fn casts(&self, frozen: &Frozen, papers: &[PhoneToken], text: &str) -> SealedCast {
        let written: Vec<(u16, String)> = (1..=SUBJECTS).map(|row| (row, text.to_owned())).collect();
        let written = if text.is_empty() { &[][..] } else { &written };
        let mark = format!("{0}.{0}", MARKS[2]);
        let batch =
            ballot::phone::fill_in(frozen, &self.group, papers, |_| Some(mark.clone()), written, &mut rand::rng());
        let body = ballot::phone::body(frozen, &batch);
        let cast = SealedCast::new(frozen, &body, &mut rand::rng()).unwrap();
        self.casts_again(&cast).await;
        cast
    }

    async fn casts_again(&self, cast: &SealedCast) {
        let path = format!("/box/{}/1/cast", self.meeting);
        let answer = self.wire.until_answered(|| cast.sent(&self.wire, &path)).await.unwrap();
        assert!(answer.items.iter().all(|item| item.receipt.is_some()), "{answer:?}");
    }
}

/// Where it is held, and what the test knows of it.
pub struct Meeting {
    pub running: Running,
    pub store: Arc<dyn Store>,
    /// The server's own address, where nobody listens.
    pub server: Arc<ServerAddress>,
    pub listener: Listener,
    pub operator: String,
    pub handout: Handout,
    _data: TempDir,
}

/// Everybody in it, while its round is open and all have cast.
pub struct Hall {
    pub frozen: Arc<Frozen>,
    pub keys: RoundKeys,
    /// The slip of papers that were issued anew.
    pub new_slip: String,
    /// Of two phones, for whom alone the answers open.
    pub own_casts: [SealedCast; 2],
    chair: Chair,
    chair_session: String,
    scrutineer: Scrutineer,
    scrutineer_session: String,
    phones: JoinSet<()>,
    screens: (PageConnection<ChairView>, PageConnection<ProjectorView>, Vec<Device>),
}

impl Meeting {
    pub async fn made() -> (Self, Folder) {
        let data = TempDir::new().unwrap();
        let bound = pingyi::edge::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap();
        let url = format!("http://{}", bound.local_addr().unwrap());
        let store: Arc<dyn Store> = Arc::new(LocalStore::open(data.path()).unwrap());
        let operator = secret::token().unwrap();
        let digest = secret::operator_digest(&operator);
        let running = Running::start(bound, Arc::clone(&store), url.clone(), Some(digest));
        let listener = Listener::before(&url);
        let plan = plan();
        let folder = Folder { seats: crate::redis::hall::entitled(&plan), plan };
        let target = prepare(&listener.door("the operator").await, Some(&operator), &folder).await.unwrap();
        let (handout, server) = (target.handout, Arc::new(ServerAddress::parse(&url).unwrap()));
        (Self { running, store, server, listener, operator, handout, _data: data }, folder)
    }

    async fn address(&self, door: &str) -> Arc<ServerAddress> {
        Arc::new(ServerAddress::parse(&self.listener.door(door).await).unwrap())
    }

    async fn wire(&self, door: &str) -> Wire {
        Wire::new(self.address(door).await, PATIENCE)
    }

    fn code(&self, seat: u32) -> &str {
        &self.handout.codes.iter().find(|code| code.seat == seat).unwrap().code
    }

    pub fn link(&self, role: Role) -> &str {
        capability(&self.handout, role).unwrap()
    }

    pub fn path(&self, what: &str) -> String {
        format!("/api/meetings/{}/{what}", self.handout.meeting)
    }

    /// A role's screen, by its door.
    async fn screen<V: View>(&self, door: &str, role: Role) -> PageConnection<V> {
        let wire = self.wire(door).await;
        let (session, _) = open_session(&wire, self.link(role)).await.unwrap();
        PageConnection::follow(Arc::new(wire.address().clone()), &self.handout.meeting, &session, PATIENCE)
    }

    /// Phones of their own that live through the meeting.
    async fn phones(&self, folder: &Folder, sheets: &SheetSource) -> JoinSet<()> {
        let mut phones = JoinSet::new();
        let others = |seat: &u32| !AT_TABLET.contains(seat) && ![MOVED, LOST, ABSENT].contains(seat);
        for seat in folder.seats.iter().filter(|seat| others(&seat.seat)) {
            let voter = Voter {
                by: JoinBy::Slip { code: self.code(seat.seat).to_owned() },
                leads: seat.leads_subject,
                marks: sheets.of(&folder.plan, seat.seat, seat.leads_subject),
                at_kiosk: false,
            };
            let wire = self.wire(&format!("phone of {} {}", seat.group, seat.seat)).await;
            let manners = Manners { think: Duration::ZERO..=Duration::from_millis(500), patience: PATIENCE };
            let phone = Phone::new(voter, manners, wire, Manifests::default(), Arc::default(), Storage::default());
            phones.spawn(async move { phone.live().await.unwrap() });
        }
        phones
    }

    /// The shared tablet and those who wait for it.
    async fn tablet(&self, folder: &Folder, sheets: &SheetSource) -> Crowd {
        let coming: Vec<_> = folder.seats.iter().filter(|seat| AT_TABLET.contains(&seat.seat)).collect();
        let of = |seat: &&pingyi_rules::meeting::plan::EntitledSeat| {
            let marks = sheets.of(&folder.plan, seat.seat, seat.leads_subject);
            (seat.seat, Sheet { channel: SheetChannel::Kiosk, marks })
        };
        let at_tablet = SheetSource::File(coming.iter().map(of).collect());
        let theirs = |code: &&SeatCode| AT_TABLET.contains(&code.seat);
        let codes = self.handout.codes.iter().filter(theirs).cloned().collect();
        let handout = Handout { codes, ..self.handout.clone() };
        let target = Target { base_url: self.listener.door("the tablet").await, handout };
        crowd(&target, folder, &at_tablet, coming, Duration::ZERO..=Duration::ZERO).unwrap()
    }

    /// Leads it to where everybody has cast, and the round is open.
    pub async fn is_led(&self, folder: &Folder) -> Hall {
        let (at_chair, at_scrutineer) = (self.address("the chair").await, self.address("the scrutineer").await);
        let mut chair = Chair::opens(&at_chair, self.link(Role::Chair), PATIENCE).await.unwrap();
        let scrutineer = Scrutineer::opens(&at_scrutineer, self.link(Role::Scrutineer), PATIENCE).await.unwrap();
        let teller = self.screen::<ChairView>("the teller", Role::Teller).await;
        let projector = self.screen::<ProjectorView>("the projector", Role::Projector).await;
        let (as_chair, as_scrutineer) = (Wire::new(at_chair, PATIENCE), Wire::new(at_scrutineer, PATIENCE));
        let (chair_session, _) = open_session(&as_chair, self.link(Role::Chair)).await.unwrap();
        let (scrutineer_session, _) = open_session(&as_scrutineer, self.link(Role::Scrutineer)).await.unwrap();
        chair.presses(&PlainWish::OpenCheckin.into()).await.unwrap();
        let sheets = SheetSource::Random(7);
        let phones = self.phones(folder, &sheets).await;
        let mut tablet = self.tablet(folder, &sheets).await;
        let mut moved = Device::joins(self, "a phone whose papers move", self.code(MOVED)).await;
        let mut lost = Device::joins(self, "a phone that is lost", self.code(LOST)).await;
        let early = SHEETS - u32::try_from(AT_TABLET.len()).unwrap();
        chair.sees(|view| view.total.present == early).await.unwrap();
        chair.presses(&PlainWish::Begin.into()).await.unwrap();
        chair.presses(&Wish::Arm { round: 1, small_groups: SmallGroups::Refuse }).await.unwrap();

        // Papers, those that move and those that are issued anew.
        let mut blindings = Vec::new();
        let of_first = moved.gets_papers(&mut blindings).await;
        lost.gets_papers(&mut Vec::new()).await;
        let wire = self.wire("the phone that takes them").await;
        let mut moved_to = Device::goes_on(self, wire, moved.credential.clone(), moved.group.clone());
        let (frozen, papers) = moved_to.gets_papers(&mut blindings).await;
        assert!(papers == of_first.1, "the same request, and so the same papers");
        let new_slip = secret::slip().unwrap();
        let (group, slip) = (lost.group.clone(), new_slip.clone());
        let asks = Wish::AskReissue { round: 1, number: 1, group, leads_subject: None, slip };
        chair.presses(&asks).await.unwrap();
        let confirms = Wish::Plain(PlainWish::ConfirmReissue { round: 1, number: 1 });
        let commands = self.path("commands");
        let _: Done = as_scrutineer.ask(&commands, Some(&scrutineer_session), &confirms).await.unwrap();
        let mut found = Device::joins(self, "phone of A with papers issued anew", &new_slip).await;
        let (_, papers_anew) = found.gets_papers(&mut Vec::new()).await;
        chair.sees(|view| view.total.issued >= early).await.unwrap();
        let keys = self.store.keys(&self.handout.meeting, 1).await.unwrap().unwrap();
        let keys = RoundKeys::read(&keys).unwrap();

        chair.presses(&PlainWish::GoTo { step: EVALUATION }.into()).await.unwrap();
        chair.presses(&PlainWish::Open { round: 1 }.into()).await.unwrap();
        let silent = moved_to.casts(&frozen, &papers, "").await;
        let talks = found.casts(&frozen, &papers_anew, &"这".repeat(opinion::OPINION_CHARS_MAX)).await;
        for _again in 0..2 {
            moved_to.casts_again(&silent).await;
        }
        tablet.until_the_end(|error| panic!("{error:?}")).await;
        chair.sees(|view| view.total.returned == SHEETS).await.unwrap();
        let screens = (teller, projector, vec![moved, moved_to, lost, found]);
        let own_casts = [silent, talks];
        Hall {
            frozen,
            keys,
            new_slip,
            own_casts,
            chair,
            chair_session,
            scrutineer,
            scrutineer_session,
            phones,
            screens,
        }
    }

    /// What anybody who walks in asks for without a seat.
    pub async fn is_visited(&self) {
        let wire = self.wire("a visitor").await;
        let meeting = &self.handout.meeting;
        for page in [format!("/m/{meeting}"), "/later.js".to_owned(), "/chair".to_owned(), "/texts/zh.json".to_owned()]
        {
            wire.get(&page, None).await.unwrap();
        }
        for what in ["plan", "view", "join.svg", "rounds/1/manifest"] {
            wire.get(&self.path(what), None).await.unwrap();
        }
    }
}

impl Hall {
    /// Counted, certified, published, and taken home by whoever may: answers the whole record.
    pub async fn is_published(&mut self, of: &Meeting) -> Bytes {
        let at = |view: &ChairView, stage| view.rounds.first().is_some_and(|round| round.state == stage);
        self.chair.presses(&PlainWish::Close { round: 1 }.into()).await.unwrap();
        self.chair.sees(|view| at(view, RoundStateView::Closed)).await.unwrap();
        let publication = CoSigned::Publication { publication: Publication::HallScores };
        for (number, asked, then) in
            [(1, CoSigned::Certificate, RoundStateView::Certified), (2, publication, RoundStateView::Published)]
        {
            self.chair.presses(&PlainWish::Ask { round: 1, number, asked }.into()).await.unwrap();
            self.scrutineer.confirms(1, number).await.unwrap();
            self.chair.sees(|view| at(view, then)).await.unwrap();
        }
        let wire = of.wire("the chair, once more").await;
        for what in ["prints", "rounds/1/opinions", "exports/tables.xlsx?language=zh", "rounds/1/explained"] {
            wire.download(&of.path(what), &self.chair_session).await.unwrap();
        }
        let wire = of.wire("the scrutineer, once more").await;
        let whole = wire.download(&of.path("rounds/1/record.json"), &self.scrutineer_session).await.unwrap();
        let public = format!("/m/{}/rounds/1", of.handout.meeting);
        let wire = of.wire("anybody").await;
        wire.get(&format!("{public}/leaves"), None).await.unwrap();
        wire.get(&format!("{public}/record.json"), None).await.unwrap();
        whole
    }

    /// Everybody's phone has seen the end.
    pub async fn ends(self) {
        drop(self.screens);
        self.phones.join_all().await;
    }
}
