//! Arming a round: its keys, the heads of this moment, and the frozen manifest.

use super::Preparer;
use crate::hub::NotDone;
use crate::hub::next_keys::NextKeys;
use crate::hub::show::heads_of;
use crate::store::StoreError;
use pingyi_rules::ballot::manifest::GroupColumns;
use pingyi_rules::ballot::{Frozen, Manifest, promise, to_base64url};
use pingyi_rules::meeting::heads::{accounting, merging, small};
use pingyi_rules::meeting::plan::Group;
use pingyi_rules::meeting::round::SmallGroups;
use pingyi_rules::meeting::{Command, Phase, Refusal, RoundState};

impl Preparer<'_> {
    /// Everything that arming needs beside the meeting itself: keys, heads, and the frozen manifest.
    pub(super) async fn arming(&self, number: u32, small_groups: SmallGroups) -> Result<Command, NotDone> {
        let refused = |refusal| Err(NotDone::Refused(refusal));
        let meeting = self.meeting;
        let round = meeting.round(number).ok_or(NotDone::Refused(Refusal::UnknownRound))?;
        if let (Some(manifest_hash), Some(fingerprint), Some(accounting)) =
            (&round.manifest_hash, &round.fingerprint, &round.accounting)
        {
            let (manifest_hash, fingerprint) = (manifest_hash.clone(), fingerprint.clone());
            let (accounting, small_groups) = (accounting.clone(), round.small_groups);
            let (merged, promise) = (round.merged.clone(), round.promise.clone());
            return Ok(Command::Arm {
                round: number,
                manifest_hash,
                fingerprint,
                promise,
                accounting,
                small_groups,
                merged,
            });
        }
        if !matches!(meeting.phase, Phase::Checkin | Phase::InSession) {
            return refused(Refusal::WrongPhase);
        }
        if round.state != RoundState::Draft {
            return refused(Refusal::WrongRoundState);
        }
        let keys = self.next_keys.filter(|keys| keys.round == number).and_then(NextKeys::complete);
        let Some(keys) = keys else { return refused(Refusal::KeysAreNotReady) };
        let seats = heads_of(&self.hub.store.seat_counts(&meeting.id, number).await.map_err(NotDone::Store)?);
        let total = accounting(&meeting.plan, &seats, &[], &round.paper).total();
        if !meeting.plan.turnout.is_reached(total.entitled, total.present) {
            return refused(Refusal::TurnoutIsTooLow);
        }
        let merged = match small_groups {
            SmallGroups::Refuse if !small(&meeting.plan, &seats, &[], &round.paper).is_empty() => {
                return refused(Refusal::GroupIsTooSmall);
            }
            SmallGroups::Merge => match merging(&meeting.plan, &seats, &round.paper) {
                merged if merged.is_empty() => return refused(Refusal::GroupIsTooSmall),
                merged => merged,
            },
            SmallGroups::Refuse | SmallGroups::TotalsOnly => Vec::new(),
        };
        let broken = |what: &str| NotDone::Store(StoreError::Broken(what.to_owned()));
        let manifest = Frozen::new(keys.manifest(meeting, round, small_groups, &merged)).map_err(|error| {
            tracing::error!(meeting = meeting.id, round = number, ?error, "the manifest breaks its own limits");
            broken("the manifest breaks its own limits")
        })?;
        let kept = self.hub.store.keep_manifest(&meeting.id, number, manifest.bytes()).await.map_err(NotDone::Store)?;
        let manifest = Manifest::parse(&kept).map_err(|_| broken("the kept manifest cannot be read"))?;
        if *manifest.box_key() != keys.box_key.verifying_key() {
            return Err(broken("the kept manifest has another box key"));
        }
        // An earlier attempt may have been cut off after its manifest was kept: what is in it is what was chosen.
        let there = |group: &&Group| manifest.manifest().groups.iter().any(|known| known.id == group.id);
        let away: Vec<String> =
            meeting.plan.groups.iter().filter(|group| !there(group)).map(|group| group.id.clone()).collect();
        let merged = meeting.plan.merge(&away);
        let small_groups = match manifest.manifest().group_columns {
            GroupColumns::Shown if merged.is_empty() => SmallGroups::Refuse,
            GroupColumns::Shown => SmallGroups::Merge,
            GroupColumns::TotalsOnly => SmallGroups::TotalsOnly,
        };
        Ok(Command::Arm {
            round: number,
            manifest_hash: data_encoding::HEXLOWER.encode(manifest.hash()),
            fingerprint: manifest.fingerprint(),
            promise: Some(to_base64url(&promise::sign(&keys.box_key, &meeting.id, number, manifest.hash()))),
            accounting: accounting(&meeting.plan, &seats, &merged, &round.paper),
            small_groups,
            merged,
        })
    }
}
