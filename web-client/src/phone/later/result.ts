// The result on a phone, as far as the hall may see it: the server's own finished figures and bars of their lengths. Drawn by
// later.js, so that the phone's own page stays small.

import { fill } from '../../meeting/fill';
import { titleOf } from '../../meeting/form_title';
import { gradeLabel, labelOf, lookOf } from '../../meeting/marks';
import type { ResultRow, ResultView, SubjectView } from '../../protocol';
import type { Language } from '../../texts/language';
import { type PhoneResultTexts, phoneResultTexts } from '../../texts/phone_result';
import { element } from './elements';
import { bringStyle } from './style';

/** What the phone's page gives. */
export interface ResultInputs {
  language: Language;
  subjects: readonly SubjectView[];
  result: ResultView | null;
}

interface ResultDrawing extends ResultInputs {
  result: ResultView;
  t: PhoneResultTexts;
}

/** Draws the result anew only where it changed: what was opened stays open. */
export function drawResult(host: HTMLElement, { language, subjects, result }: ResultInputs): void {
  const drawn = JSON.stringify([language, result]);
  if (host.dataset.drawn === drawn) return;
  host.dataset.drawn = drawn;
  bringStyle();
  host.replaceChildren();
  if (result) host.append(section({ language, subjects, result, t: phoneResultTexts[language] }));
}

function section(drawing: ResultDrawing): HTMLElement {
  const { t, language, result } = drawing;
  const { returned, issued, valid } = result.total;
  const form = titleOf(result.form, language);
  const host = element('section', 'result', element('h2', '', t.result));
  if (form) host.append(element('h3', '', form));
  host.append(element('p', '', fill(t.turnout, returned, issued, valid)));
  host.append(...result.rows.map((row) => line(drawing, row)));
  if (result.rows.some((row) => row.suggested_grade !== null)) host.append(element('p', 'hint', t.not_final));
  if (result.rules.length > 0) {
    const sentences = result.rules.map(([zh, en]) => element('li', '', language === 'zh' ? zh : en));
    host.append(element('details', '', element('summary', '', t.rules), element('ul', '', ...sentences)));
  }
  return host;
}

function line(drawing: ResultDrawing, row: ResultRow): HTMLElement {
  const { t, language, result, subjects } = drawing;
  const subject = subjects.find(({ id }) => id === row.subject);
  const name = element('span', '', element('b', '', subject?.branch ?? ''), ` ${subject?.secretary ?? ''}`);
  const head = element('p', 'head', name);
  if (row.score !== null) head.append(element('b', 'score', row.score));
  const facts = element('p', 'facts');
  if (row.rank !== null) facts.append(element('span', '', fill(t.rank, row.rank)));
  const { total, rank } = row.combined ?? {};
  if (total) facts.append(element('span', '', fill(t.total, total, rank ?? '')));
  if (row.suggested_grade !== null) {
    facts.append(fact(t.suggested, gradeLabel(result.form.scale, row.suggested_grade, language)));
  }
  const host = element('div', 'line', head, facts);
  if (row.marks) host.append(bars(drawing, row.marks));
  if (row.items) host.append(element('p', 'facts items', ...means(drawing, row)));
  else if (row.marks) host.append(counts(drawing, row));
  return host;
}

/** As 好 12 票. */
function fact(label: string, figure: string): HTMLElement {
  return element('span', '', `${label} `, element('b', '', figure));
}

function bars({ result: { form } }: ResultDrawing, marks: readonly number[]): HTMLElement {
  const host = element('div', 'stack');
  host.setAttribute('aria-hidden', 'true');
  form.scale.forEach((mark, place) => {
    const count = marks[place] ?? 0;
    if (count === 0) return;
    const bar = element('i', lookOf(form.scale, mark));
    bar.style.flexGrow = String(count);
    host.append(bar);
  });
  return host;
}

function counts({ t, language, result }: ResultDrawing, { marks, abstained }: ResultRow): HTMLElement {
  const all = result.form.scale.map((mark, place) =>
    fact(labelOf(mark, language), fill(t.votes, marks?.[place] ?? 0)),
  );
  if (abstained) all.push(fact(t.abstained, fill(t.votes, abstained)));
  return element('p', 'facts', ...all);
}

function means({ t, language, result }: ResultDrawing, { items, abstained }: ResultRow): HTMLElement[] {
  const all = result.form.items.map((item, place) =>
    fact(labelOf(item, language), items?.[place]?.mean ?? '—'),
  );
  if (abstained) all.push(fact(t.abstained, fill(t.votes, abstained)));
  return all;
}
