//! Those who hand paper sheets out and count them: the teller types them in one by one, the scrutineer as sums, each with the
//! own link, and neither knows what the other typed.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use super::chair::open_session;
use super::problem::{Activity, RehearsalError};
use super::sheets::{Marks, SheetSource};
use super::wire::{ServerAddress, Wire};
use super::{Target, capability};
use crate::folder::Folder;
use crate::protocol::{ChairView, Done, Role};
use pingyi_rules::form::OwnBranch;
use pingyi_rules::meeting::Wish;
use pingyi_rules::meeting::paper::{EnteredBy, PaperCount, PaperEntry, TypedSheet};
use pingyi_rules::meeting::plan::Plan;

/// A sheet of paper on its way from a hand to the count.
struct PaperSheet {
    group: String,
    leads: Option<u16>,
    /// Nothing on an invalid one.
    marks: Option<Marks>,
}

/// Teller and scrutineer with the paper of a meeting.
pub struct PaperDesk {
    wire: Wire,
    teller: String,
    scrutineer: String,
    meeting: String,
    plan: Plan,
    sheets: Vec<PaperSheet>,
}

impl PaperDesk {
    /// Both with their links; nobody where nothing is on paper.
    ///
    /// # Errors
    /// When the server does not know the links.
    pub async fn opens(
        address: &Arc<ServerAddress>,
        target: &Target,
        folder: &Folder,
        sheets: &SheetSource,
        patience: Duration,
    ) -> Result<Option<Self>, RehearsalError> {
        let coming = folder.seats.iter().filter(|seat| seat.present);
        let on_paper = coming.filter_map(|seat| Some((seat, sheets.on_paper(seat.seat)?)));
        let sheets: Vec<PaperSheet> = on_paper
            .map(|(seat, sheet)| PaperSheet {
                group: seat.group.clone(),
                leads: seat.leads_subject.filter(|_| folder.plan.own_branch == OwnBranch::Recused),
                marks: sheet.marks.clone(),
            })
            .collect();
        if sheets.is_empty() {
            return Ok(None);
        }
        let wire = Wire::new(Arc::clone(address), patience);
        let (teller, opened) = open_session(&wire, capability(&target.handout, Role::Teller)?).await?;
        let (scrutineer, _) = open_session(&wire, capability(&target.handout, Role::Scrutineer)?).await?;
        Ok(Some(Self { wire, teller, scrutineer, meeting: opened.meeting, plan: folder.plan.clone(), sheets }))
    }

    /// Says for the round of now how many sheets each group gets, before its papers are issued.
    ///
    /// # Errors
    /// What the meeting or the server said.
    pub async fn hands_out(&self, view: &ChairView) -> Result<(), RehearsalError> {
        let Some(paper) = view.paper.as_ref().filter(|paper| paper.may_issue) else { return Ok(()) };
        let subjects = view.now.round.as_ref().map(|round| round.subjects.clone()).unwrap_or_default();
        for group in &paper.groups {
            let sheets = u32::try_from(self.of(view, &group.group, &subjects).len()).unwrap_or(u32::MAX);
            if sheets > 0 {
                let (round, group) = (paper.round, group.group.clone());
                self.commands(&self.teller, &Wish::IssuePaper { round, group, sheets }).await?;
            }
        }
        Ok(())
    }

    /// Both enter everything.
    ///
    /// # Errors
    /// What the meeting or the server said.
    pub async fn enters(&self, view: &ChairView) -> Result<(), RehearsalError> {
        let (Some(paper), Some(of_now)) = (&view.paper, &view.now.round) else { return Ok(()) };
        for group in paper.groups.iter().filter(|group| group.issued > 0) {
            let sheets: Vec<TypedSheet> = self.of(view, &group.group, &of_now.subjects);
            let count = PaperCount::of_sheets(&self.plan_of_now(view), &of_now.subjects, &sheets);
            let count = count.map_err(|refusal| RehearsalError::Broken(format!("a paper sheet: {refusal:?}")))?;
            let (round, group) = (paper.round, group.group.clone());
            let entered = |by, entry| Wish::EnterPaper { round, group: group.clone(), by, entry };
            let typed = entered(EnteredBy::Teller, PaperEntry::Sheets { sheets });
            self.commands(&self.teller, &typed).await?;
            let summed = entered(EnteredBy::Scrutineer, PaperEntry::Totals { count });
            self.commands(&self.scrutineer, &summed).await?;
        }
        Ok(())
    }

    /// The sheets of a group of the round, as they are typed in; who has no row in it has no sheet.
    fn of(&self, view: &ChairView, group: &str, subjects: &[u16]) -> Vec<TypedSheet> {
        let merged = view.now.round.iter().flat_map(|round| &round.merged);
        let votes_as = |of: &String| {
            let mut together = merged.clone().filter(|merged| merged.groups.contains(of));
            together.next().map_or(of.clone(), |merged| merged.column.id.clone())
        };
        let sheets = self.sheets.iter().filter(|sheet| votes_as(&sheet.group) == group);
        let has_rows = |sheet: &&PaperSheet| subjects.iter().any(|subject| sheet.leads != Some(*subject));
        let plan = self.plan_of_now(view);
        sheets.filter(has_rows).map(|sheet| Self::typed(&plan, sheet, subjects)).collect()
    }

    fn typed(plan: &Plan, sheet: &PaperSheet, subjects: &[u16]) -> TypedSheet {
        let marks = sheet.marks.as_ref()?;
        let blank = plan.scale.len();
        let place = |mark: &str| plan.scale.iter().position(|known| known.id == mark).unwrap_or(blank);
        let row = |subject: &u16| -> Vec<usize> {
            let items = plan.items.len().max(1);
            if sheet.leads == Some(*subject) {
                return vec![blank + 1; items];
            }
            // A sheet of the file is one of the first form: in another one it is left blank.
            let marked = marks.get(subject).filter(|mark| plan.answer(*subject, mark).is_some());
            marked.map_or_else(|| vec![blank; items], |mark| mark.split('.').map(place).collect())
        };
        Some(subjects.iter().flat_map(row).map(|place| u8::try_from(place).unwrap_or(u8::MAX)).collect())
    }

    /// The plan with the form of the step that the meeting is at.
    fn plan_of_now(&self, view: &ChairView) -> Cow<'_, Plan> {
        let form = view.now.step.and_then(|step| self.plan.form(step));
        form.map_or(Cow::Borrowed(&self.plan), |form| Cow::Owned(self.plan.with_form(form)))
    }

    async fn commands(&self, session: &str, command: &Wish) -> Result<Done, RehearsalError> {
        let path = format!("/api/meetings/{}/commands", self.meeting);
        let done = self.wire.ask(&path, Some(session), command).await;
        done.map_err(|error| error.while_doing(Activity::Commanding))
    }
}
