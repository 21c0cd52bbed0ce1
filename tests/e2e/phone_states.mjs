// Every state of the phone as a scripted meeting: what the server would say, what the phone keeps, what the voter does.
// Knows no browser: pictures.mjs plays these.

const BRANCHES = [
  '第一党支部',
  '第二党支部',
  '第三党支部',
  '第四党支部',
  '第五党支部',
  '第六党支部',
  '第七党支部',
];
const SECRETARIES = ['韩春华', '周景行', '毛少华', '马雅琴', '尹建国', '余向东', '向佳慧'];
const CODE = '1234-5678-9012-3456';

const subjects = BRANCHES.map((branch, at) => ({
  id: at + 1,
  branch,
  secretary: SECRETARIES[at],
  report: at === 6 ? 'written' : 'onsite',
  minutes: at === 6 ? 0 : 7,
  has_text: at === 6,
  absent: at === 4,
}));

const four = [
  { id: 'hao', label: '好', label_en: 'Good', kind: 'grade', points: '100' },
  { id: 'jiaohao', label: '较好', label_en: 'Fairly good', kind: 'grade', points: '80' },
  { id: 'yiban', label: '一般', label_en: 'Average', kind: 'grade', points: '60' },
  { id: 'cha', label: '差', label_en: 'Poor', kind: 'grade', points: '40' },
];
const competence = [
  { id: 'youxiu', label: '优秀', label_en: 'Excellent', kind: 'grade', points: '100' },
  { id: 'chenzhi', label: '称职', label_en: 'Competent', kind: 'grade', points: '80' },
  { id: 'jiben', label: '基本称职', label_en: 'Basically competent', kind: 'grade', points: '60' },
  { id: 'bu', label: '不称职', label_en: 'Not competent', kind: 'grade', points: '40' },
  { id: 'unknown', label: '不了解', label_en: 'Do not know', kind: 'unknown', points: '0' },
];

const agenda = [
  { id: 1, kind: 'opening', subject: null, done: true },
  ...subjects.flatMap(({ id }) => [{ id: id + 1, kind: 'report', subject: id, done: id < 3 }]),
  { id: 20, kind: 'comment', subject: null, done: false },
  { id: 21, kind: 'evaluation', subject: null, done: false },
  { id: 22, kind: 'speech', subject: null, done: false },
  { id: 23, kind: 'close', subject: null, done: false },
];

export function plan(more = {}) {
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
    digest: 'p1',
    ...more,
  };
}

export const NOW_MS = Date.UTC(2026, 10, 21, 6, 5);

export function round(state, more = {}) {
  const isFrozen = state !== 'draft';
  return {
    number: 1,
    state,
    subjects: subjects.map(({ id }) => id),
    manifest_hash: isFrozen ? 'aa'.repeat(32) : null,
    fingerprint: isFrozen ? CODE : null,
    closes_at_ms: state === 'closing' ? NOW_MS + 8_400 : null,
    void_reason: state === 'void' ? '发出票数与实到人数不符' : null,
    ...more,
  };
}

export function view(more = {}, result = null) {
  const now = { epoch: 'e', version: 1, plan: 'p1', phase: 'in_session', step: 4, timer: null, round: null };
  return { kind: 'voter', now: { ...now, ...more }, result };
}

const seat = { meeting: 'abcd1234', group: 'B', leads_subject: 2, credential: 'c', slip: '' };
const marks = { 1: 'hao', 3: 'jiaohao', 4: 'yiban', 5: 'hao', 6: 'cha', 7: 'hao' };
const some = { 1: 'hao', 3: 'jiaohao', 4: 'cha' };
const papers = { manifest: '{}', wallet: '{}', request: '{}', has: 'papers' };

const kept = (draft = {}, inRound = null) => ({
  seat: JSON.stringify(seat),
  'seat/abcd1234': JSON.stringify(seat),
  'draft/abcd1234': JSON.stringify(draft),
  ...(inRound ? { 'round/abcd1234/1': JSON.stringify(inRound) } : {}),
});

const running = (left_ms) => ({ limit_s: 420, state: { is: 'running', ends_at_ms: NOW_MS + left_ms } });
const account = (group) => ({
  group,
  entitled: 34,
  present: 33,
  issued: 33,
  returned: 33,
  valid: 32,
  invalid: 1,
});

