// Brings the chair's commands to the server, one after the other and until it is known what became of each. A command names what
// it acts on, so the same one may be sent again after a lost answer. It must not know any screen.
import { type Signal, signal } from '@preact/signals';
import { browser, type World } from '../browser/world';
import { type Answer, ask } from '../net/requests';
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
const FIRST_PAUSE_MS = 250;
const PAUSE_MAX_MS = 3_000;

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
    const until_ms = this.world.now() + PATIENCE_MS;
    for (let attempt = 1; ; attempt += 1) {
      this.delivery.value = { is: 'sending', command, attempt };
      const answer: Answer<Done> = await ask(
        'POST',
        `/api/meetings/${encodeURIComponent(this.meeting)}/commands`,
        { session: this.session, body: command },
        this.world,
      );
      if (answer.ok) return { is: 'idle' };
      const { problem, retry_after_s } = answer.problem;
      if (problem !== 'try_again' && problem !== 'slow_down') {
        return { is: 'refused', command, problem: answer.problem };
      }
      if (this.world.now() >= until_ms) return { is: 'undelivered', command };
      await this.pause(attempt, retry_after_s ?? 0);
    }
  }

  private pause(attempt: number, least_s: number): Promise<void> {
    const most_ms = Math.min(PAUSE_MAX_MS, FIRST_PAUSE_MS * 2 ** Math.min(attempt, 6));
    const pause_ms = Math.max(least_s * 1000, most_ms * (0.5 + this.world.random() / 2));
    return new Promise((resume) => void this.world.after(pause_ms, resume));
  }
}
