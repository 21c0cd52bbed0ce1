// One phone's way through a round: fetch tokens, keep them, cast once, repeat the same bytes until it is known.
// It must not know any screen, nor how tokens are made (tokens.ts). Everything that must survive a reload is kept
// before it is sent. Rules f10–f19 of tests/SPEC.md.

import { seedName } from '../ballot/moving';
import type { SealedCast } from '../ballot/seal';
import { type StoredWitness, witnessName } from '../ballot/witness';
import type { Storage } from '../browser/storage';
import type { World } from '../browser/world';
import { votesAs } from '../meeting/plan';
import { ask } from '../net/requests';
import { isPassing, pauseOf } from '../net/retry';
import { type CastAnswer, PAPER_BYTES, type Papers, type ProblemKind, type RoundView } from '../protocol';

/** What voting needs of the tokens' half, which later.js brings. Wallets are texts that only it can read. */
export interface Tokens {
  /** Whether these bytes are the manifest that the view shows, of the box that this phone goes by. */
  isManifest(manifest: string, round: RoundView, storage: Storage, meeting: string): boolean;
  /** Fresh keys and blinded tokens for a group's contests; `request` is the body that asks for them. */
  prepare(
    manifest: string,
    group: string,
    contests: number[],
    /** Of another window: the same keys and tokens again. */
    seed?: string,
  ): { wallet: string; request: string };
  /** The wallet with its tokens; throws where a signature is wrong. */
  finalize(wallet: string, manifest: string, answer: Papers): string;
  /** The exact body of the cast; `markOf` gives the mark of a contest, nothing for a blank row. */
  cast(
    wallet: string,
    manifest: string,
    markOf: (contest: number) => string | undefined,
    /** What is written about the subject of a contest. */
    textOf: (contest: number) => string | undefined,
  ): string;
  /** A cast in its envelope, as it is sent. */
  seal(manifest: string, cast: string): SealedCast;
  /** A short code from the receipts, and what to look for in the record; nothing where a receipt is missing or wrong. */
  receive(manifest: string, cast: string, answer: CastAnswer): { code: string; witness: string } | null;
  /** What to look for where nobody answers any more. */
  unanswered(manifest: string, cast: string): string;
}

/** `sealed`: the round was counted, and only the record tells whether the ballot is in. */
export type CastRefusal = 'closed' | 'conflict' | 'bad' | 'sealed';

/** Where the ballot of this phone is. */
export type BallotStatus =
  | { is: 'none' }
  /** No token yet, or the round is not open; `tokens` says how far they are. */
  | { is: 'waiting'; tokens: 'none' | 'getting' | 'ready' }
  | { is: 'open' }
  | { is: 'sending' }
  | { is: 'unconfirmed' }
  | { is: 'received'; at_ms: number; code: string }
  | { is: 'lost'; why: CastRefusal }
  | { is: 'missed' }
  /** Another window has the tokens. */
  | { is: 'moved' }
  | { is: 'void' }
  | { is: 'no_tokens'; why: ProblemKind | 'wrong_fingerprint' };

/** What a phone keeps of one round, under these names since its first version. */
interface StoredRound {
  manifest: string;
  wallet: string;
  request: string;
  has: 'request' | 'papers';
  /** Whether they were handed to another window. */
  moved?: boolean;
  cast?: string;
  received?: { at_ms: number; code: string };
  lost?: CastRefusal;
}

export interface VotingOptions {
  meeting: string;
  group: string;
  credential: string;
  /** The subject for which no ballot is issued to this seat. */
  recused: number | null;
  storage: Storage;
  world: World;
  /** The tokens' half, once it has been fetched; `hurry` when it has. */
  tokens(): Tokens | undefined;
  serverNow(): number;
  /** False while another window of this phone is the live one. */
  isLive(): boolean;
  onStatus(status: BallotStatus): void;
}

