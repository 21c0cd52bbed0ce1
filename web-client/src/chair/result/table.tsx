// The table of a result. Each of its figures is a button that opens the way to it.
import { inLanguage, language } from '../../browser/language';
import { gradeLabel, labelOf, lookOf } from '../../meeting/marks';
import { subjectOf, withForm, withMerged } from '../../meeting/plan';
import type { Figure, PlanView, ResultRow, ResultView } from '../../protocol';
import { componentsTexts } from '../../texts/components';
import { type Desk, words } from '../desk';

interface ResultScrollInput {
  desk: Desk;
  result: ResultView;
  labelledBy: string;
}

/** The table in a frame that scrolls sideways where it is too wide. */
export function ResultScroll({ desk, result, labelledBy }: ResultScrollInput) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a table that scrolls must be reachable by keys.
    <section class="result-scroll" tabIndex={0} aria-labelledby={labelledBy}>
      <ResultTable desk={desk} result={result} />
    </section>
  );
}

function ResultTable({ desk, result }: { desk: Desk; result: ResultView }) {
  const texts = words();
  const plan = withForm(withMerged(desk.plan, result.merged), result.form);
  const explain = (subject: number, figure: Figure) => {
    desk.window.value = { is: 'explain', round: result.round, subject, figure };
  };
  const { rows } = result;
  const has = (part: keyof ResultRow) => rows.some((row) => row[part] !== null);
  return (
    <table class="result-table">
      <thead>
        <tr>
          <th scope="col">{texts.table.number}</th>
          <th scope="col" class="left">
            {texts.table.branch}
          </th>
          <th scope="col" class="left">
            {texts.table.secretary}
          </th>
          {has('marks') &&
            plan.scale.map((mark) => (
              <th scope="col" key={mark.id}>
                <i class={`swatch ${lookOf(plan.scale, mark)}`} />
                {labelOf(mark, language.value)}
              </th>
            ))}
          {plan.items.map((item) => (
            <th scope="col" key={item.label} class="item">
              {labelOf(item, language.value)}
              <small>{item.weight_percent}%</small>
            </th>
          ))}
          {has('abstained') && <th scope="col">{texts.table.abstained}</th>}
          {has('recused') && <th scope="col">{texts.table.recused}</th>}
          {has('groups') &&
            plan.groups.map((group) => (
              <th scope="col" key={group.id} title={group.name}>
                {group.id}
              </th>
            ))}
          {has('score') && <th scope="col">{texts.table.score}</th>}
          {has('rank') && <th scope="col">{texts.table.rank}</th>}
          {result.combination && <th scope="col">{inLanguage(componentsTexts).total}</th>}
          {result.combination && <th scope="col">{inLanguage(componentsTexts).totalRank}</th>}
          {has('suggested_grade') && <th scope="col">{texts.table.grade}</th>}
          {has('top_rate_percent') && <th scope="col">{texts.table.topRate}</th>}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Row key={row.subject} plan={plan} row={row} has={has} explain={explain} />
        ))}
      </tbody>
    </table>
  );
}

/** Why there is no total. */
const notesOf = (row: ResultRow) =>
  row.combined?.notes.map(([zh, en]) => (language.value === 'en' ? en : zh)).join(' ') || undefined;

interface RowInput {
  plan: PlanView;
  row: ResultRow;
  has(part: keyof ResultRow): boolean;
  explain(subject: number, figure: Figure): void;
}

function Row({ plan, row, has, explain }: RowInput) {
  const texts = words();
  const subject = subjectOf(plan, row.subject);
  const open = (figure: Figure, text: string | number | null | undefined) =>
    text === null || text === undefined ? (
      '—'
    ) : (
      <button
        type="button"
        class="figure"
        aria-haspopup="dialog"
        title={texts.explain}
        onClick={() => explain(row.subject, figure)}
      >
        {text}
      </button>
    );
  return (
    <tr>
      <td>{row.subject}</td>
      <th scope="row" class="left">
        {subject?.branch}
      </th>
      <td class="left">{subject?.secretary}</td>
      {has('marks') &&
        plan.scale.map((mark, place) => (
          <td key={mark.id}>
            {open({ is: 'mark', mark: mark.id }, row.marks?.[place])}
            {row.percents?.[place] !== undefined && <small>{row.percents[place]}%</small>}
          </td>
        ))}
      {plan.items.map((item, place) => (
        <td key={item.label}>{open({ is: 'item', item: place }, row.items?.[place]?.mean)}</td>
      ))}
      {has('abstained') && <td>{open({ is: 'abstained' }, row.abstained)}</td>}
      {has('recused') && <td>{open({ is: 'recused' }, row.recused)}</td>}
      {has('groups') &&
        plan.groups.map((group, place) => (
          <td key={group.id} title={row.groups?.[place] ? undefined : texts.tooSmallToShow}>
            {open({ is: 'group_mean', group: group.id }, row.groups?.[place]?.mean)}
          </td>
        ))}
      {has('score') && <td class="strong">{open({ is: 'score' }, row.score)}</td>}
      {has('rank') && <td class="strong">{open({ is: 'rank' }, row.rank)}</td>}
      {row.combined && (
        <td class="strong" title={notesOf(row)}>
          {open({ is: 'total' }, row.combined.total ?? '—')}
        </td>
      )}
      {row.combined && <td class="strong">{open({ is: 'total_rank' }, row.combined.rank)}</td>}
      {has('suggested_grade') && (
        <td>
          {open(
            { is: 'suggested_grade' },
            row.suggested_grade && gradeLabel(plan.scale, row.suggested_grade, language.value),
          )}
        </td>
      )}
      {has('top_rate_percent') && (
        <td>{open({ is: 'top_rate' }, row.top_rate_percent && `${row.top_rate_percent}%`)}</td>
      )}
    </tr>
  );
}
