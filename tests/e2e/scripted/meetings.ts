// Two meetings as the server would describe them, for pictures without a server: the institute's seven branches with a live
// tally, the college's fourteen with turnout only. Names are invented; figures are those of meetings/institute.

import type {
  GroupAccount,
  GroupResult,
  GroupView,
  ItemResult,
  ItemView,
  LiveTally,
  MarkView,
  PlanView,
  Publication,
  Report,
  ResultRow,
  ResultView,
  SheetRules,
  StepKind,
  StepView,
  SubjectView,
} from '#protocol';
import { ONE_MARK } from './phone_meeting.ts';

const SCALE: MarkView[] = [
  { id: 'hao', label: '好', label_en: 'Good', kind: 'grade', points: '100' },
  { id: 'jiaohao', label: '较好', label_en: 'Fairly good', kind: 'grade', points: '80' },
  { id: 'yiban', label: '一般', label_en: 'Average', kind: 'grade', points: '60' },
  { id: 'cha', label: '差', label_en: 'Poor', kind: 'grade', points: '40' },
];

const NO_RULES: SheetRules = { all_rows: false, distinct_min: null, top_max: null, low_min: null };

function subjects(lines: [string, string, Report?][], minutes: number): SubjectView[] {
  return lines.map(([branch, secretary, report = 'onsite'], place) => ({
    id: place + 1,
    branch,
    secretary,
    report,
    minutes: report === 'onsite' ? minutes : 0,
    has_text: report === 'written',
    absent: false,
    without_items: [],
  }));
}

function group(id: string, name: string, weight_percent: string, entitled: number, has_leaders = false): GroupView {
  return { id, name, weight_percent, entitled, has_leaders };
}

function agenda(kinds: [StepKind, number?][]): StepView[] {
  return kinds.map(([kind, subject = null], place) => ({ id: place + 1, kind, subject, form: null, done: false }));
}

export const institute: PlanView = {
  id: 'k3m8qx2p',
  title: '2026年度党支部书记抓基层党建述职评议会',
  host: '华东工程技术研究院',
  admission: 'slips',
  groups: [
    group('A', '党委委员', '40', 7),
    group('B', '党支部书记', '30', 7, true),
    group('C', '支部委员和职工代表', '30', 20),
  ],
  scale: SCALE,
  subjects: subjects(
    [
      ['第一党支部', '韩春华'],
      ['第二党支部', '周景行'],
      ['第三党支部', '毛少华'],
      ['第四党支部', '马雅琴'],
      ['第五党支部', '尹建国'],
      ['第六党支部', '余向东'],
      ['第七党支部', '向佳慧'],
    ],
    7,
  ),
  agenda: agenda([
    ['opening'],
    ['tellers'],
    ...[1, 2, 3, 4, 5, 6, 7].map((subject): [StepKind, number] => ['report', subject]),
    ['evaluation'],
    ['speech'],
    ['close'],
  ]),
  sheet_rules: NO_RULES,
  own_branch: 'recused',
  live: 'tally',
  pool_k: 5,
  k_min: 5,
  ...ONE_MARK,
  digest: 'institute',
};

export const college: PlanView = {
  ...institute,
  id: 'w7t4nc9r',
  title: '2026年度党总支书记述职测评大会',
  host: '东江职业技术学院',
  admission: 'roster',
  groups: [
    group('A', '党委委员', '50', 9),
    group('B', '党总支书记', '30', 14, true),
    group('C', '教师、职工和学生代表', '20', 30),
  ],
  subjects: subjects(
    [
      ['机电工程系党总支', '董志强'],
      ['信息工程系党总支', '严碧云'],
      ['经济管理系党总支', '陶向东'],
      ['建筑工程系党总支', '夏云飞'],
      ['艺术设计系党总支', '吴思齐'],
      ['护理系党总支', '范振华'],
      ['汽车工程系党总支', '侯明远'],
      ['基础教学部党总支', '黄国栋'],
      ['机关党总支', '戴建国', 'written'],
      ['后勤服务党总支', '向思齐', 'written'],
      ['图书馆党总支', '龙素芬', 'written'],
      ['继续教育学院党总支', '宋岚', 'written'],
      ['离退休党总支', '郑玉洁', 'written'],
      ['校办企业党总支', '郝秀兰', 'written'],
    ],
    8,
  ),
  agenda: agenda([
    ['opening'],
    ...Array.from({ length: 14 }, (_, place): [StepKind, number][] => [
      ['report', place + 1],
      ['comment', place + 1],
    ]).flat(),
    ['evaluation'],
    ['speech'],
    ['close'],
  ]),
  live: 'turnout',
  digest: 'college',
};

