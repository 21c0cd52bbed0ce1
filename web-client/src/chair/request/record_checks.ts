// The scrutineer's page counts again by itself: the whole record as soon as a round is certified, and then whether what would be
// published is one count with it, before that can be confirmed. It must not know a screen. Rules f105 to f107 of tests/SPEC.md.
import { type Signal, signal } from '@preact/signals';
import { browser, type World } from '../../browser/world';
import { hex } from '../../crypto/bytes';
import type { Publication } from '../../protocol';
import { Fault } from '../../record/format';
import { type Checked, type Summary, verifyBeside, verifyWhole } from '../../record/verify';

export type RecordCheck =
  | { is: 'counting' }
  /** The whole record was counted again, and what would be published follows from it. */
  | { is: 'one_count'; summary: Summary }
  | { is: 'breaks'; fault: Fault }
  /** The server did not give both. */
  | { is: 'no_record' };

/** What the page says of the record that was published. */
export type PublishedRecord = 'as_checked' | 'another' | 'not_checked';

const nameOf = (round: number, publication: Publication) => `${round} ${publication}`;

export class RecordChecks {
  readonly found: Signal<ReadonlyMap<string, RecordCheck>> = signal(new Map());
  /** How many ballots of the record that is being counted are done. */
  readonly progress: Signal<{ done: number; of: number }> = signal({ done: 0, of: 0 });
  /** The whole record of each round, once it was counted. */
  private readonly counted = new Map<number, Checked>();
  /** One count at a time. */
  private last: Promise<void> = Promise.resolve();

  constructor(
    private readonly meeting: string,
    private readonly session: string,
    private readonly world: World = browser,
  ) {}

  /** Counts the whole record of a certified round ahead of any request, which then waits less. */
  countAhead(round: number): void {
    // What is wrong with it is told when it is asked for.
    this.last = this.last
      .then(() => this.whole(round))
      .then(
        () => {},
        () => {},
      );
  }

  /** What was found of a publication that is asked for; nothing before {@link check}. */
  of(round: number, publication: Publication): RecordCheck | null {
    return this.found.value.get(nameOf(round, publication)) ?? null;
  }

  /** Holds what would be published against the whole record, once, or again where the server gave no record. */
  check(round: number, publication: Publication): void {
    const before = this.of(round, publication);
    if (before && before.is !== 'no_record') return;
    const tell = (found: RecordCheck) => {
      this.found.value = new Map(this.found.value).set(nameOf(round, publication), found);
    };
    tell({ is: 'counting' });
    this.last = this.last
      .then(() => this.hold(round, publication))
      .then(tell, (fault) => tell(fault instanceof Fault ? { is: 'breaks', fault } : { is: 'no_record' }));
  }

  /** Whether what was published is what this page counted. */
  published(round: number, publication: Publication, digest: string): PublishedRecord {
    const found = this.of(round, publication);
    if (found?.is !== 'one_count') return 'not_checked';
    return hex(found.summary.digest) === digest ? 'as_checked' : 'another';
  }

  private async hold(round: number, publication: Publication): Promise<RecordCheck> {
    const held = await this.whole(round);
    const told = await this.fetch(round, `?publication=${publication}`);
    return {
      is: 'one_count',
      summary: await verifyBeside(
        told,
        held,
        this.watching(() => {}),
      ),
    };
  }

  /** The whole record, counted again; once, because nothing of it changes after it was certified. */
  private async whole(round: number): Promise<Checked> {
    const before = this.counted.get(round);
    if (before) return before;
    const progress = (done: number, of: number) => {
      this.progress.value = { done, of };
    };
    progress(0, 0);
    const counted = await verifyWhole(await this.fetch(round, ''), this.watching(progress));
    this.counted.set(round, counted);
    return counted;
  }

  private watching(progress: (done: number, of: number) => void) {
    return { progress, breathe: () => new Promise<void>((resume) => void this.world.after(0, resume)) };
  }

  private async fetch(round: number, query: string): Promise<Uint8Array> {
    const path = `/api/meetings/${this.meeting}/rounds/${round}/record.json${query}`;
    const answer = await this.world.fetch(path, {
      headers: { Authorization: `Bearer ${this.session}` },
      cache: 'no-store',
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
    });
    if (!answer.ok) throw new Error('no record');
    return new Uint8Array(await answer.arrayBuffer());
  }
}
