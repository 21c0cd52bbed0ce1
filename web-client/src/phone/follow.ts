// Follows the meeting for the seat that this phone holds: joins connection, voting and the look into the record to the signals of
// state.ts. It draws nothing.
import { effect, untracked } from '@preact/signals-core';
import type { RecordLook } from '../ballot/witness';
import { storage } from '../browser/storage';
import { browser, sealWith } from '../browser/world';
import { type Connection, connect } from '../net/connection';
import type { First } from '../protocol';
import { clearRows, openDraft } from './draft';
import type { TokenMover } from './later/move';
import { type Later, loadLater } from './later_loader';
import { goToNow } from './pages';
import { markOf, opinionOf, ownBranch } from './rows';
import { forgetSeat, keepSeat, keptSeat, type Seat } from './seat';
import { ballot, checked, later, plan, round, seat, status, view } from './state';
import { tablet } from './tablet/tablet';
import { Voting } from './voting';
import { isLive, isStillLive } from './window';

let connection: Connection | null = null;
let voting: Voting | null = null;
/** What waits for later.js. */
let arriving: ((brought: Later) => void) | undefined;
let looking: RecordLook | null = null;
/** The server's clock before there is a connection. */
let firstOffset_ms = 0;

export function serverNow(): number {
  return connection ? connection.serverNow() : Date.now() + firstOffset_ms;
}

/** What the server wrote into the page, if it is of that meeting or of the only one. */
export function readFirst(): First | null {
  const text = document.getElementById('first')?.textContent;
  if (!text) return null;
  const first = JSON.parse(text) as First;
  firstOffset_ms = first.now_ms - Date.now();
  plan.value = first.plan;
  view.value = first.view;
  return first;
}

/** What later.js compares of the rules. */
export const rulesNow = () => ({
  meeting: plan.value?.id ?? '',
  box: view.value?.now.box_key ?? null,
  round: round.value,
});

function follow(): void {
  if (!plan.value) return;
  if (!voting && seat.value) {
    const { meeting, group, credential } = seat.value;
    voting = new Voting({
      meeting,
      group,
      credential,
      recused: ownBranch.value,
      storage,
      world: tablet?.around(browser) ?? browser,
      tokens: () => later.value?.tokens,
      serverNow,
      isLive: isStillLive,
      onStatus(next) {
        ballot.value = next;
        // Marks and opinions leave the phone's memory with the receipt; what was cast is kept only as it was sent.
        if (next.is === 'received') clearRows(round.value?.subjects ?? []);
      },
    });
  }
  voting?.follow(round.value, later.value?.stopsVoting(storage, rulesNow()));
  lookForBallots();
}

/** Over how long the phones of a hall spread their looks into the record: a minute, in large halls up to five. */
const spread_ms = () => {
  const entitled = (plan.value?.groups ?? []).reduce((sum, group) => sum + group.entitled, 0);
  return Math.min(300_000, Math.max(60_000, 100 * entitled));
};

function lookForBallots(): void {
  if (!later.value || !seat.value) return;
  looking ??= later.value.beginLook({
    meeting: seat.value.meeting,
    storage,
    world: browser,
    spread_ms,
    isLive: isStillLive,
    forget: (number) => voting?.forget(number),
    onChecked(rounds) {
      checked.value = rounds;
    },
  });
  const phase = view.value?.now.phase;
  looking.follow({
    round: round.value?.number ?? null,
    state: round.value?.state ?? null,
    isOver: phase === 'closed' || phase === 'archived',
  });
}

/** Looks for the own ballots without waiting for a random moment. */
export function lookNow(): void {
  looking?.lookNow();
}

function start(to: Seat): void {
  if (plan.value?.id !== to.meeting) {
    plan.value = null;
    view.value = null;
  }
  openDraft(to.meeting, plan.value?.form);
  connection = connect(
    {
      meeting: to.meeting,
      session: to.credential,
      lesser: () => later.value?.lesserChannels,
      planDigest: plan.value?.digest ?? '',
      onView(message) {
        if (message.kind !== 'voter') return;
        view.value = { now: message.now, result: message.result };
        follow();
      },
      onPlan(next) {
        openDraft(to.meeting, next.form);
        plan.value = next;
        follow();
      },
      onStatus(next) {
        const back = next.is === 'connected' && status.value.is !== 'connected';
        // An attempt is no news to somebody who was told that the server is away.
        if (next.is !== 'connecting' || status.value.is !== 'waiting') status.value = next;
        if (back) voting?.hurry();
      },
    },
    browser,
  );
  follow();
}

function end(): void {
  connection?.stop();
  voting?.stop();
  looking?.stop();
  looking = null;
  connection = null;
  voting = null;
}

/** Follows the seat while this window is the live one. */
export function watchSeat(): void {
  loadLater(browser, (brought) => {
    sealWith(brought.sealedWays);
    later.value = brought;
    arriving?.(brought);
    voting?.hurry();
    if (view.value) follow();
  });
  effect(() => {
    const to = isLive.value ? seat.value : null;
    // Starting reads signals that it must not follow.
    if (to) untracked(() => start(to));
    return end;
  });
}

export function retryConnection(): void {
  connection?.retry();
}

/** The final step of a sheet. */
export function castSheet(): void {
  voting?.cast(markOf, opinionOf);
  goToNow();
}

/** What hands tokens to another window; nothing before this phone votes. */
export const mover = (): TokenMover | null => voting;

/** A seat with tokens that another window gave up: later.js reads what is in the fragment. */
export function receiveMoved(meeting: string, fragment: string, otherwise: () => void): void {
  arriving = (brought) => {
    const moved = brought.receiveMoved(storage, meeting, fragment);
    if (moved) keepSeat({ ...moved, slip: '' });
    seat.value = keptSeat(meeting);
    if (!moved) otherwise();
  };
}

/** Gives a seat up that the server no longer knows. */
export function leaveSeat(): void {
  if (seat.value) forgetSeat(seat.value);
  seat.value = null;
}
