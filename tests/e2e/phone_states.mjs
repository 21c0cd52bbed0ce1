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
  without_items: [],
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

/** A numeric form's scale: what the numbers are called, best first; a band's points are where it begins. */
const bands = [
  { id: 'hao', label: '好', label_en: 'Good', kind: 'grade', points: '90' },
  { id: 'jiaohao', label: '较好', label_en: 'Fairly good', kind: 'grade', points: '75' },
  { id: 'yiban', label: '一般', label_en: 'Average', kind: 'grade', points: '60' },
  { id: 'cha', label: '差', label_en: 'Poor', kind: 'grade', points: '0' },
];
const items = [
  { label: '政治和思想建设', label_en: 'Political and ideological work', weight_percent: '20' },
  { label: '组织建设', label_en: 'Organisation', weight_percent: '20' },
  { label: '作风和廉政建设', label_en: 'Conduct and clean governance', weight_percent: '20' },
  { label: '履职实绩', label_en: 'Performance', weight_percent: '20' },
  { label: '查找和解决问题', label_en: 'Finding and solving problems', weight_percent: '15' },
  { label: '下年度思路', label_en: 'Plan for the next year', weight_percent: '5' },
];

const agenda = [
  { id: 1, kind: 'opening', subject: null, form: null, done: true },
  ...subjects.flatMap(({ id }) => [{ id: id + 1, kind: 'report', subject: id, form: null, done: id < 3 }]),
  { id: 20, kind: 'comment', subject: null, form: null, done: false },
  { id: 21, kind: 'evaluation', subject: null, form: null, done: false },
  { id: 22, kind: 'speech', subject: null, form: null, done: false },
  { id: 23, kind: 'close', subject: null, form: null, done: false },
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
    opinions_min: null,
    numeric: null,
    items: [],
    needs_all_items: false,
    form: '',
    form_en: '',
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
    merged: [],
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
  reissued: 0,
  paper_issued: 0,
  paper_returned: 0,
  paper_invalid: 0,
  kiosk_issued: 0,
});

