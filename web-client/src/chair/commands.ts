// Brings the chair's commands to the server, one after the other and until the outcome of each is known. A command names what
// it acts on, so the same one may be sent again after a lost answer. It must not know any screen.
import { type Signal, signal } from '@preact/signals';
import { browser, type World } from '../browser/world';
import { ask } from '../net/requests';
import { askUntilKnown, isPassing, type RetryLimits } from '../net/retry';
import type { ChairCommand, Done, Problem } from '../protocol';

export type Delivery =
  | { is: 'idle' }
  | { is: 'sending'; command: ChairCommand; attempt: number }
  /** The meeting, or the server, said no. */
  | { is: 'refused'; command: ChairCommand; problem: Problem }
  /** Not known to have arrived; the chair decides whether it is still wanted. */
  | { is: 'undelivered'; command: ChairCommand };

/** After this long a command is no longer repeated by itself: what was right half a minute ago may be wrong now. */
export const PATIENCE_MS = 30_000;
/** Most commands that wait behind the one being sent. */
export const QUEUE_MAX = 8;
const RETRY: RetryLimits = [500, 3_000];

export class Commands {
  readonly delivery: Signal<Delivery> = signal({ is: 'idle' });
  private waiting: ChairCommand[] = [];
  private busy = false;

  constructor(
    private readonly meeting: string,
    private readonly session: string,
    private readonly world: World = browser,
  ) {}

  /** Sends it, after those that wait; a command that is on its way already is not sent twice. */
  send(command: ChairCommand): void {
    const same = JSON.stringify(command);
    const now = this.delivery.value;
    if (now.is === 'sending' && JSON.stringify(now.command) === same) return;
    if (this.waiting.some((each) => JSON.stringify(each) === same)) return;
    if (this.waiting.length >= QUEUE_MAX) return;
    this.waiting.push(command);
    void this.work();
  }

  /** Sends an undelivered command again. */
  again(): void {
    const now = this.delivery.value;
    if (now.is === 'undelivered') this.send(now.command);
  }

  /** Takes note of a refusal, or drops an undelivered command. */
  dismiss(): void {
    if (!this.busy) this.delivery.value = { is: 'idle' };
  }

  private async work(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    for (let command = this.waiting.shift(); command; command = this.waiting.shift()) {
      const outcome = await this.deliver(command);
      this.delivery.value = outcome;
      // What was queued behind a command that failed was meant for another situation.
      if (outcome.is !== 'idle') this.waiting = [];
    }
    this.busy = false;
  }

  private async deliver(command: ChairCommand): Promise<Delivery> {
    const path = `/api/meetings/${encodeURIComponent(this.meeting)}/commands`;
    const asking = (attempt: number) => {
      this.delivery.value = { is: 'sending', command, attempt };
      return ask<Done>('POST', path, { session: this.session, body: command }, this.world);
    };
    const answer = await askUntilKnown(asking, RETRY, this.world, PATIENCE_MS);
    if (answer.ok) return { is: 'idle' };
    const { problem } = answer;
    return isPassing(problem) ? { is: 'undelivered', command } : { is: 'refused', command, problem };
  }
}
