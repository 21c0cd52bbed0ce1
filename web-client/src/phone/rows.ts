// The rows of this phone's sheet: which there are, what the draft holds of each, and what is still to be done. It must not know how
// a row is drawn, nor when it is cast.
import { computed } from '@preact/signals-core';
import { isLeft, joined, markIds, overallOf, partsOf } from '../meeting/row_value';
import { hasWorst } from '../meeting/sheet_rules';
import type { SubjectView } from '../protocol';
import { draft } from './draft';
import { ballot, plan, round, scale, seat, subjects, view } from './state';

/** The subjects on this phone's sheet, in its order: those of the round, without the own branch. */
export const rows = computed(() => {
  const all = subjects.value;
  const order = round.value?.subjects ?? all.map(({ id }) => id);
  return order
    .filter((id) => id !== ownBranch.value)
    .flatMap((id) => all.filter((subject) => subject.id === id));
});

/** The subject for which this seat gets no ballot. */
export const ownBranch = computed(() =>
  plan.value?.own_branch === 'recused' ? (seat.value?.leads_subject ?? null) : null,
);

const marks = computed(() => new Set(plan.value ? markIds(plan.value) : []));

/** What the draft holds of each row, if the form still has it. */
const parts = computed(
  () =>
    new Map(
      rows.value.map(({ id, without_items }) => [
        id,
        partsOf(draft.value[id]?.mark, marks.value, plan.value?.items.length ?? 0, without_items),
      ]),
    ),
);

/** The part of each criterion of a row, one where there are none. */
export const partsOfRow = (subject: number) => parts.value.get(subject) ?? [];

/** Whether a row is blank, or incomplete and cannot be cast as it is. */
const isUnfilled = (row: SubjectView): boolean =>
  isLeft(partsOfRow(row.id), row, plan.value?.needs_all_items);

/** The ids of grades, best first. */
export const grades = computed(() => {
  return markIds({
    numeric: plan.value?.numeric ?? null,
    scale: scale.value.filter(({ kind }) => kind === 'grade'),
  });
});

/** Whether the mark of a row needs a reason. */
export const asksReason = (subject: number): boolean =>
  !!plan.value?.sheet_rules.worst_reason && hasWorst(grades.value, markOf(subject));

/** Whether the reason that it needs is not written. */
export const needsReason = (subject: number): boolean => asksReason(subject) && !opinionOf(subject);

/** Rows that have all that they need but the overall mark that fits them. */
export const unmatchedRows = computed(() =>
  rows.value.filter((row) => {
    const given = partsOfRow(row.id);
    const overall = plan.value?.overall;
    return overall && !isUnfilled(row) && overallOf(overall, scale.value, given) !== given[given.length - 1];
  }),
);

/** Rows in which some items are marked and others must still be. */
export const partlyRows = computed(() => rows.value.filter((row) => markOf(row.id) && isUnfilled(row)));

/** Rows in which something is still to be done. */
export const openRows = computed(() =>
  rows.value.filter((row) => isUnfilled(row) || unmatchedRows.value.includes(row) || needsReason(row.id)),
);

/** Rows without any mark. */
export const blankRows = computed(() => rows.value.filter(({ id }) => !markOf(id)));

/** The mark of a subject in the draft, or those of its items. */
export const markOf = (subject: number): string => joined(partsOfRow(subject));

/** What is written about a subject. */
export const opinionOf = (subject: number): string => draft.value[subject]?.opinion ?? '';

/** The current step, and where it is in the agenda. */
export const currentStep = computed(
  () => plan.value?.agenda.find(({ id }) => id === view.value?.now.step) ?? null,
);

/** Whether the sheet can still be changed on this phone. */
export const sheetIsOpen = computed(() =>
  ['none', 'waiting', 'open', 'void', 'no_tokens'].includes(ballot.value.is),
);
