// Joining as a conversation: which meeting, which claim, perhaps which branch, then the seat. It must not know the screen.
import { signal } from '@preact/signals-core';
import { ask } from '../net/requests';
import type { JoinBy, Joined, MeetingLine, MeetingList, PlanView, Problem, Roster } from '../protocol';
import { claimSeat, keptSeat } from './seat';
import { plan, seat } from './state';
import { tablet } from './tablet/tablet';

/** Meetings to choose from; nothing while they are not known. */
export const meetings = signal<MeetingLine[] | null>(null);
export const roster = signal<Roster | null>(null);
/** The code of a slip's QR, or what was typed. */
export const slip = signal('');
export const problem = signal<Problem | null>(null);
export const isBusy = signal(false);
export const branchQuestion = signal<Extract<Joined, { answer: 'which_branch' }> | null>(null);

let claim: JoinBy | null = null;

export async function lookForMeetings(): Promise<void> {
  const answer = await ask<MeetingList>('GET', '/api/meetings');
  // Whoever has a slip needs no list: it only tells whose meeting this is.
  if (!slip.value) problem.value = answer.ok ? null : answer.problem;
  if (!answer.ok) return;
  meetings.value = answer.value.meetings;
  const only = answer.value.meetings.length === 1 ? answer.value.meetings[0] : undefined;
  if (only) await chooseMeeting(only.id);
}

export async function chooseMeeting(meeting: string): Promise<void> {
  const kept = keptSeat(meeting);
  if (kept && !slip.value) {
    seat.value = kept;
    return;
  }
  const answer = await ask<PlanView>('GET', `/api/meetings/${meeting}/plan`);
  problem.value = answer.ok ? null : answer.problem;
  if (answer.ok) plan.value = answer.value;
}

export async function loadRoster(meeting: string): Promise<void> {
  const answer = await ask<Roster>('GET', `/api/meetings/${meeting}/roster`);
  problem.value = answer.ok ? null : answer.problem;
  if (answer.ok) roster.value = answer.value;
}

export async function join(by: JoinBy, leads_subject: number | null = null): Promise<void> {
  claim = by;
  isBusy.value = true;
  problem.value = null;
  const answer = await claimSeat(by, leads_subject, tablet && true);
  isBusy.value = false;
  if (!answer.ok) {
    problem.value = answer.problem;
    return;
  }
  const { meeting } = answer.value;
  if (plan.value?.id !== meeting) await fetchPlan(meeting);
  if (answer.value.answer === 'which_branch') {
    branchQuestion.value = answer.value;
    return;
  }
  branchQuestion.value = null;
  // A tablet's address stays its own: another one would open an ordinary phone's page on a reload.
  if (!tablet) history.replaceState(null, '', `/m/${meeting}`);
  seat.value = keptSeat(meeting);
}

/** The answer to the question which branch the voter leads; 0 for none. */
export async function answerBranch(subject: number): Promise<void> {
  if (claim) await join(claim, subject);
}

export function startAgain(): void {
  branchQuestion.value = null;
  problem.value = null;
}

async function fetchPlan(meeting: string): Promise<void> {
  const answer = await ask<PlanView>('GET', `/api/meetings/${meeting}/plan`);
  if (answer.ok) plan.value = answer.value;
}
