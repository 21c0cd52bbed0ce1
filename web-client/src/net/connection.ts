// The connection to a meeting as a state machine: it keeps whole views coming and says truthfully how it stands.
// It must not know any screen: pages pass callbacks. Rules p10–p19 of tests/SPEC.md.

import { browser, type World } from '../browser/world';
import { CLOSE_OLD_PAGE, CLOSE_RESTART, type PlanView, PROTOCOL, type ServerMessage } from '../protocol';
import { type Address, type Channel, type Hangup, type LesserChannels, openChannel } from './channels';
import { ask } from './requests';
import { pauseOf, type RetryLimits } from './retry';

export type Status =
  | { is: 'connecting' }
  | { is: 'connected'; channel: Channel }
  /** Tries again at `until_ms` of this device's clock. */
  | { is: 'waiting'; until_ms: number; online: boolean }
  /** Does not try again by itself; a close code from 4500. */
  | { is: 'stopped'; code: number };

export type ViewMessage = Exclude<ServerMessage, { kind: 'welcome' }>;

export interface ConnectionOptions extends Address {
  onView(message: ViewMessage): void;
  onPlan(plan: PlanView): void;
  onStatus(status: Status): void;
  /** The digest of a plan that the page already has. */
  planDigest?: string;
  /** The ways beside the socket; nothing while the page has not fetched them. */
  lesser(): LesserChannels | undefined;
}

/** Silence after which a connection counts as dead: the server speaks every 20 s. */
const ZOMBIE_MS = 45_000;
/** Silence after which a page that wakes up does not trust its connection. */
const DOUBTFUL_MS = 25_000;
const WELCOME_WITHIN_MS = 10_000;
const TICK_MS = 5_000;
/** A difference that no network makes: somebody set this device's clock. */
const CLOCK_JUMP_MS = 2_000;
/** Full jitter below these: a server that restarts has everybody back within 5 s, one that stays away is not stormed. */
const EARLY: RetryLimits = [500, 4_000];
const LATE: RetryLimits = [15_000, 15_000];
const EARLY_ATTEMPTS = 10;
const SOCKET_FAILURES_MAX = 2;
/** When a page on a lesser channel tries a socket again; doubles up to the second figure. */
const SOCKET_AGAIN_MS = 60_000;
const SOCKET_AGAIN_MAX_MS = 960_000;

export class Connection {
  private hangup: Hangup = () => {};
  private timers: Record<'retry' | 'welcome' | 'tick' | 'socketAgain' | 'plan', () => void> = {
    retry: () => {},
    welcome: () => {},
    tick: () => {},
    socketAgain: () => {},
    plan: () => {},
  };
  private channel: Channel = 'socket';
  private status: Status = { is: 'connecting' };
  private attempts = 0;
  private socketFailures = 0;
  private socketAgain_ms = SOCKET_AGAIN_MS;
  private welcomed = false;
  private heardAt_ms = 0;
  private tickedAt_ms = 0;
  private offset_ms = 0;
  private seen: { epoch: string; version: number } | undefined;
  private plan: { have: string; wanted: string; fetching: boolean };
  private endWake: () => void;
  /** Counts attempts, so that an answer to an abandoned one is not taken for the present one. */
  private turn = 0;

  constructor(
    private readonly options: ConnectionOptions,
    private readonly world: World = browser,
  ) {
    this.plan = { have: options.planDigest ?? '', wanted: options.planDigest ?? '', fetching: false };
    this.endWake = world.onWake(() => this.wake());
    this.tickedAt_ms = world.now();
    this.scheduleTick();
    this.open('socket');
  }

  /** The server's clock, as far as it is known. */
  serverNow(): number {
    return this.world.now() + this.offset_ms;
  }

  /** Tries at once instead of waiting, also after a stop. */
  retry(): void {
    this.attempts = 0;
    this.open('socket');
  }

  /** Ends everything. */
  stop(): void {
    this.abandon();
    this.timers.tick();
    this.timers.plan();
    this.endWake();
    this.turn += 1;
  }

  private open(channel: Channel): void {
    this.abandon();
    this.channel = channel;
    this.welcomed = false;
    this.heardAt_ms = this.world.now();
    if (this.status.is !== 'connecting') this.tell({ is: 'connecting' });
    this.timers.welcome = this.world.after(WELCOME_WITHIN_MS, () => this.lost(0));
    this.hangup = openChannel(
      this.world,
      channel,
      this.options,
      {
        heard: (message) => this.heard(message),
        lost: (code) => this.lost(code),
      },
      this.options.lesser(),
    );
  }

  private abandon(): void {
    this.turn += 1;
    this.timers.retry();
    this.timers.welcome();
    this.timers.socketAgain();
    this.hangup();
  }

