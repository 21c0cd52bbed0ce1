// Where the page lets later.js draw, with what each drawing needs of the phone. Nothing is drawn before it is there.
import { language } from '../browser/language';
import { storage } from '../browser/storage';
import { setMark, setOpinion } from './draft';
import { lookNow, mover, rulesNow } from './follow';
import type { drawMove } from './later/move';
import type { drawOpinion } from './later/opinion';
import type { drawOutcome as drawOutcomeOf } from './later/outcome';
import type { drawRow as drawRowOf, RowPlace } from './later/row';
import type { drawRules as drawRulesOf } from './later/rules_note';
import { goToNow, openPage, page } from './pages';
import { asksReason, opinionOf, partsOfRow, rows, sheetIsOpen } from './rows';
import { ballot, checked, later, plan, seat, subjects, view } from './state';
import { say } from './words';

/** What the page needs drawn; later.js brings it, so that the page itself stays small. */
export interface Drawings {
  /** What people compare of the rules, or an alarm. */
  drawRules: typeof drawRulesOf;
  /** The page about going on in another window. */
  drawMove: typeof drawMove;
  /** The page on which a voter writes about a subject. */
  drawOpinion: typeof drawOpinion;
  /** What the phone found of its ballots in the record, and the result. */
  drawOutcome: typeof drawOutcomeOf;
  /** A row with criteria or numbers. */
  drawRow: typeof drawRowOf;
}

/** Whether anything can be drawn yet. */
export const canDraw = () => later.value !== null;

const drawings = () => later.value?.drawings;

/** Lets later.js draw what people compare of the rules. */
export function drawRules(host: HTMLElement | null): void {
  if (host && view.value && plan.value)
    drawings()?.drawRules(host, { ...rulesNow(), language: language.value, storage });
}

/** Lets later.js draw the page about moving, or that on which an opinion is written, once its words are fetched. */
export function drawPage(host: HTMLElement | null): void {
  const { move, opinion } = say();
  const { value: now } = page;
  if (now.name === 'row') {
    drawRow(host, 'page', now.subject);
    return;
  }
  // Read so that it is drawn again when they change: tokens and voting are no signals.
  if (!(view.value && ballot.value && host && move && opinion)) return;
  if (now.name === 'opinion') {
    const about = rows.value.find(({ id }) => id === now.subject);
    const others = rows.value.filter(({ id }) => id !== now.subject && opinionOf(id)).length;
    if (!about || !sheetIsOpen.value) goToNow();
    else
      drawings()?.drawOpinion(host, opinion, {
        subject: about.id,
        about: about.branch,
        min: plan.value?.opinions_min ?? 0,
        text: opinionOf(about.id),
        others,
        isReason: asksReason(about.id),
        keep: (text) => setOpinion(about.id, text),
      });
  } else {
    const moves = mover();
    if (seat.value && moves) drawings()?.drawMove(host, move, seat.value, moves);
  }
}

/** Lets later.js draw what the phone found of its ballots in the record, and the result. */
export function drawOutcome(host: HTMLElement | null): void {
  if (!host || !view.value) return;
  drawings()?.drawOutcome(host, {
    meeting: seat.value?.meeting ?? '',
    language: language.value,
    checked: checked.value,
    lookNow,
    subjects: subjects.value,
    result: view.value.result,
  });
}

/** Lets later.js draw a row with items or numbers. */
export function drawRow(host: HTMLElement | null, place: RowPlace, id: number): void {
  const subject = rows.value.find((row) => row.id === id);
  if (!host || !plan.value || !subject) return;
  drawings()?.drawRow(host, place, {
    plan: plan.value,
    rows: rows.value,
    subject,
    parts: partsOfRow(id),
    language: language.value,
    keep: (value) => setMark(id, value),
    open: (other) => openPage({ name: 'row', subject: other }),
  });
}
