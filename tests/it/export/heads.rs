//! The cases of tests/vectors/scoring.json about heads and sheets as whole meetings over HTTP: how many must be there before papers
//! are issued, and what becomes of a round to which more came back than was handed out.

use std::io::Cursor;
use std::sync::Arc;
use std::time::Duration;

use calamine::{Data, Reader as _, Xlsx};
use pingyi::folder::Folder;
use pingyi::protocol::{ChairView, Channel, Done, NextAction, Prints, Role, RoundStateView, ServerMessage};
use pingyi::rehearsal::chair::open_session;
use pingyi::rehearsal::crowd::{Crowd, crowd};
use pingyi::rehearsal::own_server::{OwnServer, prepare};
use pingyi::rehearsal::problem::RequestError;
use pingyi::rehearsal::{Attendance, Chair, Scrutineer, ServerAddress, SheetSource, Target, Wire, capability};
use pingyi_rules::meeting::paper::{EnteredBy, PaperCount, PaperEntry, PaperMarks};
use pingyi_rules::meeting::plan::Admission;
use pingyi_rules::meeting::round::SmallGroups;
use pingyi_rules::meeting::{CoSigned, GroupAccount, PlainWish, Refusal, Wish};
use pingyi_rules::scoring::{Rules, TurnoutRule};

use super::vectors::{Case, mark, plan};
use crate::patience::PATIENCE;
use crate::scoring::vectors::{case, number};

const ENTITLED: u32 = 42;

/// One group of 42 voters, so many of them with phones in the hall, and a branch that somebody leads who did not come.
fn meeting(with_phones: u32, turnout: TurnoutRule) -> Case {
    let marked = || Some(vec!["hao".to_owned()]);
    let voters = (0..ENTITLED).map(|at| ("A", if at < with_phones { marked() } else { None })).collect();
    let scale = vec![mark("hao", 10_000), mark("cha", 4_000)];
    let mut plan = plan(&[("A", 10_000)], scale, 1, Rules::default());
    // Who comes later takes the next seat: no pile of slips that two crowds would draw from.
    (plan.turnout, plan.admission) = (turnout, Admission::Open);
    Case { plan, voters }
}

/// A meeting that is held step by step.
struct Hall {
    server: OwnServer,
    target: Target,
    folder: Folder,
    sheets: SheetSource,
    address: Arc<ServerAddress>,
    wire: Wire,
    chair: Chair,
}

impl Hall {
    async fn of(case: Case) -> Self {
        let (folder, sheets) = case.files();
        let server = OwnServer::start().await.unwrap();
        let target = prepare(&server.base_url, Some(&server.key), &folder).await.unwrap();
        let address = Arc::new(ServerAddress::parse(&target.base_url).unwrap());
        let wire = Wire::new(Arc::clone(&address), PATIENCE);
        let chair = Chair::opens(&address, capability(&target.handout, Role::Chair).unwrap(), PATIENCE).await.unwrap();
        Self { server, target, folder, sheets, address, wire, chair }
    }

    /// Some of those with phones come, and vote in every round.
    fn come(&self, from: usize, to: usize) -> Crowd {
        let coming = self.folder.seats.iter().filter(|seat| seat.present).skip(from).take(to - from).collect();
        crowd(&self.target, &self.folder, &self.sheets, coming, Duration::ZERO..=Duration::ZERO).unwrap()
    }

    async fn session(&self, role: Role) -> String {
        open_session(&self.wire, capability(&self.target.handout, role).unwrap()).await.unwrap().0
    }

    async fn says(&self, role: Role, command: &Wish) -> Result<Done, RequestError> {
        let path = format!("/api/meetings/{}/commands", self.target.handout.meeting);
        self.wire.ask(&path, Some(&self.session(role).await), command).await
    }

    async fn refusal(&self, command: &Wish) -> Option<Refusal> {
        self.chair.commands(command).await.err().and_then(|error| error.refusal())
    }

