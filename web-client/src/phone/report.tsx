// A written report, to be read in large type; the position is kept while the voter marks and comes back.
import { signal } from '@preact/signals-core';
import { ask } from '../net/requests';
import { Doctor } from './doctor';
import { goBack, openPage } from './pages';
import { plan, seat, subjects } from './state';
import { say } from './words';

/** Texts that were read in this window, by subject; the empty one failed. */
const texts = signal<Readonly<Record<number, string>>>({});

async function load(subject: number): Promise<void> {
  if (texts.value[subject] || !plan.value) return;
  const path = `/api/meetings/${plan.value.id}/subjects/${subject}/text`;
  const session = seat.value?.credential;
  const answer = await ask<string>('GET', path, { wantsText: true, ...(session ? { session } : {}) });
  texts.value = { ...texts.value, [subject]: answer.ok ? answer.value : '' };
}

export function openReport(subject: number): void {
  void load(subject);
  openPage({ name: 'report', subject });
}

export function Report({ subject }: { subject: number }) {
  const t = say();
  const who = subjects.value.find(({ id }) => id === subject);
  const text = texts.value[subject];
  return (
    <>
      <main class="inner reading">
        <h2 class="page-title">{who?.branch}</h2>
        <p class="hint">{who?.secretary}</p>
        {text === undefined && <p>{t.report_comes}</p>}
        {text === '' && (
          <button type="button" class="secondary" onClick={() => load(subject)}>
            {t.problems.try_again}
          </button>
        )}
        {text?.split(/\n+/).map((paragraph) => (
          <p key={paragraph}>{paragraph}</p>
        ))}
      </main>
      <footer>
        <div class="inner">
          <Doctor />
          <button type="button" class="primary" onClick={goBack}>
            {t.back}
          </button>
        </div>
      </footer>
    </>
  );
}
