// The page on which a voter writes about one subject, drawn by later.js so that the phone's own page stays small. What is typed
// is a draft on this phone; it must not know when it is cast.
import { cleaned, OPINION_CHARS_MAX, OPINIONS_MAX } from '../../ballot/opinions';
import type { OpinionPageTexts } from '../../texts/opinions';

/** What is written about a subject, and where it is kept. */
export interface OpinionInputs {
  subject: number;
  /** As 第一党支部. */
  about: string;
  /** How many opinions about a subject must be there before they are shown. */
  min: number;
  text: string;
  /** How many other subjects something is written about. */
  others: number;
  /** Whether the mark needs it. */
  isReason: boolean;
  keep(text: string): void;
}

/** Draws the page; again whenever something changed, which leaves what is being typed as it is. */
export function drawOpinion(host: HTMLElement, t: OpinionPageTexts, writing: OpinionInputs): void {
  const name = String(writing.subject);
  if (host.dataset.subject === name && host.dataset.lang === t.title) return;
  Object.assign(host.dataset, { subject: name, lang: t.title });
  const title = part('h2', `${t.title} · ${writing.about}`, 'page-title');
  title.id = 'opinion-title';
  const parts = [
    title,
    part('p', (writing.isReason ? t.reason_hint : t.hint).replace('{0}', String(writing.min)), 'hint'),
  ];
  if (writing.others >= OPINIONS_MAX && !writing.text) {
    host.replaceChildren(...parts, part('p', t.full.replace('{0}', String(OPINIONS_MAX)), 'caution'));
    return;
  }
  const field = document.createElement('textarea');
  field.className = 'opinion';
  field.rows = 7;
  field.maxLength = OPINION_CHARS_MAX;
  field.value = writing.text;
  field.setAttribute('aria-labelledby', title.id);
  field.setAttribute('aria-describedby', 'opinion-left');
  const left = part('p', '', 'hint');
  left.id = 'opinion-left';
  const count = () => {
    const letters = Array.from(cleaned(field.value)).length;
    left.textContent = t.left.replace('{0}', String(OPINION_CHARS_MAX - letters));
  };
  field.oninput = () => {
    writing.keep(field.value.trim() === '' ? '' : field.value);
    count();
  };
  count();
  host.replaceChildren(...parts, field, left, part('p', t.style, 'caution'));
}

function part(tag: string, text: string, name: string): HTMLElement {
  const element = document.createElement(tag);
  element.textContent = text;
  element.className = name;
  return element;
}
