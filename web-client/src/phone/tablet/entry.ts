// What kiosk.js is built from: it makes the phone's page one for a shared tablet. It runs before that page, gives it a memory and a
// world that serve one person after the other, and lays its own words over it. It must not know marks: it is told how far a ballot is.
import '../../browser/polyfills';
import type { VoterView } from '../../protocol';
import { type KioskTexts, kioskTexts } from '../../texts/kiosk';
import { lay, layer } from './layer';
import { KIOSK_STYLE } from './style';
import type { Person } from './tablet';
import { standingOf, turnOf } from './turn';
import { patientWorld } from './world';

const LOOK_MS = 500;
const ROUND_MS = 3_000;

const meeting = /^\/m\/([^/]+)/.exec(location.pathname)?.[1] ?? '';
let person: Person = { hasSeat: false, ballot: null };
let touched_ms = Date.now();
let received_ms: number | null = null;
let round: string | null = null;
let leaving = false;

const say = (): KioskTexts => kioskTexts[document.documentElement.lang === 'en' ? 'en' : 'zh'];

/** Drafts, keys, answers, seat: all of it is in this tab's memory, and the page itself. */
function forget(): void {
  sessionStorage.clear();
  location.replace(location.pathname);
}

const typed = () =>
  [...document.querySelectorAll('main input')].some((input) => (input as HTMLInputElement).value !== '');

async function lookAtRound(): Promise<void> {
  try {
    const answer = await fetch(`/api/meetings/${encodeURIComponent(meeting)}/view`);
    round = answer.ok ? (((await answer.json()) as VoterView).now.round?.state ?? 'draft') : round;
  } catch {
    // The page itself says that the server is away.
  }
  setTimeout(() => void lookAtRound(), ROUND_MS);
}

function stay(): void {
  leaving = false;
  touched_ms = Date.now();
  look();
}

function look(): void {
  const now = Date.now();
  const standing = standingOf(person, typed());
  if (standing !== 'received') received_ms = null;
  else received_ms ??= now;
  const turn = turnOf({
    standing,
    idle_ms: now - touched_ms,
    received_ms: now - (received_ms ?? now),
    round,
  });
  const t = say();
  strip(standing === 'unfinished' || standing === 'refused');
  if (turn.is === 'forget') forget();
  else if (turn.is === 'closed') lay('closed', t.closed, t.closed_line, []);
  else if (turn.is === 'thanks') lay('thanks', t.thanks, t.thanks_line, [[t.next, forget]]);
  else if (turn.is === 'warning') {
    lay('warning', t.warning, t.warning_line(turn.left_s), [[t.stay, stay]]);
  } else if (leaving && standing !== 'sending') {
    lay('leave', t.strip, t.leave_ask, [
      [t.stay, stay],
      [t.leave_yes, forget],
    ]);
  } else lay('', '', '', []);
}

const bar = document.createElement('aside');

/** Says at the top what this is, with a way out while something is unfinished. */
function strip(mayLeave: boolean): void {
  const t = say();
  const text = `${t.strip}|${mayLeave}`;
  if (bar.dataset.text === text) return;
  bar.dataset.text = text;
  bar.textContent = t.strip;
  if (!mayLeave) return;
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = t.leave;
  button.onclick = () => {
    leaving = true;
    look();
  };
  bar.append(button);
}

function begin(): void {
  const style = document.createElement('style');
  style.textContent = KIOSK_STYLE;
  document.head.append(style);
  bar.className = 'kiosk-bar';
  layer.className = 'kiosk-layer';
  layer.hidden = true;
  document.body.prepend(bar);
  document.body.append(layer);
  for (const kind of ['pointerdown', 'touchstart', 'keydown', 'input', 'scroll'] as const) {
    addEventListener(
      kind,
      () => {
        touched_ms = Date.now();
      },
      { capture: true, passive: true },
    );
  }
  void lookAtRound();
  setInterval(look, LOOK_MS);
  look();
}

// What the page keeps lasts for this tab and this person; a reload in the middle loses nothing.
window.pingyiMemory = window.sessionStorage;
window.pingyiTablet = {
  around: (world) => patientWorld(world, () => round === 'closing'),
  follow(now) {
    person = now;
  },
};
document.addEventListener('DOMContentLoaded', begin);
