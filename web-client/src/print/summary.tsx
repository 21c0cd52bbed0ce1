// F3, the summary table with a table for each group. A table that is too wide for the paper is parted: marks first, then groups.
import { inLanguage, language } from '../browser/language';
import { labelOf } from '../meeting/marks';
import { subjectOf } from '../meeting/plan';
import type { GroupView, ItemView, MarkView, PlanView, ResultRow, ResultView } from '../protocol';
import { componentsTexts } from '../texts/components';
import { columnWidth, FIT_MIN, rowPages, rulesHeight, tableFit, wrapped } from './pages';
import { type FormInput, Head, Names, namesWidth, Sheet, Signatures, sentences, texts } from './parts';

/** A4 landscape between its margins. */
const ROOM_MM = 272;
/** Most groups beside each other where they have a table of their own. */
const GROUPS_MOST = 8;
/** Most subjects that a page says something is missing of. */
const MISSING_MOST = 8;

/** What one table of the summary shows beside the names. */
interface Part {
  marks: readonly MarkView[];
  /** Of a form with items the mean of each, in place of marks. */
  items: readonly ItemView[];
  groups: readonly GroupView[];
  hasResult: boolean;
  /** Whether scores are combined. */
  hasTotals: boolean;
}

interface Page {
  rows: ResultRow[];
  part: Part | null;
  group: GroupView | null;
}

function partWidths(plan: PlanView, { marks, items, groups, hasResult, hasTotals }: Part): number[] {
  const hasCounts = marks.length + items.length > 0;
  return [
    ...namesWidth(plan),
    ...marks.flatMap((mark) => {
      const half = labelOf(mark, language.value).slice(0, 8);
      return [columnWidth([texts().votes, '000', half.slice(4)]), columnWidth(['100.0', half.slice(0, 4)])];
    }),
    ...items.map((item) => columnWidth([...wrapped(labelOf(item, language.value)), '100.00'])),
    ...(hasCounts
      ? [
          columnWidth([texts().report_kind, texts().onsite]),
          columnWidth([texts().abstained]),
          columnWidth([texts().recused]),
        ]
      : []),
    ...groups.map((group) => columnWidth(['100.00', group.id, `${group.weight_percent}%`])),
    ...(hasResult
      ? [
          columnWidth([texts().score, '100.00']),
          columnWidth([texts().rank]),
          ...(hasTotals ? [columnWidth(['综合', '100.00']), columnWidth(['综合'])] : []),
          columnWidth([texts().absent, texts().note]),
        ]
      : []),
  ];
}

/** The marks in as few tables as can be read. */
function marksIn(plan: PlanView, hasTotals: boolean): Part[] {
  const { scale } = plan;
  for (let tables = 1; ; tables += 1) {
    const most = Math.ceil(scale.length / tables);
    const part = (from: number): Part => ({
      marks: scale.slice(from, from + most),
      items: [],
      groups: [],
      hasResult: false,
      hasTotals,
    });
    const parts = Array.from({ length: Math.ceil(scale.length / most) }, (_, place) => part(place * most));
    if (most === 1 || parts.every((each) => tableFit(partWidths(plan, each), ROOM_MM) >= FIT_MIN))
      return parts;
  }
}

/** The whole table where it fits, else the marks, then the groups with the result. */
function partsOf(plan: PlanView, hasTotals: boolean): Part[] {
  const { items, groups } = plan;
  const marks = items.length > 0 ? [] : plan.scale;
  const whole: Part = { marks, items, groups, hasResult: true, hasTotals };
  if (tableFit(partWidths(plan, whole), ROOM_MM) >= FIT_MIN) return [whole];
  const ofItems: Part = { marks, items, groups: [], hasResult: false, hasTotals };
  const parts: Part[] = items.length > 0 ? [ofItems] : marksIn(plan, hasTotals);
  for (let from = 0; from < plan.groups.length; from += GROUPS_MOST) {
    parts.push({
      marks: [],
      items: [],
      groups: plan.groups.slice(from, from + GROUPS_MOST),
      hasResult: from + GROUPS_MOST >= plan.groups.length,
      hasTotals,
    });
  }
  return parts;
}

