// What the print page gets from the server, once, and the sentence that stands there while it does not.
import { render } from 'preact';
import { inLanguage } from '../browser/language';
import { type Answer, ask } from '../net/requests';
import { printTexts } from '../texts/print';
import { type Paper, paperRule } from './paper_rule';

const RETRY_MS = 2000;

export function Sentence({ text }: { text: string }) {
  return (
    <main>
      <p class="print-sentence">{text}</p>
    </main>
  );
}

/** Asks until there is an answer; nothing where the server says no. */
export async function fetched<T>(root: HTMLElement, path: string, session: string): Promise<T | null> {
  for (;;) {
    const answer: Answer<T> = await ask('GET', path, { session });
    if (answer.ok) return answer.value;
    if (answer.problem.problem !== 'try_again') return null;
    render(<Sentence text={inLanguage(printTexts).trouble} />, root);
    await new Promise((resume) => setTimeout(resume, RETRY_MS));
  }
}

/** The size of the paper cannot be chosen by a class, so each form brings its own rule. */
export function PaperRule({ paper }: { paper: Paper }) {
  return <style>{paperRule(paper)}</style>;
}