const result = {
  round: 1,
  publication: 'hall_scores',
  total: account(''),
  groups: [],
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

const longRules = {
  all_rows: true,
  distinct_min: 2,
  top_max: { percent: 40 },
  low_min: { count: 1, from: 'yiban' },
};
const problem = (kind) => ({
  status: 409,
  body: { problem: kind, refusal: null, detail: null, retry_after_s: null },
});

const goes = (name) => (page) => page.locator(name).first().click();
const toSheet = goes('footer .primary');
const scrolls = (part) => (page) =>
  page.evaluate((share) => scrollTo(0, share * document.documentElement.scrollHeight), part);

const inHall = {
  first: false,
  kept: kept(some),
  view: view({ timer: running(272_000), round: round('draft') }),
};
const open = { kept: kept(marks, papers), view: view({ step: 21, round: round('open') }) };

/** name → what happens; `first` puts the plan into the page, `answers` are by path. */
export const STATES = {
  'join-slip': { kept: {}, first: true, view: view({ phase: 'checkin', step: null, round: round('armed') }) },
  'join-slip-wrong': {
    kept: {},
    path: '/#s=K7Q4M2XDAB',
    answers: { '/api/join': problem('used_slip') },
    act: [goes('main .primary')],
  },
  'join-roster': {
    kept: {},
    first: true,
    plan: plan({ admission: 'roster' }),
    answers: {
      '/api/meetings/abcd1234/roster': {
        body: {
          seats: ['尹建国', '尹建军', '马建国'].map((name, at) => ({
            seat: at,
            name,
            role: `第${at + 1}党支部书记`,
            group: 'B',
          })),
        },
      },
    },
    act: [(page) => page.locator('input').fill('建')],
  },
  'join-open': { kept: {}, first: true, plan: plan({ admission: 'open' }) },
  'join-branch': {
    kept: {},
    path: '/#s=K7Q4M2XDAB',
    answers: {
      '/api/join': {
        body: {
          answer: 'which_branch',
          meeting: 'abcd1234',
          group: 'B',
          subjects: [1, 2, 3, 5],
          none_allowed: true,
        },
      },
    },
    act: [goes('main .primary')],
  },
  get 'join-branch-confirm'() {
    const asked = STATES['join-branch'];
    return { ...asked, act: [...asked.act, goes('main .choice')] };
  },
  secrecy: { kept: kept(), view: view({ round: round('armed') }), act: [goes('.tools button')] },
  'now-checkin': { kept: kept(), view: view({ phase: 'checkin', step: null, round: round('draft') }) },
  'now-report': inHall,
  'now-warning': { ...inHall, view: view({ timer: running(41_000), round: round('draft') }) },
  'now-overrun': { ...inHall, view: view({ timer: running(-34_000), round: round('draft') }) },
  'now-written': { ...inHall, view: view({ step: 8, round: round('draft') }) },
  reading: {
    ...inHall,
    view: view({ step: 8, round: round('draft') }),
    answers: {
      '/api/meetings/abcd1234/subjects/7/text': {
        text: '一年来，第七党支部坚持以党的政治建设为统领，严格落实“三会一课”制度，全年组织集中学习十二次、专题党课四次。\n围绕中心工作，支部成立三个党员攻关小组，完成规划编制任务五项。\n存在的主要问题：一是学用结合不够紧密；二是对青年党员的培养办法不多。',
      },
    },
    act: [goes('.turn .secondary')],
  },
  sheet: { ...inHall, act: [toSheet] },
  'sheet-middle': { ...inHall, act: [toSheet, scrolls(0.35)] },
  'sheet-labels': {
    ...inHall,
    plan: plan({ scale: competence, sheet_rules: longRules }),
    kept: kept({ 1: 'youxiu', 3: 'youxiu', 4: 'bu', 5: 'jiben', 6: 'unknown' }),
    act: [toSheet, scrolls(0.25)],
  },
  'sheet-complete': { ...open, act: [toSheet, scrolls(1)] },
  review: { ...open, act: [toSheet, goes('footer .primary')] },
  'review-blank': {
    ...open,
    kept: kept(some, papers),
    act: [toSheet, goes('.end .secondary'), scrolls(1)],
  },
  'lamp-waiting': { kept: kept(marks, papers), view: view({ step: 21, round: round('armed') }) },
  'lamp-open': open,
  'lamp-closing': { ...open, view: view({ step: 21, round: round('closing') }) },
  'lamp-sending': {
    ...open,
    answers: { '/box/abcd1234/1/cast': 'never' },
    act: [toSheet, goes('footer .primary'), goes('footer .primary')],
  },
  'lamp-unconfirmed': {
    ...open,
    answers: { '/box/abcd1234/1/cast': 'fails' },
    act: [
      toSheet,
      goes('footer .primary'),
      goes('footer .primary'),
      (page) => page.waitForSelector('.lamp-unconfirmed'),
    ],
  },
  'lamp-received': {
    ...open,
    answers: { '/box/abcd1234/1/cast': { body: { items: [] } } },
    act: [
      toSheet,
      goes('footer .primary'),
      goes('footer .primary'),
      (page) => page.waitForSelector('.lamp-received'),
    ],
  },
  'lamp-missed': { kept: kept(some, papers), view: view({ step: 21, round: round('closed') }) },
  'lamp-lost': {
    kept: kept({}, { ...papers, cast: '{}', lost: 'closed' }),
    view: view({ step: 21, round: round('closed') }),
  },
  'lamp-void': { kept: kept(some), view: view({ step: 21, round: round('void') }) },
  result: {
    kept: kept({}, { ...papers, cast: '{}', received: { at_ms: NOW_MS - 600_000, code: 'K7Q4-M2XD' } }),
    view: view({ step: 22, round: round('published') }, result),
    act: [scrolls(0.3)],
  },
  over: { kept: kept(), view: view({ phase: 'closed', step: null, round: round('published') }) },
  offline: { ...inHall, socket: 'dead', first: true, act: [(page) => page.waitForSelector('.doctor')] },
  stopped: { ...inHall, socket: 4501, first: true, act: [(page) => page.waitForSelector('.doctor')] },
};
