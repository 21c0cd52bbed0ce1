// The print page: opened from the chair's page, it fetches the view once and lays the forms out on A4. `#summary` is F3, `#report` F2.
import '../theme.css';
import './print.css';
import { render } from 'preact';
import { inLanguage } from '../language';
import type { ChairView, PlanView, ServerMessage } from '../protocol';
import { type Answer, ask } from '../requests';
import { enteredBefore } from '../role_session';
import { printTexts } from '../texts/print';
import { formOf, ReportForm, SummaryForm } from './sheets';

const RETRY_MS = 2000;

function Sentence({ text }: { text: string }) {
  return (
    <main>
      <p class="print-sentence">{text}</p>
    </main>
  );
}

/** The size of the paper cannot be chosen by a class, so each form brings its own rule. */
function setPaper(orientation: 'landscape' | 'portrait'): void {
  const style = document.createElement('style');
  style.textContent = `@page { size: A4 ${orientation}; margin: 0 }`;
  document.head.append(style);
}

async function fetched<T>(root: HTMLElement, path: string, session: string): Promise<T | null> {
  for (;;) {
    const answer: Answer<T> = await ask('GET', path, { session });
    if (answer.ok) return answer.value;
    if (answer.problem.problem !== 'try_again') return null;
    render(<Sentence text={inLanguage(printTexts).trouble} />, root);
    await new Promise((resume) => setTimeout(resume, RETRY_MS));
  }
}

async function show(root: HTMLElement): Promise<void> {
  const texts = inLanguage(printTexts);
  const isReport = location.hash === '#report';
  document.title = isReport ? texts.report : texts.summary;
  setPaper(isReport ? 'portrait' : 'landscape');
  const role = enteredBefore('chair');
  if (!role) return render(<Sentence text={texts.noSession} />, root);
  render(<Sentence text={texts.loading} />, root);
  const at = `/api/meetings/${encodeURIComponent(role.meeting)}`;
  const plan = await fetched<PlanView>(root, `${at}/plan`, role.session);
  const message = await fetched<ServerMessage>(root, `${at}/view`, role.session);
  if (!plan || message?.kind !== 'chair') return render(<Sentence text={texts.noSession} />, root);
  const view: ChairView = message;
  const form = formOf(view, plan);
  if (!form) return render(<Sentence text={texts.nothing} />, root);
  const Form = isReport ? ReportForm : SummaryForm;
  render(
    <main>
      <div class="print-bar">
        <button type="button" onClick={() => print()}>
          {texts.print}
        </button>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: sheets that scroll must be reachable by keys. */}
      <section class="forms" tabIndex={0} aria-label={document.title}>
        <Form {...form} />
      </section>
    </main>,
    root,
  );
}

const root = document.getElementById('page');
if (root) {
  addEventListener('hashchange', () => location.reload());
  void show(root);
}
