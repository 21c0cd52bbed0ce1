// Every state of the phone as a scripted meeting: what the server would say, what the phone keeps, what the voter does.
// Knows no browser: phone.ts plays these.

import type { Page } from '@playwright/test';
import type { CastAnswer, Joined, Problem, ProblemKind, Roster, SheetRules } from '#protocol';
import type { PhoneState, Scripted } from './phone.ts';
import {
  bands,
  codeOf,
  competence,
  HASH,
  items,
  kept,
  marks,
  NOW_MS,
  papers,
  plan,
  result,
  resultOfItems,
  round,
  running,
  some,
  subjects,
  view,
} from './phone_meeting.ts';

const longRules: SheetRules = {
  all_rows: true,
  distinct_min: 2,
  top_max: { percent: 40 },
  low_min: { count: 1, from: 'yiban' },
};
const problem = (kind: ProblemKind): Scripted => ({
  status: 409,
  body: { problem: kind, refusal: null, detail: null, retry_after_s: null } satisfies Problem,
});

const goes = (name: string) => (page: Page) => page.locator(name).first().click();
const toSheet = goes('footer .primary');
const scrolls = (part: number) => (page: Page) =>
  page.evaluate((share) => scrollTo(0, share * document.documentElement.scrollHeight), part);

const inHall: PhoneState = {
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
const writes = (place: number) => async (page: Page) => {
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
/** Three items and the overall mark that must match them: the first row fits, the second does not, the third has none yet. */
const withOverall = {
  ...open,
  plan: plan({
    items: [...items.slice(0, 3), { label: '总体评价', label_en: 'Overall', weight_percent: '0' }],
    needs_all_items: true,
    overall: {
      decimals: 2,
      weights_bp: [5_000, 3_000, 2_000, 0],
      bands: [
        { id: 'hao', from_hundredths: 9_000 },
        { id: 'jiaohao', from_hundredths: 7_500 },
        { id: 'yiban', from_hundredths: 6_000 },
        { id: 'cha', from_hundredths: 0 },
      ],
    },
    sheet_rules: { ...plan().sheet_rules, overall_matches: true },
  }),
  kept: kept({ 1: 'hao.hao.jiaohao.hao', 3: 'hao.yiban.jiaohao.hao', 4: 'jiaohao.yiban.hao.' }, papers),
};
/** The worst mark needs a reason: one of two is written. */
const withReasons = {
  ...open,
  plan: plan({ opinions_min: 10, sheet_rules: { ...plan().sheet_rules, worst_reason: true } }),
  kept: kept({ 1: 'hao', 3: 'cha', 4: 'cha', [-4]: '整改没有时间表。', 5: 'jiaohao', 6: 'yiban', 7: 'hao' }, papers),
};
/** Opens the page of the so manyth row, or waits for its field. */
const opensRow = (place: number) => async (page: Page) => {
  await page.waitForSelector('.fill > *');
  await page.locator('.row .fill button').nth(place).click();
  await page.waitForSelector('.row-page');
};
const types = (place: number, text: string) => async (page: Page) => {
  await page.waitForSelector('.number');
  await page.locator('.number input').nth(place).fill(text);
};

/** What a phone keeps of its look into a record. */
type RecordCheck =
  | { is: 'waiting' | 'forged' }
  | { is: 'found'; ballots: number; digits: string }
  | { is: 'missing'; ballots: number; of: number };

/** After publication, with what the phone found of its ballots. */
const inRecord = (check: RecordCheck): PhoneState => ({
  kept: {
    ...kept({}, { ...papers, cast: '', received: { at_ms: NOW_MS - 600_000, code: 'K7Q4-M2XD' } }),
    checked: JSON.stringify([{ round: 1, check, proof: check.is === 'waiting' ? null : '{}' }]),
  },
  view: view({ step: 22, round: round('published') }, result),
  act: [(page) => page.waitForSelector('.record-note')],
});

/** A slip of a group whose leaders are asked which branch they lead. */
const asksBranch: PhoneState = {
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
      } satisfies Joined,
    },
  },
  act: [goes('main .primary')],
};

