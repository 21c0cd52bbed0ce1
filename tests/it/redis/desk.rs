//! The desk of a chair, or of a scrutineer, in a hall of several servers: commands given until they are carried out, views
//! looked at where a server answers.

use std::sync::Arc;

use pingyi::protocol::{ChairView, Done, RoundStateView, ServerMessage};
use pingyi::rehearsal::{Manifests, Wire};
use pingyi_rules::ballot::Frozen;
use pingyi_rules::meeting::Wish;

use super::hall::asks;
use crate::patience::eventually;

/// The chair's desk: any server will do.
pub struct Chair {
    pub wires: Arc<Vec<Wire>>,
    pub meeting: String,
    pub session: String,
}

impl Chair {
    /// Gives a command until it is carried out, at the last server first.
    pub async fn says(&self, wish: impl Into<Wish>) {
        let wish = wish.into();
        let path = format!("/api/meetings/{}/commands", self.meeting);
        let _: Done = asks(&self.wires, self.wires.len() - 1, &path, Some(&self.session), &wish).await;
    }

    /// What the desk shows at a server, where that one answers.
    pub async fn view_at(&self, server: usize) -> Option<ChairView> {
        let path = format!("/api/meetings/{}/view", self.meeting);
        let answer = self.wires[server].get(&path, Some(&self.session)).await.ok()?;
        match serde_json::from_slice(&answer).unwrap() {
            ServerMessage::Chair(view) => Some(view),
            other => panic!("{other:?}"),
        }
    }

    /// Waits until every server that answers shows it, and one does.
    pub async fn sees(&self, what: &str, is: impl Fn(&ChairView) -> bool) -> ChairView {
        let shown = Shown { what: what.to_owned(), views: std::cell::RefCell::default() };
        eventually(&shown, async || {
            let mut views = Vec::new();
            for server in 0..self.wires.len() {
                views.push(self.view_at(server).await);
            }
            let answered: Vec<&ChairView> = views.iter().flatten().collect();
            let seen = answered.iter().all(|view| is(view)).then(|| answered.first().copied().cloned()).flatten();
            shown.views.replace(views);
            seen
        })
        .await
    }

    pub async fn manifest(&self) -> Arc<Frozen> {
        let view = self.sees("the round to be armed", |view| is_at(view, RoundStateView::Armed)).await;
        let hash = view.rounds[0].manifest_hash.clone().unwrap();
        let path = format!("/api/meetings/{}/rounds/1/manifest", self.meeting);
        Manifests::default().read(&self.wires[0].get(&path, None).await.unwrap(), &hash).unwrap()
    }
}

/// What a chair waits for, and what the desk showed last at each server: the first thing to know when it never comes.
struct Shown {
    what: String,
    views: std::cell::RefCell<Vec<Option<ChairView>>>,
}

impl std::fmt::Display for Shown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}, but it was", self.what)?;
        for view in self.views.borrow().iter() {
            match view {
                None => write!(f, " · no answer")?,
                Some(view) => {
                    let states: Vec<RoundStateView> = view.rounds.iter().map(|round| round.state).collect();
                    let (now, total) = (&view.now, &view.total);
                    write!(f, " · version {} of {}, {states:?}, {total:?}", now.version, now.epoch)?;
                    write!(f, ", waiting for {:?}, result {}", view.missing_servers, view.result.is_some())?;
                }
            }
        }
        Ok(())
    }
}

/// Whether the round is there, as a screen sees it.
pub fn is_at(view: &ChairView, stage: RoundStateView) -> bool {
    view.rounds.first().is_some_and(|round| round.state == stage)
}
