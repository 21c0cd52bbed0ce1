//! A meeting of two groups (`A` without leaders, `B` with some), its codes, and ballots made from a number.

use pingyi::protocol::Role;
use pingyi::store::{
    BoxStore, CastVerdict, Claim, ClaimBy, Digest, Freeze, NewMeeting, NewSeat, NewSlips, Replaced, SlipsReplaced,
    Store,
};
use pingyi_rules::ballot::record::BoxContents;
use pingyi_rules::ballot::{Ballot, BoxItem};
use pingyi_rules::form::SheetRules;
use pingyi_rules::form::{Live, Mark, MarkKind, OwnBranch};
use pingyi_rules::meeting::plan::{Admission, EntitledSeat, Group, Plan, Publication, Report, Step, StepKind, Subject};
use pingyi_rules::meeting::{Meeting, Phase, RoundState};
use pingyi_rules::scoring;
use sha2::{Digest as _, Sha256};

/// The meeting that most tests use.
pub const ID: &str = "abcd2345";

/// What a test wants of its meeting.
#[derive(Clone, Debug)]
pub struct Wanted {
    pub id: &'static str,
    pub admission: Admission,
    /// Seats of group A.
    pub a: u32,
    /// Seats of group B, and how many of its voters lead a subject.
    pub b: u32,
    pub b_leaders: u32,
    pub subjects: u16,
    /// Seats of B whose leaders the roster names, by their first subjects.
    pub b_named: u16,
    /// Whether opinions are asked for.
    pub opinions: bool,
}

impl Default for Wanted {
    fn default() -> Self {
        Self {
            id: ID,
            admission: Admission::Slips,
            a: 30,
            b: 4,
            b_leaders: 3,
            subjects: 3,
            b_named: 0,
            opinions: false,
        }
    }
}

pub fn digest(of: &str) -> Digest {
    Sha256::digest(of.as_bytes()).into()
}

/// The code of a seat of a meeting.
pub fn code(meeting: &str, seat: u32) -> Digest {
    digest(&format!("code of {meeting} {seat}"))
}

/// The codes of new slips: `count` of a series of a group.
pub fn slips(meeting: &str, group: &str, series: u32, count: u32) -> NewSlips {
    let code = |number: u32| digest(&format!("slip {number} of {meeting} {group} {series}"));
    NewSlips { group: group.to_owned(), series, codes: (1..=count).map(code).collect() }
}

/// Gives a group new slips, with the document that says so.
pub async fn replaces(store: &dyn Store, meeting: &str, new: &NewSlips) -> SlipsReplaced {
    let stored = store.load(meeting).await.unwrap().unwrap();
    store.replace_slips(stored.version, &saying(stored.meeting, new), new).await.unwrap()
}

/// The document that says it.
pub fn saying(mut meeting: Meeting, new: &NewSlips) -> Meeting {
    meeting.slip_series.insert(new.group.clone(), new.series);
    meeting
}

pub fn credential(number: u32) -> Digest {
    digest(&format!("credential {number}"))
}

pub fn claim(seat: u32, by: u32, leads_subject: Option<u16>) -> Claim {
    Claim { by: ClaimBy::Code(code(ID, seat)), credential: credential(by), leads_subject }
}

pub fn open_claim(group: &str, by: u32) -> Claim {
    let by_group = ClaimBy::Open { meeting: ID.to_owned(), group: group.to_owned() };
    Claim { by: by_group, credential: credential(by), leads_subject: None }
}

impl Wanted {
    pub fn meeting(&self) -> NewMeeting {
        let mut meeting = Meeting::new(self.id.to_owned(), self.plan());
        meeting.phase = Phase::Checkin;
        let seats = (1..=self.a + self.b).map(|seat| self.seat(seat)).collect();
        let roles = [("chair", Role::Chair), ("teller", Role::Teller)];
        let links = roles.map(|(name, role)| (role, digest(&format!("{name} of {}", self.id)))).to_vec();
        NewMeeting { meeting, seats, links }
    }

    /// Seats of A come first.
    fn seat(&self, seat: u32) -> NewSeat {
        let in_b = seat.checked_sub(self.a).filter(|place| *place > 0);
        let named = in_b.and_then(|place| u16::try_from(place).ok()).filter(|place| *place <= self.b_named);
        let entitled = EntitledSeat {
            seat,
            name: format!("名{seat}"),
            role: String::new(),
            group: if in_b.is_some() { "B" } else { "A" }.to_owned(),
            leads_subject: named,
            present: true,
        };
        NewSeat { entitled, code: code(self.id, seat) }
    }

