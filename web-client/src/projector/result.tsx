// The result on the wall, as far as it was released: ranking with scores, or suggested grades without.
import type { PlanView, ResultRow, ResultView } from '../protocol';
import { MarkBar } from './bars';
import { usePage } from './moving';
import { emsOf, evenPages, fittingSize, spacedName } from './paging';
import { subjectOf } from './picture';
import { Banner, fit, Legend, PageNumber, type SceneInput, u } from './scene';
import { words } from './words';

export function ResultScene({ view, plan }: SceneInput) {
  return view.result ? <Ranking plan={plan} result={view.result} /> : null;
}

function Ranking({ plan, result }: { plan: PlanView; result: ResultView }) {
  const texts = words();
  const rows = inOrder(result.rows);
  const pages = evenPages(rows);
  const page = usePage(pages.length);
  const scored = rows.some((row) => row.score !== null);
  const branches = rows.map((row) => subjectOf(plan, row.subject)?.branch ?? '');
  const branch_ems = Math.max(...branches.map(emsOf));
  const branchSize = Math.max(54, Math.min(scored ? 60 : 84, Math.floor(500 / branch_ems)));
  return (
    <section class="scene">
      <Banner plan={plan} side={scored ? texts.resultTitle : texts.gradesTitle} />
      <ol class={`ranking rows-${pages[page]?.length ?? 0}`} key={page}>
        {(pages[page] ?? []).map((row, place) => (
          <Row
            key={row.subject}
            plan={plan}
            row={row}
            place={place}
            branch={{ size: branchSize, width: Math.ceil(branchSize * branch_ems) + 12 }}
          />
        ))}
      </ol>
      <footer class="tally-foot">
        {scored && <Legend plan={plan} points />}
        <p>{texts.validSheets(result.total.valid)}</p>
        <PageNumber page={page} pages={pages.length} />
      </footer>
    </section>
  );
}

/** By rank where there is one, else as on the sheet. */
export function inOrder(rows: readonly ResultRow[]): ResultRow[] {
  const last = Number.MAX_SAFE_INTEGER;
  return rows
    .map((row, place) => ({ row, place }))
    .sort((one, other) => (one.row.rank ?? last) - (other.row.rank ?? last) || one.place - other.place)
    .map(({ row }) => row);
}

interface RowInput {
  plan: PlanView;
  row: ResultRow;
  place: number;
  /** The same for every row, so that bars begin in one line. */
  branch: { size: number; width: number };
}

function Row({ plan, row, place, branch }: RowInput) {
  const subject = subjectOf(plan, row.subject);
  const name = spacedName(subject?.secretary ?? '');
  const medal = row.rank ?? row.subject;
  const look = row.rank === null ? ' plain' : row.rank <= 3 ? ' first' : '';
  return (
    <li style={{ animationDelay: `${place * 60}ms` }}>
      <span class={`medal number${look}`}>{medal}</span>
      <b class="rank-name" style={fit(fittingSize(name, 380, 104, 60))}>
        {name}
      </b>
      <span class="rank-branch" style={{ ...fit(branch.size), width: u(branch.width) }}>
        {subject?.branch}
      </span>
      <span class="rank-bar">{row.marks ? <MarkBar plan={plan} marks={row.marks} least={5} /> : null}</span>
      <span class={row.score === null ? 'rank-grade' : 'rank-score number'}>
        {row.score ?? row.suggested_grade ?? words().noSuggestion}
      </span>
    </li>
  );
}
