// How one state of a hall is made: the projector's and the chair's whole view of it.
import type {
  ChairCommand,
  ChairView,
  LeftOutServer,
  NextAction,
  NextButton,
  PaperDifference,
  PaperView,
  Phase,
  PlanView,
  Preparation,
  ProjectorView,
  ResultView,
  RoundStage,
  RoundView,
  Situation,
  SlipsView,
  StepView,
  TimerView,
  Turnout,
} from '#protocol';
import { BOX, lettersOf, promise } from './box.ts';
import { instituteResult } from './meetings.ts';

/** The moment of every picture: Friday, 20 November 2026, 14:32:10 in the hall. */
export const NOW_MS = Date.UTC(2026, 10, 20, 6, 32, 10);
const HASH = '9f2c61d07be84a35c1f0aa7730de5b1c4c8d2f6e90b7a3154e6d8812fa03c7b9';

/** One state of a hall: everything that its pages are given. */
export interface HallState {
  name: string;
  plan: PlanView;
  /** The whole record and the one that everybody would get, as a scrutineer's page fetches them. */
  records: [whole: string, everybodys: string];
  projector: Message<'projector', ProjectorView>;
  chair: Message<'chair', ChairView>;
}

type Message<Kind, View> = { kind: Kind } & View;

function headCounts(plan: PlanView, present: number, issued: number, returned: number): Turnout[] {
  const [a, b] = plan.groups;
  let [left, leftIssued, leftReturned] = [present, issued, returned];
  return plan.groups.map((group, place) => {
    const last = place === plan.groups.length - 1;
    const most = last ? left : Math.min(group.entitled, left);
    const took = { group: group.id, entitled: group.entitled, present: most, issued: 0, returned: 0 };
    took.issued = last ? leftIssued : Math.min(most, leftIssued);
    took.returned = last
      ? leftReturned
      : Math.min(
          took.issued,
          Math.round((returned * (place === 0 ? a : b).entitled) / (plan.subjects.length === 7 ? 34 : 53)),
        );
    left -= took.present;
    leftIssued -= took.issued;
    leftReturned -= took.returned;
    return took;
  });
}

function entitledOf(plan: PlanView): number {
  return plan.groups.reduce((sum, group) => sum + group.entitled, 0);
}

export function round(plan: PlanView, state: RoundStage, more: Partial<RoundView> = {}): RoundView {
  const armed = state !== 'draft';
  return {
    number: 1,
    state,
    subjects: plan.subjects.map((subject) => subject.id),
    manifest_hash: armed ? HASH : null,
    fingerprint: armed ? lettersOf(HASH) : null,
    promise: armed ? promise(plan.id, 1, HASH) : null,
    closes_at_ms: state === 'closing' ? NOW_MS + 8400 : null,
    void_reason: null,
    merged: [],
    ...more,
  };
}

const HISTORY: [string, number][] = [
  ['go_to', 12],
  ['start_timer', 95],
  ['go_to', 110],
  ['pause_timer', 390],
  ['start_timer', 540],
  ['go_to', 561],
  ['set_scene', 800],
  ['go_to', 1020],
  ['begin', 1300],
  ['open_checkin', 3100],
];

/** What a state says of its own; the rest is that of a meeting in session in which nothing happens. */
interface At
  extends Partial<
    Pick<
      ChairView,
      | 'scene'
      | 'role'
      | 'next'
      | 'undo_until_ms'
      | 'requests'
      | 'scrutineers_online'
      | 'reissues'
      | 'paper'
      | 'slips'
      | 'destroyed'
      | 'preparation'
      | 'rounds'
      | 'tally'
      | 'result'
      | 'components'
      | 'small_groups'
      | 'small_by_recusal'
      | 'merging'
      | 'turnout_is_too_low'
      | 'durability'
      | 'missing_servers'
      | 'left_out'
      | 'history'
    >
  > {
  phase?: Phase;
  step?: number;
  timer?: TimerView;
  round?: RoundView;
  present?: number;
  issued?: number;
  returned?: number;
  /** What differs in the plan. */
  plan?: Partial<PlanView>;
  /** The result as the hall sees it. */
  hall?: ResultView;
  records?: HallState['records'];
}

