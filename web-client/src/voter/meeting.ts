// What the phone knows at this moment: the plan, the newest view, the connection, its seat and its ballot, as signals.
// It joins connection and voting to them and decides nothing itself.
import { computed, effect, signal, untracked } from '@preact/signals-core';
import { type Connection, connect, type Status } from '../connection';
import { loadPapers } from '../papers_loader';
import type { First, PlanView, RoundView, VoterView } from '../protocol';
import { storage } from '../storage';
import { type Ballot, type PapersKit, Voting } from '../voting';
import { browser } from '../world';
import { clearMarks, draft, openDraft } from './draft';
import { goToNow } from './pages';
import { forgetSeat, type Seat } from './seat';
import { isLive, isStillLive } from './window';

export const plan = signal<PlanView | null>(null);
export const view = signal<VoterView | null>(null);
export const status = signal<Status>({ is: 'connecting' });
export const seat = signal<Seat | null>(null);
export const ballot = signal<Ballot>({ is: 'none' });

let connection: Connection | null = null;
let voting: Voting | null = null;
let papers: PapersKit | null = null;
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

/** The subjects on this phone's sheet, in its order: those of the round, without the own branch. */
export const rows = computed(() => {
  const all = plan.value?.subjects ?? [];
  const round = view.value?.now.round;
  const order = round ? round.subjects : all.map((subject) => subject.id);
  return order
    .filter((id) => id !== ownBranch.value)
    .flatMap((id) => all.filter((subject) => subject.id === id));
});

/** The subject for which this seat gets no ballot. */
export const ownBranch = computed(() =>
  plan.value?.own_branch === 'recused' ? (seat.value?.leads_subject ?? null) : null,
);

/** Rows without a mark. */
export const openRows = computed(() => rows.value.filter(({ id }) => !markOf(id)));

/** The mark of a subject in the draft, if the scale still has it. */
export function markOf(subject: number): string | undefined {
  const mark = draft.value[subject];
  return plan.value?.scale.some(({ id }) => id === mark) ? mark : undefined;
}

/** The current step, and where it is in the agenda. */
export const currentStep = computed(
  () => plan.value?.agenda.find(({ id }) => id === view.value?.now.step) ?? null,
);

/** Whether the sheet can still be changed on this phone. */
export const sheetIsOpen = computed(() =>
  ['none', 'waiting', 'open', 'void', 'no_papers'].includes(ballot.value.is),
);

function follow(round: RoundView | null): void {
  if (!plan.value) return;
  if (!voting && seat.value) {
    const { meeting, group, credential } = seat.value;
    voting = new Voting({
      meeting,
      group,
      credential,
      recused: ownBranch.value,
      storage,
      world: browser,
      kit: () => papers,
      serverNow,
      isLive: isStillLive,
      onBallot(next) {
        ballot.value = next;
        // The marks leave the phone's memory with the receipt; what was cast is kept only as it was sent.
        if (next.is === 'received') clearMarks(view.value?.now.round?.subjects ?? []);
      },
    });
  }
  voting?.follow(round);
}

function start(to: Seat): void {
  if (plan.value?.id !== to.meeting) {
    plan.value = null;
    view.value = null;
  }
  openDraft(to.meeting);
  connection = connect(
    {
      meeting: to.meeting,
      session: to.credential,
      planDigest: plan.value?.digest ?? '',
      onView(message) {
        if (message.kind !== 'voter') return;
        view.value = { now: message.now, result: message.result };
        follow(message.now.round);
      },
      onPlan(next) {
        plan.value = next;
        follow(view.value?.now.round ?? null);
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
  follow(view.value?.now.round ?? null);
}

function end(): void {
  connection?.stop();
  voting?.stop();
  connection = null;
  voting = null;
}

/** Follows the seat while this window is the live one. */
export function watchSeat(): void {
  loadPapers(browser, (kit) => {
    papers = kit;
    voting?.hurry();
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
  voting?.cast(markOf);
  goToNow();
}

/** Gives a seat up that the server no longer knows. */
export function leaveSeat(): void {
  if (seat.value) forgetSeat(seat.value);
  seat.value = null;
}
