// One person's turn at a shared tablet: when it begins, when it is over, and when the tablet forgets it. Pure: it is told what
// the page keeps and how long nobody touched it.

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

export interface Seen {
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

export function turnOf({ standing, idle_ms, received_ms, round }: Seen): Turn {
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

/** What the page keeps under its names, and whether a slip is being typed. */
export function standingOf(kept: ReadonlyMap<string, string>, isTyping: boolean): Standing {
  const names = [...kept.keys()];
  let standing: Standing =
    isTyping || names.some((name) => /^pingyi\/(seat|joining)/.test(name)) ? 'unfinished' : 'free';
  for (const name of names.filter((each) => each.startsWith('pingyi/round/'))) {
    const round = read(kept.get(name));
    if (round.received) standing = 'received';
    else if (round.lost) standing = 'refused';
    else if (round.cast !== undefined) return 'sending';
  }
  return standing;
}

function read(text: string | undefined): { cast?: unknown; received?: unknown; lost?: unknown } {
  try {
    return (JSON.parse(text ?? '') ?? {}) as object;
  } catch {
    return {};
  }
}
