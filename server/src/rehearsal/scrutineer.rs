//! A simulated scrutineer: follows the own page, and confirms what the chair asks for, as it stands there.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;

use super::chair::open_session;
use super::page::PageConnection;
use super::problem::{Activity, RehearsalError, RequestError};
use super::wire::{ServerAddress, Wire};
use crate::protocol::{ChairView, Done, RequestView, Role};
use pingyi_rules::meeting::request::RequestState;
use pingyi_rules::meeting::{Phase, Wish};

/// Somebody with the scrutineer's link.
pub struct Scrutineer {
    wire: Wire,
    session: String,
    meeting: String,
    patience: Duration,
    page: PageConnection<ChairView>,
}

impl Scrutineer {
    /// A scrutineer with the secret of the link. `patience` is how long the server or the chair may take for one thing.
    ///
    /// # Errors
    /// When the server does not know the secret, or it is not a scrutineer's.
    pub async fn opens(
        address: &Arc<ServerAddress>,
        capability: &str,
        patience: Duration,
    ) -> Result<Self, RehearsalError> {
        let wire = Wire::new(Arc::clone(address), patience);
        let (session, opened) = open_session(&wire, capability).await?;
        if opened.role != Role::Scrutineer {
            return Err(RehearsalError::Unreadable(Activity::OpeningSession));
        }
        let page = PageConnection::follow(Arc::clone(address), &opened.meeting, &session, patience);
        Ok(Self { wire, session, meeting: opened.meeting, patience, page })
    }

    /// Waits until the own page shows a round's request of that number, and confirms what stands there.
    ///
    /// # Errors
    /// What the meeting or the server said.
    pub async fn confirms(&mut self, round: u32, number: u32) -> Result<(), RehearsalError> {
        let is_it = |request: &&RequestView| (request.round, request.number) == (round, number);
        let view = self.page.sees(self.patience, |view| waiting(view).filter(is_it).is_some()).await?;
        let Some(request) = waiting(&view) else { return Ok(()) };
        self.agrees_to(request).await.map(drop).map_err(|error| error.while_doing(Activity::Commanding))
    }

    /// Confirms whatever is still asked for after `think`, until the meeting is archived: so that one person alone can try a
    /// whole meeting. Who has the scrutineer's own page open can be quicker, or say no.
    ///
    /// # Errors
    /// What ended the page.
    pub async fn confirms_all(mut self, think: Duration) -> Result<(), RehearsalError> {
        loop {
            let is_over = |view: &ChairView| view.now.phase == Phase::Archived;
            let view = self.page.sees(self.patience, |view| waiting(view).is_some() || is_over(view)).await?;
            let Some(request) = waiting(&view) else { return Ok(()) };
            sleep(think).await;
            if self.page.latest().is_some_and(|now| waiting(&now) == Some(request)) {
                // Where the chair was quicker, or the meeting says no, the next view tells what there is to do.
                let _ = self.agrees_to(request).await;
                sleep(think).await;
            }
        }
    }

    async fn agrees_to(&self, request: &RequestView) -> Result<Done, RequestError> {
        let (round, number, asked) = (request.round, request.number, request.asked.clone());
        let path = format!("/api/meetings/{}/commands", self.meeting);
        self.wire.ask(&path, Some(&self.session), &Wish::Confirm { round, number, asked }).await
    }
}

fn waiting(view: &ChairView) -> Option<&RequestView> {
    view.requests.iter().find(|request| request.state == RequestState::Waiting)
}
