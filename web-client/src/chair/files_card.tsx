// What can be printed and taken away: forms on A4, tables as files, and the archive of a closed meeting.
import { useSignal } from '@preact/signals';
import { inLanguage, language } from '../browser/language';
import type { ProblemKind } from '../protocol';
import { problemTexts } from '../texts/problems';
import { type Desk, isChair, words } from './desk';
import { download } from './download';

export function FilesCard({ desk }: { desk: Desk }) {
  const texts = words();
  const problem = useSignal<ProblemKind | null>(null);
  const busy = useSignal<string | null>(null);
  const { view } = desk;
  const isOver = view.now.phase === 'closed' || view.now.phase === 'archived';
  const file = (path: string, name: string, label: string) => (
    <button
      type="button"
      key={name}
      disabled={busy.value !== null}
      onClick={() => {
        busy.value = name;
        problem.value = null;
        void download(
          `/api/meetings/${encodeURIComponent(desk.role.meeting)}/${path}`,
          desk.role.session,
          name,
        ).then((failed) => {
          busy.value = null;
          problem.value = failed;
        });
      }}
    >
      {label}
    </button>
  );
  const { result } = view;
  const table = (name: string) => `exports/${name}?round=${result?.round}&language=${language.value}`;
  const named = (name: string) => `${desk.plan.id}-${result?.round}-${name}`;
  return (
    <section class="panel files" aria-labelledby="files-title">
      <header>
        <h2 id="files-title">{texts.files}</h2>
      </header>
      <p class="print-links">
        {Object.entries(texts.prints).map(([form, label]) => (
          <a class="button" key={form} href={`/print#${form}`} target="_blank" rel="noopener opener">
            {label}
          </a>
        ))}
      </p>
      {result && (
        <p class="print-links">
          {file(table('tables.xlsx'), named('tables.xlsx'), texts.downloads.xlsx)}
          {file(table('summary.csv'), named('summary.csv'), texts.downloads.summary)}
          {file(table('groups.csv'), named('groups.csv'), texts.downloads.groups)}
        </p>
      )}
      {isOver && isChair(desk) && (
        <p class="print-links">{file('archive.zip', `${desk.plan.id}.zip`, texts.downloads.archive)}</p>
      )}
      {problem.value && (
        <p class="notice warn" role="alert">
          {inLanguage(problemTexts)[problem.value]}
        </p>
      )}
    </section>
  );
}
