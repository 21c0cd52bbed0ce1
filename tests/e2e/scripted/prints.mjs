// What the print page is given, without a server: from the hall's states, and a meeting that fills the paper to its edges.
import { institute, itemised, numeric, percentsOf } from './meetings.mjs';
import { lettersOf, promise } from './box.mjs';

const NOW_MS = Date.UTC(2026, 10, 20, 6, 32, 10);
const HASH = '9f2c61d07be84a35c1f0aa7730de5b1c4c8d2f6e90b7a3154e6d8812fa03c7b9';

/** What `GET …/prints` answers in a state. */
export function printsOf(state) {
  const { plan, chair } = state;
  const { result } = chair;
  const seats = plan.groups.map(({ id, entitled }) => ({
    group: id,
    made: entitled + (id === 'C' ? 20 : 0),
    taken: entitled - 1,
    left: 1,
    replaced: id === 'C' ? 20 : 0,
  }));
  const sum = (of) => seats.reduce((all, group) => all + group[of], 0);
  const names = plan.admission === 'roster' ? rosterOf(plan) : null;
  return {
    plan,
    phase: chair.now.phase,
    rounds: chair.rounds,
    accounts: result ? [{ round: result.round, total: result.total, groups: result.groups, channels: result.channels ?? [], confirmed_at_ms: NOW_MS }] : [],
    results: result ? [result] : [],
    opinions: result ? [opinionsOf(result)] : [],
    roster: names,
    seats: [...seats, { group: '', made: sum('made'), taken: sum('taken'), left: sum('left'), replaced: sum('replaced') }],
    history: [...chair.history].reverse(),
    history_digits: '3S10-44W8-QX92-7VJ1-0KMB-DT5F',
    rules: result?.rules ?? [],
    join_qr: `http://192.168.1.10:8080/m/${plan.id}#h=q3NQ0b7vXJ2mW8cYtK5sLA`,
    now_ms: NOW_MS,
  };
}

/** About every other subject enough was written, in every length; about the others less than is shown. */
function opinionsOf({ round, rows }) {
  const texts = (subject) =>
    Array.from({ length: 10 + (subject % 4) }, (_, place) => ({
      n: '',
      t: place % 5 === 4 ? 'Say who answers for each part.\nAnd by when.' : '建议把整改任务列成清单，按季度公布进展。'.repeat(1 + ((subject * 7 + place * 3) % 9)),
    }));
  return { round, min: 10, rows: rows.map(({ subject }) => ({ subject, opinions: subject % 2 ? texts(subject) : null })) };
}

function rosterOf(plan) {
  let seat = 0;
  return plan.groups.flatMap(({ id, name, entitled }) =>
    Array.from({ length: entitled }, (_, place) => {
      seat += 1;
      return { seat, name: `测评人${'甲乙丙丁戊己庚辛壬癸'[place % 10]}`, role: `${name}第${place + 1}人`, group: id };
    }),
  );
}

/** What `GET …/explained` answers: the formulas of the first subject's score and mean. */
export function explainedOf(state) {
  const { result } = state.chair;
  const row = result.rows[0];
  const figures = [
    {
      figure: { is: 'score' },
      printed: row.score,
      lines: [
        Array(2).fill(`(40×(660/7) + 30×(280/3) + 30×(280/3)) ÷ 100 = 656/7 ≈ ${row.score}`),
        ['权重：A 票（党委委员）40%、B 票（党支部书记）30%、C 票 30%。', 'Weights: A 40 %, B 30 %, C 30 %.'],
      ],
    },
  ];
  return { round: result.round, rows: [{ subject: row.subject, figures }] };
}

/** A state in which the last two groups vote as one: one colour of paper, one column, the weights of both. */
export function merged(state) {
  const { plan, chair } = state;
  const [one, other] = plan.groups.slice(-2);
  const sum = (weights) => String(weights.reduce((all, weight) => all + Number(weight), 0));
  const column = {
    ...one,
    name: `${one.name}、${other.name}`,
    weight_percent: sum([one.weight_percent, other.weight_percent]),
    entitled: one.entitled + other.entitled,
  };
  const lists = [{ groups: [one.id, other.id], column }];
  const result = {
    ...chair.result,
    merged: lists,
    groups: chair.result.groups.slice(0, -1),
    rows: chair.result.rows.map((row) => ({ ...row, groups: row.groups?.slice(0, -1) ?? null })),
  };
  const rounds = chair.rounds.map((round) => ({ ...round, merged: lists }));
  return { ...state, name: 'merged', chair: { ...chair, result, rounds } };
}

