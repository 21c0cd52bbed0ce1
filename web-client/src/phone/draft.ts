// The draft of the sheet: the mark of each subject (row_value.ts) and what is written about it, kept on this phone only, from
// check-in until it is cast.
// It must not know rounds or tokens: a repeated round finds the same draft again.
import { signal } from '@preact/signals-core';
import { storage } from '../browser/storage';

/** What is drafted of one subject. */
export interface DraftRow {
  mark?: string;
  opinion?: string;
}

/** By the subject's number. */
export type Draft = Readonly<Record<number, DraftRow>>;

export const draft = signal<Draft>({});

let name = '';

/** The draft of a form; of the meeting's only one it is that of the meeting. */
export function openDraft(meeting: string, form = ''): void {
  name = `draft/${meeting}${form && `/${form}`}`;
  draft.value = readDraft(storage.get(name) ?? '{}');
}

/** A kept draft; phones that drafted before kept a mark under its subject, and an opinion under the negative of it. */
export function readDraft(text: string): Draft {
  const rows: Record<number, DraftRow> = {};
  const kept = JSON.parse(text) as Record<string, DraftRow | string>;
  for (const key in kept) {
    const row = kept[key];
    const subject = Math.abs(+key);
    rows[subject] = {
      ...rows[subject],
      ...(typeof row === 'string' ? { [+key < 0 ? 'opinion' : 'mark']: row } : row),
    };
  }
  return rows;
}

function keep(next: Draft): void {
  draft.value = next;
  storage.set(name, JSON.stringify(next));
}

const change = (subject: number, row: DraftRow) =>
  keep({ ...draft.value, [subject]: { ...draft.value[subject], ...row } });

/** Empty for none. */
export const setMark = (subject: number, mark: string) => change(subject, { mark });

/** Empty for none. */
export const setOpinion = (subject: number, opinion: string) => change(subject, { opinion });

/** Forgets marks and opinions of these subjects. */
export function clearRows(subjects: readonly number[]): void {
  const next: Record<number, DraftRow> = { ...draft.value };
  for (const subject of subjects) delete next[subject];
  keep(next);
}
