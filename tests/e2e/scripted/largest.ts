// A meeting at its limits: 71 subjects, sixteen groups, twelve marks, and the longest names. Nothing may be cut even then.
import type {
  GroupAccount,
  HistoryLine,
  MarkView,
  PlanView,
  ResultRow,
  ResultView,
  SheetRules,
  SubjectView,
} from '#protocol';
import { institute, percentsOf, tallyOf } from './meetings.ts';
import { EVALUATION, goTo, type HallState, NOW_MS, next, round, state } from './state.ts';

const GROUPS = 16;
const LABELS = ['优秀', '良好', '较好', '称职', '基本称职', '一般', '合格', '基本合格', '较差', '差', '不合格', '不了解'];
const LONG = '中国共产党华东工程技术研究院先进材料与精密制造研究所联合支部委员会';

const scale = LABELS.map(
  (label, place): MarkView => ({
    id: `m${place}`,
    label,
    label_en: `Mark number ${place + 1}`,
    kind: place === 11 ? 'unknown' : 'grade',
    points: String(100 - place * 5),
  }),
);

const subjects = Array.from(
  { length: 71 },
  (_, place): SubjectView => ({
    id: place + 1,
    branch: place % 9 === 4 ? `${LONG}${place + 1}` : `第${place + 1}党支部`,
    secretary: place % 11 === 3 ? '阿卜杜热西提·买买提艾力江' : '欧阳建国',
    report: 'onsite',
    minutes: 5,
    has_text: false,
    absent: place === 7,
    without_items: [],
  }),
);

const ALL_RULES: SheetRules = {
  all_rows: true,
  distinct_min: 2,
  top_max: { percent: 40 },
  low_min: { from: 'm5', count: 1 },
};

/** The plan with so many entitled in each group. */
function planOf(entitled: number): PlanView {
  const groups = Array.from({ length: GROUPS }, (_, place) => ({
    id: String.fromCharCode(65 + place),
    name: `第${place + 1}类代表和离退休职工代表`,
    weight_percent: '6.25',
    entitled,
    has_leaders: false,
  }));
  return { ...institute, id: 'c2345678', groups, scale, subjects, sheet_rules: ALL_RULES, digest: 'largest' };
}

function account(group: string, entitled: number): GroupAccount {
  return {
    group,
    entitled,
    present: entitled,
    issued: entitled,
    returned: entitled,
    valid: entitled,
    invalid: 0,
    reissued: 0,
    paper_issued: 0,
    paper_returned: 0,
    paper_invalid: 0,
    kiosk_issued: 0,
  };
}

function rowOf(plan: PlanView, id: number): ResultRow {
  const marks = scale.map((_, mark) => ((id * 7 + mark * 3) % 19) + 1);
  return {
    subject: id,
    marks,
    percents: percentsOf(marks),
    items: null,
    abstained: id % 3,
    recused: id % 2,
    groups: plan.groups.map((group, place) => ({
      group: group.id,
      marks: scale.map((_, mark) => (id + mark + place) % 4),
      abstained: id % 2,
      recused: 0,
      mean: (70 + ((id * 31 + place * 7) % 3000) / 100).toFixed(2),
    })),
    score: (70 + ((id * 37) % 2900) / 100).toFixed(2),
    rank: ((id * 37) % 71) + 1,
    suggested_grade: `m${id % 4}`,
    top_rate_percent: (30 + (id % 60)).toFixed(2),
  };
}

/** After a round of 160 voters, for prints. */
export function crowded(): HallState {
  const plan = planOf(10);
  const rules = Array.from({ length: 14 }, (_, place): [string, string] => [
    `规则${place + 1}：某票种没有可计的票时，其权重按比例分给其他票种，并在表中注明；得分相同时，依次比较各票种平均分。`,
    `Rule ${place + 1}: the weight of a group without a counted row is shared out to the others, and the table says so.`,
  ]);
  const result: ResultView = {
    round: 1,
    merged: [],
    publication: 'hall_scores',
    record: null,
    total: account('', 10 * GROUPS),
    groups: plan.groups.map(({ id }) => account(id, 10)),
    channels: [],
    form: { title: '', title_en: '', scale, items: [] },
    rows: subjects.map(({ id }) => rowOf(plan, id)),
    rules,
  };
  const history = Array.from(
    { length: 120 },
    (_, place): HistoryLine => ({ at_ms: NOW_MS - place * 61_000, command: 'go_to' }),
  );
  const heads = { present: 10 * GROUPS, issued: 10 * GROUPS, returned: 10 * GROUPS };
  return state('crowded', plan, {
    ...heads,
    phase: 'closed',
    round: round(plan, 'published'),
    result,
    hall: result,
    history,
  });
}

/** Ten thousand as the form is explained, and in a round from which all but one are back, with a live tally of four marks. */
export function largest(): HallState[] {
  const explained = planOf(625);
  const plan = { ...explained, scale: institute.scale };
  const all = 625 * GROUPS;
  return [
    state('largest-opening', explained, { present: all, step: 1, round: round(explained, 'armed'), next: goTo(2) }),
    state('largest-open', plan, {
      step: EVALUATION,
      present: all,
      issued: all,
      returned: all - 1,
      round: round(plan, 'open'),
      tally: tallyOf(plan, all - 5),
      next: next('close', { do: 'close', round: 1 }, true),
    }),
  ];
}
