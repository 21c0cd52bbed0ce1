// The ballot lamp: five states that differ in form, colour and words. It shows what is known, never what is hoped,
// and nothing that depends on a mark.

import { ticking } from './clock';
import { ballot, round } from './state';
import type { BallotStatus } from './voting';
import { fill, say, sayProblem, timeOfDay } from './words';

type Light = 'waiting' | 'open' | 'sending' | 'unconfirmed' | 'received' | 'off' | 'wrong';

interface LampText {
  light: Light;
  title: string;
  line: string;
}

function shown(now: BallotStatus): LampText {
  const t = say();
  switch (now.is) {
    case 'none':
      return { light: 'waiting', title: t.lamp.waiting, line: t.lamp_line.waiting };
    case 'waiting': {
      const line = { none: t.lamp_line.waiting, getting: t.lamp_line.getting, ready: t.lamp_line.armed };
      return { light: 'waiting', title: t.lamp.waiting, line: line[now.tokens] };
    }
    case 'open': {
      const line = round.value?.state === 'closing' ? t.lamp_line.closing : t.lamp_line.open;
      return { light: 'open', title: t.lamp.open, line };
    }
    case 'sending':
      return { light: 'sending', title: t.lamp.sending, line: t.lamp_line.sending };
    case 'unconfirmed':
      return { light: 'unconfirmed', title: t.lamp.unconfirmed, line: t.lamp_line.unconfirmed };
    case 'received':
      return { light: 'received', title: t.lamp.received, line: fill(t.received_at, timeOfDay(now.at_ms)) };
    case 'lost':
      return { light: 'wrong', title: t.lost[now.why], line: t.lost_line[now.why] };
    case 'missed':
      return { light: 'off', title: t.missed, line: t.missed_line };
    case 'moved':
      return { light: 'off', title: t.moving.title, line: t.moving.line };
    case 'void':
      return { light: 'off', title: t.void_round, line: fill(t.void_line, round.value?.void_reason ?? '') };
    case 'no_tokens':
      if (now.why === 'wrong_fingerprint')
        return { light: 'wrong', title: t.stopped, line: t.wrong_fingerprint };
      return { light: 'wrong', title: t.no_papers, line: sayProblem(now.why) };
  }
}

const SIGNS: Record<Light, string> = {
  waiting: 'M16 9v8l5 3',
  open: 'M9 23l2-6 10-10 4 4-10 10zM19 9l4 4',
  sending: 'M16 24V9M9 15l7-7 7 7',
  unconfirmed: 'M16 7v11M16 23v2',
  received: 'M8 17l6 6L25 10',
  off: 'M9 16h14',
  wrong: 'M10 10l12 12M22 10L10 22',
};

export function Lamp() {
  const t = say();
  const now = ballot.value;
  const { light, title, line } = shown(now);
  return (
    <section class={`lamp lamp-${light}`}>
      <svg viewBox="0 0 32 32" aria-hidden="true">
        <circle cx="16" cy="16" r="14.5" />
        <path d={SIGNS[light]} />
      </svg>
      <div>
        <div aria-live="assertive">
          <h2>{title}</h2>
          <p>{line}</p>
        </div>
        {now.is === 'open' && <Closing />}
        {now.is === 'received' && (
          <p class="receipt">
            {t.receipt} <b>{now.code}</b>
          </p>
        )}
        {now.is === 'received' && <p class="small">{t.receipt_hint}</p>}
      </div>
    </section>
  );
}

/** The seconds until a closing round is frozen. */
function Closing() {
  const closes_at_ms = round.value?.closes_at_ms;
  if (closes_at_ms == null) return null;
  const left_s = Math.max(0, Math.ceil((closes_at_ms - ticking()) / 1000));
  return <p class="closes">{fill(say().closes_in, left_s)}</p>;
}
