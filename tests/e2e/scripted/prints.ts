// What the print page is given, without a server: from the hall's states.
import type {
  Explained,
  ExplainedFigure,
  GroupView,
  MergedGroup,
  OpinionsView,
  OpinionView,
  PlanView,
  Prints,
  ResultView,
  RosterLine,
  SeatUse,
} from '#protocol';
import { itemised, numeric } from './meetings.ts';
import { type HallState, NOW_MS } from './state.ts';

/** What `GET …/prints` answers in a state. */
export function printsOf(state: HallState): Prints {
  const { plan, chair } = state;
  const { result } = chair;
  const seats: SeatUse[] = plan.groups.map(({ id, entitled }) => ({
    group: id,
    made: entitled + (id === 'C' ? 20 : 0),
    taken: entitled - 1,
    left: 1,
    replaced: id === 'C' ? 20 : 0,
  }));
  const sum = (of: 'made' | 'taken' | 'left' | 'replaced') => seats.reduce((all, group) => all + group[of], 0);
  const names = plan.admission === 'roster' ? rosterOf(plan) : null;
  return {
    plan,
    phase: chair.now.phase,
    rounds: chair.rounds,
    accounts: result
      ? [
          {
            round: result.round,
            total: result.total,
            groups: result.groups,
            channels: result.channels ?? [],
            confirmed_at_ms: NOW_MS,
          },
        ]
      : [],
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
function opinionsOf({ round, rows }: ResultView): OpinionsView {
  const texts = (subject: number): OpinionView[] =>
    Array.from({ length: 10 + (subject % 4) }, (_, place) => ({
      n: '',
      t:
        place % 5 === 4
          ? 'Say who answers for each part.\nAnd by when.'
          : '建议把整改任务列成清单，按季度公布进展。'.repeat(1 + ((subject * 7 + place * 3) % 9)),
    }));
  return { round, min: 10, rows: rows.map(({ subject }) => ({ subject, opinions: subject % 2 ? texts(subject) : null })) };
}

function rosterOf(plan: PlanView): RosterLine[] {
  let seat = 0;
  return plan.groups.flatMap(({ id, name, entitled }) =>
    Array.from({ length: entitled }, (_, place) => {
      seat += 1;
      return { seat, name: `测评人${'甲乙丙丁戊己庚辛壬癸'[place % 10]}`, role: `${name}第${place + 1}人`, group: id };
    }),
  );
}

/** The result of a state that has one. */
export function resultOf({ name, chair }: HallState): ResultView {
  if (!chair.result) throw new Error(`the state ${name} has no result`);
  return chair.result;
}

/** What `GET …/explained` answers: the formulas of the first subject's score and mean. */
export function explainedOf(state: HallState): Explained {
  const result = resultOf(state);
  const row = result.rows[0];
  const formula = `(40×(660/7) + 30×(280/3) + 30×(280/3)) ÷ 100 = 656/7 ≈ ${row.score}`;
  const figures: ExplainedFigure[] = [
    {
      figure: { is: 'score' },
      printed: row.score ?? '',
      lines: [
        [formula, formula],
        ['权重：A 票（党委委员）40%、B 票（党支部书记）30%、C 票 30%。', 'Weights: A 40 %, B 30 %, C 30 %.'],
      ],
    },
  ];
  return { round: result.round, rows: [{ subject: row.subject, figures }] };
}

/** A state in which the last two groups vote as one: one colour of paper, one column, the weights of both. */
export function merged(state: HallState): HallState {
  const { plan, chair } = state;
  const [one, other] = plan.groups.slice(-2);
  const sum = (weights: string[]) => String(weights.reduce((all, weight) => all + Number(weight), 0));
  const column: GroupView = {
    ...one,
    name: `${one.name}、${other.name}`,
    weight_percent: sum([one.weight_percent, other.weight_percent]),
    entitled: one.entitled + other.entitled,
  };
  const lists: MergedGroup[] = [{ groups: [one.id, other.id], column }];
  const before = resultOf(state);
  const result: ResultView = {
    ...before,
    merged: lists,
    groups: before.groups.slice(0, -1),
    rows: before.rows.map((row) => ({ ...row, groups: row.groups?.slice(0, -1) ?? null })),
  };
  const rounds = chair.rounds.map((round) => ({ ...round, merged: lists }));
  return { ...state, name: 'merged', chair: { ...chair, result, rounds } };
}

/** A state whose form in use has items, or numbers: for the ballot on paper. */
export const withItems = (state: HallState): HallState => ({
  ...state,
  name: 'items',
  plan: { ...itemised, digest: 'items' },
});
export const withNumbers = (state: HallState): HallState => ({
  ...state,
  name: 'numbers',
  plan: { ...numeric, digest: 'numbers' },
});
