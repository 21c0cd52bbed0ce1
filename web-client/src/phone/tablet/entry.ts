// What kiosk.js is built from: it makes the phone's page one for a shared tablet. It runs before that page, gives it a memory
// that lasts for one person, and lays its own words over it. It must not know marks: it looks only at how far a ballot is.
import '../../browser/polyfills';
import type { VoterView } from '../../protocol';
import { type KioskTexts, kioskTexts } from '../../texts/kiosk';
import { KIOSK_STYLE } from './style';
import { standingOf, turnOf } from './turn';

const LOOK_MS = 500;
const ROUND_MS = 3_000;
/** A cast waits this long at most, by chance: so that not each of them follows its confirmation at once. */
const CAST_WAIT_MAX_MS = 4_000;

const meeting = /^\/m\/([^/]+)/.exec(location.pathname)?.[1] ?? '';
const send = window.fetch.bind(window);
let touched_ms = Date.now();
let received_ms: number | null = null;
let round: string | null = null;
let leaving = false;
const sent = new Set<string>();

const say = (): KioskTexts => kioskTexts[document.documentElement.lang === 'en' ? 'en' : 'zh'];

/** What the phone's page keeps lasts for this tab and this person; a reload in the middle loses nothing. */
function takeMemory(): void {
  Object.defineProperty(window, 'localStorage', { configurable: true, get: () => window.sessionStorage });
}

/** The address stays the tablet's: another one would open an ordinary phone's page on a reload. */
function keepAddress(): void {
  const replace = history.replaceState.bind(history);
  history.replaceState = (state: unknown) => replace(state, '');
}

/** The first attempt of a cast waits a moment by chance, unless the round is closing. */
function changeRequests(): void {
  window.fetch = async (input, init) => {
    const path = String(input);
    if (path.startsWith('/box/') && !sent.has(path)) {
      sent.add(path);
      const wait_ms = round === 'closing' ? 0 : CAST_WAIT_MAX_MS * Math.random();
      await new Promise((done) => setTimeout(done, wait_ms));
    }
    return send(input, init);
  };
}

function kept(): Map<string, string> {
  const all = new Map<string, string>();
  for (let at = 0; at < sessionStorage.length; at += 1) {
    const name = sessionStorage.key(at) ?? '';
    all.set(name, sessionStorage.getItem(name) ?? '');
  }
  return all;
}

/** Drafts, keys, answers, seat: all of it is in this tab's memory, and the page itself. */
function forget(): void {
  sessionStorage.clear();
  location.replace(location.pathname);
}

const typed = () =>
  [...document.querySelectorAll('main input')].some((input) => (input as HTMLInputElement).value !== '');

async function lookAtRound(): Promise<void> {
  try {
    const answer = await send(`/api/meetings/${encodeURIComponent(meeting)}/view`);
    round = answer.ok ? (((await answer.json()) as VoterView).now.round?.state ?? 'draft') : round;
  } catch {
    // The page itself says that the server is away.
  }
  setTimeout(() => void lookAtRound(), ROUND_MS);
}

const layer = document.createElement('div');
let drawn = '';

/** Lays a question or a notice over the page; the same one is not drawn again, so that no finger misses a button. */
function lay(key: string, title: string, line: string, buttons: [string, () => void][]): void {
  if (key !== drawn) {
    drawn = key;
    layer.textContent = '';
    layer.hidden = key === '';
    const box = document.createElement('section');
    box.setAttribute('role', 'alertdialog');
    box.setAttribute('aria-label', title);
    const head = document.createElement('h2');
    head.textContent = title;
    box.append(head, document.createElement('p'));
    for (const [label, press] of buttons) {
      const button = document.createElement('button');
      button.type = 'button';
      button.className = 'primary';
      button.textContent = label;
      button.onclick = press;
      box.append(button);
    }
    layer.append(box);
    layer.querySelector('button')?.focus();
  }
  const text = layer.querySelector('p');
  if (text && text.textContent !== line) text.textContent = line;
}

function stay(): void {
  leaving = false;
  touched_ms = Date.now();
  look();
}

function look(): void {
  const now = Date.now();
  const standing = standingOf(kept(), typed());
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

window.pingyiKiosk = true;
takeMemory();
keepAddress();
changeRequests();
document.addEventListener('DOMContentLoaded', begin);
