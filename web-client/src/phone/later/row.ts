// Draws rows with items or numbers for the phone's page: on the sheet, on a page of their own, in the review. What is drawn stays
// and only follows the draft, so that nothing under a finger is exchanged. It keeps nothing itself.

import { fill } from '../../meeting/fill';
import { labelOf, lookOf } from '../../meeting/marks';
import { filledOf, isLeft } from '../../meeting/row_value';
import { columnsFor, labelWidth } from '../columns';
import { button, element, write } from './elements';
import { numberField } from './number';
import {
  colourOf,
  isOverall,
  isUnmatched,
  itemsOf,
  markOfPart,
  overallMark,
  partLabel,
  type RowInputs,
  textsOf,
  withPart,
} from './row_filling';
import { bringStyle } from './style';

/** Where a row is drawn. */
export type RowPlace = 'sheet' | 'page' | 'review';

interface DrawnRow {
  /** What it was drawn for: anything else is drawn anew. */
  key: string;
  follow(filling: RowInputs): void;
}

const drawn = new WeakMap<HTMLElement, DrawnRow>();

/** Draws a row, or lets what is drawn follow the draft. */
export function drawRow(host: HTMLElement, place: RowPlace, filling: RowInputs): void {
  const { plan, subject, language } = filling;
  const key = JSON.stringify([
    place,
    plan.digest,
    subject.id,
    language,
    place === 'page' && columnsIn(host, filling),
  ]);
  let known = drawn.get(host);
  if (known?.key !== key) {
    bringStyle();
    host.replaceChildren();
    const follow = { sheet: onSheet, page: onPage, review: inReview }[place](host, filling);
    known = { key, follow };
    drawn.set(host, known);
  }
  known.follow(filling);
}

/** On the sheet: the way to the items, or the number itself. */
function onSheet(host: HTMLElement, first: RowInputs): DrawnRow['follow'] {
  const t = textsOf(first);
  if (first.plan.items.length === 0) {
    let now = first;
    const field = numberField(first, first.subject.branch, (part) => now.keep(part));
    host.append(field.host);
    return (filling) => {
      now = filling;
      field.follow(filling, filling.parts[0] ?? '');
    };
  }
  const open = button('secondary', '', () => first.open(first.subject.id));
  host.append(open);
  const { needs_all_items } = first.plan;
  return (filling) => {
    const { parts, subject } = filling;
    const { have, of } = filledOf(parts, subject);
    const isOpen = isLeft(parts, subject, needs_all_items);
    const state = have === 0 ? 'fill' : isOpen ? 'partly' : isUnmatched(filling) ? 'unmatched' : 'complete';
    open.className = `secondary ${state === 'unmatched' ? 'partly' : state}`;
    write(open, fill(t[state === 'complete' && have < of ? 'enough' : state], have, of));
    open.setAttribute('aria-label', fill(t.marked, subject.branch, open.textContent ?? ''));
  };
}

/** How many marks stand beside each other on the page of a row. */
function columnsIn(host: HTMLElement, { plan, language }: RowInputs): number {
  const rem_px = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  const grades = plan.scale.filter(({ kind }) => kind === 'grade').length;
  const labels = plan.scale.map((mark) => labelWidth(labelOf(mark, language), rem_px));
  const { paddingLeft, paddingRight } = getComputedStyle(host);
  const width_px = host.clientWidth - Number.parseFloat(paddingLeft) - Number.parseFloat(paddingRight);
  return columnsFor(grades, Math.max(0, ...labels), width_px, rem_px);
}