const TOKENS_SPREAD_MS = 800;
const FIRST_DELAY_MS = 400;
const CAP_MS = 4_000;
/** How long a first attempt may take before it is called unconfirmed, in milliseconds. */
const SENDING_MS = 6_000;

export class Voting {
  private round: RoundView | null = null;
  /** What the newest view says, while an earlier round's ballot is not known to have arrived. */
  private newest: RoundView | null = null;
  private kept: StoredRound | null = null;
  private problem: ProblemKind | 'wrong_fingerprint' | null = null;
  /** Whether something is wrong with the rules that the view shows. */
  private isWrong = false;
  private working = false;
  private stopped = false;
  private failures = 0;
  private doubtful = false;
  private wakeUp: () => void = () => {};
  private told = '';

  constructor(private readonly options: VotingOptions) {}

  /** What the newest view says of the round. */
  follow(round: RoundView | null, isWrong = false): void {
    this.isWrong = isWrong;
    this.newest = round;
    const next = this.owed(round) ?? round;
    const changed = next?.number !== this.round?.number;
    const moved = changed || next?.state !== this.round?.state;
    this.round = next;
    if (changed) this.load();
    if (moved) this.hurry();
    this.tell();
    void this.work();
  }

  /** The network is back, or the page is looked at: do not wait any longer. */
  hurry(): void {
    this.failures = 0;
    this.wakeUp();
    void this.work();
  }

  /** Whether the marks can be cast now. */
  canCast(): boolean {
    return this.status().is === 'open';
  }

  /** The final step: builds the cast once, keeps its bytes, and sends them until it is known. */
  cast(
    markOf: (subject: number) => string | undefined,
    textOf: (subject: number) => string | undefined = () => undefined,
  ): void {
    const { kept, round } = this;
    const tokens = this.options.tokens();
    if (!this.canCast() || !this.options.isLive() || !kept || !round || !tokens) return;
    this.doubtful = false;
    const ofContest = (of: typeof markOf) => (contest: number) => {
      const subject = round.subjects[contest - 1];
      return subject === undefined ? undefined : of(subject);
    };
    kept.cast = tokens.cast(kept.wallet, kept.manifest, ofContest(markOf), ofContest(textOf));
    this.keep();
    this.tell();
    this.hurry();
  }

  /** Whether another window has the tokens; nothing where they cannot move: there are none, or a cast was made of them. */
  moved(): boolean | null {
    const { kept } = this;
    return kept && kept.cast === undefined && this.givesTokens() ? kept.moved === true : null;
  }

  /** Hands the tokens over, or takes them back; of tokens that were cast elsewhere the box takes no second ballot. */
  move(moved: boolean): { round: number; wallet: string } | null {
    const { kept, round } = this;
    if (this.moved() === null || !this.options.isLive() || !kept || !round) return null;
    kept.moved = moved;
    this.keep();
    this.tell();
    this.hurry();
    return { round: round.number, wallet: kept.wallet };
  }

  /** The ballots were found in the record, or the round is void: nothing that was marked stays on the phone. */
  forget(number: number): void {
    const kept = number === this.round?.number ? this.kept : this.read(number);
    if (!kept?.cast) return;
    kept.cast = '';
    this.options.storage.set(this.name(number), JSON.stringify(kept));
  }

  stop(): void {
    this.stopped = true;
    this.wakeUp();
  }

  private name(number = this.round?.number): string {
    return `round/${this.options.meeting}/${number ?? 0}`;
  }

  private read(number?: number): StoredRound | null {
    return JSON.parse(this.options.storage.get(this.name(number)) ?? 'null') as StoredRound | null;
  }

  /** An earlier round whose ballot was sent and never answered: the truth about it comes before anything else. */
  private owed(round: RoundView | null): RoundView | null {
    for (let number = 1; round && number < round.number; number += 1) {
      const kept = this.read(number);
      if (kept?.cast === undefined || kept.received || kept.lost) continue;
      return this.round?.number === number ? this.round : { ...round, number, state: 'closed', subjects: [] };
    }
    return null;
  }

