//! A hall: a meeting with many seats on a server of its own, a chair, and as many phones as a scenario needs.
//! Settings are those of a normal meeting: slips, live tally, k = 5, k_min = 5, own branch recused.

use std::sync::Arc;
use std::time::Duration;

use pingyi::creation::{self, MeetingRequest};
use pingyi::folder::Folder;
use pingyi::protocol::{NextAction, Role};
use pingyi::rehearsal::own_server::prepare;
use pingyi::rehearsal::seating::voters;
use pingyi::rehearsal::{
    Chair, Manifests, Manners, Phone, RehearsalError, RehearsalProgress, SealedCast, ServerAddress, SheetSource,
    Storage, Target, Voter, Wire, capability,
};
use pingyi::store::MeetingStore as _;
use pingyi::store::local::LocalStore;
use pingyi_rules::form::{Live, Mark, MarkKind, OwnBranch};
use pingyi_rules::meeting::plan::{Admission, EntitledSeat, Group, Plan, Publication, Report, Step, StepKind, Subject};
use pingyi_rules::scoring;
use tempfile::TempDir;
use tokio::task::JoinSet;

use crate::process::{self, Process};

/// The operator key of servers that meet at Redis.
pub const KEY: &str = "the operator key of all servers";
pub const PATIENCE: Duration = Duration::from_secs(120);
/// Rows of a sheet, as tests/bench/README.md says.
const ROWS: u16 = 8;

/// The hall.
pub struct Hall {
    pub server: Process,
    pub address: Arc<ServerAddress>,
    pub target: Target,
    pub folder: Folder,
    pub chair: Chair,
    // The directory goes after the server.
    _data: TempDir,
}

/// A meeting of `seats` voters: ten percent in A, ten in B with a leader for each row, the others in C.
pub fn folder(seats: u32) -> Folder {
    let (a, b) = (seats / 10, seats / 10);
    let leaders = u32::from(ROWS).min(b);
    let sizes = [("A", 4_000, a, 0), ("B", 3_000, b, leaders), ("C", 3_000, seats - a - b, 0)];
    let groups = sizes.map(|(id, weight_bp, entitled, leaders)| Group {
        id: id.to_owned(),
        name: format!("票种 {id}"),
        weight_bp,
        entitled,
        leaders,
    });
    let marks = [("hao", "好", 10_000), ("jiaohao", "较好", 8_000), ("yiban", "一般", 6_000), ("cha", "差", 4_000)];
    let scale = marks.map(|(id, label, points_hundredths)| Mark {
        id: id.to_owned(),
        label: label.to_owned(),
        label_en: String::new(),
        kind: MarkKind::Grade,
        points_hundredths,
    });
    let subject = |id: u16| Subject {
        id,
        branch: format!("第{id}党支部"),
        secretary: format!("书记{id}"),
        report: Report::Onsite,
        minutes: 10,
        text: String::new(),
    };
    let reports = (1..=ROWS).map(|subject| (StepKind::Report, Some(subject)));
    let rest = [(StepKind::Evaluation, None), (StepKind::Close, None)];
    let steps = std::iter::once((StepKind::Opening, None)).chain(reports).chain(rest);
    let agenda = (1..).zip(steps).map(|(id, (kind, subject))| Step { id, kind, subject, form: None }).collect();
    let plan = Plan {
        title: "述职评议会".to_owned(),
        host: "研究院党委".to_owned(),
        admission: Admission::Slips,
        groups: groups.to_vec(),
        numeric: None,
        items: Vec::new(),
        forms: Vec::new(),
        scale: scale.to_vec(),
        subjects: (1..=ROWS).map(subject).collect(),
        agenda,
        sheet_rules: pingyi_rules::form::SheetRules::default(),
        own_branch: OwnBranch::Recused,
        scoring: scoring::Rules::default(),
        live: Live::Tally,
        pool_k: 5,
        k_min: 5,
        turnout: scoring::TurnoutRule::None,
        publication: Publication::Chair,
        opinions: false,
        opinions_min: 10,
        imported: Vec::new(),
    };
    let seat = |seat: u32| EntitledSeat {
        seat,
        name: String::new(),
        role: String::new(),
        group: if seat <= a {
            "A"
        } else if seat <= a + b {
            "B"
        } else {
            "C"
        }
        .to_owned(),
        leads_subject: (seat > a && seat <= a + leaders).then(|| u16::try_from(seat - a).unwrap()),
        present: true,
    };
    Folder { plan, seats: (1..=seats).map(seat).collect() }
}

