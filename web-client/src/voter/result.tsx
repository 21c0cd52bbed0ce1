// The result, as far as the hall may see it: the server's own finished figures and bars of their lengths.

import type { ResultRow, ResultView } from '../protocol';
import { isWorst, markColour, markLabel } from './columns';
import { plan } from './meeting';
import { fill, isChinese, say } from './words';

export function ResultSection({ result }: { result: ResultView }) {
  const t = say();
  const { returned, issued, valid } = result.total;
  const hasGrades = result.rows.some(({ suggested_grade }) => suggested_grade !== null);
  return (
    <section class="result">
      <h2>{t.result}</h2>
      <p>{fill(t.turnout, returned, issued, valid)}</p>
      {result.rows.map((row) => (
        <Line key={row.subject} row={row} />
      ))}
      {hasGrades && <p class="hint">{t.not_final}</p>}
      {result.rules.length > 0 && (
        <details>
          <summary>{t.rules}</summary>
          <ul>
            {result.rules.map(([zh, en]) => (
              <li key={zh}>{isChinese() ? zh : en}</li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

function Line({ row }: { row: ResultRow }) {
  const t = say();
  const subject = plan.value?.subjects.find(({ id }) => id === row.subject);
  const grade = plan.value?.scale.find(({ id }) => id === row.suggested_grade);
  return (
    <div class="line">
      <p class="head">
        <span>
          <b>{subject?.branch}</b> {subject?.secretary}
        </span>
        {row.score !== null && <b class="score">{row.score}</b>}
      </p>
      <p class="facts">
        {row.rank !== null && <span>{fill(t.rank, row.rank)}</span>}
        {row.suggested_grade !== null && (
          <span>
            {t.suggested} <b>{grade ? markLabel(grade, isChinese()) : row.suggested_grade}</b>
          </span>
        )}
      </p>
      {row.marks && <Marks marks={row.marks} abstained={row.abstained} percents={row.percents} />}
    </div>
  );
}

function Marks(counts: { marks: number[]; abstained: number | null; percents: string[] | null }) {
  const t = say();
  const scale = plan.value?.scale ?? [];
  return (
    <>
      <div class="stack" aria-hidden="true">
        {scale.map((mark, index) => {
          const count = counts.marks[index] ?? 0;
          const colour = `mark-${markColour(scale, mark)}${isWorst(scale, mark) ? ' worst' : ''}`;
          return count > 0 && <i key={mark.id} class={colour} style={{ flexGrow: count }} />;
        })}
      </div>
      <p class="facts">
        {scale.map((mark, index) => (
          <span key={mark.id}>
            {markLabel(mark, isChinese())} <b>{fill(t.votes, counts.marks[index] ?? 0)}</b>
          </span>
        ))}
        {counts.abstained ? (
          <span>
            {t.abstained} <b>{fill(t.votes, counts.abstained)}</b>
          </span>
        ) : null}
      </p>
    </>
  );
}