  private load(): void {
    this.kept = this.read();
    this.problem = null;
    // A cast that an earlier page sent may have arrived or not: that is what "not confirmed" means.
    this.doubtful = this.kept?.cast !== undefined;
  }

  private keep(): void {
    this.options.storage.set(this.name(), JSON.stringify(this.kept));
  }

  private status(): BallotStatus {
    const { kept, round } = this;
    if (!round) return { is: 'none' };
    if (kept?.received) return { is: 'received', ...kept.received };
    if (kept?.lost) return { is: 'lost', why: kept.lost };
    if (round.state === 'void') return { is: 'void' };
    if (kept?.cast !== undefined) return { is: this.doubtful ? 'unconfirmed' : 'sending' };
    if (round.state === 'draft') return { is: 'waiting', tokens: 'none' };
    if (this.takesCasts() || round.state === 'armed') {
      if (kept?.moved) return { is: 'moved' };
      if (this.isWrong) return { is: 'no_tokens', why: 'wrong_fingerprint' };
      if (this.problem) return { is: 'no_tokens', why: this.problem };
      if (kept?.has !== 'papers' && round.state === 'closing') return { is: 'missed' };
      if (kept?.has !== 'papers') return { is: 'waiting', tokens: 'getting' };
      return round.state === 'armed' ? { is: 'waiting', tokens: 'ready' } : { is: 'open' };
    }
    return { is: 'missed' };
  }

  private givesTokens(): boolean {
    return this.round?.state === 'armed' || this.round?.state === 'open';
  }

  private takesCasts(): boolean {
    return this.round?.state === 'open' || this.round?.state === 'closing';
  }

  private tell(): void {
    const status = this.status();
    const text = JSON.stringify(status);
    if (text === this.told) return;
    this.told = text;
    this.options.onStatus(status);
  }

  /** Does what there is to do, one thing at a time, until nothing is left. */
  private async work(): Promise<void> {
    if (this.working) return;
    this.working = true;
    for (;;) {
      if (this.stopped || !this.options.isLive()) break;
      const step = this.next();
      if (!step) break;
      const round = this.round?.number;
      const done = await step();
      this.tell();
      if (done || round !== this.round?.number) this.failures = 0;
      else await this.pause();
    }
    this.working = false;
  }

  /** What to do next; the step answers whether it got further. */
  private next(): (() => Promise<boolean>) | null {
    const { kept, round } = this;
    const tokens = this.options.tokens();
    if (!tokens || !round || kept?.received || kept?.lost || round.state === 'void') return null;
    if (kept?.cast !== undefined) return () => this.send(tokens);
    if (this.isWrong || this.problem || kept?.moved || !this.givesTokens()) return null;
    if (!kept) return () => this.prepare(tokens, round);
    return kept.has === 'request' ? () => this.fetchTokens(tokens, kept) : null;
  }

  private async pause(): Promise<void> {
    // While a round closes, seconds count.
    const cap_ms = this.round?.state === 'closing' ? FIRST_DELAY_MS : CAP_MS;
    await this.sleep(pauseOf([FIRST_DELAY_MS, cap_ms], this.failures++, this.options.world));
  }

