// The phone looks for its own ballots in the record: at a random moment after publication, without its session, in the whole
// list of leaves (in a large round in parts of thousands), so that nobody learns which ones are its own. Then it forgets them.
// It knows no screen. Rules f50 to f53 of tests/SPEC.md.

import {
  type CheckedRound,
  type CheckOutcome,
  type CurrentRound,
  type RecordLook,
  type RoundCheck,
  type StoredWitness,
  type Witness,
  witnessName,
} from '../../ballot/witness';
import type { Storage } from '../../browser/storage';
import type { World } from '../../browser/world';
import { compare, concat, fromBase64url, hex, utf8 } from '../../crypto/bytes';
import { pauseOf, type RetryLimits } from '../../net/retry';
import { LEAVES_PART, LEAVES_WHOLE_MAX, type RecordView } from '../../protocol';
import { canonical, type Json } from '../../record/canonical';
import { merkleRoot } from '../../record/merkle';
import { isStrictlySigned } from '../../record/strict';

export interface LookOptions {
  meeting: string;
  storage: Storage;
  world: World;
  /** Over how long a hall's phones spread their looks, in milliseconds. */
  spread_ms(): number;
  isLive(): boolean;
  /** The ballots were found: nothing of the cast is needed any more. */
  forget(round: number): void;
  onChecked(rounds: CheckedRound[]): void;
}

const OTHER_WINDOW_MS = 10_000;
const NO_ANSWER: RetryLimits = [20_000, 20_000];
const NOT_YET: RetryLimits = [120_000, 120_000];
const PATIENCE_MS = 30_000;
const LEAF_BYTES = 32;

const isAnswered = ({ ballots }: Witness) => ballots.every(({ receipt }) => receipt);

/** The proof that a voter may keep: canonical JSON that `pingyi verify --proof` reads; none without receipts. */
export function proofOf(text: string): string | null {
  const witness = JSON.parse(text) as Witness;
  if (!isAnswered(witness)) return null;
  const { m, ballots } = witness;
  return canonical({ format: 'pingyi-proof/1', manifest_hash: m, ballots } as unknown as Json);
}

export function beginLook(options: LookOptions): RecordLook {
  return new Look(options);
}

class Look implements RecordLook {
  private seen: CurrentRound = { round: null, state: null, isOver: false };
  private rounds = new Map<number, RoundCheck>();
  private timers = new Map<number, () => void>();
  /** What was found, until the page is closed: the only moment at which a proof can still be kept. */
  private found = new Map<number, string>();
  private stopped = false;

  constructor(private readonly options: LookOptions) {}

  follow(seen: CurrentRound): void {
    this.seen = seen;
    for (const round of this.keptRounds()) {
      const kept = this.read(round);
      if (kept.result) this.rounds.set(round, kept.result);
      else if (round === seen.round && seen.state === 'void') this.drop(round);
      else if (this.isDue(round)) this.schedule(round);
    }
    this.tell();
  }

  lookNow(): void {
    for (const [round, check] of this.rounds) {
      if (check.is === 'waiting' || check.is === 'not_yet') void this.look(round);
    }
  }

  stop(): void {
    this.stopped = true;
    for (const cancel of this.timers.values()) cancel();
  }

  private isDue(round: number): boolean {
    const { round: now, state, isOver } = this.seen;
    return isOver || (now === round && state === 'published') || (now !== null && now > round);
  }

  private keptRounds(): number[] {
    const prefix = witnessName(this.options.meeting, 0).slice(0, -1);
    return this.options.storage.names(prefix).map((name) => Number(name.slice(prefix.length)));
  }

  private read(round: number): StoredWitness {
    const text = this.options.storage.get(witnessName(this.options.meeting, round));
    return JSON.parse(text ?? '{}') as StoredWitness;
  }

  private drop(round: number): void {
    this.options.storage.remove(witnessName(this.options.meeting, round));
    this.options.forget(round);
    this.rounds.delete(round);
  }

  private schedule(round: number): void {
    const check = this.rounds.get(round);
    if (check && check.is !== 'not_yet') return;
    if (check?.is === 'not_yet' && this.timers.has(round)) return;
    this.rounds.set(round, { is: 'waiting' });
    this.later(round, this.options.spread_ms() * this.options.world.random());
  }

  private later(round: number, delay_ms: number): void {
    this.timers.get(round)?.();
    this.timers.set(
      round,
      this.options.world.after(delay_ms, () => void this.look(round)),
    );
  }

  private tell(): void {
    const rounds = [...this.rounds].sort(([a], [b]) => a - b);
    this.options.onChecked(
      rounds.map(([round, check]) => {
        const witness = this.found.get(round) ?? this.read(round).witness;
        return { round, check, proof: witness === undefined ? null : proofOf(witness) };
      }),
    );
  }

  private set(round: number, check: RoundCheck): void {
    this.rounds.set(round, check);
    this.tell();
  }

