// The result on the wall, as far as it was released: ranking with scores, under each the means of its items where there are
// some, or suggested grades without.
import { language } from '../browser/language';
import { formTitle } from '../meeting/form_title';
import { gradeLabel, labelOf } from '../meeting/marks';
import { emsOf, evenPages, fittingSize, spacedName } from '../meeting/paging';
import { subjectOf, withForm } from '../meeting/plan';
import type { PlanView, ResultRow, ResultView } from '../protocol';
import { MarkBar } from './bars';
import { type MeansLayout, meansLayout, meansPages } from './item_means';
import { usePage } from './moving';
import { FootLetters } from './rules';
import { Banner, fit, Legend, PageNumber, type SceneInput, u } from './scene';
import { words } from './words';

export function ResultScene({ view, plan }: SceneInput) {
  return view.result ? <Ranking plan={withForm(plan, view.result.form)} result={view.result} /> : null;
}

function Ranking({ plan, result }: { plan: PlanView; result: ResultView }) {
  const texts = words();
  const rows = inOrder(result.rows);
  const items = rows.some((row) => row.items) ? plan.items.map((item) => labelOf(item, language.value)) : [];
  const means = items.length > 0 ? meansLayout(items, rows.length) : null;
  const pages = means
    ? meansPages(rows, items.length, means)
    : evenPages(rows).map((page) => page.map((row) => ({ row, places: [] })));
  const page = usePage(pages.length);
  const scored = rows.some((row) => row.score !== null);
  const title = result.combination ? texts.totalTitle : scored ? texts.resultTitle : texts.gradesTitle;
  const branches = rows.map((row) => subjectOf(plan, row.subject)?.branch ?? '');
  const branch_ems = Math.max(...branches.map(emsOf));
  const branchSize = Math.max(54, Math.min(scored ? 60 : 84, Math.floor(500 / branch_ems)));
  return (
    <section class="scene">
      <Banner plan={plan} side={formTitle(plan, language.value) || title} />
      <ol class={`ranking rows-${pages[page]?.length ?? 0}`} key={page}>
        {(pages[page] ?? []).map(({ row, places }, place) => (
          <Row
            key={row.subject}
            plan={plan}
            row={row}
            place={place}
            branch={{ size: branchSize, width: Math.ceil(branchSize * branch_ems) + 12 }}
            means={means && { ...means, items, places }}
          />
        ))}
      </ol>
      <footer class={result.record ? 'tally-foot has-letters' : 'tally-foot'}>
        {scored && plan.items.length === 0 && <Legend plan={plan} points />}
        <p>{texts.validSheets(result.total.valid)}</p>
        {result.record && <FootLetters of={texts.record} letters={result.record.digits} />}
        <PageNumber page={page} pages={pages.length} />
      </footer>
    </section>
  );
}

/** The place that counts: by the total, where scores are combined. */
const rankOf = (row: ResultRow) => (row.combined ? row.combined.rank : row.rank);

/** By rank where there is one, else as on the sheet. */
export function inOrder(rows: readonly ResultRow[]): ResultRow[] {
  const last = Number.MAX_SAFE_INTEGER;
  return rows
    .map((row, place) => ({ row, place }))
    .sort((one, other) => (rankOf(one.row) ?? last) - (rankOf(other.row) ?? last) || one.place - other.place)
    .map(({ row }) => row);
}

interface RowInput {
  plan: PlanView;
  row: ResultRow;
  place: number;
  /** The same for every row, so that bars begin in one line. */
  branch: { size: number; width: number };
  /** The labels of the items, and the places of those that stand on this page. */
  means: (Pick<MeansLayout, 'size' | 'columns'> & { items: readonly string[]; places: number[] }) | null;
}

function Row({ plan, row, place, branch, means }: RowInput) {
  const subject = subjectOf(plan, row.subject);
  const name = spacedName(subject?.secretary ?? '');
  const grade = row.suggested_grade && gradeLabel(plan.scale, row.suggested_grade, language.value);
  const rank = rankOf(row);
  const medal = rank ?? row.subject;
  const look = rank === null ? ' plain' : rank <= 3 ? ' first' : '';
  const score = row.combined ? row.combined.total : row.score;
  return (
    <li class={means ? 'with-means' : ''} style={{ animationDelay: `${place * 60}ms` }}>
      <span class={`medal number${look}`}>{medal}</span>
      <b class="rank-name" style={fit(fittingSize(name, 380, 104, 60))}>
        {name}
      </b>
      <span class="rank-branch" style={{ ...fit(branch.size), width: u(branch.width) }}>
        {subject?.branch}
      </span>
      <span class="rank-bar">{row.marks ? <MarkBar plan={plan} marks={row.marks} least={5} /> : null}</span>
      <span class={score === null ? 'rank-grade' : 'rank-score number'}>
        {score ?? (row.combined ? words().noTotal : (grade ?? words().noSuggestion))}
      </span>
      {means && (
        <ul class={`item-means columns-${means.columns}`} style={fit(means.size)}>
          {means.places.map((item) => (
            <li key={item}>
              <span>{means.items[item]}</span>
              <b class="number">{row.items?.[item]?.mean ?? '—'}</b>
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}
