//! A simulated chair: opens a session with the link's secret, follows its view, and presses the one primary button through a
//! whole meeting, waiting for the hall where a chair would. It sees what a chair sees and nothing else.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep, timeout};

use super::page::PageConnection;
use super::paper_desk::PaperDesk;
use super::problem::{Activity, RehearsalError, RequestError, Waited};
use super::scrutineer::Scrutineer;
use super::wire::{ServerAddress, Wire};
use crate::protocol::{
    ChairView, Done, NextAction, NextButton, OpenSession, ResultView, Role, RoundStateView, SessionOpened,
};
use crate::secret;
use pingyi_rules::form::OwnBranch;
use pingyi_rules::meeting::plan::{Plan, Publication};
use pingyi_rules::meeting::round::SmallGroups;
use pingyi_rules::meeting::{CoSigned, Phase, PlainWish, Refusal, Wish};

/// How long a chair waits before the button is tried again that was refused because something is not ready yet.
const AGAIN: Duration = Duration::from_millis(100);

/// Who comes to a rehearsal: what the chair waits for at each step.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attendance {
    /// For everybody who comes: the branch led, and whether a sheet is submitted.
    pub voters: Vec<(Option<u16>, bool)>,
    /// The same for those who sit down at a shared tablet once the first round is open.
    pub at_kiosk: Vec<(Option<u16>, bool)>,
    /// Whether the own branch gets no paper.
    pub recuses: bool,
}

impl Attendance {
    /// The attendance of voters under a plan.
    #[must_use]
    pub fn new(plan: &Plan, voters: Vec<(Option<u16>, bool)>) -> Self {
        Self { voters, at_kiosk: Vec::new(), recuses: plan.own_branch == OwnBranch::Recused }
    }

    /// The attendance with those who come to a shared tablet.
    #[must_use]
    pub fn with_kiosk(self, at_kiosk: Vec<(Option<u16>, bool)>) -> Self {
        Self { at_kiosk, ..self }
    }

    fn present(&self) -> u32 {
        u32::try_from(self.voters.len()).unwrap_or(u32::MAX)
    }

    /// Phones that get papers for a round, and those of them that submit.
    fn issued_and_returned(&self, subjects: &[u16]) -> (u32, u32) {
        self.of(&self.voters, subjects)
    }

    fn of(&self, voters: &[(Option<u16>, bool)], subjects: &[u16]) -> (u32, u32) {
        let gets = |leads: Option<u16>| !(self.recuses && leads.is_some_and(|own| subjects == [own]));
        voters
            .iter()
            .filter(|(leads, _)| gets(*leads))
            .fold((0, 0), |(issued, returned), (_, submits)| (issued + 1, returned + u32::from(*submits)))
    }
}

/// A simulated chair.
pub struct Chair {
    wire: Wire,
    session: String,
    meeting: String,
    patience: Duration,
    page: PageConnection<ChairView>,
    paper: Option<Arc<PaperDesk>>,
    scrutineer: Option<Scrutineer>,
    /// Whether a round was closed already.
    tablet_is_done: bool,
}

/// Exchanges a role's secret for a session.
///
/// # Errors
/// When the server does not know the secret.
pub async fn open_session(wire: &Wire, capability: &str) -> Result<(String, SessionOpened), RehearsalError> {
    let session = secret::token().map_err(|_| RehearsalError::NoRandomness)?;
    let question = OpenSession { capability: capability.to_owned(), session: session.clone() };
    let opened = wire.ask("/api/sessions", None, &question).await;
    Ok((session, opened.map_err(|error| error.while_doing(Activity::OpeningSession))?))
}