    async fn keys_are_ready(&mut self) -> Arc<ChairView> {
        let is_ready = |view: &ChairView| {
            let keys = view.preparation.as_ref();
            keys.is_some_and(|keys| keys.keys_needed > 0 && keys.keys_ready == keys.keys_needed)
        };
        self.chair.sees(is_ready).await.unwrap()
    }

    /// From the step where the meeting stands until the box of a round is frozen; so many sheets of paper are handed out
    /// before the papers of phones are.
    async fn votes(&mut self, round: u32, phones: u32, on_paper: u32) -> Arc<ChairView> {
        loop {
            let is_counted = |view: &ChairView| {
                view.rounds.iter().any(|known| known.number == round && known.state == RoundStateView::Closed)
            };
            let view = self.chair.sees(|view| view.next.is_some() || is_counted(view)).await.unwrap();
            if is_counted(&view) {
                return view;
            }
            let next = view.next.clone().unwrap();
            match next.action {
                NextAction::Begin => {
                    self.chair.sees(|view| view.total.present >= phones).await.unwrap();
                }
                NextAction::Arm => {
                    let paper = Wish::IssuePaper { round, group: "A".to_owned(), sheets: on_paper };
                    self.says(Role::Teller, &paper).await.unwrap();
                    self.keys_are_ready().await;
                }
                NextAction::Open => {
                    self.chair.sees(|view| view.total.issued == phones + on_paper).await.unwrap();
                }
                NextAction::Close => {
                    self.chair.sees(|view| view.total.returned == phones).await.unwrap();
                }
                _ => {}
            }
            self.chair.presses(&next.command).await.unwrap();
        }
    }

    /// Teller and scrutineer enter the same sums of the group's paper.
    async fn enter(&mut self, round: u32, returned: u32, invalid: u32) -> Arc<ChairView> {
        let rows = vec![PaperMarks { marks: vec![returned - invalid, 0], ..PaperMarks::default() }];
        for (role, by) in [(Role::Teller, EnteredBy::Teller), (Role::Scrutineer, EnteredBy::Scrutineer)] {
            let entry = PaperEntry::Totals { count: PaperCount { returned, invalid, rows: rows.clone() } };
            let command = Wish::EnterPaper { round, group: "A".to_owned(), by, entry };
            self.says(role, &command).await.unwrap();
        }
        self.chair.sees(|view| view.paper.as_ref().is_some_and(|paper| !paper.is_open)).await.unwrap()
    }

    async fn scrutineer(&self) -> Scrutineer {
        let link = capability(&self.target.handout, Role::Scrutineer).unwrap();
        Scrutineer::opens(&self.address, link, PATIENCE).await.unwrap()
    }

    /// The rest of the meeting, and where the accounts of its last round stand.
    async fn ends(self, voters: usize) -> Told {
        let mut chair = self.chair;
        let link = capability(&self.target.handout, Role::Scrutineer).unwrap();
        chair = chair.with_scrutineer(Scrutineer::opens(&self.address, link, PATIENCE).await.unwrap());
        let attendance = Attendance::new(&self.folder.plan, vec![(None, true); voters]);
        chair.leads_through(&attendance, Duration::ZERO, |_, _| {}).await.unwrap();
        let meeting = &self.target.handout.meeting;
        let link = capability(&self.target.handout, Role::Chair).unwrap();
        let (session, _) = open_session(&self.wire, link).await.unwrap();
        let get =
            async |path: &str| self.wire.get(&format!("/api/meetings/{meeting}/{path}"), Some(&session)).await.unwrap();
        let ServerMessage::Chair(view) = serde_json::from_slice(&get("view").await).unwrap() else {
            panic!("no chair")
        };
        let prints = serde_json::from_slice(&get("prints").await).unwrap();
        let mut book = Xlsx::new(Cursor::new(get("exports/tables.xlsx?language=en").await.to_vec())).unwrap();
        let accounts = book.worksheet_range("Accounts").unwrap();
        let workbook = accounts.rows().map(|row| row.iter().map(Data::to_string).collect()).collect();
        let mut records = Vec::new();
        for round in &view.rounds {
            let path = format!("/m/{meeting}/rounds/{}/record.json", round.number);
            records.push(self.wire.get(&path, None).await.ok().map(|record| record.to_vec()));
        }
        let link = capability(&self.target.handout, Role::Scrutineer).unwrap();
        let (session, _) = open_session(&self.wire, link).await.unwrap();
        let path = format!("/api/meetings/{meeting}/rounds/{}/record.json", records.len());
        let whole = self.wire.download(&path, &session).await.unwrap().to_vec();
        self.server.stop().await;
        Told { view, prints, workbook, records, whole }
    }
}

