// The draft of the sheet: one mark a subject (row_value.ts), and what is written about it, kept on this phone only, from check-in
// until it is cast.
// It must not know rounds or papers: a repeated round finds the same draft again.
import { signal } from '@preact/signals-core';
import { storage } from '../browser/storage';

export type Draft = Readonly<Record<number, string>>;

/** The marks so far, by subject; what is written about it stands under its negative. */
export const draft = signal<Draft>({});

let name = '';

/** The draft of a form; of the meeting's only one it is that of the meeting. */
export function openDraft(meeting: string, form = ''): void {
  name = `draft/${meeting}${form && `/${form}`}`;
  draft.value = JSON.parse(storage.get(name) ?? '{}') as Draft;
}

function keep(next: Draft): void {
  draft.value = next;
  storage.set(name, JSON.stringify(next));
}

export function setMark(subject: number, mark: string): void {
  keep({ ...draft.value, [subject]: mark });
}

export function clearMarks(subjects: readonly number[]): void {
  const next: Record<number, string> = { ...draft.value };
  for (const subject of subjects) delete next[subject];
  keep(next);
}
