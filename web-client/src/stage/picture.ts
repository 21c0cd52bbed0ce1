// Which picture the projector shows for a view, and what the chair's own view would put there. Pure.
// It is the one place of this page that decides; the scenes only draw what they are given.
import { stepOf } from '../meeting/plan';
import type { ChairView, PlanView, ProjectorView, ResultView, RoundView, StepView } from '../protocol';

export type Picture =
  | 'black'
  | 'join'
  | 'checkin'
  | 'waiting'
  | 'opening'
  | 'tellers'
  | 'turn'
  | 'comment'
  | 'round_draft'
  | 'armed'
  | 'open'
  | 'closing'
  | 'closed'
  | 'void'
  | 'result'
  | 'result_held'
  | 'speech'
  | 'break'
  | 'end';

/** The picture of a view. */
export function pictureOf(view: ProjectorView, plan: PlanView): Picture {
  switch (view.scene) {
    case 'black':
      return 'black';
    case 'join':
      return 'join';
    case 'result':
      return isReleased(view.result) ? 'result' : 'result_held';
    case 'follow':
      return followed(view, plan);
  }
}

function followed(view: ProjectorView, plan: PlanView): Picture {
  switch (view.now.phase) {
    case 'draft':
      return 'waiting';
    case 'checkin':
      return 'checkin';
    case 'in_session':
      return ofStep(view, stepOf(plan, view.now.step));
    case 'closed':
    case 'archived':
      return 'end';
  }
}

function ofStep(view: ProjectorView, step: StepView | null): Picture {
  switch (step?.kind) {
    case undefined:
      return 'waiting';
    case 'opening':
      return 'opening';
    case 'tellers':
      return 'tellers';
    case 'report':
      return 'turn';
    case 'comment':
      return 'comment';
    case 'evaluation':
      return ofRound(view, view.now.round);
    case 'speech':
      return 'speech';
    case 'break':
      return 'break';
    case 'close':
      return 'end';
  }
}

function ofRound(view: ProjectorView, round: RoundView | null): Picture {
  switch (round?.state) {
    case undefined:
    case 'draft':
      return 'round_draft';
    case 'armed':
      return 'armed';
    case 'open':
      return 'open';
    case 'closing':
      return 'closing';
    case 'void':
      return 'void';
    case 'closed':
    case 'certified':
      return 'closed';
    case 'published':
      return isReleased(view.result) ? 'result' : 'closed';
  }
}

/** Whether a result holds rows that may be shown, not only accounts. */
export function isReleased(result: ResultView | null): result is ResultView {
  return (
    result?.rows.some((row) => row.score !== null || row.suggested_grade !== null || row.marks !== null) ??
    false
  );
}

/**
 * What the projector is given when the chair sees this: for the chair's preview only. It takes away what the hall may not see,
 * so that the preview never promises more than the wall shows.
 */
export function projectorFromChair(chair: ChairView): ProjectorView {
  return {
    now: chair.now,
    scene: chair.scene,
    join_url: chair.join_url,
    join_qr: chair.join_qr,
    total: chair.total,
    groups: chair.small_groups.length > 0 ? [] : chair.groups,
    paper_open: paperOpen(chair),
    tally: chair.tally,
    result: forTheHall(chair.result, chair.rounds),
  };
}

function paperOpen({ paper }: ChairView): number {
  if (!paper?.is_open) return 0;
  return paper.groups.reduce((sum, group) => sum + group.issued, 0);
}

function forTheHall(result: ResultView | null, rounds: readonly RoundView[]): ResultView | null {
  if (!result) return null;
  const round = rounds.find((each) => each.number === result.round);
  if (round?.state === 'published' && result.publication === 'hall_scores') return result;
  if (round?.state === 'published' && result.publication === 'hall_grades') {
    return { ...result, groups: [], rows: result.rows.map((row) => gradeOnly(row)) };
  }
  return { ...result, groups: [], rows: [], rules: [] };
}

function gradeOnly(row: ResultView['rows'][number]): ResultView['rows'][number] {
  return {
    subject: row.subject,
    marks: null,
    percents: null,
    items: null,
    abstained: null,
    recused: null,
    groups: null,
    score: null,
    rank: null,
    suggested_grade: row.suggested_grade,
    top_rate_percent: null,
  };
}