/** A page for one row: its items under each other, and the ways to its neighbours. */
function onPage(host: HTMLElement, first: RowInputs): DrawnRow['follow'] {
  const t = textsOf(first);
  const { plan, rows, subject } = first;
  const at = rows.findIndex(({ id }) => id === subject.id);
  const count = element('span', '');
  count.setAttribute('aria-live', 'polite');
  const items = itemsOf(first).map((item) => itemRow(first, item));
  const clear = button('clear', t.clear_row, () => first.keep(''));
  const turn = (label: string, to: (typeof rows)[number] | undefined) => {
    const way = button('secondary', label, () => to && first.open(to.id));
    way.disabled = !to;
    return way;
  };
  const list = element('div', `row-page rows columns-${columnsIn(host, first)}`);
  list.append(
    element('div', 'row-head', element('span', '', fill(t.place, at + 1, rows.length)), count),
    element('h2', 'page-title', subject.branch),
    element('p', 'person', subject.secretary),
    element('p', 'hint', plan.needs_all_items ? t.needs_all : t.may_leave),
    ...items.map(({ host: row }) => row),
    clear,
    element('nav', '', turn(`‹ ${t.previous}`, rows[at - 1]), turn(`${t.next} ›`, rows[at + 1])),
  );
  host.append(list);
  return (filling) => {
    const { have, of } = filledOf(filling.parts, subject);
    write(count, fill(t.count, have, of));
    clear.style.visibility = have > 0 ? 'visible' : 'hidden';
    for (const item of items) item.follow(filling);
  };
}

/** One item: its name and weight, then the marks as buttons, or the number. */
function itemRow(first: RowInputs, { at, name, weight_percent }: ReturnType<typeof itemsOf>[number]) {
  const t = textsOf(first);
  let now = first;
  const keep = (part: string) => now.keep(withPart(now, at, part));
  const title = element('h3', '', name);
  title.id = `item-${at}`;
  const below = element('p', '', fill(t.weight, weight_percent));
  const host = element('section', 'row', element('div', 'who', title, below));
  host.setAttribute('aria-labelledby', title.id);
  const clear = button('clear', t.clear, () => keep(''));
  clear.setAttribute('aria-label', fill(t.clear_of, name));
  const field = first.plan.numeric === null ? markButtons(first, keep) : numberField(first, name, keep);
  host.append(field.host, clear);
  const follow = (filling: RowInputs) => {
    now = filling;
    const part = filling.parts[at] ?? '';
    let isOpen = part === '';
    if (isOverall(filling, at)) {
      const mark = overallMark(filling);
      const label = mark ? labelOf(mark, filling.language) : '';
      write(below, mark ? fill(t.overall_is, label) : t.overall);
      below.setAttribute('aria-live', 'polite');
      isOpen ||= isUnmatched(filling);
    }
    host.classList.toggle('item-open', isOpen);
    clear.style.visibility = part === '' ? 'hidden' : 'visible';
    field.follow(filling, part);
  };
  return { host, follow };
}

function markButtons(first: RowInputs, keep: (part: string) => void) {
  const { scale } = first.plan;
  const buttons = scale.map((mark) => {
    const name = `mark ${lookOf(scale, mark)}${mark.kind === 'grade' ? '' : ' apart'}`;
    return button(name, labelOf(mark, first.language), () => keep(mark.id));
  });
  const follow = (_: RowInputs, part: string) => {
    buttons.forEach((each, place) => {
      each.setAttribute('aria-pressed', String(scale[place]?.id === part));
    });
  };
  return { host: element('div', 'marks', ...buttons), follow };
}

/** In the review: the number with its band, or each item with its mark. */
function inReview(host: HTMLElement, first: RowInputs): DrawnRow['follow'] {
  const items = itemsOf(first);
  if (items.length > 0) host.parentElement?.classList.add('wraps');
  return (filling) => {
    const chip = (part: string) => {
      const mark = markOfPart(filling, part);
      const label = partLabel(filling, part) || textsOf(filling).open;
      return element('i', part === '' ? 'chip open' : `chip ${colourOf(filling, mark)}`, label);
    };
    if (items.length === 0) {
      host.replaceChildren(chip(filling.parts[0] ?? ''));
      return;
    }
    const line = ({ at, name }: (typeof items)[number]) =>
      element('li', '', element('span', '', name), chip(filling.parts[at] ?? ''));
    host.replaceChildren(element('ul', 'chosen-items', ...items.map(line)));
  };
}
