// The window in which teller or scrutineer types paper sheets in: sheet by sheet with keys or fingers, or as sums. What is typed
// stays on this device until both agree, so nothing is lost by a refusal, a reload or a closed window.
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { inLanguage, language } from '../../browser/language';
import { storage } from '../../browser/storage';
import { colourOf, labelOf } from '../../meeting/marks';
import { subjectOf, withMerged } from '../../meeting/plan';
import { markIds } from '../../meeting/row_value';
import { paperTexts } from '../../texts/paper';
import type { Desk } from '../desk';
import { Dialog } from '../dialog';
import { draftsOf, paperRound } from './card';
import { Cells } from './cells';
import * as entry from './entered';
import { Totals } from './totals';

interface Input {
  desk: Desk;
  round: number;
  group: string;
  close(): void;
}

export interface TypingInput {
  desk: Desk;
  form: entry.PaperForm;
  draft: entry.EnteredDraft;
  change(draft: entry.EnteredDraft): void;
}

export function PaperWindow({ desk, round, group, close }: Input) {
  const texts = inLanguage(paperTexts);
  const plan = withMerged(desk.plan, paperRound(desk)?.merged);
  const of = plan.groups.find((each) => each.id === group);
  const standing = desk.view.paper?.groups.find((each) => each.group === group);
  const subjects = paperRound(desk)?.subjects ?? [];
  // A row of items has no sums, and a hundred numbers too many.
  const hasSums = plan.items.length === 0 && plan.numeric === null;
  const form: entry.PaperForm = {
    marks: markIds(plan).length,
    subjects: subjects.length,
    items: plan.items.length || 1,
    without: subjects.map((subject) => subjectOf(plan, subject)?.without_items ?? []),
    isNumeric: plan.numeric !== null,
    recuses: (of?.has_leaders ?? false) && plan.own_branch === 'recused',
  };
  const name = `${draftsOf(desk, round)}${desk.view.role}/${group}`;
  const draft = useSignal(entry.readDraft(storage.get(name), form));
  const change = (next: entry.EnteredDraft) => {
    draft.value = next;
    storage.set(name, JSON.stringify(next));
  };
  if (!desk.view.paper?.is_open || desk.view.paper.round !== round) return null;
  const issued = standing?.issued ?? 0;
  const send = () => {
    const by = desk.view.role === 'scrutineer' ? 'scrutineer' : 'teller';
    desk.commands.send({ do: 'enter_paper', round, group, by, entry: entry.entryOf(draft.value) });
    close();
  };
  const typing = { desk, form, draft: draft.value, change };
  return (
    <Dialog title={texts.window(`${group} ${of?.name ?? ''}`)} onClose={close} size="wide">
      {hasSums && (
        <fieldset class="paper-modes">
          {(['sheets', 'totals'] as const).map((mode) => (
            <label key={mode}>
              <input
                type="radio"
                name="paper-mode"
                checked={draft.value.mode === mode}
                onChange={() => change({ ...draft.value, mode })}
              />
              {texts.mode[mode]}
            </label>
          ))}
        </fieldset>
      )}
      {draft.value.mode === 'sheets' ? <Sheets {...typing} issued={issued} /> : <Totals {...typing} />}
      <Sending form={form} draft={draft.value} issued={issued} send={send} />
    </Dialog>
  );
}

interface SendingInput {
  form: entry.PaperForm;
  draft: entry.EnteredDraft;
  issued: number;
  send(): void;
}

function Sending({ form, draft, issued, send }: SendingInput) {
  const texts = inLanguage(paperTexts);
  const returned = entry.returnedOf(draft);
  const isReady = entry.isReady(form, draft);
  return (
    <>
      {!isReady && draft.mode === 'sheets' && <p class="notice">{texts.finish_first}</p>}
      {isReady && returned < issued && <p class="notice">{texts.fewer(issued - returned)}</p>}
      {returned > issued && <p class="notice warn">{texts.too_many}</p>}
      <div class="window-buttons">
        <button type="button" class="fill" data-send="paper" disabled={!isReady} onClick={send}>
          {texts.send(returned)}
        </button>
      </div>
    </>
  );
}