/** A phone with papers that opened a code of the rules: that of a manifest with this hash. */
const scanned = (hash: string, until: string): PhoneState => ({
  kept: kept(marks, papers),
  path: `/m/abcd1234#v=${codeOf(1, hash)}`,
  view: view({ step: 21, round: round('open') }),
  act: [(page) => page.waitForSelector(until)],
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
        } satisfies Roster,
      },
    },
    act: [(page) => page.locator('input').fill('建')],
  },
  'join-open': { kept: {}, first: true, plan: plan({ admission: 'open' }) },
  'join-branch': asksBranch,
  'join-branch-confirm': { ...asksBranch, act: [goes('main .primary'), goes('main .choice')] },
  'rules-box': {
    kept: kept(),
    view: view({ phase: 'checkin', step: null, round: round('draft') }),
    act: [(page) => page.waitForSelector('.digits')],
  },
  'rules-same': scanned(HASH, '.rules-same'),
  'rules-other-wall': { ...scanned(HASH, '.note-forged'), path: '/m/abcd1234#v=AAAA.AAAA' },
  'rules-fraud': scanned('bb'.repeat(32), '.note-forged button'),
  'rules-code': {
    kept: kept(marks, papers),
    view: view({ step: 21, round: round('open') }),
    act: [goes('.fingerprint summary'), (page) => page.waitForSelector('.fingerprint img')],
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
  'review-opinions': {
    ...withOpinions,
    kept: kept({ ...marks, [-1]: '再快些', [-4]: '很好' }, papers),
    act: [toSheet, goes('footer .primary')],
  },
  'sheet-items': { ...withItems, act: [toSheet, (page) => page.waitForSelector('.fill > *')] },
  'sheet-items-enough': {
    ...withItems,
    plan: { ...withItems.plan, needs_all_items: false },
    act: [toSheet, (page) => page.waitForSelector('.fill > *')],
  },
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
  'review-numbers': {
    ...withNumbers,
    act: [toSheet, goes('.end .secondary'), (page) => page.waitForSelector('.review .chip')],
  },
  'row-numbers': { ...withBoth, act: [toSheet, opensRow(1)] },
  'kiosk-row-items': { ...withItems, path: '/m/abcd1234/kiosk', act: [toSheet, opensRow(1), scrolls(0.08)] },
  'kiosk-numbers': { ...withNumbers, path: '/m/abcd1234/kiosk', act: [toSheet, types(5, '83')] },
  'sheet-overall': { ...withOverall, act: [toSheet, (page) => page.waitForSelector('.fill > *')] },
  'row-overall': { ...withOverall, act: [toSheet, opensRow(1), scrolls(1)] },
  'sheet-reasons': { ...withReasons, act: [toSheet, scrolls(0.15)] },
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
    act: [toSheet, goes('footer .primary'), goes('footer .primary'), (page) => page.waitForSelector('.lamp-unconfirmed')],
  },
  'lamp-received': {
    ...open,
    answers: { '/box/abcd1234/1/cast': { body: { items: [] } satisfies CastAnswer } },
    act: [toSheet, goes('footer .primary'), goes('footer .primary'), (page) => page.waitForSelector('.lamp-received')],
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
    ...inRecord({ is: 'found', ballots: 7, digits: 'M4VX-8TQ0-2JRW-6BKC-97ZD-H1YE' }),
    view: view({ step: 22, round: round('published') }, resultOfItems),
    act: [(page) => page.waitForSelector('.items'), scrolls(0.3)],
  },
  'record-waiting': inRecord({ is: 'waiting' }),
  'record-found': inRecord({ is: 'found', ballots: 7, digits: 'M4VX-8TQ0-2JRW-6BKC-97ZD-H1YE' }),
  'record-missing': inRecord({ is: 'missing', ballots: 1, of: 8 }),
  'record-forged': inRecord({ is: 'forged' }),
  over: { kept: kept(), view: view({ phase: 'closed', step: null, round: round('published') }) },
  offline: { ...inHall, socket: 'dead', first: true, act: [(page) => page.waitForSelector('.doctor')] },
  stopped: { ...inHall, socket: 4501, first: true, act: [(page) => page.waitForSelector('.doctor')] },
} satisfies Record<string, PhoneState>;

export type StateName = keyof typeof STATES;