function pagesFor(plan: PlanView, result: ResultView, rules: readonly string[]): Page[] {
  const rows = result.rows;
  const parts = partsOf(plan, result.combination !== undefined).flatMap((part, place) =>
    rowPages(rows, place === 0 ? rulesHeight(rules) : 0).map((rows) => ({ rows, part, group: null })),
  );
  const shown = plan.groups.filter((_, place) => rows.some((row) => row.groups?.[place] != null));
  const groups = shown.flatMap((group) => rowPages(rows, 0).map((rows) => ({ rows, part: null, group })));
  return [...parts, ...groups];
}

export function SummaryForm(form: FormInput) {
  const { result, plan } = form;
  if (!result) return null;
  const rules = sentences(result.rules);
  const pages = pagesFor(plan, result, rules);
  const begins = (place: number) => {
    const [page, before] = [pages[place], pages[place - 1]];
    return before?.part !== page?.part || before?.group !== page?.group || place === 0;
  };
  return (
    <>
      {pages.map(({ rows, part, group }, place) => (
        <Sheet hasFigures form={form} paper="landscape" page={place + 1} of={pages.length} key={place}>
          {begins(place) && (
            <Head
              form={form}
              title={group ? texts().groupSheet(group.id, group.name) : texts().summary}
              rules={place === 0 ? rules : []}
            />
          )}
          {group && <GroupTable plan={plan} rows={rows} group={group} />}
          {part && <SummaryTable plan={plan} rows={rows} part={part} />}
          {(place === pages.length - 1 || begins(place + 1)) && <Signatures />}
        </Sheet>
      ))}
    </>
  );
}

function SummaryTable({ plan, rows, part }: { plan: PlanView; rows: readonly ResultRow[]; part: Part }) {
  const fit = tableFit(partWidths(plan, part), ROOM_MM);
  const { marks, items, groups, hasResult } = part;
  const hasCounts = marks.length + items.length > 0;
  const hasTotals = hasResult && part.hasTotals;
  return (
    <>
      <table style={{ '--fit': String(fit) }}>
        <thead>
          <tr>
            <th rowSpan={2}>{texts().number}</th>
            <th rowSpan={2}>{texts().branch}</th>
            <th rowSpan={2}>{texts().secretary}</th>
            {hasCounts && <th rowSpan={2}>{texts().report_kind}</th>}
            {marks.map((mark) => (
              <th key={mark.id} colSpan={2}>
                {labelOf(mark, language.value)}
              </th>
            ))}
            {items.map((item) => (
              <th key={item.label} rowSpan={2}>
                {labelOf(item, language.value)}
                <small>{item.weight_percent}%</small>
              </th>
            ))}
            {hasCounts && <th rowSpan={2}>{texts().abstained}</th>}
            {hasCounts && <th rowSpan={2}>{texts().recused}</th>}
            {groups.map((group) => (
              <th key={group.id} rowSpan={2}>
                {group.id}
                <small>{group.weight_percent}%</small>
              </th>
            ))}
            {hasResult && <th rowSpan={2}>{texts().score}</th>}
            {hasResult && <th rowSpan={2}>{texts().rank}</th>}
            {hasTotals && <th rowSpan={2}>{inLanguage(componentsTexts).total}</th>}
            {hasTotals && <th rowSpan={2}>{inLanguage(componentsTexts).totalRank}</th>}
            {hasResult && <th rowSpan={2}>{texts().note}</th>}
          </tr>
          <tr>
            {marks.map((mark) => [
              <th key={`${mark.id}.votes`}>{texts().votes}</th>,
              <th key={`${mark.id}.percent`}>{texts().percent}</th>,
            ])}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <SummaryRow key={row.subject} plan={plan} row={row} part={part} />
          ))}
        </tbody>
      </table>
      {groups.length > 0 && rows.some((row) => row.groups?.some((group) => group === null) ?? true) && (
        <p class="remark">{texts().tooSmall}</p>
      )}
      {hasTotals && <Missing plan={plan} rows={rows} />}
    </>
  );
}

