// Totals for pictures: a result combined with the daily appraisal, one subject of which has none, and what the chair sees of it.

import type { CombinationView, ComponentsView, PlanView, ResultRow, ResultView } from '#protocol';

const DAILY = ['91.0', '93.5', '90.5', '92', '', '88.0', '91.8'];
const COMBINATION: CombinationView = {
  evaluation_share_percent: '40',
  components: [{ name: '平时考核', share_percent: '60' }],
};
const RULES: [string, string][] = [
  [
    '综合得分＝40%×测评得分＋60%×平时考核，再加减分；按保留后的测评得分计算，缺一项则不出综合得分。',
    'Total = 40 % × score + 60 % × 平时考核, then adjustments; made from the rounded score, and none where a component is missing.',
  ],
  ['平时考核低于 89 分的，建议等次不高于“较好”。', 'Below 89 in 平时考核 no grade better than “Fairly good” is suggested.'],
];

/** In hundredths, half up; the values here are never negative. */
const total = (score: string | null, daily: string, adjustment: number) =>
  (Math.round(Number(score) * 40 + Number(daily) * 60 + adjustment * 100 + 1e-6) / 100).toFixed(2);

/** The same result with totals. */
export function withTotals(result: ResultView): ResultView {
  const totals: (string | null)[] = result.rows.map(({ score }, at) =>
    DAILY[at % 7] ? total(score, DAILY[at % 7], at === 1 ? -0.5 : 0) : null,
  );
  const rank = (one: string | null) =>
    one === null ? null : 1 + totals.filter((other) => other !== null && Number(other) > Number(one)).length;
  const gradeOf = (place: number | null) => (place === null ? null : place <= 5 ? 'hao' : 'jiaohao');
  const rows = result.rows.map(
    (row, at): ResultRow => ({
      ...row,
      suggested_grade: gradeOf(rank(totals[at])),
      combined: {
        components: [DAILY[at % 7] || null],
        adjustment: at === 1 ? '-0.5' : null,
        total: totals[at],
        rank: rank(totals[at]),
        notes: totals[at] === null ? [['缺少“平时考核”，不出综合得分。', 'Without “平时考核” there is no total.']] : [],
      },
    }),
  );
  return {
    ...result,
    rows,
    combination: COMBINATION,
    rules: [...result.rules.slice(0, 3), ...RULES, ...result.rules.slice(3)],
  };
}

/** What the chair's page gets of the components of a round. */
export function componentsOf(plan: PlanView, isOpen = true): ComponentsView {
  const rows = plan.subjects.map(({ id }, at) => ({
    subject: id,
    components: [DAILY[at % 7]],
    adjustment: at === 1 ? '-0.5' : '',
    best_band: at === 5 ? 1 : 0,
  }));
  const missing = rows.filter((row) => row.components.includes('')).map((row) => row.subject);
  const grades = plan.scale.map(({ label, label_en }): [string, string] => [label, label_en]);
  return { round: 1, combination: COMBINATION, grades, rows, missing, is_open: isOpen };
}