  private async look(round: number): Promise<void> {
    this.timers.get(round)?.();
    this.timers.delete(round);
    const { witness } = this.read(round);
    if (this.stopped || this.rounds.get(round)?.is === 'looking' || witness === undefined) return;
    if (!this.options.isLive()) return this.later(round, OTHER_WINDOW_MS);
    this.set(round, { is: 'looking' });
    const result = await this.outcome(round, JSON.parse(witness) as Witness);
    if (this.stopped) return;
    if (result === 'no_answer' || result === 'not_yet') {
      this.set(round, { is: result === 'not_yet' ? 'not_yet' : 'waiting' });
      this.later(round, pauseOf(result === 'not_yet' ? NOT_YET : NO_ANSWER, 0, this.options.world));
      return;
    }
    const name = witnessName(this.options.meeting, round);
    if (result.is === 'found' || result.is === 'not_in') {
      this.found.set(round, witness);
      this.options.storage.set(name, JSON.stringify({ result } satisfies StoredWitness));
      this.options.forget(round);
    } else {
      // What is missing must be shown: nothing is deleted.
      this.options.storage.set(name, JSON.stringify({ witness, result } satisfies StoredWitness));
    }
    this.set(round, result);
  }

  private async outcome(round: number, witness: Witness): Promise<CheckOutcome | 'not_yet' | 'no_answer'> {
    try {
      const answer = await this.get(round, 'record');
      if (answer.status === 404) return 'not_yet';
      if (!answer.ok) return 'no_answer';
      const view = (await answer.json()) as RecordView;
      if (!isSigned(witness, view)) return { is: 'forged' };
      const own = witness.ballots.map(({ leaf }) => fromBase64url(leaf, LEAF_BYTES));
      const leaves = await this.leaves(round, view, own);
      if (leaves === null) return { is: 'forged' };
      const known = new Set(leaves.map(hex));
      const missing = own.filter((leaf) => !known.has(hex(leaf))).length;
      // The sheet is a ballot too, but voters count rows.
      if (missing === 0) return { is: 'found', ballots: own.length - 1, digits: view.record.digits };
      // A batch is in the box or not: nobody said that this one was.
      if (missing === own.length && !isAnswered(witness)) return { is: 'not_in' };
      return { is: 'missing', ballots: missing, of: own.length };
    } catch {
      return 'no_answer';
    }
  }

  /** Leaves among which the own ones must be, once their root was checked; nothing where they do not have it. */
  private async leaves(round: number, view: RecordView, own: Uint8Array[]): Promise<Uint8Array[] | null> {
    if (view.leaves <= LEAVES_WHOLE_MAX) {
      const all = await this.list(round, 'leaves');
      return all.length === view.leaves && hex(merkleRoot(all)) === view.root ? all : null;
    }
    const index = await this.list(round, 'leaves/index');
    const [firsts, roots] = [0, 1].map((half) => index.filter((_, at) => at % 2 === half)) as [
      Uint8Array[],
      Uint8Array[],
    ];
    const parts = Math.ceil(view.leaves / LEAVES_PART);
    if (roots.length !== parts || firsts.length !== parts || hex(merkleRoot(roots)) !== view.root)
      return null;
    const wanted = new Set(own.map((leaf) => partOf(firsts, leaf)));
    const found: Uint8Array[] = [];
    for (const part of [...wanted].sort((a, b) => a - b)) {
      const listed = await this.list(round, `leaves/${part}`);
      // The last two come together; each has its root.
      const first = part + 2 >= parts ? Math.max(0, parts - 2) : part;
      for (let at = 0; at * LEAVES_PART < listed.length; at += 1) {
        const chunk = listed.slice(at * LEAVES_PART, (at + 1) * LEAVES_PART);
        const root = roots[first + at];
        if (root === undefined || hex(merkleRoot(chunk)) !== hex(root)) return null;
      }
      found.push(...listed);
    }
    return found;
  }

  private async list(round: number, what: string): Promise<Uint8Array[]> {
    const answer = await this.get(round, what);
    if (!answer.ok) throw new Error('no leaves');
    const bytes = new Uint8Array(await answer.arrayBuffer());
    const leaves: Uint8Array[] = [];
    for (let at = 0; at < bytes.length; at += LEAF_BYTES) leaves.push(bytes.subarray(at, at + LEAF_BYTES));
    return leaves;
  }

  /** Asks without a name: no session, no cookie, no referrer. */
  private async get(round: number, what: string): Promise<Response> {
    const { meeting, world } = this.options;
    const patience = new AbortController();
    const cancel = world.after(PATIENCE_MS, () => patience.abort());
    try {
      return await world.fetch(`/m/${meeting}/rounds/${round}/${what}`, {
        cache: 'no-store',
        credentials: 'omit',
        referrerPolicy: 'no-referrer',
        signal: patience.signal,
      });
    } finally {
      cancel();
    }
  }
}

/** Whether the box key that is in this phone's manifest signed the root. */
function isSigned({ m, box_key }: Witness, { root, head, box_sig }: RecordView): boolean {
  try {
    const message = concat(utf8('pingyi-record/1\0'), fromHex(m), fromHex(root), fromHex(head));
    return isStrictlySigned(fromBase64url(box_key, 32), message, fromBase64url(box_sig, 64));
  } catch {
    return false;
  }
}

function fromHex(text: string): Uint8Array {
  return Uint8Array.from({ length: LEAF_BYTES }, (_, at) =>
    Number.parseInt(text.slice(2 * at, 2 * at + 2), 16),
  );
}

/** The part in which a leaf lies if it is there at all. */
function partOf(firsts: Uint8Array[], leaf: Uint8Array): number {
  const after = firsts.findIndex((first) => compare(first, leaf) > 0);
  return Math.max(0, (after < 0 ? firsts.length : after) - 1);
}
