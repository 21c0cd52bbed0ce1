import { describe, expect, it } from 'vitest';
import { nextTurn, placeOf } from '../meeting/plan';
import type {
  ChairView,
  GroupAccount,
  PlanView,
  ProjectorView,
  ResultRow,
  ResultView,
  RoundView,
  StepKind,
} from '../protocol';
import { pictureOf, projectorFromChair } from './picture';

const KINDS: StepKind[] = [
  'opening',
  'tellers',
  'report',
  'comment',
  'evaluation',
  'speech',
  'break',
  'close',
];

const plan: PlanView = {
  id: 'm1',
  title: '述职评议会',
  host: '研究院',
  admission: 'slips',
  groups: [],
  scale: [],
  subjects: [1, 2, 3].map((id) => ({
    id,
    branch: `第${id}党支部`,
    secretary: `书记${id}`,
    report: 'onsite',
    minutes: 7,
    has_text: false,
    absent: id === 2,
    without_items: [],
  })),
  agenda: [
    ...KINDS.map((kind, place) => ({
      id: place + 1,
      kind,
      subject: kind === 'report' ? 1 : null,
      done: false,
      form: null,
    })),
    { id: 20, kind: 'report', subject: 2, form: null, done: false },
    { id: 21, kind: 'report', subject: 3, form: null, done: false },
  ],
  sheet_rules: { all_rows: false, distinct_min: null, top_max: null, low_min: null },
  own_branch: 'recused',
  live: 'tally',
  pool_k: 5,
  k_min: 5,
  opinions_min: null,
  numeric: null,
  items: [],
  needs_all_items: false,
  overall: null,
  form: '',
  form_en: '',
  digest: 'd1',
};

const round = (state: RoundView['state']): RoundView => ({
  number: 1,
  state,
  merged: [],
  subjects: [1, 2, 3],
  manifest_hash: null,
  fingerprint: null,
  promise: null,
  closes_at_ms: null,
  void_reason: null,
});

const row: ResultRow = {
  subject: 1,
  marks: [3, 2],
  percents: ['60.0', '40.0'],
  items: null,
  abstained: 0,
  recused: 1,
  groups: [],
  score: '92.00',
  rank: 1,
  suggested_grade: '好',
  top_rate_percent: '60.00',
};

const account = (group: string): GroupAccount => ({
  group,
  entitled: 5,
  present: 5,
  issued: 5,
  returned: 5,
  valid: 5,
  invalid: 0,
  reissued: 0,
  paper_issued: 0,
  paper_returned: 0,
  paper_invalid: 0,
  kiosk_issued: 0,
});

const result = (publication: ResultView['publication']): ResultView => ({
  round: 1,
  merged: [],
  publication,
  total: account(''),
  channels: [],
  groups: [account('A')],
  form: { title: '', title_en: '', scale: [], items: [] },
  rows: [row],
  record: null,
  rules: [],
});

function view(
  step: number,
  state: RoundView['state'] | null,
  more: Partial<ProjectorView> = {},
): ProjectorView {
  return {
    now: {
      epoch: 'e',
      version: 1,
      plan: 'd1',
      phase: 'in_session',
      step,
      timer: null,
      round: state && round(state),
      box_key: null,
    },
    scene: 'follow',
    join_url: 'http://hall:8080',
    join_qr: 'http://hall:8080/m/m1',
    total: { group: '', entitled: 5, present: 5, issued: 5, returned: 5 },
    groups: [],
    paper_open: 0,
    tally: null,
    result: null,
    ...more,
  };
}

function chair(state: RoundView['state'], publication: ResultView['publication']): ChairView {
  return {
    ...view(5, state),
    role: 'chair',
    next: null,
    undo_until_ms: null,
    paper: null,
    devices_online: 5,
    preparation: null,
    rounds: [round(state)],
    result: result(publication),
    small_groups: [],
    small_by_recusal: [],
    merging: [],
    turnout_is_too_low: false,
    durability: 'local',
    missing_servers: [],
    left_out: [],
    requests: [],
    next_request: 1,
    scrutineers_online: 0,
    reissues: [],
    reissues_max: 3,
    slips: [],
    destroyed: null,
    history: [],
  };
}

describe('the picture', () => {
  it('f24 follows the step', () => {
    const pictures = KINDS.map((_, place) => pictureOf(view(place + 1, 'draft'), plan));
    expect(pictures).toEqual([
      'opening',
      'tellers',
      'turn',
      'comment',
      'round_draft',
      'speech',
      'break',
      'end',
    ]);
  });

  it('f24 follows the round during an evaluation', () => {
    const states: RoundView['state'][] = ['draft', 'armed', 'open', 'closing', 'closed', 'certified', 'void'];
    expect(states.map((state) => pictureOf(view(5, state), plan))).toEqual([
      'round_draft',
      'armed',
      'open',
      'closing',
      'closed',
      'closed',
      'void',
    ]);
    expect(pictureOf(view(5, 'published'), plan)).toBe('closed');
    expect(pictureOf(view(5, 'published', { result: result('hall_scores') }), plan)).toBe('result');
  });

  it('f24 is what the chair put there, and says that a result is held rather than showing an empty table', () => {
    expect(pictureOf(view(3, null, { scene: 'black' }), plan)).toBe('black');
    expect(pictureOf(view(3, null, { scene: 'join' }), plan)).toBe('join');
    expect(pictureOf(view(3, null, { scene: 'result' }), plan)).toBe('result_held');
    expect(pictureOf(view(99, null), plan)).toBe('waiting');
  });

  it('f25 counts only the turns that come', () => {
    expect(placeOf(plan, 1)).toEqual({ place: 1, of: 2 });
    expect(placeOf(plan, 3)).toEqual({ place: 2, of: 2 });
    expect(placeOf(plan, 2)).toBeNull();
    expect(nextTurn(plan, 3)?.id).toBe(3);
    expect(nextTurn(plan, 21)).toBeNull();
  });
});

describe('the preview', () => {
  it('f26 shows nothing that the hall may not see', () => {
    for (const publication of ['held', 'chair', 'leaders', 'each_own'] as const) {
      const preview = projectorFromChair(chair('published', publication));
      expect(preview.result?.rows).toEqual([]);
      expect(preview.result?.groups).toEqual([]);
    }
    expect(projectorFromChair(chair('certified', 'hall_scores')).result?.rows).toEqual([]);
  });

  it('f26 shows grades without scores, and scores where they were released', () => {
    const grades = projectorFromChair(chair('published', 'hall_grades')).result?.rows[0];
    expect(grades).toMatchObject({
      suggested_grade: '好',
      score: null,
      rank: null,
      marks: null,
      groups: null,
    });
    expect(projectorFromChair(chair('published', 'hall_scores')).result?.rows[0]).toEqual(row);
  });

  it('f26 hides every group where one is too small, so that none can be subtracted', () => {
    const seen = chair('open', 'held');
    const groups = [{ group: 'A', entitled: 5, present: 5, issued: 5, returned: 5 }];
    expect(projectorFromChair({ ...seen, groups }).groups).toEqual(groups);
    expect(projectorFromChair({ ...seen, groups, small_groups: ['B'] }).groups).toEqual([]);
  });
});
