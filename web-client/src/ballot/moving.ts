// What travels when tokens move to another window: the seat's credential and the seed of its tokens, in the fragment of an
// address, which no request carries. It must not know a screen, nor how tokens are made.
import type { Storage } from '../browser/storage';

/** A seat and the seed of its tokens of one round. */
export interface Moved {
  meeting: string;
  credential: string;
  group: string;
  /** The subject that the seat leads, if any. */
  leads_subject: number | null;
  round: number;
  /** 32 bytes in base64url. */
  seed: string;
}

/** The fragment of the address that hands them over. */
export function fragmentOf({ credential, group, leads_subject, round, seed }: Moved): string {
  return `#p=${[credential, group, leads_subject ?? 0, round, seed].join('.')}`;
}

/** What a fragment hands over, maybe with the hash of the meeting's key behind it (sealed_channel.ts); nothing where it is none. */
export function movedIn(meeting: string, fragment: string): Moved | null {
  const found =
    /^#p=([\w-]{22})\.([A-Za-z0-9]{1,8})\.(\d{1,5})\.([1-9]\d{0,2})\.([\w-]{43})(?:&h=[\w-]{22})?$/.exec(
      fragment,
    ) ?? [];
  const [, credential, group, leads, round, seed] = found;
  if (!credential || !group || !leads || !round || !seed) return null;
  return { meeting, credential, group, leads_subject: Number(leads) || null, round: Number(round), seed };
}

/** Where a seed waits until tokens are made from it. */
export const seedName = (meeting: string, round: number) => `seed/${meeting}/${round}`;

/**
 * Keeps the seed for the round: its tokens are asked for anew, with the same bytes, and so come back the same. A window that
 * gave them up itself takes them back.
 */
export function takeTokens(storage: Storage, { meeting, round, seed }: Moved): void {
  const name = `round/${meeting}/${round}`;
  const kept = JSON.parse(storage.get(name) ?? 'null') as { moved?: boolean } | null;
  if (kept?.moved) storage.set(name, JSON.stringify({ ...kept, moved: false }));
  else if (!kept) storage.set(seedName(meeting, round), seed);
}
