// What people compare with the wall: the letters of the rules, and the whole of them as a code for their phones; before that those of
// the box. Rules f100 and f104 of tests/SPEC.md.

import { letterLines, rulesAddress } from '../ballot/rules_code';
import { qr } from '../browser/qr';
import type { ProjectorView } from '../protocol';
import { words } from './words';

export function Rules({ view }: { view: ProjectorView }) {
  const texts = words();
  const { round } = view.now;
  if (!round?.fingerprint) return null;
  const address = rulesAddress(view.join_qr, round);
  return (
    <div class="fingerprint">
      {address !== null && (
        <div class="fingerprint-code">
          <img src={qr(address)} alt={texts.rulesCode} />
        </div>
      )}
      <div class="fingerprint-words">
        <p class="fingerprint-word">
          {texts.fingerprint} <span>{texts.fingerprintHint}</span>
        </p>
        {letterLines(round.fingerprint).map((line) => (
          <p class="fingerprint-digits number" key={line}>
            {line}
          </p>
        ))}
        {address !== null && <p class="fingerprint-scan">{texts.rulesScan}</p>}
      </div>
    </div>
  );
}

/** Letters alone, in a line below a scene that has no room for more. */
export function FootLetters({ of, letters }: { of: string; letters: string }) {
  return (
    <p class="foot-letters">
      {of} <b class="number">{letters}</b>
    </p>
  );
}

/** The letters of the meeting's one box, from its first day on. */
export function Box({ view }: { view: ProjectorView }) {
  const { box_key } = view.now;
  if (!box_key) return null;
  return (
    <div class="box-letters">
      <span>{words().box}</span>
      <b class="number">
        {letterLines(box_key.fingerprint).map((line) => (
          <span key={line}>{line}</span>
        ))}
      </b>
    </div>
  );
}