impl Hall {
    /// A hall whose chair is there, before the check-in.
    pub async fn new(seats: u32) -> Self {
        let folder = folder(seats);
        let data = tempfile::tempdir().unwrap();
        let store = LocalStore::open(data.path()).unwrap();
        let request = MeetingRequest { plan: folder.plan.clone(), seats: folder.seats.clone() };
        let (new, handout) = creation::make(request, store.secret()).unwrap();
        store.create(new).await.unwrap();
        drop(store);
        let server = process::server(data.path(), "127.0.0.1:0", &[]);
        let target = Target { base_url: server.base_url.clone(), handout };
        Self::led(server, target, folder, data).await
    }

    /// The same at a server that meets others at Redis.
    pub async fn at_redis(seats: u32, redis: &str) -> Self {
        let folder = folder(seats);
        let data = tempfile::tempdir().unwrap();
        let server = process::server(data.path(), "127.0.0.1:0", &["--open", "--key", KEY, "--redis", redis]);
        let target = prepare(&server.base_url, None, &folder).await.unwrap();
        Self::led(server, target, folder, data).await
    }

    async fn led(server: Process, target: Target, folder: Folder, data: TempDir) -> Self {
        let address = Arc::new(ServerAddress::parse(&server.base_url).unwrap());
        let secret = capability(&target.handout, Role::Chair).unwrap();
        let chair = Chair::opens(&address, secret, PATIENCE).await.unwrap();
        Self { server, address, target, folder, chair, _data: data }
    }

    /// Presses buttons until this one would be next, which is not pressed.
    pub async fn steps_to(&mut self, action: NextAction) {
        loop {
            let view = self.chair.sees(|view| view.next.is_some()).await.unwrap();
            let next = view.next.clone().unwrap();
            if next.action == action {
                return;
            }
            self.chair.presses(&next.command).await.unwrap();
        }
    }

    /// Presses the button that is next.
    pub async fn presses(&mut self) {
        let view = self.chair.sees(|view| view.next.is_some()).await.unwrap();
        self.chair.presses(&view.next.clone().unwrap().command).await.unwrap();
    }

    /// Everybody of the folder, with a slip and a sheet.
    pub fn voters(&self) -> Vec<Voter> {
        voters(&self.folder, &self.target.handout, &SheetSource::Random(1))
    }

    /// Lets phones live; they get papers when the round is armed, and the bytes of their casts are in their storages.
    /// They think for an hour, so that the casts are ours to send.
    pub fn phones(&self, progress: &Arc<RehearsalProgress>) -> (JoinSet<Result<(), RehearsalError>>, Vec<Storage>) {
        let hour = Duration::from_secs(3600);
        let manners = Manners { think: hour..=hour, patience: PATIENCE };
        let manifests = Manifests::default();
        let mut phones = JoinSet::new();
        let mut storages = Vec::new();
        for voter in self.voters() {
            let storage = Storage::default();
            let wire = Wire::new(Arc::clone(&self.address), PATIENCE);
            let parts = (manners.clone(), wire, manifests.clone(), Arc::clone(progress), Arc::clone(&storage));
            let phone = Phone::new(voter, parts.0, parts.1, parts.2, parts.3, parts.4);
            phones.spawn(phone.live());
            storages.push(storage);
        }
        (phones, storages)
    }

    /// Waits until the round's keys are made and everybody of `seats` is connected.
    pub async fn is_full(&mut self, seats: u32) {
        let is_ready = |view: &pingyi::protocol::ChairView| {
            let keys = view.preparation.as_ref().is_some_and(|keys| keys.keys_ready == keys.keys_needed);
            keys && view.devices_online >= seats && view.total.present >= seats
        };
        self.chair.sees(is_ready).await.unwrap();
        self.server.settles().await;
    }
}

/// The casts of round 1 in the phones' storages.
pub fn casts(storages: &[Storage]) -> Vec<SealedCast> {
    storages.iter().filter_map(|storage| storage.lock().unwrap().cast(1)).collect()
}
