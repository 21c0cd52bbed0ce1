// What the phone knows at this moment, as signals: follow.ts fills them, every page reads them. It decides nothing.
import { computed, signal } from '@preact/signals-core';
import type { CheckedRound } from '../ballot/witness';
import type { Status } from '../net/connection';
import type { PlanView, VoterView } from '../protocol';
import type { Later } from './later_loader';
import type { Seat } from './seat';
import type { BallotStatus } from './voting';

export const plan = signal<PlanView | null>(null);
export const view = signal<VoterView | null>(null);
/** The round of the newest view. */
export const round = computed(() => view.value?.now.round ?? null);
export const subjects = computed(() => plan.value?.subjects ?? []);
export const scale = computed(() => plan.value?.scale ?? []);
export const status = signal<Status>({ is: 'connecting' });
export const seat = signal<Seat | null>(null);
export const ballot = signal<BallotStatus>({ is: 'none' });
/** What this phone found of its ballots in the records of rounds. */
export const checked = signal<CheckedRound[]>([]);
/** What later.js brought; nothing before it is there. */
export const later = signal<Later | null>(null);
