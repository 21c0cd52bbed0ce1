//! Each level of publication against every way to a figure: all screens' frames, and every route with the session of every
//! role and without one. What a level does not give must be nowhere; what it gives must be found, or the search is blind.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use pingyi::hub::Viewer;
use pingyi::protocol::Role;
use pingyi::rehearsal::chair::open_session;
use pingyi::rehearsal::own_server::prepare;
use pingyi::rehearsal::{Options, ServerAddress, SheetSource, Target, Wire, capability, run};
use pingyi::running::Running;
use pingyi::store::local::LocalStore;
use pingyi::store::{MeetingStore as _, Replaced, Store};
use pingyi::{secret, view};
use pingyi_rules::form::Live;
use pingyi_rules::meeting::plan::Publication;
use pingyi_rules::meeting::{Meeting, RoundState};
use pingyi_rules::scoring::Imported;
use tempfile::TempDir;

use crate::export::archives::unpacked;
use crate::export::totals::combination;
use crate::patience::PATIENCE;
use crate::rehearsal::shipped;

/// Routes that give no figure of any meeting, and why: asked for by nobody who looks for one, or never ending.
const NOT_VISITED: [&str; 4] = ["/favicon.ico", "/healthz", "/readyz", "/api/meetings/{meeting}/events"];
const FILES: [&str; 5] = ["tables.xlsx", "summary.csv", "groups.csv", "accounts.csv", "rules.csv"];

/// Every address that can be got, of one meeting: read from the routes, so that a new one is visited too.
fn addresses(meeting: &str) -> Vec<String> {
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/src/edge/http.rs");
    let source = std::fs::read_to_string(source).unwrap();
    let routes = source.lines().filter(|line| line.contains(", get(") && !line.contains("socket::upgrade"));
    let routes = routes.map(|line| line.split('"').nth(1).unwrap().to_owned());
    let files = |route: String| -> Vec<String> {
        let files = if route.contains("{file}") { FILES.to_vec() } else { vec![""] };
        files.into_iter().map(|file| route.replace("{file}", file)).collect()
    };
    let named = |route: String| {
        let route = route.replace("{meeting}", meeting).replace("{round}", "1").replace("{subject}", "1");
        route.replace("{part}", "0")
    };
    let visited = routes.filter(|route| !NOT_VISITED.contains(&route.as_str()));
    let all: Vec<String> = visited.flat_map(files).map(named).collect();
    assert!(all.len() > 25 && !all.iter().any(|address| address.contains('{')), "{all:?}");
    all
}

/// A meeting that was held, on a directory from which it is served again and again.
struct Held {
    data: TempDir,
    target: Target,
}

async fn served(data: &TempDir) -> (Running, String, String) {
    let key = secret::token().unwrap();
    let listener = pingyi::edge::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let store: Arc<dyn Store> = Arc::new(LocalStore::open(data.path()).unwrap());
    (Running::start(listener, store, url.clone(), Some(secret::operator_digest(&key))), url, key)
}

async fn held() -> Held {
    let data = TempDir::new().unwrap();
    let mut folder = shipped("institute");
    folder.plan.live = Live::Off;
    folder.plan.scoring.combination = Some(combination());
    let imported = |subject: u16| Imported {
        subject,
        components: vec![format!("{}.{IMPORTED}", 80 + subject)],
        ..Imported::default()
    };
    folder.plan.imported = (1..=7).map(imported).collect();
    let (running, url, key) = served(&data).await;
    let target = prepare(&url, Some(&key), &folder).await.unwrap();
    run(&target, &folder, &SheetSource::Random(7), &Options::default(), |_, _| {}).await.unwrap();
    running.stop().await;
    Held { data, target }
}

/// Nothing yet, or a level.
type Level = Option<Publication>;

impl Held {
    /// The meeting with its result released so far; what it was released to before is forgotten.
    async fn released(&self, level: Level) -> Meeting {
        let store = LocalStore::open(self.data.path()).unwrap();
        let stored = store.load(&self.target.handout.meeting).await.unwrap().unwrap();
        let mut meeting = stored.meeting;
        let round = &mut meeting.rounds[0];
        round.publication = level;
        round.state = if level.is_some() { RoundState::Published } else { RoundState::Certified };
        assert!(matches!(store.replace(stored.version, &meeting).await.unwrap(), Replaced::Now(_)));
        meeting
    }

    /// Everything that can be had at this level: by whom and where.
    async fn all(&self, level: Level) -> BTreeMap<(String, String), String> {
        self.released(level).await;
        let (running, url, _) = served(&self.data).await;
        let wire = Wire::new(Arc::new(ServerAddress::parse(&url).unwrap()), PATIENCE);
        let id = &self.target.handout.meeting;
        let watched = running.hub.watch(id).await.unwrap().unwrap();
        let mut had = BTreeMap::new();
        let frame = |viewer| String::from_utf8(watched.views.view(viewer).to_vec()).unwrap();
        had.insert(("phone".to_owned(), "frame".to_owned()), frame(Viewer::Of(Role::Voter)));
        had.insert(("visitor".to_owned(), "frame".to_owned()), frame(Viewer::Visitor));
        let mut sessions = vec![("visitor".to_owned(), None)];
        for role in [Role::Chair, Role::Teller, Role::Scrutineer, Role::Projector] {
            let (session, _) = open_session(&wire, capability(&self.target.handout, role).unwrap()).await.unwrap();
            had.insert((format!("{role:?}"), "frame".to_owned()), frame(Viewer::Of(role)));
            sessions.push((format!("{role:?}"), Some(session)));
        }
        for address in addresses(id) {
            for (who, session) in &sessions {
                let Ok(answer) = wire.get(&address, session.as_deref()).await else { continue };
                had.insert((who.clone(), address.replace(id, "ID")), readable(&answer));
            }
        }
        drop(watched);
        running.stop().await;
        had
    }
}