    fn plan(&self) -> Plan {
        let group = |id: &str, entitled, leaders| Group {
            id: id.to_owned(),
            name: id.to_owned(),
            weight_bp: 5_000,
            entitled,
            leaders,
        };
        let mark = |id: &str, points_hundredths| Mark {
            id: id.to_owned(),
            label: id.to_owned(),
            label_en: String::new(),
            kind: MarkKind::Grade,
            points_hundredths,
        };
        let subject = |id: u16| Subject {
            id,
            branch: format!("第{id}支部"),
            secretary: format!("书记{id}"),
            report: Report::Onsite,
            minutes: 8,
            text: String::new(),
        };
        Plan {
            title: "述职评议会".to_owned(),
            host: format!("研究院 {}", self.id),
            admission: self.admission,
            groups: vec![group("A", self.a, 0), group("B", self.b, self.b_leaders)],
            numeric: None,
            items: Vec::new(),
            forms: Vec::new(),
            scale: vec![mark("hao", 10_000), mark("cha", 4_000)],
            subjects: (1..=self.subjects).map(subject).collect(),
            agenda: vec![Step { id: 1, kind: StepKind::Evaluation, subject: None, form: None }],
            sheet_rules: SheetRules::default(),
            own_branch: OwnBranch::Recused,
            scoring: scoring::Rules::default(),
            live: Live::Tally,
            pool_k: 5,
            k_min: 5,
            turnout: scoring::TurnoutRule::None,
            publication: Publication::Held,
            opinions: self.opinions,
            opinions_min: 10,
            imported: Vec::new(),
        }
    }
}

/// Ballots as the store takes them.
pub fn items(ballots: &[Ballot]) -> Vec<BoxItem> {
    ballots.iter().cloned().map(BoxItem::Ballot).collect()
}

/// The ballots of a box in which nothing else is.
pub fn ballots_of(items: Vec<BoxItem>) -> Vec<Ballot> {
    let contents = BoxContents::of(items);
    assert_eq!(contents.opinions, [], "nobody wrote anything");
    contents.ballots
}

/// A cast without opinions.
pub trait Casts {
    async fn casts(&self, meeting: &str, round: u32, ballots: &[Ballot]) -> pingyi::store::Result<Vec<CastVerdict>>;
}

impl<T: BoxStore + ?Sized> Casts for T {
    async fn casts(&self, meeting: &str, round: u32, ballots: &[Ballot]) -> pingyi::store::Result<Vec<CastVerdict>> {
        self.cast(meeting, round, &items(ballots)).await
    }
}

/// A freeze that waits for nobody.
pub trait Frozen {
    async fn frozen(&self, meeting: &str, round: u32) -> pingyi::store::Result<Vec<Ballot>>;
}

impl<T: BoxStore + ?Sized> Frozen for T {
    async fn frozen(&self, meeting: &str, round: u32) -> pingyi::store::Result<Vec<Ballot>> {
        match self.freeze(meeting, round, &[]).await? {
            Freeze::Frozen(items) => Ok(ballots_of(items)),
            Freeze::Waiting(servers) => panic!("the freeze waits for {servers:?}"),
        }
    }
}

/// Stores the meeting with its first round in another state.
pub async fn round_becomes(store: &dyn Store, meeting: &str, state: RoundState) {
    let stored = store.load(meeting).await.unwrap().unwrap();
    let mut meeting = stored.meeting;
    meeting.rounds[0].state = state;
    let replaced = store.replace(stored.version, &meeting).await.unwrap();
    assert_eq!(replaced, Replaced::Now(stored.version + 1));
}

/// Stores the meeting in another phase.
pub async fn phase_becomes(store: &dyn Store, meeting: &str, phase: Phase) {
    let stored = store.load(meeting).await.unwrap().unwrap();
    let replaced = store.replace(stored.version, &Meeting { phase, ..stored.meeting }).await.unwrap();
    assert_eq!(replaced, Replaced::Now(stored.version + 1));
}

/// A meeting whose first round takes casts.
pub async fn opened(store: &dyn Store, wanted: &Wanted) {
    store.create(wanted.meeting()).await.unwrap();
    round_becomes(store, wanted.id, RoundState::Armed).await;
    round_becomes(store, wanted.id, RoundState::Open).await;
}

/// Bytes that look random and are the same for the same number.
fn bytes<const N: usize>(what: &str, number: u64) -> [u8; N] {
    let mut bytes = [0; N];
    for (at, part) in bytes.chunks_mut(32).enumerate() {
        let block: Digest = Sha256::digest(format!("{what} {number} {at}")).into();
        part.copy_from_slice(&block[..part.len()]);
    }
    bytes
}

/// The ballot of a number for a contest: the same number has the same key, whatever the answer.
pub fn ballot(contest: u16, number: u64, answer: &str) -> Ballot {
    Ballot {
        contest,
        group: if number.is_multiple_of(3) { "B" } else { "A" }.to_owned(),
        pk: bytes(&format!("pk {contest}"), number),
        token: bytes(&format!("token {contest}"), number),
        answer: if contest == 0 {
            format!(r#"{{"h":"{answer}","v":"returned"}}"#)
        } else {
            format!(r#"{{"v":"{answer}"}}"#)
        },
        signature: bytes(&format!("signature {contest} {answer}"), number),
    }
}

/// A whole sheet of three rows, every answer `hao` or `cha` by the number, rows first and the sheet last.
pub fn sheet(number: u64) -> Vec<Ballot> {
    let mark = if number.is_multiple_of(2) { "hao" } else { "cha" };
    [1, 2, 3, 0].map(|contest| ballot(contest, number, mark)).to_vec()
}
