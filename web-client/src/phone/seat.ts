// The seat that this phone holds, kept on the device, and the steps of taking one.
// The credential is made and kept before it is sent, so that a lost answer costs nothing. It must not know any screen.

import { storage } from '../browser/storage';
import { randomId } from '../crypto/random_id';
import { ask } from '../net/requests';
import type { JoinBy, Joined } from '../protocol';

export interface Seat {
  meeting: string;
  group: string;
  leads_subject: number | null;
  credential: string;
  /** The slip that it came from, so that its QR code leads back to the same seat. */
  slip: string;
}

const LAST = 'seat';
const JOINING = 'joining';

/** The seat in that meeting, or the one taken last. */
export function keptSeat(meeting?: string): Seat | null {
  const text = storage.get(meeting === undefined ? LAST : `${LAST}/${meeting}`);
  return text === null ? null : (JSON.parse(text) as Seat);
}

export function keepSeat(seat: Seat): void {
  const text = JSON.stringify(seat);
  storage.set(`${LAST}/${seat.meeting}`, text);
  storage.set(LAST, text);
}

/** Forgets a seat whose credential the server no longer knows. */
export function forgetSeat(seat: Seat): void {
  storage.remove(`${LAST}/${seat.meeting}`);
  if (keptSeat()?.meeting === seat.meeting) storage.remove(LAST);
}

/** A slip's code in its one spelling: capitals and digits; empty where it is none. */
export function slipCode(typed: string): string {
  const code = typed.toUpperCase().replace(/[^0-9A-Z]/g, '');
  return code.length === 10 ? code : '';
}

/** Whether a claim is kept that led to no seat, or whose answer was lost. */
export const isClaiming = () => storage.get(JOINING) !== null;

/** Takes a seat; the same claim is sent with the same credential until it is answered. `kiosk`: it is counted as one at a tablet. */
export async function claimSeat(by: JoinBy, leads_subject: number | null, kiosk?: true) {
  const claim = JSON.stringify(by);
  const kept = JSON.parse(storage.get(JOINING) ?? 'null') as { claim: string; credential: string } | null;
  const credential = kept?.claim === claim ? kept.credential : randomId();
  storage.set(JOINING, JSON.stringify({ claim, credential }));
  const answer = await ask<Joined>('POST', '/api/join', {
    body: { by, credential, leads_subject, kiosk },
  });
  if (answer.ok && answer.value.answer === 'joined') {
    const { meeting, group, leads_subject } = answer.value;
    keepSeat({ meeting, group, leads_subject, credential, slip: by.how === 'slip' ? by.code : '' });
    storage.remove(JOINING);
  }
  return answer;
}
