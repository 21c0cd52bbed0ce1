// What a phone shows once a round is published: what it found in the record, then the result. Each is drawn into its own place.

import { drawNotes, type NoteInputs } from './record_note';
import { drawResult, type ResultInputs } from './result';

export function drawOutcome(host: HTMLElement, outcome: NoteInputs & ResultInputs): void {
  if (host.childElementCount === 0) host.append(document.createElement('div'), document.createElement('div'));
  const [notes, result] = [...host.children] as HTMLElement[];
  if (notes) drawNotes(notes, outcome);
  if (result) drawResult(result, outcome);
}
