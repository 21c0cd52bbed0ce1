//! Papers issued anew to voters who lost theirs: the chair asks, the scrutineer confirms, both bounded by the manifest and
//! counted in the record. The lost paper is anonymous and cannot be taken back; the head counts tell that it exists.

use serde::{Deserialize, Serialize};

use super::Meeting;
use super::refusal::Refusal;

/// Most papers that a round issues anew; it is in every manifest.
pub const REISSUES_MAX: u32 = 3;

/// One paper issued anew.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reissue {
    /// From 1.
    pub number: u32,
    /// The voter's group.
    pub group: String,
    /// The subject that the voter leads, if any.
    pub leads_subject: Option<u16>,
    /// The hash of the new slip as servers keep it, hex; empty once people are erased.
    pub slip: String,
    /// Whether the scrutineer confirmed it; before, the slip opens nothing.
    pub is_confirmed: bool,
    /// The hash of the credential of the phone that took it, hex.
    pub credential: Option<String>,
    /// Whether papers were issued for it.
    pub has_papers: bool,
    /// The digest of the request for them, hex; gone once the round is counted.
    pub request: Option<String>,
}

impl Meeting {
    pub(super) fn ask_reissue(&mut self, round: u32, asked: Reissue) -> Result<(), Refusal> {
        let group = self.plan.group(&asked.group).ok_or(Refusal::OutOfRange)?;
        let leads = asked.leads_subject;
        if (leads.is_some() && group.leaders == 0) || leads.is_some_and(|subject| self.plan.subject(subject).is_none())
        {
            return Err(Refusal::OutOfRange);
        }
        let round = self.round_that_issues(round)?;
        let there = u32::try_from(round.reissues.len()).unwrap_or(u32::MAX);
        if let Some(same) = round.reissues.iter().find(|one| one.number == asked.number) {
            return if same.slip == asked.slip { Ok(()) } else { Err(Refusal::OutOfRange) };
        }
        if there >= REISSUES_MAX {
            return Err(Refusal::LimitIsReached);
        }
        if asked.number != there + 1 {
            return Err(Refusal::OutOfRange);
        }
        round.reissues.push(asked);
        Ok(())
    }

    pub(super) fn confirm_reissue(&mut self, round: u32, number: u32) -> Result<(), Refusal> {
        self.reissue(round, number)?.is_confirmed = true;
        Ok(())
    }

    /// The first credential has it.
    pub(super) fn take_reissue(&mut self, round: u32, number: u32, credential: &str) -> Result<(), Refusal> {
        let reissue = self.reissue(round, number)?;
        let is_free = reissue.credential.as_deref().is_none_or(|there| there == credential);
        if !reissue.is_confirmed || !is_free {
            return Err(Refusal::OutOfRange);
        }
        reissue.credential = Some(credential.to_owned());
        Ok(())
    }

    /// The first request has its papers; another one is refused for ever.
    pub(super) fn note_reissue(&mut self, round: u32, number: u32, request: &str) -> Result<(), Refusal> {
        let reissue = self.reissue(round, number)?;
        let is_first = reissue.request.as_deref().is_none_or(|there| there == request);
        if reissue.credential.is_none() || !is_first {
            return Err(Refusal::OutOfRange);
        }
        reissue.has_papers = true;
        reissue.request = Some(request.to_owned());
        Ok(())
    }

    fn round_that_issues(&mut self, number: u32) -> Result<&mut super::Round, Refusal> {
        let round = self.round_mut(number)?;
        if round.state.issues_papers() { Ok(round) } else { Err(Refusal::WrongRoundState) }
    }

    fn reissue(&mut self, round: u32, number: u32) -> Result<&mut Reissue, Refusal> {
        let round = self.round_that_issues(round)?;
        round.reissues.iter_mut().find(|one| one.number == number).ok_or(Refusal::OutOfRange)
    }
}
