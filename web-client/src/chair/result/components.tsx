// The components that scores are combined with: what there is, and the window that imports a file: looked at by the server,
// shown with its mistakes, and kept only when the chair confirms.
import { useSignal } from '@preact/signals';
import { inLanguage, language } from '../../browser/language';
import { subjectOf } from '../../meeting/plan';
import { ask } from '../../net/requests';
import type {
  CombinationView,
  ComponentsMistake,
  ComponentsPreview,
  ComponentsRow,
  ComponentsView,
  ProblemKind,
} from '../../protocol';
import { componentsTexts } from '../../texts/components';
import { problemTexts } from '../../texts/problems';
import { type Desk, isChair, words } from '../desk';
import { Dialog } from '../dialog';
import { download } from '../download';

/** As the server takes them. */
const FILE_BYTES_MAX = 8 * 1024 * 1024;
/** Most subjects that one sentence names. */
const NAMED_MAX = 12;

const path = (desk: Desk, round: number) =>
  `/api/meetings/${encodeURIComponent(desk.role.meeting)}/rounds/${round}/components`;

/** `40% 测评得分 + 60% 平时考核`. */
function formula({ evaluation_share_percent, components }: CombinationView): string {
  const texts = inLanguage(componentsTexts);
  const own = texts.share(evaluation_share_percent, texts.evaluation);
  return [own, ...components.map((part) => texts.share(part.share_percent, part.name))].join(' + ');
}

function named(desk: Desk, subjects: readonly number[]): string {
  const names = subjects.slice(0, NAMED_MAX).map((id) => subjectOf(desk.plan, id)?.branch ?? String(id));
  const joined = names.join(language.value === 'zh' ? '、' : ', ');
  return subjects.length > NAMED_MAX ? `${joined} …` : joined;
}

export function ComponentsCard({ desk }: { desk: Desk }) {
  const { components } = desk.view;
  const texts = inLanguage(componentsTexts);
  const problem = useSignal<ProblemKind | null>(null);
  if (!components) return null;
  const { round, missing, is_open } = components;
  const all = desk.view.rounds.find(({ number }) => number === round)?.subjects.length ?? 0;
  const file = `${path(desk, round)}.csv?language=${language.value}`;
  return (
    <section class="panel components" aria-labelledby="components-title">
      <header>
        <h2 id="components-title">{texts.title}</h2>
      </header>
      <p>{formula(components.combination)}</p>
      <p>{texts.standing(all - missing.length, all)}</p>
      {missing.length > 0 && <p class="notice warn">{texts.missing(named(desk, missing))}</p>}
      <p class="quiet-text">{is_open ? texts.secret : texts.closed}</p>
      {isChair(desk) && is_open && (
        <p class="print-links">
          <button
            type="button"
            data-open="components"
            onClick={() => {
              desk.window.value = { is: 'components', round };
            }}
          >
            {texts.import}
          </button>
          <button
            type="button"
            onClick={() => {
              void download(file, desk.role.session, `components-${desk.plan.id}-${round}.csv`).then(
                (failed) => {
                  problem.value = failed;
                },
              );
            }}
          >
            {texts.file}
          </button>
        </p>
      )}
      {problem.value && (
        <p class="notice warn" role="alert">
          {inLanguage(problemTexts)[problem.value]}
        </p>
      )}
      {components.rows.length > 0 && (
        <details class="rules" open={is_open}>
          <summary>{texts.values}</summary>
          <Values desk={desk} components={components} rows={components.rows} />
        </details>
      )}
    </section>
  );
}

interface ValuesInput {
  desk: Desk;
  components: ComponentsView;
  rows: readonly ComponentsRow[];
}

