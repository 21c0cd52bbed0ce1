// One person's turn at a shared tablet: when it begins, when it is over, and when the tablet forgets it. Pure: it is told what
// the page tells of the person and how long nobody touched it.
import type { Person } from './tablet';

/** How long nobody touches an unfinished sheet before the tablet asks, in milliseconds. */
export const IDLE_MS = 120_000;
/** How long the question stands before the tablet forgets. */
export const WARNING_MS = 30_000;
/** How long the thanks stand. */
export const THANKS_MS = 8_000;

/** What the tablet knows of the person in front of it. */
export type Standing =
  /** Nobody is there. */
  | 'free'
  /** A slip is being typed, a seat is taken, a sheet is being filled in. */
  | 'unfinished'
  /** A ballot is on its way: it must not be forgotten, whatever happens. */
  | 'sending'
  /** The box has it. */
  | 'received'
  /** The box said no. */
  | 'refused';

export interface TurnInputs {
  standing: Standing;
  /** Milliseconds since somebody touched the tablet. */
  idle_ms: number;
  /** Milliseconds since the ballot was received. */
  received_ms: number;
  /** What the round is doing; nothing while it is not known. */
  round: string | null;
}

export type Turn =
  /** The page as it is. */
  | { is: 'page' }
  /** No evaluation is open: nobody begins. */
  | { is: 'closed' }
  | { is: 'warning'; left_s: number }
  | { is: 'thanks' }
  | { is: 'forget' };

export function turnOf({ standing, idle_ms, received_ms, round }: TurnInputs): Turn {
  switch (standing) {
    case 'free':
      return round === null || round === 'open' ? { is: 'page' } : { is: 'closed' };
    case 'sending':
      return { is: 'page' };
    case 'received':
      return received_ms >= THANKS_MS ? { is: 'forget' } : { is: 'thanks' };
    case 'unfinished':
    case 'refused': {
      if (idle_ms < IDLE_MS) return { is: 'page' };
      const left_ms = IDLE_MS + WARNING_MS - idle_ms;
      return left_ms <= 0 ? { is: 'forget' } : { is: 'warning', left_s: Math.ceil(left_ms / 1000) };
    }
  }
}

/** What the page tells of the person, and whether a slip is being typed. */
export function standingOf({ hasSeat, ballot }: Person, isTyping: boolean): Standing {
  if (!hasSeat) return isTyping ? 'unfinished' : 'free';
  switch (ballot?.is) {
    case undefined:
      // After a reload in the middle, before the page knows: there may be one on its way.
      return 'sending';
    case 'sending':
    case 'unconfirmed':
      return 'sending';
    case 'received':
      return 'received';
    case 'lost':
      return 'refused';
    default:
      return 'unfinished';
  }
}
