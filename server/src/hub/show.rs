//! What a watched meeting's screens show: heads counted, views rendered.

use std::collections::BTreeMap;

use tokio::time::Instant;

use super::Viewer;
use super::next_keys::NextKeys;
use super::task::MeetingTask;
use crate::protocol::{Preparation, Role, ServerMessage, Turnout, VoterView};
use crate::round_keys::keys_needed;
use crate::store::{SeatCount, StoreError};
use crate::view::{self, ViewInputs};
use pingyi_rules::meeting::RoundState;
use pingyi_rules::meeting::heads::{Heads, HeadsByGroup, account, heads, merging, small};

/// Of the store's head counts what the rules are made of: which slips a group has is no number of heads.
pub(super) fn heads_of(seats: &BTreeMap<String, SeatCount>) -> HeadsByGroup {
    let heads = |count: &SeatCount| Heads {
        present: count.present,
        leaders_present: count.leaders_present,
        issued: count.issued,
    };
    seats.iter().map(|(group, count)| (group.clone(), heads(count))).collect()
}

impl MeetingTask {
    pub(super) async fn count_heads(&mut self) -> Result<(), StoreError> {
        if self.stored.meeting.people_erased {
            self.destroy_people().await?;
            self.turnout = self.accounted_turnout();
            self.small_groups = Vec::new();
            self.slips = Vec::new();
            return Ok(());
        }
        let meeting = &self.stored.meeting;
        let round = meeting.round_of_now();
        let number = round.map_or(0, |round| round.number);
        let seats = self.hub.store.seat_counts(&meeting.id, number).await?;
        let by_group = heads_of(&seats);
        let has_box = round.is_some_and(|round| round.state.takes_casts() || round.state.is_counted());
        let returned = if has_box { self.hub.ballot_box.returned(&meeting.id, number).await? } else { BTreeMap::new() };
        let merged = round.map(|round| round.merged.clone()).unwrap_or_default();
        let paper = round.map(|round| round.paper.clone()).unwrap_or_default();
        self.turnout = (meeting.plan.with_merged(&merged).groups.iter())
            .map(|group| {
                let account = account(group, &by_group, &merged, &paper);
                let on_paper = paper.counted.as_ref().and_then(|counted| counted.get(&group.id));
                let reissued = round.map_or(0, |round| super::reissued::count(round, &group.id));
                Turnout {
                    entitled: group.entitled,
                    present: account.present,
                    issued: account.issued + reissued,
                    returned: returned.get(&group.id).copied().unwrap_or(0)
                        + on_paper.map_or(0, |count| count.returned),
                    group: account.group,
                }
            })
            .collect();
        self.small_groups = small(&meeting.plan, &by_group, &merged, &paper);
        let is_enough = |id: &&String| heads(&by_group, id, &merged).present >= meeting.plan.k_min;
        self.small_by_recusal = self.small_groups.iter().filter(is_enough).cloned().collect();
        self.merging = merging(&meeting.plan, &by_group, &paper);
        self.slips = view::slips::of(meeting, &seats);
        Ok(())
    }

    fn preparation(&self) -> Option<Preparation> {
        let meeting = &self.stored.meeting;
        let round = meeting.round_of_now()?;
        let needed = keys_needed(&meeting.plan, round);
        let made = match round.state {
            RoundState::Draft => {
                self.next_keys.as_ref().filter(|keys| keys.round == round.number).map_or(0, NextKeys::made)
            }
            _ => needed,
        };
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Some(Preparation {
            keys_ready: count(made),
            keys_needed: count(needed),
            seats_issued: self.turnout.iter().map(|group| group.issued).sum(),
            seats_present: self.turnout.iter().map(|group| group.present).sum(),
        })
    }

    fn view_inputs(&self) -> ViewInputs<'_> {
        ViewInputs {
            meeting: &self.stored.meeting,
            epoch: &self.stored.epoch,
            version: self.stored.version,
            plan: &self.plan_digest,
            turnout: &self.turnout,
            released: &self.released,
            devices_online: self.watched.views.phones(),
            scrutineers_online: self.watched.views.scrutineers(),
            preparation: self.preparation(),
            small_groups: &self.small_groups,
            small_by_recusal: &self.small_by_recusal,
            merging: &self.merging,
            slips: &self.slips,
            durability: self.hub.store.durability(),
            missing_servers: &self.missing,
            destroyed: &self.destroyed,
            join_url: &self.hub.join_url,
            join_link: self.hub.join_link(&self.stored.meeting.id),
            box_key: self.box_key.as_ref().map(|key| key.verifying_key().to_bytes()),
        }
    }

    pub(super) fn show_plan(&self) {
        self.watched.views.show_plan(&view::plan(&self.stored.meeting, &self.plan_digest));
    }

    pub(super) fn show_hall(&mut self) {
        self.hall_shown = Instant::now();
        let inputs = self.view_inputs();
        let views = &self.watched.views;
        views.show(Viewer::Of(Role::Projector), &ServerMessage::Projector(view::projector(&inputs)));
        for role in [Role::Chair, Role::Teller, Role::Scrutineer] {
            views.show(Viewer::Of(role), &ServerMessage::Chair(view::chair(&inputs, role)));
        }
    }

    pub(super) fn show_phones(&mut self) {
        self.phones_shown = Instant::now();
        let inputs = self.view_inputs();
        let view = view::voter(&inputs);
        let views = &self.watched.views;
        views.show(Viewer::Visitor, &ServerMessage::Voter(VoterView { result: None, ..view.clone() }));
        views.show(Viewer::Of(Role::Voter), &ServerMessage::Voter(view));
    }
}
