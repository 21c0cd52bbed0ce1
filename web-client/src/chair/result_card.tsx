// The result as a table, with the rules in force: only what the view contains.
import { language } from '../language';
import { labelOf, looksOf } from '../projector/marks';
import { subjectOf } from '../projector/picture';
import type { PlanView, ResultRow, ResultView } from '../protocol';
import { type Desk, words } from './desk';

export function ResultCard({ desk }: { desk: Desk }) {
  const texts = words();
  const { result } = desk.view;
  if (!result) return null;
  const { total } = result;
  return (
    <section class="panel result-card" aria-labelledby="result-title">
      <header>
        <h2 id="result-title">{texts.resultOf(result.round)}</h2>
        <span class="stage-chip">
          {texts.publishedTo}: {texts.publication[result.publication]}
        </span>
      </header>
      <p class="account">
        {texts.account(
          total.entitled,
          total.present,
          total.issued,
          total.returned,
          total.valid,
          total.invalid,
        )}
      </p>
      {result.rows.length > 0 && <ResultScroll plan={desk.plan} result={result} labelledBy="result-title" />}
      {result.rules.length > 0 && (
        <details class="rules" open>
          <summary>{texts.rules}</summary>
          <ul>
            {result.rules.map(([zh, en]) => (
              <li key={zh}>{language.value === 'en' ? en : zh}</li>
            ))}
          </ul>
        </details>
      )}
      <p class="print-links">
        <button
          type="button"
          onClick={() => {
            desk.window.value = { is: 'result' };
          }}
        >
          {texts.enlargeTable}
        </button>
        <a class="button" href="/print#summary" target="_blank" rel="noopener opener">
          {texts.printSummary}
        </a>
        <a class="button" href="/print#report" target="_blank" rel="noopener opener">
          {texts.printReport}
        </a>
      </p>
    </section>
  );
}

interface ResultScrollInput {
  plan: PlanView;
  result: ResultView;
  labelledBy: string;
}

/** The table in a frame that scrolls sideways where it is too wide. */
export function ResultScroll({ plan, result, labelledBy }: ResultScrollInput) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a table that scrolls must be reachable by keys.
    <section class="result-scroll" tabIndex={0} aria-labelledby={labelledBy}>
      <ResultTable plan={plan} result={result} />
    </section>
  );
}

function ResultTable({ plan, result }: { plan: PlanView; result: ResultView }) {
  const texts = words();
  const { rows } = result;
  const looks = looksOf(plan.scale);
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
            plan.scale.map((mark, place) => (
              <th scope="col" key={mark.id}>
                <i class={`swatch ${looks[place]?.name}${looks[place]?.hatched ? ' hatched' : ''}`} />
                {labelOf(mark, language.value)}
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
          {has('suggested_grade') && <th scope="col">{texts.table.grade}</th>}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Row key={row.subject} plan={plan} row={row} has={has} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ plan, row, has }: { plan: PlanView; row: ResultRow; has(part: keyof ResultRow): boolean }) {
  const texts = words();
  const subject = subjectOf(plan, row.subject);
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
            {row.marks?.[place] ?? '—'}
            {row.percents?.[place] !== undefined && <small>{row.percents[place]}%</small>}
          </td>
        ))}
      {has('abstained') && <td>{row.abstained ?? '—'}</td>}
      {has('recused') && <td>{row.recused ?? '—'}</td>}
      {has('groups') &&
        plan.groups.map((group, place) => (
          <td key={group.id} title={row.groups?.[place] ? undefined : texts.tooSmallToShow}>
            {row.groups?.[place]?.mean ?? '—'}
          </td>
        ))}
      {has('score') && <td class="strong">{row.score ?? '—'}</td>}
      {has('rank') && <td class="strong">{row.rank ?? '—'}</td>}
      {has('suggested_grade') && <td>{row.suggested_grade ?? '—'}</td>}
    </tr>
  );
}