function Values({ desk, components, rows }: ValuesInput) {
  const texts = inLanguage(componentsTexts);
  const { table } = words();
  const grade = (place: number) => {
    const [zh = '', en = ''] = components.grades[place] ?? [];
    return language.value === 'en' && en ? en : zh;
  };
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a table that scrolls must be reachable by keys.
    <section class="result-scroll" tabIndex={0} aria-label={texts.title}>
      <table class="result-table">
        <thead>
          <tr>
            <th scope="col">{table.number}</th>
            <th scope="col" class="left">
              {table.branch}
            </th>
            {components.combination.components.map(({ name }) => (
              <th scope="col" key={name}>
                {name}
              </th>
            ))}
            <th scope="col">{texts.adjustment}</th>
            <th scope="col">{texts.best}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.subject}>
              <td>{row.subject}</td>
              <th scope="row" class="left">
                {subjectOf(desk.plan, row.subject)?.branch}
              </th>
              {components.combination.components.map(({ name }, place) => (
                <td key={name}>{row.components[place] || '—'}</td>
              ))}
              <td>{row.adjustment}</td>
              <td>{row.best_band > 0 && grade(row.best_band)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

type Looked = { is: 'nothing' } | { is: 'looking' } | { is: 'failed'; problem: ProblemKind } | Preview;
type Preview = { is: 'preview' } & ComponentsPreview;

interface WindowInput {
  desk: Desk;
  round: number;
  close(): void;
}

export function ComponentsWindow({ desk, round, close }: WindowInput) {
  const texts = inLanguage(componentsTexts);
  const looked = useSignal<Looked>({ is: 'nothing' });
  const look = async (file: File) => {
    if (file.size > FILE_BYTES_MAX) {
      looked.value = { is: 'failed', problem: 'too_large' };
      return;
    }
    looked.value = { is: 'looking' };
    const bytes = new Uint8Array(await file.arrayBuffer());
    const { session } = desk.role;
    const answer = await ask<ComponentsPreview>('POST', path(desk, round), { session, bytes });
    looked.value = answer.ok
      ? { is: 'preview', ...answer.value }
      : { is: 'failed', problem: answer.problem.problem };
  };
  const now = looked.value;
  const rows = now.is === 'preview' && now.mistakes.length === 0 ? now.rows : [];
  return (
    <Dialog title={texts.title} onClose={close} size="wide">
      <p>{texts.how}</p>
      <p>
        <label class="file-choice">
          {texts.choose}{' '}
          <input
            type="file"
            accept=".csv,.xlsx"
            onChange={(event) => {
              const file = event.currentTarget.files?.[0];
              if (file) void look(file);
            }}
          />
        </label>
      </p>
      <div role="status">
        {now.is === 'looking' && <p>{texts.looking}</p>}
        {now.is === 'failed' && <p class="notice warn">{inLanguage(problemTexts)[now.problem]}</p>}
        {now.is === 'preview' && now.mistakes.length > 0 && <Mistakes mistakes={now.mistakes} />}
        {now.is === 'preview' && now.mistakes.length === 0 && <Found desk={desk} round={round} rows={rows} />}
      </div>
      <div class="window-buttons">
        <button type="button" onClick={close}>
          {words().cancel}
        </button>
        {rows.length > 0 && (
          <button
            type="button"
            class="fill"
            onClick={() => {
              desk.commands.send({ do: 'import_components', round, rows });
              close();
            }}
          >
            {texts.replace}
          </button>
        )}
      </div>
    </Dialog>
  );
}

function Mistakes({ mistakes }: { mistakes: readonly ComponentsMistake[] }) {
  const texts = inLanguage(componentsTexts);
  return (
    <>
      <p class="notice warn">{texts.wrong(mistakes.length)}</p>
      <ul class="confirm-list">
        {mistakes.map(({ line, message }, at) => (
          <li key={at}>{texts.line(line, message[language.value === 'en' ? 1 : 0])}</li>
        ))}
      </ul>
    </>
  );
}

function Found({ desk, round, rows }: { desk: Desk; round: number; rows: readonly ComponentsRow[] }) {
  const texts = inLanguage(componentsTexts);
  const { components } = desk.view;
  if (rows.length === 0) return <p class="notice warn">{texts.none}</p>;
  const subjects = desk.view.rounds.find(({ number }) => number === round)?.subjects ?? [];
  const isWhole = (subject: number) =>
    rows.some((row) => row.subject === subject && row.components.every((value) => value !== ''));
  const gaps = subjects.filter((subject) => !isWhole(subject));
  return (
    <>
      <p>{texts.found(rows.length)}</p>
      {gaps.length > 0 && <p class="notice warn">{texts.gaps(named(desk, gaps))}</p>}
      {components && <Values desk={desk} components={components} rows={rows} />}
    </>
  );
}