impl Chair {
    /// A chair with the secret of the chair's link. `patience` is how long the server or the hall may take for one thing.
    ///
    /// # Errors
    /// When the server does not know the secret, or it is not a chair's.
    pub async fn opens(
        address: &Arc<ServerAddress>,
        capability: &str,
        patience: Duration,
    ) -> Result<Self, RehearsalError> {
        let wire = Wire::new(Arc::clone(address), patience);
        let (session, opened) = open_session(&wire, capability).await?;
        if opened.role != Role::Chair {
            return Err(RehearsalError::Unreadable(Activity::OpeningSession));
        }
        let page = PageConnection::follow(Arc::clone(address), &opened.meeting, &session, patience);
        Ok(Self {
            wire,
            session,
            meeting: opened.meeting,
            patience,
            page,
            paper: None,
            scrutineer: None,
            tablet_is_done: false,
        })
    }

    /// The chair with somebody who hands paper out and counts it.
    #[must_use]
    pub fn with_paper(self, paper: PaperDesk) -> Self {
        Self { paper: Some(Arc::new(paper)), ..self }
    }

    /// The chair with somebody who confirms what both do together; without one whoever has the link must.
    #[must_use]
    pub fn with_scrutineer(self, scrutineer: Scrutineer) -> Self {
        Self { scrutineer: Some(scrutineer), ..self }
    }

    /// Waits for a view that something is true of, for `patience` at most.
    ///
    /// # Errors
    /// [`RehearsalError::Waited`], or what ended the socket.
    pub async fn sees(&mut self, is: impl Fn(&ChairView) -> bool) -> Result<Arc<ChairView>, RehearsalError> {
        self.page.sees(self.patience, is).await
    }

    /// Sends a command once, or again while its outcome is not known.
    ///
    /// # Errors
    /// What the meeting or the server said.
    pub async fn commands(&self, command: &Wish) -> Result<Done, RequestError> {
        self.wire.ask(&format!("/api/meetings/{}/commands", self.meeting), Some(&self.session), command).await
    }

    /// Presses a button, again while its keys are not ready, and waits until the view shows it done.
    ///
    /// # Errors
    /// What the meeting or the server said.
    pub async fn presses(&mut self, command: &Wish) -> Result<Arc<ChairView>, RehearsalError> {
        let give_up_at = Instant::now() + self.patience;
        let mut command = command.clone();
        let done = loop {
            let error = match self.commands(&command).await {
                Ok(done) => break done,
                Err(error) => error,
            };
            match (error.refusal(), &mut command) {
                (Some(Refusal::KeysAreNotReady), _) if Instant::now() < give_up_at => sleep(AGAIN).await,
                (Some(Refusal::GroupIsTooSmall), Wish::Arm { small_groups, .. })
                    if *small_groups != SmallGroups::TotalsOnly =>
                {
                    // Merging where it helps; else totals only.
                    *small_groups = match small_groups {
                        SmallGroups::Refuse => SmallGroups::Merge,
                        SmallGroups::Merge | SmallGroups::TotalsOnly => SmallGroups::TotalsOnly,
                    };
                }
                _ => return Err(error.while_doing(Activity::Commanding)),
            }
        };
        self.sees(|view| view.now.version >= done.version).await
    }

    /// Leads a whole meeting to its archive, a button after the other with `pace` between them, and answers with the result
    /// of every round. `said` hears of each button before it is pressed.
    ///
    /// # Errors
    /// The first thing that does not go as planned.
    pub async fn leads_through(
        &mut self,
        attendance: &Attendance,
        pace: Duration,
        mut said: impl FnMut(&ChairView, &NextButton),
    ) -> Result<Vec<ResultView>, RehearsalError> {
        let mut results: Vec<ResultView> = Vec::new();
        loop {
            let waits_for_paper = |view: &ChairView| view.paper.as_ref().is_some_and(|paper| paper.is_open);
            let is_up = |view: &ChairView| view.next.is_some() || view.now.phase == Phase::Archived;
            let paper = self.paper.clone();
            let view = self.sees(|view| is_up(view) || paper.is_some() && waits_for_paper(view)).await?;
            if let (Some(paper), true) = (paper, waits_for_paper(&view)) {
                paper.enters(&view).await?;
                self.sees(|view| !waits_for_paper(view)).await?;
                continue;
            }
            if let Some(result) = &view.result
                && results.iter().all(|known| known.round != result.round)
            {
                results.push(result.clone());
            }
            let Some(next) = view.next.clone() else { return Ok(results) };
            let view = self.hall_is_ready(attendance, next.action).await?;
            said(&view, &next);
            sleep(pace).await;
            self.presses(&rehearsed(next.command.clone())).await?;
            if let (Wish::Plain(PlainWish::Ask { round, number, .. }), Some(scrutineer)) =
                (next.command, &mut self.scrutineer)
            {
                scrutineer.confirms(round, number).await?;
            }
        }
    }