/** Whose total is missing, and why: under the table, because a column of sentences would be wider than the figures. */
function Missing({ plan, rows }: { plan: PlanView; rows: readonly ResultRow[] }) {
  const without = rows.filter((row) => (row.combined?.notes.length ?? 0) > 0);
  if (without.length === 0) return null;
  const line = (row: ResultRow) =>
    `${row.subject} ${subjectOf(plan, row.subject)?.branch ?? ''}：${sentences(row.combined?.notes ?? []).join('')}`;
  return <p class="remark">{without.slice(0, MISSING_MOST).map(line).join('　')}</p>;
}

function SummaryRow({ plan, row, part }: { plan: PlanView; row: ResultRow; part: Part }) {
  const subject = subjectOf(plan, row.subject);
  const { marks, items, groups, hasResult } = part;
  const hasCounts = marks.length + items.length > 0;
  const hasTotals = hasResult && part.hasTotals;
  return (
    <tr>
      <td>{row.subject}</td>
      <Names plan={plan} subject={row.subject} />
      {hasCounts && <td>{subject?.report === 'written' ? texts().written : texts().onsite}</td>}
      {marks.map((mark) => {
        const place = plan.scale.indexOf(mark);
        return [
          <td key={`${mark.id}.votes`}>{row.marks?.[place] ?? '—'}</td>,
          <td key={`${mark.id}.percent`}>{row.percents?.[place] ?? '—'}</td>,
        ];
      })}
      {items.map((item) => (
        <td key={item.label}>{row.items?.[plan.items.indexOf(item)]?.mean ?? '—'}</td>
      ))}
      {hasCounts && <td>{row.abstained ?? '—'}</td>}
      {hasCounts && <td>{row.recused ?? '—'}</td>}
      {groups.map((group) => (
        <td key={group.id}>{row.groups?.[plan.groups.indexOf(group)]?.mean ?? '—'}</td>
      ))}
      {hasResult && <td class="strong">{row.score ?? '—'}</td>}
      {hasResult && <td class="strong">{row.rank ?? '—'}</td>}
      {hasTotals && <td class="strong">{row.combined?.total ?? '—'}</td>}
      {hasTotals && <td class="strong">{row.combined?.rank ?? '—'}</td>}
      {hasResult && <td>{subject?.absent ? texts().absent : ''}</td>}
    </tr>
  );
}

function GroupTable({ plan, rows, group }: { plan: PlanView; rows: readonly ResultRow[]; group: GroupView }) {
  const place = plan.groups.indexOf(group);
  // Of rows with items a group has the mean of each, in place of marks.
  const { items } = plan;
  const scale = items.length > 0 ? [] : plan.scale;
  const widths = [
    ...namesWidth(plan),
    ...scale.map((mark) => columnWidth([...wrapped(labelOf(mark, language.value)), '0000'])),
    ...items.map((item) => columnWidth([...wrapped(labelOf(item, language.value)), '100.00'])),
    columnWidth([texts().abstained]),
    columnWidth([texts().recused]),
    columnWidth([texts().mean, '100.00']),
  ];
  return (
    <table style={{ '--fit': String(tableFit(widths, ROOM_MM)) }}>
      <thead>
        <tr>
          <th>{texts().number}</th>
          <th>{texts().branch}</th>
          <th>{texts().secretary}</th>
          {scale.map((mark) => (
            <th key={mark.id}>{labelOf(mark, language.value)}</th>
          ))}
          {items.map((item) => (
            <th key={item.label}>
              {labelOf(item, language.value)}
              <small>{item.weight_percent}%</small>
            </th>
          ))}
          <th>{texts().abstained}</th>
          <th>{texts().recused}</th>
          <th>{texts().mean}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => {
          const figures = row.groups?.[place];
          return (
            <tr key={row.subject}>
              <td>{row.subject}</td>
              <Names plan={plan} subject={row.subject} />
              {scale.map((mark, mark_place) => (
                <td key={mark.id}>{figures?.marks[mark_place] ?? '—'}</td>
              ))}
              {items.map((item, item_place) => (
                <td key={item.label}>{figures?.items?.[item_place]?.mean ?? '—'}</td>
              ))}
              <td>{figures?.abstained ?? '—'}</td>
              <td>{figures?.recused ?? '—'}</td>
              <td class="strong">{figures?.mean ?? '—'}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
