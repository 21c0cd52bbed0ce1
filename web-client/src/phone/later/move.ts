// The page about going on in another window, drawn by later.js so that the phone's own page stays small: this window gives its
// tokens up and shows a code with their seed. The code is drawn here; a fragment is in no request. It must not know how tokens
// are made, nor when they are fetched.

import { fragmentOf, type Moved, movedIn, takeTokens } from '../../ballot/moving';
import { qr } from '../../browser/qr';
import type { Storage } from '../../browser/storage';
import { keyHash } from '../../net/sealed_channel';
import type { MovePageTexts } from '../../texts/move';

/** What moves tokens: the half of voting that this page needs. */
export interface TokenMover {
  /** Whether another window has the tokens; nothing where they cannot move. */
  moved(): boolean | null;
  /** Hands them over, or takes them back; answers the round and the wallet, or nothing where that cannot be. */
  move(moved: boolean): { round: number; wallet: string } | null;
}

let picture = '';
let isRefused = false;

/** Tokens that came in an address; true where this window takes them. One with another seat takes none, and says so. */
export function receiveMoved(
  storage: Storage,
  meeting: string,
  fragment: string,
): Omit<Moved, 'round' | 'seed'> | null {
  const moved = movedIn(meeting, fragment);
  if (!moved) return null;
  const own = storage.get(`seat/${meeting}`);
  isRefused = own !== null && (JSON.parse(own) as { credential: string }).credential !== moved.credential;
  if (isRefused) return null;
  takeTokens(storage, moved);
  const { credential, group, leads_subject } = moved;
  return { meeting, credential, group, leads_subject };
}

/** Draws the page; again whenever something changed. */
export function drawMove(
  host: HTMLElement,
  t: MovePageTexts,
  seat: Omit<Moved, 'round' | 'seed'>,
  mover: TokenMover,
): void {
  const isMoved = mover.moved();
  if (!isMoved) picture = '';
  const again = () => drawMove(host, t, seat, mover);
  const parts: HTMLElement[] = [part('h2', isRefused ? t.refused : t.title, 'page-title')];
  if (isRefused) {
    parts.push(part('p', t.refused_line));
    host.replaceChildren(...parts);
    return;
  }
  if (picture) {
    const code = Object.assign(document.createElement('img'), { src: picture, alt: t.code });
    code.className = 'move-code';
    parts.push(code);
  } else {
    const list = document.createElement('ol');
    list.append(...t.steps.map((step) => part('li', step)));
    parts.push(list);
  }
  parts.push(part('p', t.secret, 'caution'), part('p', t.not_draft));
  if (isMoved === null) parts.push(part('p', t.none));
  else if (!picture) parts.push(button(t.start, () => show(seat, mover, again)));
  if (isMoved) {
    const takeBack = () => {
      mover.move(false);
      again();
    };
    parts.push(button(t.take_back, takeBack), part('p', t.take_back_line));
  }
  host.replaceChildren(...parts);
}

function show(seat: Omit<Moved, 'round' | 'seed'>, mover: TokenMover, again: () => void): void {
  const given = mover.move(true);
  if (given) {
    const seed = (JSON.parse(given.wallet) as { seed: string }).seed;
    const fragment = fragmentOf({ ...seat, round: given.round, seed });
    picture = qr(`${location.origin}/m/${seat.meeting}${fragment}&h=${keyHash(seat.meeting)}`);
  }
  again();
}

function part(tag: string, text: string, name = ''): HTMLElement {
  const element = document.createElement(tag);
  element.textContent = text;
  element.className = name;
  return element;
}

function button(text: string, press: () => void): HTMLElement {
  const element = part('button', text, 'secondary') as HTMLButtonElement;
  element.type = 'button';
  element.onclick = press;
  return element;
}