/// A body as it can be searched: zips unpacked, without blanks.
fn readable(answer: &[u8]) -> String {
    let parts = if answer.starts_with(b"PK") { unpacked(answer) } else { vec![(String::new(), answer.to_vec())] };
    let text: String = parts.iter().map(|(_, bytes)| String::from_utf8_lossy(bytes)).collect();
    text.replace([' ', '\n'], "")
}

/// What gives the scores away: scores, means, rates, and the counts of marks in all and by group.
fn figures(meeting: &Meeting) -> Vec<String> {
    let rows = view::result::whole(meeting, &meeting.rounds[0]).unwrap().rows;
    let counts = |marks: &Vec<u32>| serde_json::to_string(marks).unwrap();
    let of_row = |row: &pingyi::protocol::ResultRow| {
        let groups: Vec<_> = row.groups.iter().flatten().flatten().cloned().collect();
        let means = groups.iter().filter_map(|group| group.mean.clone());
        let marks = groups.iter().map(|group| counts(&group.marks)).chain(row.marks.as_ref().map(counts));
        let total = row.combined.as_ref().and_then(|combined| combined.total.clone());
        let one = [row.score.clone(), row.top_rate_percent.clone(), total];
        one.into_iter().flatten().chain(means).filter(|figure| figure.len() > 4).chain(marks).collect::<Vec<_>>()
    };
    rows.iter().flat_map(of_row).collect()
}

/// The decimals of every imported component.
const IMPORTED: &str = "3131";
const GRADE: &str = "\"suggested_grade\":\"";

/// Who found a figure where, and who found a grade.
fn found<'a>(had: &'a BTreeMap<(String, String), String>, figures: &[String]) -> [Vec<(&'a str, &'a str)>; 2] {
    let with = |is: &dyn Fn(&str) -> bool| {
        had.iter().filter(|(_, text)| is(text)).map(|((who, at), _)| (who.as_str(), at.as_str())).collect()
    };
    [
        with(&|text: &str| figures.iter().any(|figure| text.contains(figure.as_str()))),
        with(&|text: &str| text.contains(GRADE)),
    ]
}

const WHOLE: (&str, &str) = ("Scrutineer", "/api/meetings/ID/rounds/1/record.json");
const COUNTING: [&str; 3] = ["Chair", "Teller", "Scrutineer"];

#[tokio::test(flavor = "multi_thread")]
async fn slow_s55_s80_what_a_publication_does_not_release_is_nowhere() {
    use Publication::{Chair, EachOwn, HallGrades, HallScores, Leaders};
    let held = held().await;
    let figures = figures(&held.released(Some(HallScores)).await);
    assert!(figures.len() > 40, "{figures:?}");
    for level in
        [None, Some(Publication::Held), Some(Chair), Some(Leaders), Some(EachOwn), Some(HallGrades), Some(HallScores)]
    {
        let had = held.all(level).await;
        let [scores, grades] = found(&had, &figures);
        let is_hall = |(who, _): &(&str, &str)| !COUNTING.contains(who);
        let to_chair = level.is_some_and(|level| level != Publication::Held);
        // The scrutineers have the whole record from their certificate on (rule r8).
        assert!(scores.contains(&WHOLE), "{level:?}: {scores:?}");
        for found in [&scores, &grades] {
            let of_desks = found.iter().filter(|place| !is_hall(place) && **place != WHOLE);
            assert_eq!(of_desks.clone().count() > 0, to_chair, "{level:?}: {:?}", of_desks.collect::<Vec<_>>());
        }
        assert_eq!(scores.iter().any(is_hall), level == Some(HallScores), "{level:?}: {scores:?}");
        let hall_has_grades = matches!(level, Some(HallGrades | HallScores));
        assert_eq!(grades.iter().any(is_hall), hall_has_grades, "{level:?}: {grades:?}");
        if to_chair {
            // The control: the search finds what is there, in each kind of file.
            let of_chair = ["frame", "/api/meetings/ID/prints", "/api/meetings/ID/rounds/1/explained"];
            let files = ["exports/tables.xlsx", "exports/summary.csv", "exports/groups.csv", "archive.zip"];
            let files = files.map(|file| format!("/api/meetings/ID/{file}"));
            for at in of_chair.into_iter().chain(files.iter().map(String::as_str)) {
                assert!(scores.contains(&("Chair", at)), "{level:?}: {at} in {scores:?}");
            }
        }
        // What was imported is the chair's, and everybody's only with the scores (rule s80).
        let [imported, _] = found(&had, &[format!(".{IMPORTED}")]);
        assert_eq!(imported.iter().any(is_hall), level == Some(HallScores), "{level:?}: {imported:?}");
        assert!(imported.contains(&("Chair", "frame")), "{level:?}: {imported:?}");
        if level == Some(HallScores) {
            for place in [("phone", "frame"), ("Projector", "frame"), ("visitor", "/m/ID/rounds/1/record.json")] {
                assert!(scores.contains(&place), "{place:?} in {scores:?}");
            }
        }
        assert!(had.keys().all(|(who, at)| at != "/api/meetings/ID/archive.zip" || who == "Chair"));
    }
}