/** A1/A2… of meetings/institute/expected.csv: by subject the marks of A, B, C, and the finished strings. */
const EXPECTED: [string[], number, string[], string, number, string][] = [
  [['5/2/0/0', '4/2/0/0', '12/6/0/0'], 0, ['94.29', '93.33', '93.33'], '93.71', 4, '67.74'],
  [['7/0/0/0', '5/1/0/0', '15/3/0/0'], 0, ['100.00', '96.67', '96.67'], '98.00', 1, '87.10'],
  [['3/4/0/0', '3/3/0/0', '9/8/1/0'], 0, ['88.57', '90.00', '88.89'], '89.10', 6, '48.39'],
  [['5/2/0/0', '4/1/0/0', '12/5/1/0'], 1, ['94.29', '96.00', '92.22'], '94.18', 3, '70.00'],
  [['4/3/0/0', '3/3/0/0', '10/7/0/0'], 1, ['91.43', '90.00', '91.76'], '91.10', 5, '56.67'],
  [['2/4/1/0', '2/3/1/0', '7/9/2/0'], 0, ['82.86', '83.33', '85.56'], '83.81', 7, '35.48'],
  [['6/1/0/0', '4/2/0/0', '13/5/0/0'], 0, ['97.14', '93.33', '94.44'], '95.19', 2, '74.19'],
];

const COLLEGE_SCORES = [
  '94.62',
  '91.08',
  '88.40',
  '95.73',
  '90.15',
  '93.27',
  '86.94',
  '89.51',
  '92.80',
  '87.66',
  '85.32',
  '84.19',
  '90.98',
  '82.45',
];

const RULES: [string, string][] = [
  ['计分：好 100、较好 80、一般 60、差 40。', 'Points: Good 100, Fairly good 80, Average 60, Poor 40.'],
  [
    '权重：A 票（党委委员）40%、B 票（党支部书记）30%、C 票（支部委员和职工代表）30%。',
    'Weights: A (党委委员) 40 %, B (党支部书记) 30 %, C (支部委员和职工代表) 30 %.',
  ],
  ['弃权不计入平均分。', 'Abstentions do not enter the mean.'],
  ['述职人对本支部回避，不发本支部的票。', 'Reporters get no ballot for their own branch.'],
  [
    '某票种没有可计的票时，其权重按比例分给其他票种，并在表中注明。',
    'The weight of a group without a counted row is shared out to the others, and the table says so.',
  ],
  ['得分相同时，按 A 票平均分排列。', 'Ties are broken by the mean of group A.'],
  [
    '建议等次：90 分及以上为“好”，75 分及以上为“较好”，60 分及以上为“一般”；等次由有关会议研究确定。',
    'Suggested grades: “Good” from 90, “Fairly good” from 75, “Average” from 60; the grade itself is decided elsewhere.',
  ],
  ['实到人数不少于应到人数的五分之四方可测评。', 'The evaluation needs at least 4/5 of the entitled to be present.'],
  [
    '得分保留 2 位小数，四舍五入；位次按保留后的得分排列。',
    'Scores are rounded half up to 2 decimals; ranks follow the rounded score.',
  ],
  ['某票种少于 5 票时，不单列该票种的数字。', 'A group with fewer than 5 ballots is not shown on its own.'],
  ['现场计票每次至少变动 5 票。', 'The live tally moves in steps of at least 5.'],
];

const numbers = (text: string) => text.split('/').map(Number);