struct Told {
    view: ChairView,
    prints: Prints,
    workbook: Vec<Vec<String>>,
    /// What everybody may have, by round; nothing for one that has none.
    records: Vec<Option<Vec<u8>>>,
    /// The scrutineers' of the last round: of few sheets on paper it alone tells what was handed out.
    whole: Vec<u8>,
}

/// Entitled, present, issued, returned, valid, invalid.
fn figures(account: &GroupAccount) -> [u32; 6] {
    [account.entitled, account.present, account.issued, account.returned, account.valid, account.invalid]
}

impl Told {
    /// The accounts of the last round everywhere. A record tells sheets, and nobody's presence.
    fn says(&self, expected: [u32; 6]) {
        let result = self.view.result.as_ref().unwrap();
        assert_eq!(figures(&result.total), expected, "on the screen");
        let accounts = self.prints.accounts.last().unwrap();
        assert_eq!((accounts.round, figures(&accounts.total)), (result.round, expected), "in print");
        assert_eq!(figures(&self.prints.results.last().unwrap().total), expected, "in the printed result");
        let row = self.workbook.iter().find(|row| row[0] == "All").unwrap();
        assert_eq!(row[1..7], expected.map(|figure| figure.to_string()), "in the workbook");
        let [entitled, _, issued, returned, _, invalid] = expected.map(u64::from);
        let public = self.records.last().unwrap().as_ref().unwrap();
        let read = |record: &[u8]| -> serde_json::Value {
            assert!(crate::record::fixtures::verified(record).unwrap().tally.is_some());
            serde_json::from_slice(record).unwrap()
        };
        for record in [read(public), read(&self.whole)] {
            assert_eq!(record["issuance"][0]["eligible"], entitled, "in the record");
            let sheets = &record["tally"]["sheets"];
            assert_eq!((sheets["returned"].as_u64(), sheets["invalid"].as_u64()), (Some(returned), Some(invalid)));
        }
        let whole = read(&self.whole);
        let on_paper = whole["paper"]["A"]["issued"].as_u64().unwrap_or(0);
        assert_eq!(whole["issuance"][0]["issued"].as_u64().unwrap() + on_paper, issued, "in the whole record");
    }
}

