//! What must hold within a form and between a form and the meeting. It is the third part of `check` and finds its places the
//! same way.

use super::check::{FolderCheck, FormLines, wrong};
use super::mistake::{CellProblem, FolderFile, Relation, Setting, Wanted};
use pingyi_rules::ballot::cast::{ANSWER_BYTES_MAX, row_answer};
use pingyi_rules::ballot::opinion::OPINIONS_MAX;
use pingyi_rules::form::ABSTAIN;
use pingyi_rules::form::items::ITEMS_MAX;
use pingyi_rules::form::scale::numbers;
use pingyi_rules::form::{Live, Mark, MarkKind};
use pingyi_rules::meeting::plan::{MARKS_MAX, Plan, StepKind};

impl FolderCheck<'_> {
    /// The first form and all others (rules d5, d13).
    pub(super) fn forms(&mut self) {
        let (plan, lines) = (self.plan, self.lines);
        self.form(plan, &lines.form);
        let line_of = |at: usize| lines.forms.get(at).and_then(|lines| lines.line);
        let form_lines: Vec<u32> = (0..plan.forms.len()).map(|at| line_of(at).unwrap_or(0)).collect();
        let form_lines = if lines.forms.is_empty() { Vec::new() } else { form_lines };
        self.once(FolderFile::Meeting, &form_lines, "forms.id", plan.forms.iter().map(|form| &form.id));
        // Phones keep a draft for each form, by its title.
        self.once(FolderFile::Meeting, &form_lines, "forms.title", plan.forms.iter().map(|form| &form.title));
        let nowhere = FormLines::default();
        for (at, form) in plan.forms.iter().enumerate() {
            let (source, line) = (FolderFile::Meeting, line_of(at));
            self.hold(is_id(&form.id) || form.id == "?", source, line, || wrong("forms.id", &form.id, Wanted::MarkId));
            self.text(source, line, "forms.title", &form.title, (1, 40));
            self.text(source, line, "forms.title_en", &form.title_en, (0, 60));
            self.form(&plan.with_form(form), lines.forms.get(at).unwrap_or(&nowhere));
        }
        for (at, step) in plan.agenda.iter().enumerate() {
            let Some(id) = &step.form else { continue };
            let line = lines.steps.get(at).copied();
            let is_known = plan.forms.iter().any(|form| form.id == *id);
            self.hold(is_known, FolderFile::Agenda, line, || Relation::FormUnknown(id.clone()));
            let may = step.kind == StepKind::Evaluation;
            self.hold(may, FolderFile::Agenda, line, || Relation::OnlyEvaluationsHaveForms);
        }
    }

    fn form(&mut self, plan: &Plan, lines: &FormLines) {
        let source = FolderFile::Meeting;
        self.scale(plan, lines);
        self.items(plan, lines);
        let groups: Vec<&str> = plan.groups.iter().map(|group| group.id.as_str()).collect();
        for fault in plan.scoring.faults(&groups) {
            let is_told = fault == pingyi_rules::scoring::RulesFault::ItemWeightsAreNotWhole && !lines.has_item_weights;
            self.hold(is_told, source, lines.key("scoring").or(lines.key("items")), || Setting::Rules(fault));
        }
        // Where a scale has words its bands are the same; of numbers they have words of their own.
        for band in &plan.scoring.bands {
            let is_told = plan.scale.iter().any(|mark| mark.label == band.label && mark.label_en == band.label_en);
            for text in [&band.id, &band.label, &band.label_en].into_iter().filter(|_| !is_told) {
                self.has_unseen(source, lines.key("scale").or(lines.key("scoring")), "scoring.bands", text);
            }
        }
        let grades: Vec<&str> =
            plan.scale.iter().filter(|mark| mark.kind == MarkKind::Grade).map(|mark| mark.id.as_str()).collect();
        self.hold(plan.sheet_rules.fit(&grades), source, lines.key("sheet_rules"), || Setting::SheetRules);
        // What the manifest would refuse: reasons are opinions, of which a cast has room for so many; an overall mark is an item.
        let (rules, max) = (&plan.sheet_rules, OPINIONS_MAX);
        let reasons = plan.opinions && plan.numeric.is_none() && plan.subjects.len() <= max;
        self.hold(!rules.worst_reason || reasons, source, lines.key("sheet_rules"), || Setting::ReasonsNeedOpinions {
            max,
        });
        let overall = plan.scoring.item_weights_bp.last() == Some(&0)
            && plan.items.last().is_some_and(|item| item.not_for.is_empty())
            && plan.numeric.is_none()
            && !plan.scoring.bands.is_empty();
        self.hold(!rules.overall_matches || overall, source, lines.key("sheet_rules"), || Setting::OverallNeedsItem);
    }

    fn scale(&mut self, plan: &Plan, lines: &FormLines) {
        let source = FolderFile::Meeting;
        if let Some(highest) = plan.numeric {
            let is_whole = plan.scale == numbers(highest) && !plan.scoring.bands.is_empty();
            self.hold(is_whole, source, lines.key("numeric"), || Setting::NumbersNeedBands);
            return self.hold(is_plain(plan), source, lines.key("sheet_rules"), || Setting::ItemsTakeAllRowsOnly);
        }
        let (count, max) = (plan.scale.len(), MARKS_MAX);
        self.hold(count <= max, source, lines.key("scale"), || CellProblem::TooMany { what: "scale", max });
        self.once(source, &lines.marks, "scale.id", plan.scale.iter().map(|mark| &mark.id));
        let mut points_before = None;
        for (at, mark) in plan.scale.iter().take(max).enumerate() {
            let line = lines.marks.get(at).copied().or(lines.line);
            self.mark(mark, line);
            if mark.kind == MarkKind::Grade {
                let holds = points_before.is_none_or(|before| mark.points_hundredths < before) || !lines.has_points;
                self.hold(holds, source, line, || Setting::PointsNotDescending(mark.id.clone()));
                points_before = Some(mark.points_hundredths);
            } else {
                self.hold(mark.points_hundredths == 0, source, line, || Setting::PointsOfNoGrade(mark.id.clone()));
            }
        }
        let grades = plan.scale.iter().filter(|mark| mark.kind == MarkKind::Grade).count();
        self.hold(grades >= 2, source, lines.key("scale"), || Setting::TooFewGrades);
    }

    fn mark(&mut self, mark: &Mark, line: Option<u32>) {
        let source = FolderFile::Meeting;
        // `?` stands in for an id that is not there, which is already told.
        let holds = is_id(&mark.id) && mark.id != ABSTAIN;
        self.hold(holds || mark.id == "?", source, line, || wrong("scale.id", &mark.id, Wanted::MarkId));
        self.text(source, line, "scale.label", &mark.label, (1, 20));
        self.text(source, line, "scale.label_en", &mark.label_en, (0, 40));
    }

    /// Items, where a row has several: what the manifest would refuse, and subjects that would be left without any.
    fn items(&mut self, plan: &Plan, lines: &FormLines) {
        let (source, line) = (FolderFile::Meeting, lines.key("items"));
        let count = plan.items.len();
        let weights = plan.scoring.item_weights_bp.len();
        self.hold(weights == count, source, line, || Setting::ItemsNeedWeights);
        if count == 0 {
            return;
        }
        self.hold((2..=ITEMS_MAX).contains(&count), source, line, || Setting::ItemsCount { max: ITEMS_MAX });
        for (at, item) in plan.items.iter().enumerate() {
            let line = lines.items.get(at).copied().or(line);
            self.text(source, line, "items.label", &item.label, (1, 40));
            self.text(source, line, "items.label_en", &item.label_en, (0, 60));
            for subject in &item.not_for {
                let holds = plan.subject(*subject).is_some() || !self.lines.has_subjects;
                self.hold(holds, source, line, || Relation::SubjectUnknown(*subject));
            }
        }
        for subject in &plan.subjects {
            let is_left = plan.without(subject.id).len() == count;
            self.hold(!is_left, source, line, || Setting::ItemsLeaveNone { subject: subject.id });
        }
        let grades_only = plan.scale.iter().all(|mark| mark.kind == MarkKind::Grade);
        self.hold(grades_only, source, line, || Setting::ItemsTakeGrades);
        self.hold(is_plain(plan) || plan.numeric.is_some(), source, lines.key("sheet_rules"), || {
            Setting::ItemsTakeAllRowsOnly
        });
        self.hold(plan.live != Live::Tally, source, line, || Setting::ItemsShowNoTally);
        let longest = plan.scale.iter().map(|mark| mark.id.as_str()).max_by_key(|id| id.len()).unwrap_or_default();
        let answer = row_answer(&vec![longest; count].join("."));
        self.hold(answer.len() <= ANSWER_BYTES_MAX, source, line, || Setting::ItemsAreTooLong);
    }
}

/// Whether no rule counts single marks.
fn is_plain(plan: &Plan) -> bool {
    let rules = &plan.sheet_rules;
    rules.distinct_min.is_none() && rules.top_max.is_none() && rules.low_min.is_none()
}

fn is_id(id: &str) -> bool {
    let sign = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    (1..=24).contains(&id.len()) && id.bytes().all(sign)
}
