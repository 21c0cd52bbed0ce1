// New slips for a group's free seats: their codes are drawn here, their hashes are sent to the server until their outcome
// is known, and the codes stay in this page's memory, from where they are printed. It must not know a screen.
import { sha256 } from '@noble/hashes/sha2.js';
import { type Signal, signal } from '@preact/signals';
import type { PrintedSlips } from '../../browser/slips_handover';
import { browser, type World } from '../../browser/world';
import { base64url, utf8 } from '../../crypto/bytes';
import { ask } from '../../net/requests';
import { askUntilKnown, isPassing, type RetryLimits } from '../../net/retry';
import type { Done, NewSlipsRequest, Problem } from '../../protocol';
import { PATIENCE_MS } from '../commands';

/** Crockford's base 32, as slips are printed. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const CHARACTERS = 10;
const RETRY: RetryLimits = [500, 3_000];

/** How far the new slips are. */
export type SlipsStatus =
  | { is: 'idle' }
  | { is: 'sending'; group: string }
  /** The meeting, or the server, said no. Nothing was changed. */
  | { is: 'refused'; group: string; problem: Problem }
  /** Not known to have arrived: the same ones can be sent again. */
  | { is: 'undelivered'; group: string };

/** One code: 50 bits. */
export function newCode(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(CHARACTERS));
  return Array.from(bytes, (byte) => ALPHABET.charAt(byte & 31)).join('');
}

/** So many codes, all different. */
export function drawCodes(count: number): string[] {
  const codes = new Set<string>();
  while (codes.size < count) codes.add(newCode());
  return [...codes];
}

/** What the server is told of a code. */
export function hashOf(code: string): string {
  return base64url(sha256(utf8(`pingyi-slip/1\0${code}`)));
}

/** What is wanted: as the page shows it. */
export type SlipsOrder = Omit<PrintedSlips, 'codes'> & { series: number; count: number };

export class NewSlips {
  readonly sending: Signal<SlipsStatus> = signal({ is: 'idle' });
  /** The last ones of each group: until this page is closed they can be printed. */
  readonly printed: Signal<readonly PrintedSlips[]> = signal([]);
  private pending: { body: NewSlipsRequest; slips: PrintedSlips } | null = null;

  constructor(
    private readonly session: string,
    private readonly world: World = browser,
  ) {}

  /** The slips of a group that can be printed. */
  of(group: string): PrintedSlips | null {
    return this.printed.value.find((slips) => slips.group.id === group) ?? null;
  }

  /** Draws codes and lets them take the place of those before. While the outcome of others is not known, those come first. */
  async replace({ series, count, ...of }: SlipsOrder): Promise<void> {
    if (this.sending.value.is === 'sending') return;
    if (this.sending.value.is === 'undelivered') return this.deliver();
    const codes = drawCodes(count);
    const body: NewSlipsRequest = { group: of.group.id, series, codes: codes.map(hashOf) };
    this.pending = { body, slips: { ...of, codes } };
    return this.deliver();
  }

  /** Takes note of a refusal. */
  dismiss(): void {
    if (this.sending.value.is === 'refused') this.sending.value = { is: 'idle' };
  }

  /** Sends what is pending, the same bytes until there is an answer. */
  private async deliver(): Promise<void> {
    const { pending } = this;
    if (!pending) return;
    const { body, slips } = pending;
    const { group } = body;
    this.sending.value = { is: 'sending', group };
    const path = `/api/meetings/${encodeURIComponent(slips.meeting)}/slips`;
    const asking = () => ask<Done>('POST', path, { session: this.session, body }, this.world);
    const answer = await askUntilKnown(asking, RETRY, this.world, PATIENCE_MS);
    if (!answer.ok && isPassing(answer.problem)) {
      this.sending.value = { is: 'undelivered', group };
      return;
    }
    this.pending = null;
    if (!answer.ok) {
      this.sending.value = { is: 'refused', group, problem: answer.problem };
      return;
    }
    this.printed.value = [...this.printed.value.filter((other) => other.group.id !== group), slips];
    this.sending.value = { is: 'idle' };
  }
}
