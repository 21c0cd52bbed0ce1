// The meeting that the phone's states are of: its plan, a round, a view, a result, and what a phone keeps of it.
import type {
  GroupAccount,
  ItemView,
  MarkView,
  PlanView,
  ResultView,
  RoundStage,
  RoundView,
  Situation,
  StepView,
  SubjectView,
  TimerView,
  VoterView,
} from '#protocol';
import { BOX, lettersOf, promise } from './box.ts';

const BRANCHES = ['第一党支部', '第二党支部', '第三党支部', '第四党支部', '第五党支部', '第六党支部', '第七党支部'];
const SECRETARIES = ['韩春华', '周景行', '毛少华', '马雅琴', '尹建国', '余向东', '向佳慧'];
export const HASH = 'aa'.repeat(32);
/** The code of a round's rules, as a wall shows it. */
export const codeOf = (number: number, hash: string) =>
  `${Buffer.from(hash, 'hex').toString('base64url')}.${promise('abcd1234', number, hash)}`;

export const subjects: SubjectView[] = BRANCHES.map((branch, at) => ({
  id: at + 1,
  branch,
  secretary: SECRETARIES[at],
  report: at === 6 ? 'written' : 'onsite',
  minutes: at === 6 ? 0 : 7,
  has_text: at === 6,
  absent: at === 4,
  without_items: [],
}));

const four: MarkView[] = [
  { id: 'hao', label: '好', label_en: 'Good', kind: 'grade', points: '100' },
  { id: 'jiaohao', label: '较好', label_en: 'Fairly good', kind: 'grade', points: '80' },
  { id: 'yiban', label: '一般', label_en: 'Average', kind: 'grade', points: '60' },
  { id: 'cha', label: '差', label_en: 'Poor', kind: 'grade', points: '40' },
];
export const competence: MarkView[] = [
  { id: 'youxiu', label: '优秀', label_en: 'Excellent', kind: 'grade', points: '100' },
  { id: 'chenzhi', label: '称职', label_en: 'Competent', kind: 'grade', points: '80' },
  { id: 'jiben', label: '基本称职', label_en: 'Basically competent', kind: 'grade', points: '60' },
  { id: 'bu', label: '不称职', label_en: 'Not competent', kind: 'grade', points: '40' },
  { id: 'unknown', label: '不了解', label_en: 'Do not know', kind: 'unknown', points: '0' },
];

/** A numeric form's scale: what the numbers are called, best first; a band's points are where it begins. */
export const bands: MarkView[] = [
  { id: 'hao', label: '好', label_en: 'Good', kind: 'grade', points: '90' },
  { id: 'jiaohao', label: '较好', label_en: 'Fairly good', kind: 'grade', points: '75' },
  { id: 'yiban', label: '一般', label_en: 'Average', kind: 'grade', points: '60' },
  { id: 'cha', label: '差', label_en: 'Poor', kind: 'grade', points: '0' },
];
export const items: ItemView[] = [
  { label: '政治和思想建设', label_en: 'Political and ideological work', weight_percent: '20' },
  { label: '组织建设', label_en: 'Organisation', weight_percent: '20' },
  { label: '作风和廉政建设', label_en: 'Conduct and clean governance', weight_percent: '20' },
  { label: '履职实绩', label_en: 'Performance', weight_percent: '20' },
  { label: '查找和解决问题', label_en: 'Finding and solving problems', weight_percent: '15' },
  { label: '下年度思路', label_en: 'Plan for the next year', weight_percent: '5' },
];

const agenda: StepView[] = [
  { id: 1, kind: 'opening', subject: null, form: null, done: true },
  ...subjects.flatMap(({ id }): StepView[] => [{ id: id + 1, kind: 'report', subject: id, form: null, done: id < 3 }]),
  { id: 20, kind: 'comment', subject: null, form: null, done: false },
  { id: 21, kind: 'evaluation', subject: null, form: null, done: false },
  { id: 22, kind: 'speech', subject: null, form: null, done: false },
  { id: 23, kind: 'close', subject: null, form: null, done: false },
];

/** The form of a meeting that has only one, with one mark a row and no opinions. */
export const ONE_MARK = {
  opinions_min: null,
  numeric: null,
  items: [],
  needs_all_items: false,
  overall: null,
  form: '',
  form_en: '',
} satisfies Partial<PlanView>;

