// A paper sheet's rows that are more than one mark: numbers in fields, or the items of the row that is up, each with its marks. Rows
// that are not up stand in one line, so that a sheet of seventy rows stays quick.
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { inLanguage, language } from '../../browser/language';
import { colourOf, labelOf } from '../../meeting/marks';
import { subjectOf } from '../../meeting/plan';
import { typedNumber } from '../../meeting/row_value';
import { paperTexts } from '../../texts/paper';
import { paperRound } from './card';
import * as entry from './entered';
import type { TypingInput } from './window';

export function Cells(typing: TypingInput) {
  const { desk, form, draft } = typing;
  const items = form.items ?? 1;
  const list = useRef<HTMLOListElement>(null);
  // Else the window's first button had the focus, which closes it.
  useEffect(() => {
    const timer = setTimeout(() => (list.current?.querySelector('input') ?? list.current)?.focus(), 0);
    return () => clearTimeout(timer);
  }, [draft.sheets.length]);
  useEffect(() => {
    list.current?.querySelector('.at')?.scrollIntoView({ block: 'nearest' });
  }, [draft.at]);
  const isUp = (row: number) => items === 1 || entry.rowOf(form, draft.at) === row;
  return (
    <ol class="paper-rows" ref={list} tabIndex={-1}>
      {(paperRound(desk)?.subjects ?? []).map((subject, row) => (
        <li key={subject} class={entry.rowOf(form, draft.at) === row ? 'at' : undefined}>
          {isUp(row) ? (
            <OpenRow {...typing} row={row} subject={subject} />
          ) : (
            <ShutRow {...typing} row={row} subject={subject} />
          )}
        </li>
      ))}
    </ol>
  );
}

interface RowInput extends TypingInput {
  row: number;
  subject: number;
}

function nameOf({ desk, subject }: RowInput): string {
  return `${subject} ${subjectOf(desk.plan, subject)?.branch ?? ''}`;
}

const cellsOf = ({ form, row }: RowInput): number[] => {
  const items = form.items ?? 1;
  return Array.from({ length: items }, (_, at) => row * items + at).filter((cell) =>
    entry.applies(form, cell),
  );
};

/** What stands in a cell, in few letters. */
function shown({ desk, form, draft }: TypingInput, cell: number): string {
  const texts = inLanguage(paperTexts);
  const place = draft.rows[cell] ?? null;
  if (place === null) return '·';
  if (place === entry.ownOf(form)) return texts.own;
  if (place === entry.blankOf(form)) return texts.blank;
  if (desk.plan.numeric !== null) return String(desk.plan.numeric - place);
  const mark = desk.plan.scale[place];
  return mark ? labelOf(mark, language.value) : '';
}

/** A row in one line, which opens it. */
function ShutRow(input: RowInput) {
  const { draft, change } = input;
  const cells = cellsOf(input);
  return (
    <button type="button" class="paper-shut" onClick={() => change({ ...draft, at: cells[0] ?? draft.at })}>
      <span class="paper-row-name">{nameOf(input)}</span>
      <span>{cells.map((cell) => shown(input, cell)).join(' ')}</span>
    </button>
  );
}

function OpenRow(input: RowInput) {
  const texts = inLanguage(paperTexts);
  const { desk, form, draft, change } = input;
  const cells = cellsOf(input);
  const [first = 0] = cells;
  const isOwn = draft.rows[first] === entry.ownOf(form);
  const item = (cell: number) => desk.plan.items[cell % (form.items ?? 1)];
  return (
    <>
      <span class="paper-row-name">{nameOf(input)}</span>
      <div class="paper-cells">
        {cells.map((cell) => {
          const named = item(cell);
          const label = named ? labelOf(named, language.value) : nameOf(input);
          return (
            <div class={cell === draft.at ? 'paper-cell at' : 'paper-cell'} key={cell}>
              {named && <span class="paper-item">{label}</span>}
              {form.isNumeric ? (
                <NumberCell {...input} cell={cell} label={label} />
              ) : (
                <MarkCell {...input} cell={cell} label={label} />
              )}
            </div>
          );
        })}
        {form.recuses && (
          <button
            type="button"
            aria-pressed={isOwn}
            onClick={() => change(entry.put(form, draft, first, entry.ownOf(form)))}
          >
            {texts.own}
          </button>
        )}
      </div>
    </>
  );
}

interface CellInput extends RowInput {
  cell: number;
  label: string;
}

function MarkCell({ desk, form, draft, change, cell, label }: CellInput) {
  const texts = inLanguage(paperTexts);
  const marks = desk.plan.scale.map((mark, place) => ({
    place,
    name: labelOf(mark, language.value),
    look: `mark-${colourOf(desk.plan.scale, mark)}`,
  }));
  return (
    <span class="paper-places">
      {[...marks, { place: entry.blankOf(form), name: texts.blank, look: '' }].map(
        ({ place, name, look }) => (
          <button
            key={place}
            type="button"
            class={look}
            aria-label={`${label}: ${name}`}
            aria-pressed={draft.rows[cell] === place}
            onClick={() => change(entry.put(form, draft, cell, place))}
          >
            {name}
          </button>
        ),
      )}
    </span>
  );
}

function NumberCell({ desk, form, draft, change, cell, label }: CellInput) {
  const texts = inLanguage(paperTexts);
  const most = desk.plan.numeric ?? 0;
  const place = draft.rows[cell] ?? null;
  const kept = place !== null && place < form.marks ? String(most - place) : '';
  /** What was typed and is no number: it stays to be mended. */
  const wrong = useSignal<string | null>(null);
  return (
    <>
      <input
        type="text"
        inputMode="numeric"
        maxLength={3}
        aria-label={label}
        aria-invalid={wrong.value !== null}
        placeholder={
          place === entry.blankOf(form) ? texts.blank : place === entry.ownOf(form) ? texts.own : ''
        }
        value={wrong.value ?? kept}
        onInput={(event) => {
          const typed = event.currentTarget.value;
          const number = typedNumber(typed, most);
          wrong.value = number === null && typed.trim() !== '' ? typed : null;
          const next =
            number === null ? entry.open(form, draft, cell) : entry.put(form, draft, cell, most - number);
          change({ ...next, at: cell });
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Enter') return;
          event.preventDefault();
          const all = [...document.querySelectorAll<HTMLElement>('.paper-rows input, [data-keep=sheet]')];
          const here = all.indexOf(event.currentTarget);
          const next = all[here + 1];
          // In the last field of a row of items the next row is up first.
          if ((form.items ?? 1) > 1 && !(next instanceof HTMLInputElement))
            change(entry.typed(desk.plan, form, { ...draft, at: cell }, 'ArrowDown'));
          setTimeout(() => (next instanceof HTMLInputElement ? next : nextField(next))?.focus(), 0);
        }}
      />
      {wrong.value !== null && (
        <b class="paper-open" role="alert">
          {texts.wrong_number(most)}
        </b>
      )}
    </>
  );
}

/** The first field of the row that has come up, else what stands after all fields. */
function nextField(after: HTMLElement | undefined): HTMLElement | null {
  return document.querySelector<HTMLElement>('.paper-rows .paper-cell.at input') ?? after ?? null;
}
