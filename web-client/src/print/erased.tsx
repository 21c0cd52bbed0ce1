// The sheet that says what was destroyed of a meeting's people, to be signed and filed.
import { render } from 'preact';
import { inLanguage } from '../browser/language';
import { enteredBefore, exchange } from '../net/role_session';
import type { Destroyed, PlanView, ServerMessage } from '../protocol';
import { eraseTexts } from '../texts/erase';
import { keptTexts } from '../texts/kept';
import { fetched, PaperRule, Sentence } from './fetching';
import { texts as printed, Signatures } from './parts';

function ErasedForm({ plan, destroyed }: { plan: PlanView; destroyed: readonly Destroyed[] }) {
  const texts = inLanguage(eraseTexts);
  const kinds = inLanguage(keptTexts).kinds;
  return (
    <section class="sheet portrait erased-sheet">
      <header class="head">
        <p class="head-host">
          {plan.host} · {plan.title}
        </p>
        <h1>{texts.form}</h1>
      </header>
      <p class="report-text">{texts.intro(plan.title)}</p>
      <table class="report-table">
        <thead>
          <tr>
            <th class="left">{texts.what}</th>
            <th class="left">{texts.where}</th>
            <th>{texts.count}</th>
          </tr>
        </thead>
        {destroyed.map((place, at) => (
          <tbody key={`${place.place}.${at}`}>
            <tr>
              <th class="left" colSpan={2} scope="rowgroup">
                {place.place || texts.server}
              </th>
              <td>{place.is_done ? '' : texts.pending}</td>
            </tr>
            {place.things.map((thing) => (
              <tr key={thing.name}>
                <td class="left">{kinds[thing.kind].name}</td>
                <td class="left">
                  <code>{thing.name}</code>
                </td>
                <td>{thing.count}</td>
              </tr>
            ))}
          </tbody>
        ))}
      </table>
      <p class="report-text">{texts.stays}</p>
      <p class="report-text">{texts.outside}</p>
      <Signatures />
    </section>
  );
}

/** Fetches what was destroyed and lays it out. */
export async function showErased(root: HTMLElement): Promise<void> {
  const texts = printed();
  document.title = inLanguage(eraseTexts).form;
  const role = enteredBefore('chair');
  if (!role) return render(<Sentence text={texts.noSession} />, root);
  render(<Sentence text={texts.loading} />, root);
  // Sessions are among what is erased; the link opens the same one again.
  await exchange('chair', role.capability, role.session);
  const at = `/api/meetings/${encodeURIComponent(role.meeting)}`;
  const plan = await fetched<PlanView>(root, `${at}/plan`, role.session);
  const message = await fetched<ServerMessage>(root, `${at}/view`, role.session);
  if (!plan || message?.kind !== 'chair') return render(<Sentence text={texts.noSession} />, root);
  if (!message.destroyed) return render(<Sentence text={texts.nothing} />, root);
  render(
    <main>
      <PaperRule paper="portrait" />
      <nav class="print-bar" aria-label={texts.allForms}>
        <button type="button" onClick={() => print()}>
          {texts.print}
        </button>
      </nav>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: sheets that scroll must be reachable by keys. */}
      <section class="forms" tabIndex={0} aria-label={document.title}>
        <ErasedForm plan={plan} destroyed={message.destroyed} />
      </section>
    </main>,
    root,
  );
}
