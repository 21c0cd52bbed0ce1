// The rules that a phone votes under, as everybody can compare them: the letters, the whole of it as a code, and an alarm where they
// are not those of the wall. Drawn by later.js; an alarm looks like no other.

import { codeIn, letterLines, rulesAddress } from '../../ballot/rules_code';
import { type CurrentRules, meetRules, type RulesVerdict, stopsVoting } from '../../ballot/rules_seen';
import { qr } from '../../browser/qr';
import { saveFile } from '../../browser/save_file';
import type { Storage } from '../../browser/storage';
import { fill } from '../../meeting/fill';
import { keyHash } from '../../net/sealed_channel';
import type { Language } from '../../texts/language';
import { rulesTexts } from '../../texts/rules';
import { button, element } from './elements';
import { bringStyle } from './style';

export interface RulesInputs extends CurrentRules {
  language: Language;
  storage: Storage;
}

/** Drawn anew only where something changed, so that what is read aloud is read once. */
export function drawRules(host: HTMLElement, { language, storage, ...now }: RulesInputs): void {
  const seen = meetRules(storage, now, codeIn(location.hash));
  const drawn = JSON.stringify([language, seen, now.box, now.round?.fingerprint]);
  if (host.dataset.drawn === drawn) return;
  host.dataset.drawn = drawn;
  bringStyle();
  const t = rulesTexts[language];
  const { box, round } = now;
  const parts: HTMLElement[] = [];
  if (stopsVoting(seen)) parts.push(alarm(now.meeting, seen, language));
  if (seen.is === 'same') parts.push(element('p', 'record-note rules-same', t.same));
  if (seen.is === 'other_round') parts.push(element('p', 'caution', fill(t.other_round, seen.round)));
  const section = element('section', 'fingerprint');
  if (round?.fingerprint) section.append(...compared(t.fingerprint, round.fingerprint, t.fingerprint_hint));
  else if (box) section.append(...compared(t.box, box.fingerprint, t.box_hint));
  if (round?.promise) section.append(code(now, language));
  host.replaceChildren(...parts, ...(section.childElementCount > 0 ? [section] : []));
}

/** A heading, the letters in two lines, and what to compare them with. */
function compared(title: string, letters: string, hint: string): HTMLElement[] {
  const lines = letterLines(letters).map((line) => element('span', '', line));
  return [element('h2', '', title), element('p', 'digits code', ...lines), element('p', '', hint)];
}

/** The whole of it, for another phone's camera. */
function code({ meeting, round }: CurrentRules, language: Language): HTMLElement {
  const t = rulesTexts[language];
  const all = element('details', 'agenda', element('summary', '', t.code));
  all.ontoggle = () => {
    if (all.childElementCount > 1) return;
    const address = rulesAddress(`${location.origin}/m/${meeting}#h=${keyHash(meeting)}`, round) ?? '';
    const picture = Object.assign(element('img', 'move-code'), { src: qr(address), alt: t.code });
    all.append(picture);
  };
  return all;
}

function alarm(meeting: string, seen: RulesVerdict, language: Language): HTMLElement {
  const t = rulesTexts[language];
  const is = seen.is as 'other_wall' | 'other_box' | 'unsigned' | 'fraud';
  const line = fill(t[is], seen.is === 'fraud' ? seen.round : '');
  const section = element('section', 'record-note note-forged');
  section.setAttribute('role', 'alert');
  section.append(element('h2', '', t.wrong), element('p', '', line), element('p', '', t.stop));
  if (seen.is === 'fraud') {
    const save = () => saveFile(`fraud-${meeting}-${seen.round}.json`, new Blob([seen.proof]));
    section.append(button('secondary', t.save, save));
  }
  return section;
}
