// The print page: opened from the chair's page, or as a file out of an archive, which has its figures in it. It lays the forms
// out on A4; `#report` opens one of them, `#report,2` that of the second round, `#erased` what was
// destroyed of the people, `#new-slips,A` the slips that the page which opened it made for a group.
import '../browser/microtask';
import '../browser/theme.css';
import './print.css';
import { signal } from '@preact/signals';
import { render } from 'preact';
import { chooseLanguage, language } from '../browser/language';
import { titleOf } from '../meeting/form_title';
import { withForm, withMerged } from '../meeting/plan';
import { enteredBefore } from '../net/role_session';
import type { Prints } from '../protocol';
import { showErased } from './erased';
import { fetched, PaperRule, Sentence } from './fetching';
import { FORMS } from './forms';
import { showNewSlips } from './new_slips';
import { type FormInput, texts } from './parts';

/** Which form of which round is shown; no round is the last one that has something to print. */
const chosen = signal(read());

function read(): { id: string; round: number | null } {
  const [id = '', round] = location.hash.slice(1).split(',');
  return { id, round: round === undefined ? null : Number(round) };
}

/** What stands in the page itself, where it came out of an archive. */
function enclosed(): Prints | null {
  const text = document.getElementById('first')?.textContent;
  return text ? (JSON.parse(text) as Prints) : null;
}

function inputOf(prints: Prints): FormInput {
  const asked = prints.rounds.find((round) => round.number === chosen.value.round);
  const withResult = prints.rounds.find((round) => round.number === prints.results.at(-1)?.round);
  const live = [...prints.rounds].reverse().find((round) => round.state !== 'void');
  const round = asked ?? withResult ?? live ?? prints.rounds[0] ?? null;
  const merged = withMerged(prints.plan, round?.merged);
  const result = prints.results.find((each) => each.round === round?.number) ?? null;
  const plan = result ? withForm(merged, result.form) : merged;
  return { prints, plan, round, result };
}

/** The title of the form that a round's result is of, where the meeting has several. */
function titleOfRound(prints: Prints, number: number): string {
  const form = prints.results.find((each) => each.round === number)?.form;
  const title = form && titleOf(form, language.value);
  return title ? ` · ${title}` : '';
}

function Page({ prints }: { prints: Prints }) {
  const input = inputOf(prints);
  const form = FORMS.find((each) => each.id === chosen.value.id) ?? FORMS[0];
  if (!form) return null;
  document.title = `${texts().forms[form.id]} · ${prints.plan.title}`;
  const link = (id: string, round: number | null) => `#${id}${round === null ? '' : `,${round}`}`;
  return (
    <main>
      <PaperRule paper={form.paper} />
      <nav class="print-bar" aria-label={texts().allForms}>
        {FORMS.map((each) => (
          <a
            key={each.id}
            href={link(each.id, chosen.value.round)}
            class={each.isReady(input) ? '' : 'not-ready'}
            aria-current={each === form ? 'page' : undefined}
          >
            {texts().forms[each.id]}
          </a>
        ))}
        {prints.rounds.length > 1 && (
          <label>
            {texts().whichRound}{' '}
            <select
              value={String(input.round?.number)}
              onChange={(event) => {
                location.hash = link(form.id, Number(event.currentTarget.value));
              }}
            >
              {prints.rounds.map((round) => (
                <option key={round.number} value={String(round.number)}>
                  {texts().round(round.number)}
                  {titleOfRound(prints, round.number)}
                </option>
              ))}
            </select>
          </label>
        )}
        <button
          type="button"
          class="plain"
          onClick={() => chooseLanguage(language.value === 'zh' ? 'en' : 'zh')}
        >
          {texts().other_language}
        </button>
        <button type="button" onClick={() => print()}>
          {texts().print}
        </button>
      </nav>
      {form.isReady(input) ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: sheets that scroll must be reachable by keys.
        <section class="forms" tabIndex={0} aria-label={texts().forms[form.id]}>
          <form.Component {...input} />
        </section>
      ) : (
        <p class="print-sentence">{texts().nothing}</p>
      )}
    </main>
  );
}

async function show(root: HTMLElement): Promise<void> {
  addEventListener('hashchange', () => {
    if (location.hash === '#erased') return location.reload();
    chosen.value = read();
  });
  if (location.hash === '#erased') return showErased(root);
  const [, group] = /^#new-slips,(.*)$/.exec(location.hash) ?? [];
  if (group !== undefined) return showNewSlips(root, decodeURIComponent(group));
  const kept = enclosed();
  if (kept) return render(<Page prints={kept} />, root);
  const role = enteredBefore('chair');
  if (!role) return render(<Sentence text={texts().noSession} />, root);
  render(<Sentence text={texts().loading} />, root);
  const path = `/api/meetings/${encodeURIComponent(role.meeting)}/prints`;
  const prints = await fetched<Prints>(root, path, role.session);
  if (!prints) return render(<Sentence text={texts().noSession} />, root);
  render(<Page prints={prints} />, root);
}

const root = document.getElementById('page');
if (root) void show(root);