    /// Waits for what a chair waits for before a button is pressed.
    async fn hall_is_ready(
        &mut self,
        attendance: &Attendance,
        action: NextAction,
    ) -> Result<Arc<ChairView>, RehearsalError> {
        if let (Some(paper), NextAction::Begin | NextAction::Arm) = (self.paper.clone(), action) {
            let view = self.sees(|_| true).await?;
            paper.hands_out(&view).await?;
        }
        match action {
            NextAction::Begin => {
                let of = |view: &ChairView| attendance.present() + on_paper(view);
                self.waits(move |view| Waited::Present(view.total.present, of(view))).await
            }
            NextAction::Arm => {
                let keys = |view: &ChairView| {
                    view.preparation
                        .as_ref()
                        .map_or(Waited::Keys(0, 0), |keys| Waited::Keys(keys.keys_ready, keys.keys_needed))
                };
                self.waits(keys).await
            }
            NextAction::Open => {
                let of = |view: &ChairView| attendance.issued_and_returned(&subjects(view)).0 + on_paper(view);
                self.waits(|view| Waited::Issued(view.total.issued, of(view))).await
            }
            NextAction::Close => {
                // Whoever sat at the tablet has used up the slip, and comes to no later round.
                let tablet: &[_] = if self.tablet_is_done { &[] } else { &attendance.at_kiosk };
                let of = |view: &ChairView| {
                    let subjects = subjects(view);
                    attendance.issued_and_returned(&subjects).1 + attendance.of(tablet, &subjects).1
                };
                let closing = self.waits(|view| Waited::Returned(view.total.returned, of(view))).await;
                self.tablet_is_done = true;
                closing
            }
            _ => self.sees(|_| true).await,
        }
    }

    async fn waits(&mut self, far: impl Fn(&ChairView) -> Waited) -> Result<Arc<ChairView>, RehearsalError> {
        let is_there = |view: &ChairView| match far(view) {
            Waited::Present(have, of)
            | Waited::Keys(have, of)
            | Waited::Issued(have, of)
            | Waited::Returned(have, of) => have >= of,
            Waited::View => true,
        };
        let seen = timeout(self.patience, self.page.sees(self.patience * 2, is_there)).await;
        // What was waited for is named with its numbers: it is what whoever rehearses must look after.
        let how_far = || self.page.latest().map_or(Waited::View, |view| far(&view));
        seen.unwrap_or_else(|_| Err(RehearsalError::Waited(how_far())))
    }
}

/// Sheets of paper that were handed out.
fn on_paper(view: &ChairView) -> u32 {
    view.paper.iter().flat_map(|paper| &paper.groups).map(|group| group.issued).sum()
}

fn subjects(view: &ChairView) -> Vec<u16> {
    let running = view.now.round.as_ref().filter(|round| round.state != RoundStateView::Draft);
    running.map(|round| round.subjects.clone()).unwrap_or_default()
}

/// A rehearsal's result is always shown to its chair: what nobody may see could not be rehearsed.
fn rehearsed(command: Wish) -> Wish {
    match command {
        Wish::Plain(PlainWish::Ask { round, number, asked: CoSigned::Publication { publication } }) => {
            let publication = publication.max(Publication::Chair);
            Wish::Plain(PlainWish::Ask { round, number, asked: CoSigned::Publication { publication } })
        }
        other => other,
    }
}