function Sheets({ desk, form, draft, change, issued }: TypingInput & { issued: number }) {
  const texts = inLanguage(paperTexts);
  const latest = useRef({ draft, change });
  latest.current = { draft, change };
  useEffect(() => {
    const down = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.altKey || event.metaKey) return;
      // Enter belongs to a button that has the focus.
      if (document.activeElement instanceof HTMLButtonElement && event.key === 'Enter') return;
      // In a field of numbers all keys are the field's.
      if (document.activeElement instanceof HTMLInputElement) return;
      const { draft, change } = latest.current;
      if (entry.keyOf(event.key, form) === null) return;
      event.preventDefault();
      const next = entry.typed(desk.plan, form, draft, event.key);
      if (next !== draft) change(next);
    };
    addEventListener('keydown', down);
    return () => removeEventListener('keydown', down);
  }, [form.marks, form.subjects, form.recuses]);
  const keys = desk.plan.scale
    .map((mark, place) => `${place + 1} ${labelOf(mark, language.value)}`)
    .join(', ');
  const rules = entry.rulesOf(desk.plan, form, draft);
  const isWhole = draft.rows.every((place) => place !== null);
  const isBroken = isWhole && rules.some((rule) => rule.isBroken);
  return (
    <>
      <p class="paper-number" role="status">
        {texts.sheet_number(draft.sheets.length + 1, issued)}
      </p>
      <p class="quiet-text paper-keys">
        {form.isNumeric ? texts.number_keys(form.marks - 1) : texts.keys(keys)}
      </p>
      {form.isNumeric || form.items !== 1 ? (
        <Cells desk={desk} form={form} draft={draft} change={change} />
      ) : (
        <Rows desk={desk} form={form} draft={draft} change={change} />
      )}
      {rules.map((rule) => (
        <p key={rule.rule} class={isWhole && rule.isBroken ? 'notice warn' : 'quiet-text'}>
          {texts.rule[rule.rule](rule.have, rule.limit)}
        </p>
      ))}
      {isBroken && <p class="notice warn">{texts.broken}</p>}
      <div class="paper-keep">
        <button type="button" onClick={() => change(entry.lay(form, draft, true))}>
          {texts.invalid}
        </button>
        <button type="button" disabled={isWhole} onClick={() => change(entry.restIsBlank(form, draft))}>
          {texts.rest_blank}
        </button>
        <button
          type="button"
          class="fill"
          data-keep="sheet"
          disabled={!entry.isFinished(desk.plan, form, draft)}
          onClick={() => change(entry.lay(form, draft, false))}
        >
          {texts.lay}
        </button>
      </div>
      {draft.sheets.length > 0 && <Pile form={form} draft={draft} change={change} />}
    </>
  );
}

function Rows({ desk, form, draft, change }: TypingInput) {
  const texts = inLanguage(paperTexts);
  const current = useRef<HTMLLIElement>(null);
  useEffect(() => {
    current.current?.scrollIntoView({ block: 'nearest' });
  }, [draft.at]);
  const list = useRef<HTMLOListElement>(null);
  // Else the window's first button had the focus, which closes it; the window takes it there when it opens, after this.
  useEffect(() => {
    const timer = setTimeout(() => list.current?.focus(), 0);
    return () => clearTimeout(timer);
  }, []);
  const places = [
    ...desk.plan.scale.map((mark, place) => ({
      place,
      label: labelOf(mark, language.value),
      look: `mark-${colourOf(desk.plan.scale, mark)}`,
    })),
    { place: entry.blankOf(form), label: texts.blank, look: '' },
    ...(form.recuses ? [{ place: entry.ownOf(form), label: texts.own, look: '' }] : []),
  ];
  return (
    <ol class="paper-rows" ref={list} tabIndex={-1}>
      {(paperRound(desk)?.subjects ?? []).map((subject, row) => {
        const name = subjectOf(desk.plan, subject)?.branch ?? String(subject);
        return (
          <li
            key={subject}
            ref={row === draft.at ? current : null}
            class={row === draft.at ? 'at' : undefined}
          >
            <span class="paper-row-name">
              {subject} {name}
            </span>
            <span class="paper-places">
              {places.map(({ place, label, look }) => (
                <button
                  key={place}
                  type="button"
                  class={look}
                  aria-label={`${name}: ${label}`}
                  aria-pressed={draft.rows[row] === place}
                  onClick={() => change(entry.put(form, draft, row, place))}
                >
                  {label}
                </button>
              ))}
            </span>
          </li>
        );
      })}
    </ol>
  );
}

function Pile({ form, draft, change }: Omit<TypingInput, 'desk'>) {
  const texts = inLanguage(paperTexts);
  const isBusy = entry.isBegun(form, draft);
  return (
    <div class="paper-pile">
      <b>{texts.pile}</b>
      {draft.sheets.map((sheet, place) => (
        <button
          key={place}
          type="button"
          class="small"
          disabled={isBusy}
          onClick={() => change(entry.takeUp(form, draft, place))}
        >
          {texts.sheet(place + 1, sheet === null)}
        </button>
      ))}
      <span class="quiet-text">{texts.pile_hint}</span>
    </div>
  );
}