/** A state of a meeting; `at` overrides what differs. */
export function state(name: string, basis: PlanView, at: At): HallState {
  const present = at.present ?? 33;
  const issued = at.issued ?? 0;
  const returned = at.returned ?? 0;
  const total = { group: '', entitled: entitledOf(basis), present, issued, returned };
  const groups = headCounts(basis, present, issued, returned);
  const doneBefore = at.step ?? (at.phase === 'closed' ? 99 : 0);
  const plan: PlanView = {
    ...basis,
    ...at.plan,
    agenda: basis.agenda.map((step): StepView => ({ ...step, done: step.id < doneBefore })),
    digest: `${basis.digest}.${name}`,
  };
  const current = at.round ?? round(basis, 'draft');
  const now: Situation = {
    epoch: 'e1',
    version: 7,
    plan: plan.digest,
    phase: at.phase ?? 'in_session',
    step: at.step ?? null,
    timer: at.timer ?? null,
    round: current,
    box_key: BOX,
  };
  const shared = {
    now,
    scene: at.scene ?? 'follow',
    join_url: 'http://192.168.1.10:8080',
    join_qr: `http://192.168.1.10:8080/m/${basis.id}#h=q3NQ0b7vXJ2mW8cYtK5sLA`,
    total,
  };
  const hall = at.hall ?? null;
  return {
    name,
    plan,
    records: at.records ?? ['small', 'small_sealed'],
    projector: {
      kind: 'projector',
      ...shared,
      groups: at.small_groups ? [] : groups,
      paper_open: at.paper?.is_open ? 3 : 0,
      tally: at.tally ?? null,
      result: hall,
    },
    chair: {
      kind: 'chair',
      ...shared,
      role: at.role ?? 'chair',
      next: at.role && at.role !== 'chair' ? null : (at.next ?? null),
      undo_until_ms: at.undo_until_ms ?? null,
      requests: at.requests ?? [],
      next_request: (at.requests ?? []).length + 1,
      scrutineers_online: at.scrutineers_online ?? 1,
      reissues: at.reissues ?? [],
      paper: at.paper ?? null,
      reissues_max: 3,
      slips: at.slips ?? [],
      destroyed: at.destroyed ?? null,
      groups,
      devices_online: Math.max(0, present - 2),
      preparation: at.preparation ?? null,
      rounds: at.rounds ?? [current],
      tally: at.tally ?? null,
      result: at.result ?? null,
      ...(at.components ? { components: at.components } : {}),
      small_groups: at.small_groups ?? [],
      small_by_recusal: at.small_by_recusal ?? [],
      merging: at.merging ?? [],
      turnout_is_too_low: at.turnout_is_too_low ?? false,
      durability: at.durability ?? 'local',
      missing_servers: at.missing_servers ?? [],
      left_out: at.left_out ?? [],
      history: at.history ?? HISTORY.map(([command, ago_s]) => ({ at_ms: NOW_MS - ago_s * 1000, command })),
    },
  };
}

export const next = (action: NextAction, command: ChairCommand, hold = false): NextButton => ({ action, command, hold });
export const ASK = next('certify', { do: 'ask', round: 1, number: 1, asked: { what: 'certificate' } });
export const running = (left_s: number, limit_s = 420): TimerView => ({
  limit_s,
  state: { is: 'running', ends_at_ms: NOW_MS + left_s * 1000 },
});
/** Paper of the institute: three sheets of group C. */
export function paper(standing: 'issue' | 'open' | 'differs'): PaperView {
  const nothing = {
    issued: 0,
    exceeds: false,
    teller: false,
    scrutineer: false,
    agrees: false,
    returned: null,
    valid: null,
    invalid: null,
  };
  const differences: PaperDifference[] =
    standing === 'differs'
      ? [
          { subject: null, figure: { is: 'invalid' }, teller: 1, scrutineer: 0 },
          { subject: 3, figure: { is: 'mark', mark: 'jiaohao' }, teller: 1, scrutineer: 2 },
        ]
      : [];
  const c = { ...nothing, issued: 3, teller: standing !== 'issue', scrutineer: standing === 'differs' };
  return {
    round: 1,
    may_issue: standing === 'issue',
    is_open: standing !== 'issue',
    groups: [
      { group: 'A', ...nothing, differ: 0, differences: [] },
      { group: 'B', ...nothing, differ: 0, differences: [] },
      { group: 'C', ...c, differ: differences.length, differences },
    ],
  };
}

/** Slips of the institute: those of group C were replaced once. */
export const slips = (): SlipsView[] => [
  { group: 'A', left: 0, replaced: 0, next_series: 1 },
  { group: 'B', left: 2, replaced: 0, next_series: 1 },
  { group: 'C', left: 4, replaced: 20, next_series: 2 },
];

export const ABSENT: LeftOutServer = { server: 'a0', name: 'hall-1', sheets: 12 };
export const goTo = (step: number): NextButton => next('go_to', { do: 'go_to', step });
export const EVALUATION = 10;
export const counted = { step: EVALUATION, issued: 33, returned: 33 };
export const keys: Preparation = { keys_ready: 24, keys_needed: 24, seats_issued: 0, seats_present: 33 };

export const all = instituteResult('hall_scores');