/// A meeting under a rule with the smallest number present that it takes; with one less its papers are not issued.
async fn just_reaches(turnout: TurnoutRule, present: u32) {
    let mut hall = Hall::of(meeting(present, turnout)).await;
    let all = present as usize;
    hall.chair.presses(&PlainWish::OpenCheckin.into()).await.unwrap();
    let first = hall.come(0, all - 1);
    hall.chair.sees(|view| view.total.present == present - 1).await.unwrap();
    hall.chair.presses(&PlainWish::Begin.into()).await.unwrap();
    let view = hall.keys_are_ready().await;
    let arm = Wish::Arm { round: 1, small_groups: SmallGroups::Refuse };
    let refusal = (turnout != TurnoutRule::None).then_some(Refusal::TurnoutIsTooLow);
    assert_eq!(view.turnout_is_too_low, refusal.is_some(), "{turnout:?}");
    if refusal.is_some() {
        assert_eq!(hall.refusal(&arm).await, refusal, "{turnout:?}");
    }
    let last = hall.come(all - 1, all);
    let view = hall.chair.sees(|view| view.total.present == present).await.unwrap();
    assert!(!view.turnout_is_too_low, "{turnout:?}");
    let told = hall.ends(all).await;
    told.says([ENTITLED, present, present, present, present, 0]);
    drop((first, last));
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_e26_turnout_rules_let_a_meeting_vote_from_their_number_on() {
    let case = case("turnout-42");
    assert_eq!(number(&case["entitled"]), ENTITLED);
    let needed = |key: &str| number(&case["expect"][key]);
    let held = [
        // Without a rule half of them are enough, which no rule takes.
        (TurnoutRule::None, needed("gt_1_2") - 1),
        (TurnoutRule::MoreThanHalf, needed("gt_1_2")),
        (TurnoutRule::AtLeastTwoThirds, needed("ge_2_3")),
        (TurnoutRule::MoreThanTwoThirds, needed("gt_2_3")),
        (TurnoutRule::AtLeastFourFifths, needed("ge_4_5")),
        (TurnoutRule::MoreThanFourFifths, needed("gt_4_5")),
    ];
    let held = held.map(|(turnout, present)| tokio::spawn(just_reaches(turnout, present)));
    for meeting in held {
        meeting.await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_e26_more_paper_back_than_was_handed_out_voids_the_round_and_a_second_one_is_told() {
    let case = case("validity");
    let text = case["expect"].as_str().unwrap();
    for said in ["entitled 42, present 38, issued 33 phone + 5 paper, returned 33 + 6 paper", "round 1 is kept"] {
        assert!(text.contains(said), "the case says something else by now: {text}");
    }
    let mut hall = Hall::of(meeting(33, TurnoutRule::AtLeastFourFifths)).await;
    let crowd = hall.come(0, 33);
    hall.votes(1, 33, 5).await;
    let counted = hall.enter(1, 6, 0).await;
    assert_eq!(
        [counted.total.entitled, counted.total.present, counted.total.issued, counted.total.returned],
        [42, 38, 38, 39]
    );
    let certificate = Wish::Plain(PlainWish::Ask { round: 1, number: 1, asked: CoSigned::Certificate });
    assert_eq!(hall.refusal(&certificate).await, Some(Refusal::AccountsDoNotClose));
    let reason = "收回的纸质票多于发出的纸质票".to_owned();
    let number = counted.next_request;
    let void = Wish::Plain(PlainWish::Ask { round: 1, number, asked: CoSigned::Void { reason: reason.clone() } });
    hall.chair.presses(&void).await.unwrap();
    hall.scrutineer().await.confirms(1, number).await.unwrap();
    hall.chair.sees(|view| view.rounds[0].state == RoundStateView::Void).await.unwrap();
    // The second round, with one invalid sheet among as many as were handed out.
    hall.votes(2, 33, 5).await;
    hall.enter(2, 5, 1).await;
    let told = hall.ends(33).await;
    drop(crowd);
    told.says([42, 38, 38, 38, 37, 1]);
    for rounds in [&told.view.rounds, &told.prints.rounds] {
        assert_eq!(rounds.len(), 2);
        assert_eq!((rounds[0].state, rounds[0].void_reason.as_ref()), (RoundStateView::Void, Some(&reason)));
        assert_eq!((rounds[1].state, &rounds[1].void_reason), (RoundStateView::Published, &None));
    }
    let void = &told.prints.accounts[0];
    assert_eq!((void.round, figures(&void.total)), (1, [42, 38, 38, 39, 39, 0]), "kept, as it was counted");
    let channels: Vec<_> = void.channels.iter().map(|each| (each.channel, each.issued, each.returned)).collect();
    assert_eq!(channels, [(Channel::Phone, 33, 33), (Channel::Paper, 5, 6)]);
    assert_eq!(told.prints.results.len(), 1);
    assert!(told.records[0].is_none(), "a void round has no record");
}