/** Percent strings that add up to 100.0, by the largest remainder, as the server sends them. */
export function percentsOf(marks: number[]): string[] {
  const all = marks.reduce((sum, count) => sum + count, 0);
  if (all === 0) return [];
  const exact = marks.map((count) => (count * 1000) / all);
  const tenths = exact.map(Math.floor);
  const order = exact
    .map((value, place): [number, number] => [value - Math.floor(value), place])
    .sort((a, b) => b[0] - a[0]);
  let missing = 1000 - tenths.reduce((sum, value) => sum + value, 0);
  for (const [, place] of order) {
    if (missing === 0) break;
    tenths[place] += 1;
    missing -= 1;
  }
  return tenths.map((value) => (value / 10).toFixed(1));
}

function account(group: string, entitled: number, present: number, returned: number, invalid: number): GroupAccount {
  const paper = invalid > 0 ? 3 : 0;
  return {
    group,
    entitled,
    present,
    issued: present,
    returned,
    valid: returned - invalid,
    invalid,
    reissued: 0,
    paper_issued: paper,
    paper_returned: paper,
    paper_invalid: invalid,
    kiosk_issued: 0,
  };
}

export function instituteResult(publication: Publication): ResultView {
  const rows: ResultRow[] = EXPECTED.map(([groups, abstained, means, score, rank, top], place) => {
    const byGroup = groups.map(numbers);
    const marks = byGroup[0].map((_, mark) => byGroup.reduce((sum, counts) => sum + counts[mark], 0));
    return {
      subject: place + 1,
      marks,
      percents: percentsOf(marks),
      items: null,
      abstained,
      recused: 1,
      groups: byGroup.map((counts, index) => ({
        group: 'ABC'[index],
        marks: counts,
        abstained: index === 1 && place === 3 ? 1 : index === 2 && place === 4 ? 1 : 0,
        recused: index === 1 ? 1 : 0,
        mean: means[index],
      })),
      score,
      rank,
      suggested_grade: rank <= 5 ? 'hao' : 'jiaohao',
      top_rate_percent: top,
    };
  });
  return {
    round: 1,
    merged: [],
    publication,
    record: { digest: 'a3'.repeat(32), digits: 'M4VX-8TQ0-2JRW-6BKC-97ZD-H1YE', sealed: false },
    total: account('', 34, 33, 33, 1),
    channels: [
      { channel: 'phone', issued: 30, returned: 30, valid: 30, invalid: 0, kiosk_issued: 0 },
      { channel: 'paper', issued: 3, returned: 3, valid: 2, invalid: 1, kiosk_issued: 0 },
    ],
    groups: [account('A', 7, 7, 7, 0), account('B', 7, 7, 7, 0), account('C', 20, 19, 19, 1)],
    form: { title: '', title_en: '', scale: SCALE, items: [] },
    rows,
    rules: RULES,
  };
}

export function collegeResult(publication: Publication): ResultView {
  const order = [...COLLEGE_SCORES].sort((a, b) => Number(b) - Number(a));
  const rows: ResultRow[] = COLLEGE_SCORES.map((score, place) => {
    const best = Math.round((Number(score) - 60) * 1.15);
    const marks = [best, 49 - best - 3, 2, 1];
    return {
      subject: place + 1,
      marks,
      percents: percentsOf(marks),
      items: null,
      abstained: 0,
      recused: 1,
      groups: [null, null, null],
      score,
      rank: order.indexOf(score) + 1,
      suggested_grade: order.indexOf(score) < 11 ? 'hao' : 'jiaohao',
      top_rate_percent: null,
    };
  });
  return {
    round: 1,
    merged: [],
    publication,
    record: { digest: 'a3'.repeat(32), digits: 'M4VX-8TQ0-2JRW-6BKC-97ZD-H1YE', sealed: false },
    total: account('', 53, 50, 49, 0),
    channels: [],
    groups: [],
    form: { title: '', title_en: '', scale: SCALE, items: [] },
    rows,
    rules: RULES,
  };
}

const ITEMS: ItemView[] = [
  ['政治和思想建设', 'Political and ideological work', '20'],
  ['组织建设', 'Organisation', '20'],
  ['作风和廉政建设', 'Conduct and clean governance', '20'],
  ['履职实绩', 'Performance', '20'],
  ['查找和解决问题', 'Finding and solving problems', '15'],
  ['下年度思路', 'Plan for the next year', '5'],
].map(([label, label_en, weight_percent]) => ({ label, label_en, weight_percent }));