  private heard(message: ServerMessage): void {
    this.heardAt_ms = this.world.now();
    if (message.kind === 'welcome') {
      if (message.protocol !== PROTOCOL) {
        this.lost(CLOSE_OLD_PAGE);
        return;
      }
      const offset_ms = message.now_ms - this.heardAt_ms;
      // The message that travelled the least time tells the clock best.
      const isClose = this.welcomed && Math.abs(offset_ms - this.offset_ms) < CLOCK_JUMP_MS;
      this.offset_ms = isClose ? Math.max(this.offset_ms, offset_ms) : offset_ms;
    }
    if (!this.welcomed) this.becomeConnected();
    if (message.kind !== 'welcome') this.take(message);
  }

  private becomeConnected(): void {
    this.welcomed = true;
    this.timers.welcome();
    this.attempts = 0;
    if (this.channel === 'socket') {
      this.socketFailures = 0;
      this.socketAgain_ms = SOCKET_AGAIN_MS;
    } else {
      const delay_ms = this.socketAgain_ms * (1 + this.world.random());
      this.socketAgain_ms = Math.min(2 * this.socketAgain_ms, SOCKET_AGAIN_MAX_MS);
      this.timers.socketAgain = this.world.after(delay_ms, () => this.open('socket'));
    }
    this.tell({ is: 'connected', channel: this.channel });
  }

  private take(message: ViewMessage): void {
    const { epoch, version, plan } = message.now;
    if (this.seen && this.seen.epoch === epoch && version < this.seen.version) return;
    this.seen = { epoch, version };
    this.plan.wanted = plan;
    this.options.onView(message);
    void this.fetchPlan();
  }

  private lost(code: number): void {
    const { welcomed, channel } = this;
    this.abandon();
    if (code >= 4500 && code <= 4999) {
      if (code !== CLOSE_OLD_PAGE || !this.world.reloadOnce()) this.tell({ is: 'stopped', code });
    } else if (code === CLOSE_RESTART) {
      this.waitFor(1_000 + 4_000 * this.world.random());
    } else if (welcomed || channel === 'polling') {
      this.backOff();
    } else if (channel === 'events') {
      this.open('polling');
    } else {
      this.socketFailures += 1;
      if (this.socketFailures >= SOCKET_FAILURES_MAX) void this.probe();
      else this.backOff();
    }
  }

  /** Sockets failed twice: only where a plain request works meanwhile are they blocked, and not the server away. */
  private async probe(): Promise<void> {
    const turn = this.turn;
    const answer = (await this.options.lesser()?.fetchView(this.world, this.options)) ?? 0;
    if (turn !== this.turn) return;
    if (typeof answer !== 'number') {
      if (answer.kind !== 'welcome') this.take(answer);
      this.open('events');
    } else if (answer >= 4500) {
      this.lost(answer);
    } else {
      this.backOff();
    }
  }

  private backOff(): void {
    const limits = this.attempts < EARLY_ATTEMPTS ? EARLY : LATE;
    this.waitFor(pauseOf(limits, this.attempts++, this.world));
  }

  private waitFor(delay_ms: number): void {
    this.timers.retry = this.world.after(delay_ms, () => this.open('socket'));
    this.tell({ is: 'waiting', until_ms: this.world.now() + delay_ms, online: this.world.online() });
  }

  private tell(status: Status): void {
    this.status = status;
    this.options.onStatus(status);
  }

  /** The page is looked at again, or the network is back. */
  private wake(): void {
    if (this.status.is === 'waiting') {
      this.attempts = 0;
      this.open('socket');
    } else if (this.status.is === 'connected' && this.world.now() - this.heardAt_ms > DOUBTFUL_MS) {
      this.open('socket');
    }
  }

  private scheduleTick(): void {
    this.timers.tick = this.world.after(TICK_MS, () => {
      const now_ms = this.world.now();
      // A clock that was set back, or a device that slept: silence cannot be told from the clock any more.
      if (now_ms < this.tickedAt_ms) this.heardAt_ms = now_ms;
      this.tickedAt_ms = now_ms;
      if (this.status.is === 'connected' && now_ms - this.heardAt_ms > ZOMBIE_MS) this.open('socket');
      this.scheduleTick();
    });
  }

  private async fetchPlan(): Promise<void> {
    if (this.plan.fetching || this.plan.have === this.plan.wanted) return;
    this.plan.fetching = true;
    const { meeting } = this.options;
    // Everybody may have it: no secret goes with the question.
    const answer = await ask<PlanView>('GET', `/api/meetings/${meeting}/plan`, {}, this.world);
    this.plan.fetching = false;
    if (answer.ok) {
      this.plan.have = answer.value.digest;
      this.options.onPlan(answer.value);
      if (this.plan.have === this.plan.wanted) return;
    }
    // Another plan than the view names, or none: ask again soon, views will say which one is wanted then.
    this.timers.plan();
    // As spread over a hall as late attempts.
    const pause_ms = pauseOf(EARLY, EARLY_ATTEMPTS, this.world);
    this.timers.plan = this.world.after(pause_ms, () => void this.fetchPlan());
  }
}

/** Connects at once and for as long as it is not stopped. */
export function connect(options: ConnectionOptions, world: World = browser): Connection {
  return new Connection(options, world);
}
