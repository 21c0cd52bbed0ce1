//! Rehearsals: simulated phones, a chair and a projector that hold a whole meeting over real HTTP and WebSockets, against a
//! server of our own or any other. Nothing here reaches into a server: what a rehearsal knows, screens could see.

pub mod blind;
pub mod blinding;
pub mod chair;
pub mod crowd;
mod opinions;
pub mod own_server;
pub mod page;
pub mod paper_desk;
pub mod papers;
pub mod phone;
pub mod problem;
pub mod results;
pub mod scrutineer;
pub mod sealed_cast;
pub mod sealed_wire;
pub mod seating;
pub mod sheets;
pub mod socket;
mod tablet;
pub mod wire;

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;

use crate::creation::Handout;
use crate::folder::Folder;
use crate::protocol::{ChairView, NextButton, ProjectorView, Role, RoundStateView};

pub use chair::{Attendance, Chair};
use paper_desk::PaperDesk;
pub use papers::Manifests;
pub use phone::{Manners, Phone, PhoneStorage, RehearsalProgress, Storage, Voter};
use problem::Activity;
pub use problem::RehearsalError;
pub use results::Results;
pub use scrutineer::Scrutineer;
pub use sealed_cast::SealedCast;
pub use sheets::SheetSource;
pub use socket::Socket;
pub use wire::{ServerAddress, Wire};

/// Where a rehearsal is held.
#[derive(Clone, Debug)]
pub struct Target {
    /// The server's address, as `http://192.168.1.10:8080`.
    pub base_url: String,
    /// What the meeting's creator got.
    pub handout: Handout,
}

/// How a rehearsal goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// How phones behave.
    pub manners: Manners,
    /// The chair's pause before each button.
    pub pace: Duration,
}

impl Default for Options {
    /// As fast as the server can, and five minutes of patience for every single thing.
    fn default() -> Self {
        let patience = Duration::from_secs(300);
        Self { manners: Manners { think: Duration::ZERO..=Duration::ZERO, patience }, pace: Duration::ZERO }
    }
}

/// The secret of a role's link.
///
/// # Errors
/// [`RehearsalError::Broken`] for a handout without it.
pub fn capability(handout: &Handout, role: Role) -> Result<&str, RehearsalError> {
    let found = handout.capabilities.iter().find(|(known, _)| *known == role);
    let missing = || RehearsalError::Broken("a link is missing in what the creator got".to_owned());
    found.map(|(_, secret)| secret.as_str()).ok_or_else(missing)
}

/// Holds a whole meeting, with paper sheets and a shared tablet where the file has some: everybody who is present in the folder comes, takes a seat, gets papers and submits the own sheet;
/// the chair steps from the check-in to the archive; the projector shows it. `said` hears of each button of the chair.
///
/// # Errors
/// The first thing that does not go as it must, on any screen.
pub async fn run(
    target: &Target,
    folder: &Folder,
    sheets: &SheetSource,
    options: &Options,
    said: impl FnMut(&ChairView, &NextButton) + Send,
) -> Result<Results, RehearsalError> {
    let address = Arc::new(ServerAddress::parse(&target.base_url)?);
    let patience = options.manners.patience;
    let voters = seating::voters(folder, &target.handout, sheets);
    let coming = |at_kiosk: bool| {
        let those = voters.iter().filter(move |voter| voter.at_kiosk == at_kiosk);
        those.map(|voter| (voter.leads, voter.marks.is_some())).collect()
    };
    let attendance = Attendance::new(&folder.plan, coming(false)).with_kiosk(coming(true));
    let scrutineer = Scrutineer::opens(&address, capability(&target.handout, Role::Scrutineer)?, patience).await?;
    let mut chair = Chair::opens(&address, capability(&target.handout, Role::Chair)?, patience).await?;
    chair = chair.with_scrutineer(scrutineer);
    if let Some(paper) = PaperDesk::opens(&address, target, folder, sheets, patience).await? {
        chair = chair.with_paper(paper);
    }
    let wire = Wire::new(Arc::clone(&address), patience);
    let (session, opened) = chair::open_session(&wire, capability(&target.handout, Role::Projector)?).await?;
    let mut projector =
        page::PageConnection::<ProjectorView>::follow(Arc::clone(&address), &opened.meeting, &session, patience);
    let meeting = &target.handout.meeting;
    let mut phones = phones(&address, meeting, voters, &options.manners, &Arc::default());
    let led = chair.leads_through(&attendance, options.pace, said);
    let views = tokio::select! {
        views = led => views?,
        error = first_problem(&mut phones) => return Err(error),
    };
    // The meeting is archived: every screen sees it, and the phones lie down by themselves.
    projector
        .sees(patience, |view| view.now.round.as_ref().is_none_or(|round| round.state != RoundStateView::Closing))
        .await?;
    while let Some(ended) = phones.join_next().await {
        ended.map_err(|error| RehearsalError::Broken(error.to_string()))??;
    }
    let mut results = Results::new(&folder.plan, &views);
    let (session, opened) = chair::open_session(&wire, capability(&target.handout, Role::Scrutineer)?).await?;
    for round in &results.rounds {
        let path = format!("/api/meetings/{}/rounds/{}/record.json", opened.meeting, round.round);
        let record = wire.until_answered(|| wire.download(&path, &session)).await;
        results.records.push(record.map_err(|error| error.while_doing(Activity::FetchingRecord))?);
    }
    Ok(results)
}

/// Phones that live at the same time, and the shared tablet where somebody comes to it. Dropping the set kills them.
fn phones(
    address: &Arc<ServerAddress>,
    meeting: &str,
    voters: Vec<Voter>,
    manners: &Manners,
    progress: &Arc<RehearsalProgress>,
) -> JoinSet<Result<(), RehearsalError>> {
    let manifests = Manifests::default();
    let mut phones = JoinSet::new();
    let (at_kiosk, with_phones): (Vec<Voter>, Vec<Voter>) = voters.into_iter().partition(|voter| voter.at_kiosk);
    if !at_kiosk.is_empty() {
        let tablet = tablet::Tablet {
            meeting: meeting.to_owned(),
            voters: at_kiosk,
            manners: manners.clone(),
            wire: Wire::new(Arc::clone(address), manners.patience),
            manifests: manifests.clone(),
            progress: Arc::clone(progress),
        };
        phones.spawn(tablet.takes_all());
    }
    for voter in with_phones {
        let wire = Wire::new(Arc::clone(address), manners.patience);
        let (manners, manifests, progress) = (manners.clone(), manifests.clone(), Arc::clone(progress));
        phones.spawn(Phone::new(voter, manners, wire, manifests, progress, Storage::default()).live());
    }
    phones
}

/// Waits for a phone that stops with a problem; forever, where none does.
async fn first_problem(phones: &mut JoinSet<Result<(), RehearsalError>>) -> RehearsalError {
    while let Some(ended) = phones.join_next().await {
        match ended {
            Ok(Ok(())) => {}
            Ok(Err(error)) => return error,
            Err(error) => return RehearsalError::Broken(error.to_string()),
        }
    }
    std::future::pending().await
}