/** The institute with a form of six items for a second evaluation; the last one does not apply to the fourth branch. */
export const itemised: PlanView = {
  ...institute,
  form: '党支部书记履职测评表',
  form_en: 'Secretaries',
  items: ITEMS,
  needs_all_items: true,
  live: 'turnout',
  subjects: institute.subjects.map((subject) => ({ ...subject, without_items: subject.id === 4 ? [5] : [] })),
  digest: 'itemised',
};

/** The institute with two forms to choose from, one of them without an English title, and an evaluation of the first of them. */
export const severalForms: PlanView = {
  ...institute,
  forms: [
    { id: 'shuji', title: '党支部书记履职测评表', title_en: 'Secretaries' },
    { id: 'zhibu', title: '党支部工作测评表', title_en: '' },
  ],
  agenda: institute.agenda.map((step) =>
    step.kind === 'evaluation' ? { ...step, form: ['党支部书记履职测评表', 'Secretaries'] } : step,
  ),
  digest: 'several-forms',
};

/** The institute with numbers from 0 to 100: the scale has the bands, each with the number at which it begins. */
export const numeric: PlanView = {
  ...institute,
  numeric: 100,
  scale: SCALE.map((mark, place) => ({ ...mark, points: ['90', '75', '60', '0'][place] })),
  live: 'turnout',
  digest: 'numeric',
};

/** What a row has by group, made anew; a group that is too small has nothing. */
function byGroup({ groups }: ResultRow, of: (group: GroupResult, place: number) => GroupResult): ResultRow['groups'] {
  return groups?.map((group, place) => group && of(group, place)) ?? null;
}

/** The institute's result as one of six items: no counts of marks by row, a mean and its counts by item. */
export function itemisedResult(publication: Publication): ResultView {
  const result = instituteResult(publication);
  const { form: title, form_en: title_en, scale, items } = itemised;
  const ofItem = (at: number, place: number, group = 0): ItemResult => ({
    mean: at === 3 && place === 5 ? null : (80 + ((at * 7 + place * 11 + group * 5) % 19) + 0.67).toFixed(2),
    marks: at === 3 && place === 5 ? [0, 0, 0, 0] : [20 - place, 8 + place, 3, 0],
    open: at === 3 && place === 5 ? 31 : 0,
  });
  return {
    ...result,
    form: { title, title_en, scale, items },
    rows: result.rows.map((row, at) => ({
      ...row,
      marks: null,
      percents: null,
      items: items.map((_, place) => ofItem(at, place)),
      groups: byGroup(row, (group, at_group) => ({
        ...group,
        marks: [],
        items: items.map((_, place) => ofItem(at, place, at_group + 1)),
      })),
    })),
  };
}

/** The same as the hall gets it: without what a group gave by item. */
export function itemisedForHall(publication: Publication): ResultView {
  const result = itemisedResult(publication);
  const without = ({ items: _, ...group }: GroupResult) => group;
  return { ...result, rows: result.rows.map((row) => ({ ...row, groups: byGroup(row, without) })) };
}

/** What the hall may see of suggested grades: nothing else. */
export function gradesOnly(result: ResultView): ResultView {
  const nothing = {
    marks: null,
    percents: null,
    items: null,
    abstained: null,
    recused: null,
    groups: null,
    score: null,
    rank: null,
    top_rate_percent: null,
  };
  return { ...result, groups: [], rows: result.rows.map((row) => ({ ...row, ...nothing })) };
}

/** The live tally after so many released ballots. */
export function tallyOf(plan: PlanView, released: number): LiveTally {
  return {
    pool_k: plan.pool_k,
    rows: plan.subjects.map((subject, place) => {
      const best = Math.round(released * (0.45 + ((place * 37) % 40) / 100));
      const low = Math.round(released * (((place * 13) % 10) / 100));
      const worst = place === 5 ? Math.min(1, released) : 0;
      const marks = [best, released - best - low - worst, low, worst];
      return { subject: subject.id, marks, abstained: 0, percents: percentsOf(marks) };
    }),
  };
}