const result = {
  round: 1,
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

const resultOfItems = {
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

/** The same where opinions are asked for, and one is written. */
const withOpinions = {
  ...open,
  plan: plan({ opinions_min: 10 }),
  kept: kept({ ...marks, [-4]: '建议把整改任务列成清单，\n按季度公布进展。' }, papers),
};
/** Opens the page of the so manyth row's opinion. */
const writes = (place) => async (page) => {
  await page.locator('.row .who .secondary:not(:has-text("汇报"))').nth(place).click();
  await page.waitForSelector('textarea');
};

/** Six items a row; the last does not apply to the fourth subject. */
const withItems = {
  ...open,
  plan: plan({
    items,
    needs_all_items: true,
    subjects: subjects.map((subject) => ({ ...subject, without_items: subject.id === 4 ? [5] : [] })),
  }),
  kept: kept(
    {
      1: 'hao.hao.jiaohao.hao.yiban.hao',
      3: 'hao..jiaohao..yiban.',
      4: 'jiaohao.jiaohao.yiban.hao.cha.',
      6: 'cha.cha.cha.cha.cha.cha',
    },
    papers,
  ),
};
/** Nothing is left half done. */
const wholeItems = kept(
  { 1: 'hao.hao.jiaohao.hao.yiban.hao', 4: 'jiaohao.jiaohao.yiban.hao.cha.', 6: 'cha.cha.cha.cha.cha.cha' },
  papers,
);
const withNumbers = {
  ...open,
  plan: plan({ scale: bands, numeric: 100 }),
  kept: kept({ 1: '96', 3: '88', 4: '75', 5: '100', 6: '0' }, papers),
};
const withBoth = {
  ...withItems,
  plan: plan({ scale: bands, numeric: 100, items: items.slice(0, 3), needs_all_items: false }),
  kept: kept({ 1: '96.90.88', 3: '70..', 4: '75.80.61', 5: '100.99.98', 6: '0.59.60' }, papers),
};
/** Opens the page of the so manyth row, or waits for its field. */
const opensRow = (place) => async (page) => {
  await page.waitForSelector('.fill > *');
  await page.locator('.row .fill button').nth(place).click();
  await page.waitForSelector('.row-page');
};
const types = (place, text) => async (page) => {
  await page.waitForSelector('.number');
  await page.locator('.number input').nth(place).fill(text);
};

/** After publication, with what the phone found of its ballots. */
const inRecord = (check) => ({
  kept: {
    ...kept({}, { ...papers, cast: '', received: { at_ms: NOW_MS - 600_000, code: 'K7Q4-M2XD' } }),
    checked: JSON.stringify([{ round: 1, check, proof: check.is === 'waiting' ? null : '{}' }]),
  },
  view: view({ step: 22, round: round('published') }, result),
  act: [(page) => page.waitForSelector('.record-note')],
});

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
  'sheet-opinions': { ...withOpinions, act: [toSheet] },
  'opinion-draft': { ...withOpinions, act: [toSheet, writes(2)] },
  'opinion-long': {
    ...withOpinions,
    act: [toSheet, writes(0), (page) => page.locator('textarea').fill('建议把整改任务列成清单。'.repeat(17).slice(0, 200))],
  },
  'review-opinions': { ...withOpinions, kept: kept({ ...marks, [-1]: '再快些', [-4]: '很好' }, papers), act: [toSheet, goes('footer .primary')] },
  'sheet-items': { ...withItems, act: [toSheet, (page) => page.waitForSelector('.fill > *')] },
  'row-items': { ...withItems, act: [toSheet, opensRow(1), scrolls(0.08)] },
  'row-items-lower': { ...withItems, act: [toSheet, opensRow(2), scrolls(1)] },
  'review-items': { ...withItems, act: [toSheet, goes('.end .secondary'), (page) => page.waitForSelector('.chosen-items')] },
  'review-items-whole': {
    ...withItems,
    kept: wholeItems,
    act: [toSheet, goes('.end .secondary'), (page) => page.waitForSelector('.chosen-items'), scrolls(1)],
  },
  'sheet-numbers': { ...withNumbers, act: [toSheet, types(5, '83')] },
  'sheet-numbers-wrong': { ...withNumbers, act: [toSheet, types(1, '105'), types(5, '八')] },
  'review-numbers': { ...withNumbers, act: [toSheet, goes('.end .secondary'), (page) => page.waitForSelector('.review .chip')] },
  'row-numbers': { ...withBoth, act: [toSheet, opensRow(1)] },
  'kiosk-row-items': { ...withItems, path: '/m/abcd1234/kiosk', act: [toSheet, opensRow(1), scrolls(0.08)] },
  'kiosk-numbers': { ...withNumbers, path: '/m/abcd1234/kiosk', act: [toSheet, types(5, '83')] },
  'review-both': { ...withBoth, act: [toSheet, goes('.end .secondary'), (page) => page.waitForSelector('.chosen-items')] },
  move: { ...open, act: [goes('.seat .secondary'), (page) => page.waitForSelector('main ol')] },
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
  'lamp-moved': { kept: kept(some, { ...papers, moved: true }), view: view({ step: 21, round: round('open') }) },
  'lamp-void': { kept: kept(some), view: view({ step: 21, round: round('void') }) },
  result: {
    kept: kept({}, { ...papers, cast: '{}', received: { at_ms: NOW_MS - 600_000, code: 'K7Q4-M2XD' } }),
    view: view({ step: 22, round: round('published') }, result),
    act: [scrolls(0.3)],
  },
  'result-items': {
    ...inRecord({ is: 'found', ballots: 7, digits: '4071-2291-6610-0342' }),
    view: view({ step: 22, round: round('published') }, resultOfItems),
    act: [(page) => page.waitForSelector('.items'), scrolls(0.3)],
  },
  'record-waiting': inRecord({ is: 'waiting' }),
  'record-found': inRecord({ is: 'found', ballots: 7, digits: '4071-2291-6610-0342' }),
  'record-missing': inRecord({ is: 'missing', ballots: 1, of: 8 }),
  'record-forged': inRecord({ is: 'forged' }),
  over: { kept: kept(), view: view({ phase: 'closed', step: null, round: round('published') }) },
  offline: { ...inHall, socket: 'dead', first: true, act: [(page) => page.waitForSelector('.doctor')] },
  stopped: { ...inHall, socket: 4501, first: true, act: [(page) => page.waitForSelector('.doctor')] },
};