/** A state whose form in use has items, or numbers: for the ballot on paper. */
export const withItems = (state) => ({ ...state, name: 'items', plan: { ...itemised, digest: 'items' } });
export const withNumbers = (state) => ({ ...state, name: 'numbers', plan: { ...numeric, digest: 'numbers' } });

const LABELS = ['优秀', '良好', '较好', '称职', '基本称职', '一般', '合格', '基本合格', '较差', '差', '不合格', '不了解'];

/** 154 voters in sixteen groups, 71 subjects, twelve marks, and the longest names: nothing may be cut even then. */
export function crowded() {
  const scale = LABELS.map((label, place) => ({
    id: `m${place}`,
    label,
    label_en: `Mark number ${place + 1}`,
    kind: place === 11 ? 'unknown' : 'grade',
    points: String(100 - place * 5),
  }));
  const groups = Array.from({ length: 16 }, (_, place) => ({
    id: String.fromCharCode(65 + place),
    name: `第${place + 1}类代表和离退休职工代表`,
    weight_percent: '6.25',
    entitled: 10,
    has_leaders: false,
  }));
  const long = '中国共产党华东工程技术研究院先进材料与精密制造研究所联合支部委员会';
  const subjects = Array.from({ length: 71 }, (_, place) => ({
    id: place + 1,
    branch: place % 9 === 4 ? `${long}${place + 1}` : `第${place + 1}党支部`,
    secretary: place % 11 === 3 ? '阿卜杜热西提·买买提艾力江' : '欧阳建国',
    report: 'onsite',
    minutes: 5,
    has_text: false,
    absent: place === 7,
    without_items: [],
  }));
  const plan = { ...institute, id: 'c2345678', groups, scale, subjects, digest: 'crowded' };
  const rows = subjects.map(({ id }) => {
    const marks = scale.map((_, mark) => ((id * 7 + mark * 3) % 19) + 1);
    return {
      subject: id,
      marks,
      percents: percentsOf(marks),
      items: null,
      abstained: id % 3,
      recused: id % 2,
      groups: groups.map((group, place) => ({
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
  });
  const account = (group, times) => ({
    group,
    entitled: 10 * times,
    present: 10 * times,
    issued: 10 * times,
    returned: 10 * times,
    valid: 10 * times,
    invalid: 0,
  });
  const rules = Array.from({ length: 14 }, (_, place) => [
    `规则${place + 1}：某票种没有可计的票时，其权重按比例分给其他票种，并在表中注明；得分相同时，依次比较各票种平均分。`,
    `Rule ${place + 1}: the weight of a group without a counted row is shared out to the others, and the table says so.`,
  ]);
  const round = {
    number: 1,
    state: 'published',
    subjects: subjects.map(({ id }) => id),
    manifest_hash: HASH,
    fingerprint: lettersOf(HASH),
    promise: promise('crowded', 1, HASH),
    closes_at_ms: null,
    void_reason: null,
  };
  const result = {
    round: 1,
    publication: 'hall_scores',
    total: account('', 16),
    groups: groups.map((group) => account(group.id, 1)),
    form: { title: '', title_en: '', scale, items: [] },
    rows,
    rules,
  };
  const history = Array.from({ length: 120 }, (_, place) => ({ at_ms: NOW_MS - place * 61_000, command: 'go_to' }));
  const chair = {
    kind: 'chair',
    role: 'chair',
    now: { epoch: 'e1', version: 7, plan: 'crowded', phase: 'closed', step: null, timer: null, round },
    rounds: [round],
    result,
    history,
  };
  return { name: 'crowded', plan: { ...plan, sheet_rules: ALL_RULES }, chair };
}

const ALL_RULES = {
  all_rows: true,
  distinct_min: 2,
  top_max: { percent: 40 },
  low_min: { from: 'm5', count: 1 },
};