export function plan(more: Partial<PlanView> = {}): PlanView {
  return {
    id: 'abcd1234',
    title: '2026年度党支部书记述职评议会',
    host: '省规划研究院党委',
    admission: 'slips',
    groups: [
      { id: 'A', name: '党委委员', weight_percent: '40', entitled: 7, has_leaders: false },
      { id: 'B', name: '党支部书记', weight_percent: '30', entitled: 7, has_leaders: true },
      { id: 'C', name: '支部委员和职工代表', weight_percent: '30', entitled: 20, has_leaders: false },
    ],
    scale: four,
    subjects,
    agenda,
    sheet_rules: { all_rows: false, distinct_min: null, top_max: null, low_min: null },
    own_branch: 'recused',
    live: 'tally',
    pool_k: 5,
    k_min: 5,
    ...ONE_MARK,
    digest: 'p1',
    ...more,
  };
}

export const NOW_MS = Date.UTC(2026, 10, 21, 6, 5);

export function round(state: RoundStage, more: Partial<RoundView> = {}): RoundView {
  const isFrozen = state !== 'draft';
  return {
    number: 1,
    state,
    subjects: subjects.map(({ id }) => id),
    manifest_hash: isFrozen ? HASH : null,
    fingerprint: isFrozen ? lettersOf(HASH) : null,
    promise: isFrozen ? promise('abcd1234', 1, HASH) : null,
    closes_at_ms: state === 'closing' ? NOW_MS + 8_400 : null,
    merged: [],
    void_reason: state === 'void' ? '发出票数与实到人数不符' : null,
    ...more,
  };
}

/** What a phone is sent. */
export type Sent = { kind: 'voter' } & VoterView;

export function view(more: Partial<Situation> = {}, result: ResultView | null = null): Sent {
  const now: Situation = {
    epoch: 'e',
    version: 1,
    plan: 'p1',
    phase: 'in_session',
    step: 4,
    timer: null,
    round: null,
    box_key: BOX,
  };
  return { kind: 'voter', now: { ...now, ...more }, result };
}

export const seat = { meeting: 'abcd1234', group: 'B', leads_subject: 2, credential: 'c', slip: '' };
export const marks = { 1: 'hao', 3: 'jiaohao', 4: 'yiban', 5: 'hao', 6: 'cha', 7: 'hao' };
export const some = { 1: 'hao', 3: 'jiaohao', 4: 'cha' };
export const papers = { manifest: '{}', wallet: '{}', request: '{}', has: 'papers' };

/** name → what a phone keeps of it. */
export type Kept = Record<string, string>;

export const kept = (draft: Record<string, string> = {}, inRound: object | null = null): Kept => ({
  seat: JSON.stringify(seat),
  'seat/abcd1234': JSON.stringify(seat),
  'draft/abcd1234': JSON.stringify(draft),
  ...(inRound ? { 'round/abcd1234/1': JSON.stringify(inRound) } : {}),
});

export const running = (left_ms: number): TimerView => ({
  limit_s: 420,
  state: { is: 'running', ends_at_ms: NOW_MS + left_ms },
});
const account = (group: string): GroupAccount => ({
  group,
  entitled: 34,
  present: 33,
  issued: 33,
  returned: 33,
  valid: 32,
  invalid: 1,
  reissued: 0,
  paper_issued: 0,
  paper_returned: 0,
  paper_invalid: 0,
  kiosk_issued: 0,
});

export const result: ResultView = {
  round: 1,
  merged: [],
  record: null,
  publication: 'hall_scores',
  total: account(''),
  channels: [],
  groups: [],
  form: { title: '', title_en: '', scale: four, items: [] },
  rows: subjects.map(({ id }, at) => ({
    subject: id,
    marks: [
      [22, 7, 2, 0],
      [18, 9, 3, 1],
      [25, 5, 1, 0],
      [12, 14, 4, 1],
      [20, 8, 3, 0],
      [9, 13, 6, 3],
      [27, 4, 0, 0],
    ][at],
    percents: null,
    items: null,
    abstained: at === 3 ? 1 : 0,
    recused: 1,
    groups: null,
    score: ['92.41', '88.06', '94.97', '84.13', '90.13', '78.55', '96.20'][at],
    rank: [3, 5, 2, 6, 4, 7, 1][at],
    suggested_grade: ['hao', 'hao', 'hao', 'jiaohao', 'hao', 'jiaohao', 'hao'][at],
    top_rate_percent: null,
  })),
  rules: [['各票种得分按 40%、30%、30% 加权', 'Group means are weighted 40, 30 and 30 %']],
};

export const resultOfItems: ResultView = {
  ...result,
  form: { title: '党支部测评表', title_en: 'Branches', scale: four, items },
  rows: result.rows.map((row, at) => ({
    ...row,
    marks: null,
    items: items.map((_, place) => ({
      mean: (78 + ((at * 7 + place * 5) % 20) + 0.25).toFixed(2),
      marks: [20, 8, 3, 0],
      open: 0,
    })),
  })),
};
