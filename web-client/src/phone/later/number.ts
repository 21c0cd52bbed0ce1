// A whole number from 0 to the form's largest: typed, or stepped by one. What is no such number is told at once and never kept.

import { fill } from '../../meeting/fill';
import { labelOf, lookOf } from '../../meeting/marks';
import { typedNumber } from '../../meeting/row_value';
import { labelWidth } from '../columns';
import { button, element, write } from './elements';
import { markOfPart, type RowInputs, textsOf } from './row_filling';

/** The field of one part: what is drawn, and how it follows the draft. */
export interface NumberField {
  host: HTMLElement;
  /** Shows what is kept; what is being typed stays. */
  follow(filling: RowInputs, part: string): void;
}

/** A field with its steps; `name` says whose number it is, `keep` gets the part, empty for none. */
export function numberField(first: RowInputs, name: string, keep: (part: string) => void): NumberField {
  const t = textsOf(first);
  const most = first.plan.numeric ?? 0;
  let kept = '';
  const input = element('input', '');
  Object.assign(input, {
    type: 'text',
    inputMode: 'numeric',
    pattern: '[0-9]*',
    autocomplete: 'off',
    maxLength: 3,
  });
  input.setAttribute('enterkeyhint', 'next');
  input.setAttribute('aria-label', fill(t.points_of, most, name));
  const wrong = element('p', 'caution');
  wrong.setAttribute('role', 'alert');
  const band = element('i', '');
  band.style.minWidth = `${widestBand(first)}em`;
  const take = (part: string) => {
    kept = part;
    keep(part);
  };
  const step = (by: number) => {
    const next = String(Math.min(most, Math.max(0, Number(kept) + by)));
    input.value = next;
    judge();
  };
  const less = button('step', '−', () => step(-1));
  const more = button('step', '＋', () => step(1));
  less.setAttribute('aria-label', fill(t.less, name));
  more.setAttribute('aria-label', fill(t.more, name));
  const judge = () => {
    const number = typedNumber(input.value, most);
    const isWrong = number === null && input.value.trim() !== '';
    input.setAttribute('aria-invalid', String(isWrong));
    write(wrong, isWrong ? fill(t.wrong, most) : '');
    wrong.hidden = !isWrong;
    if (isWrong) wrong.scrollIntoView({ block: 'nearest' });
    take(number === null ? '' : String(number));
  };
  input.oninput = judge;
  // What is kept is what is seen: 07 becomes 7 once the finger is elsewhere.
  input.onblur = () => {
    if (kept !== '') input.value = kept;
  };
  input.onkeydown = (event) => {
    if (event.key === 'Enter') goOn(input);
  };
  wrong.hidden = true;
  const host = element('div', 'number', less, input, more, element('output', '', band), wrong);
  const follow = (filling: RowInputs, part: string) => {
    if (part !== kept) {
      kept = part;
      input.value = part;
    }
    less.disabled = part === '';
    more.disabled = part === '';
    const mark = markOfPart(filling, part);
    const { scale } = filling.plan;
    band.className = mark ? `chip ${lookOf(scale, mark)}` : '';
    write(band, mark ? labelOf(mark, filling.language) : '');
  };
  return { host, follow };
}

/** The widest label of a band in em, with the chip's padding: so that no number moves what stands below. */
function widestBand({ plan, language }: RowInputs): number {
  const widths = plan.scale.map((mark) => labelWidth(labelOf(mark, language), 100));
  return Math.ceil(Math.max(0, ...widths)) / 100 + 1.7;
}

/** To the next field of the page; from the last one the keyboard goes away. */
function goOn(input: HTMLInputElement): void {
  const all = [...document.querySelectorAll<HTMLInputElement>('.number input')];
  const next = all[all.indexOf(input) + 1];
  if (next) next.focus();
  else input.blur();
}
