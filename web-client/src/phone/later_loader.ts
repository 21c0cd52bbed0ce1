// Fetches later.js after the page is there: the tokens' cryptography, needed when a round is armed and not before, and what has no
// room in the page. It is asked for as soon as a seat is taken, so that a cast never waits for it nor causes it.

import type { CurrentRules } from '../ballot/rules_seen';
import type { RecordLook } from '../ballot/witness';
import type { Storage } from '../browser/storage';
import type { SealedWays, World } from '../browser/world';
import type { LesserChannels } from '../net/channels';
import { pauseOf, type RetryLimits } from '../net/retry';
import type { Drawings } from './drawings';
import type { LookOptions } from './later/look';
import type { receiveMoved } from './later/move';
import type { Tokens } from './voting';

/** What later.js brings. */
export interface Later {
  tokens: Tokens;
  drawings: Drawings;
  /** The channel for all that is secret. */
  sealedWays: SealedWays;
  /** How views come where sockets are blocked. */
  lesserChannels: LesserChannels;
  /** Whether something is wrong with the rules, so that nobody should vote on this phone. */
  stopsVoting(storage: Storage, now: CurrentRules): boolean;
  /** Tokens that another window gave up. */
  receiveMoved: typeof receiveMoved;
  /** Looks for the own ballots once a record is out. */
  beginLook(options: LookOptions): RecordLook;
}

declare global {
  interface Window {
    /** Set by later.js. */
    pingyiLater?: Later;
  }
}

const RETRY: RetryLimits = [500, 4_000];

/** Calls back once it is there; asks again until it is. */
export function loadLater(world: World, done: (brought: Later) => void, attempt = 0): void {
  if (window.pingyiLater) {
    done(window.pingyiLater);
    return;
  }
  const script = document.createElement('script');
  script.src = '/later.js';
  script.onload = () => loadLater(world, done, attempt);
  script.onerror = () => {
    script.remove();
    world.after(pauseOf(RETRY, attempt, world), () => loadLater(world, done, attempt + 1));
  };
  document.head.appendChild(script);
}