  private sleep(delay_ms: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.options.world.after(delay_ms, resolve);
      this.wakeUp = () => {
        cancel();
        resolve();
      };
    });
  }

  /** Fetches the manifest, checks it, makes the tokens and keeps them: nothing is sent that is not kept. */
  private async prepare(tokens: Tokens, round: RoundView): Promise<boolean> {
    const { meeting, world } = this.options;
    const answer = await ask<string>(
      'GET',
      `/api/meetings/${meeting}/rounds/${round.number}/manifest`,
      { wantsText: true },
      world,
    );
    if (!answer.ok) return false;
    if (!tokens.isManifest(answer.value, round, this.options.storage, meeting)) {
      this.problem = 'wrong_fingerprint';
      return true;
    }
    // Spreads the hall's requests, so that the order of requests says nothing about who sat where.
    await this.sleep(TOKENS_SPREAD_MS * world.random());
    if (!this.options.isLive() || this.round?.number !== round.number || this.kept) return true;
    const contests = [0];
    round.subjects.forEach((subject, index) => {
      if (subject !== this.options.recused) contests.push(index + 1);
    });
    const { storage } = this.options;
    const group = votesAs(this.options.group, round.merged);
    const seed = storage.get(seedName(meeting, round.number)) ?? undefined;
    const { wallet, request } = tokens.prepare(answer.value, group, contests, seed);
    this.kept = { manifest: answer.value, wallet, request, has: 'request' };
    this.keep();
    storage.remove(seedName(meeting, round.number));
    return true;
  }

  private async fetchTokens(tokens: Tokens, kept: StoredRound): Promise<boolean> {
    const { meeting, world, credential } = this.options;
    const path = `/api/meetings/${meeting}/rounds/${this.round?.number}/papers`;
    // As for all rows, whether or not one of them is the own.
    const least = ((this.round?.subjects.length ?? 0) + 1) * PAPER_BYTES;
    const asked = { session: credential, text: kept.request, least };
    const answer = await ask<Papers>('POST', path, asked, world);
    if (this.kept !== kept) return true;
    if (answer.ok) {
      try {
        kept.wallet = tokens.finalize(kept.wallet, kept.manifest, answer.value);
      } catch {
        this.problem = 'bad_ballot';
        return true;
      }
      kept.has = 'papers';
      this.keep();
      return true;
    }
    const { problem } = answer.problem;
    // The server may not have seen yet what this phone's view says, or be busy: the same bytes again.
    if (isPassing(answer.problem) || problem === 'no_papers_now') return false;
    this.problem = problem;
    return true;
  }

  private async send(tokens: Tokens): Promise<boolean> {
    const { kept } = this;
    if (!kept?.cast) return true;
    const { meeting, world } = this.options;
    const endDoubt = world.after(SENDING_MS, () => {
      this.doubtful = true;
      this.tell();
    });
    const path = `/box/${meeting}/${this.round?.number}/cast`;
    const { envelope, open } = tokens.seal(kept.manifest, kept.cast);
    const answer = await ask<CastAnswer>('POST', path, { bytes: envelope, open }, world);
    endDoubt();
    if (this.kept !== kept) return true;
    if (answer.ok) this.judge(tokens, kept, kept.cast, answer.value);
    else if (answer.problem.problem === 'bad_ballot') kept.lost = 'bad';
    else if (answer.problem.problem === 'round_is_counted') {
      // The record knows: what is looked for there tells no mark.
      kept.lost = 'sealed';
      this.keepWitness(tokens.unanswered(kept.manifest, kept.cast));
    }
    if (kept.received || kept.lost) {
      // What made the ballot is of no use any more, and its marks go with the answer.
      Object.assign(kept, { manifest: '', wallet: '', request: '', cast: '' });
      this.keep();
      this.tell();
      if (this.newest !== this.round) this.follow(this.newest, this.isWrong);
      return true;
    }
    this.doubtful = true;
    return false;
  }

  private keepWitness(witness: string): void {
    const { meeting, storage } = this.options;
    if (!this.round) return;
    storage.set(witnessName(meeting, this.round.number), JSON.stringify({ witness } satisfies StoredWitness));
  }

  private judge(tokens: Tokens, kept: StoredRound, cast: string, answer: CastAnswer): void {
    for (const no of ['conflict', 'bad', 'closed'] as const) {
      if (answer.items.some((item) => item.answer === no)) {
        kept.lost = no;
        return;
      }
    }
    const receipt = tokens.receive(kept.manifest, cast, answer);
    if (receipt === null || !this.round) return;
    this.keepWitness(receipt.witness);
    kept.received = { at_ms: this.options.serverNow(), code: receipt.code };
  }
}
