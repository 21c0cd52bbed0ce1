// What the phone found of its ballots in the public record: nothing to do when they are there, an alarm when they are not. Drawn
// by later.js, which looks for them.

import type { CheckedRound } from '../../ballot/witness';
import { saveFile } from '../../browser/save_file';
import { fill } from '../../meeting/fill';
import type { Language } from '../../texts/language';
import { recordNoteTexts } from '../../texts/record_note';
import { button, element } from './elements';
import { bringStyle } from './style';

/** What the phone's page gives. */
export interface NoteInputs {
  meeting: string;
  language: Language;
  checked: readonly CheckedRound[];
  /** Looks without waiting for a random moment. */
  lookNow(): void;
}

/** The newest round, and every one in which something is wrong; drawn anew only where something changed. */
export function drawNotes(host: HTMLElement, noting: NoteInputs): void {
  const { checked } = noting;
  const shown = checked.filter(
    ({ check }, at) => at === checked.length - 1 || ['missing', 'forged', 'not_in'].includes(check.is),
  );
  const drawn = JSON.stringify([noting.language, shown]);
  if (host.dataset.drawn === drawn) return;
  host.dataset.drawn = drawn;
  bringStyle();
  host.replaceChildren(...shown.map((round) => note(round, noting)));
}

function note(
  { round, check, proof }: CheckedRound,
  { meeting, language, lookNow }: NoteInputs,
): HTMLElement {
  const t = recordNoteTexts[language];
  const isWrong = check.is === 'missing' || check.is === 'forged';
  const line = {
    waiting: t.waiting,
    looking: t.looking,
    not_yet: t.not_yet,
    found: check.is === 'found' ? fill(t.found_line, check.ballots, check.digits) : '',
    not_in: t.not_in_line,
    missing: check.is === 'missing' ? fill(t.missing_line, check.ballots, check.of) : '',
    forged: t.forged_line,
  }[check.is];
  const title = isWrong || check.is === 'found' || check.is === 'not_in' ? t[check.is] : t.title;
  const section = element('section', `record-note note-${check.is}`);
  section.setAttribute('role', isWrong ? 'alert' : 'status');
  section.append(element('h2', '', title), element('p', '', line));
  if (check.is === 'waiting' || check.is === 'not_yet')
    section.append(button('secondary', t.look_now, lookNow));
  if (proof && (isWrong || check.is === 'found')) {
    const save = () => saveFile(`proof-${meeting}-${round}.json`, new Blob([proof]));
    section.append(button('secondary', t.save_proof, save), element('p', 'small', t.proof_hint));
  }
  return section;
}
