// What the phone knows at this moment: the plan, the newest view, the connection, its seat and its ballot, as signals.
// It joins connection and voting to them and decides nothing itself.
import { computed, effect, signal, untracked } from '@preact/signals-core';
import type { CheckedRound, RecordLook } from '../ballot/witness';
import { language } from '../browser/language';
import { storage } from '../browser/storage';
import { browser, sealWith } from '../browser/world';
import { isLeft, joined, markIds, overallOf, partsOf } from '../meeting/row_value';
import { hasWorst } from '../meeting/sheet_rules';
import { type Connection, connect, type Status } from '../net/connection';
import type { First, PlanView, RoundView, SubjectView, VoterView } from '../protocol';
import { clearMarks, draft, openDraft, setMark } from './draft';
import type { RowPlace } from './later/row';
import { loadPapers } from './later_loader';
import { goToNow, openPage, page } from './pages';
import { forgetSeat, keepSeat, keptSeat, type Seat } from './seat';
import { type Ballot, type PapersKit, Voting } from './voting';
import { isLive, isStillLive } from './window';
import { say } from './words';

export const plan = signal<PlanView | null>(null);
export const view = signal<VoterView | null>(null);
export const status = signal<Status>({ is: 'connecting' });
export const seat = signal<Seat | null>(null);
export const ballot = signal<Ballot>({ is: 'none' });
/** What this phone found of its ballots in the records of rounds. */
export const checked = signal<CheckedRound[]>([]);

let connection: Connection | null = null;
let voting: Voting | null = null;
const papers = signal<PapersKit | null>(null);
/** Whether papers.js is there, which draws what has no room in the page. */
export const hasPapers = () => papers.value !== null;
/** What waits for papers.js. */
let arriving: ((kit: PapersKit) => void) | undefined;
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

const marks = computed(() => new Set(plan.value ? markIds(plan.value) : []));

/** What the draft holds of each row, if the form still has it. */
const parts = computed(
  () =>
    new Map(
      rows.value.map(({ id, without_items }) => [
        id,
        partsOf(draft.value[id], marks.value, plan.value?.items.length ?? 0, without_items),
      ]),
    ),
);

/** Whether a row is blank, or incomplete and cannot be cast as it is. */
const isUnfilled = (row: SubjectView): boolean =>
  isLeft(parts.value.get(row.id) ?? [], row, plan.value?.needs_all_items);

/** The ids of grades, best first. */
export const grades = computed(() => {
  const { numeric = null, scale = [] } = plan.value ?? {};
  return markIds({ numeric, scale: scale.filter(({ kind }) => kind === 'grade') });
});

/** Whether the mark of a row needs a reason. */
const asksReason = (subject: number): boolean =>
  !!plan.value?.sheet_rules.worst_reason && hasWorst(grades.value, markOf(subject));

/** Whether the reason that it needs is not written. */
export const needsReason = (subject: number): boolean => asksReason(subject) && !opinionOf(subject);

/** Rows that have all that they need but the overall mark that fits them. */
export const unmatchedRows = computed(() =>
  rows.value.filter((row) => {
    const given = parts.value.get(row.id) ?? [];
    const { overall, scale = [] } = plan.value ?? {};
    return overall && !isUnfilled(row) && overallOf(overall, scale, given) !== given[given.length - 1];
  }),
);

/** Rows in which some items are marked and others must still be. */
export const partlyRows = computed(() => rows.value.filter((row) => markOf(row.id) && isUnfilled(row)));

/** Rows in which something is still to be done. */
export const openRows = computed(() =>
  rows.value.filter((row) => isUnfilled(row) || unmatchedRows.value.includes(row) || needsReason(row.id)),
);

/** Rows without any mark. */
export const blankRows = computed(() => rows.value.filter(({ id }) => !markOf(id)));

/** The mark of a subject in the draft, or those of its items. */
export const markOf = (subject: number): string => joined(parts.value.get(subject) ?? []);

/** What is written about a subject. */
export const opinionOf = (subject: number): string => draft.value[-subject] ?? '';

/** The current step, and where it is in the agenda. */
export const currentStep = computed(
  () => plan.value?.agenda.find(({ id }) => id === view.value?.now.step) ?? null,
);

/** Whether the sheet can still be changed on this phone. */
export const sheetIsOpen = computed(() =>
  ['none', 'waiting', 'open', 'void', 'no_papers'].includes(ballot.value.is),
);

/** What papers.js compares of the rules. */
const rulesNow = () => ({
  meeting: plan.value?.id ?? '',
  box: view.value?.now.box_key ?? null,
  round: view.value?.now.round ?? null,
});

/** Lets papers.js draw what people compare of the rules. */
export function drawRules(host: HTMLElement | null): void {
  if (host && view.value && plan.value)
    papers.value?.drawRules(host, { ...rulesNow(), language: language.value, storage });
}

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
      kit: () => papers.value,
      serverNow,
      isLive: isStillLive,
      onBallot(next) {
        ballot.value = next;
        // Marks and opinions leave the phone's memory with the receipt; what was cast is kept only as it was sent.
        const subjects = view.value?.now.round?.subjects ?? [];
        if (next.is === 'received') clearMarks(subjects.flatMap((id) => [id, -id]));
      },
    });
  }
  voting?.follow(round, papers.value?.stopsVoting(storage, rulesNow()));
  lookForBallots(round);
}

/** Over how long the phones of a hall spread their looks into the record: a minute, in large halls up to five. */
const spread_ms = () => {
  const entitled = (plan.value?.groups ?? []).reduce((sum, group) => sum + group.entitled, 0);
  return Math.min(300_000, Math.max(60_000, 100 * entitled));
};

function lookForBallots(round: RoundView | null): void {
  if (!papers.value || !seat.value) return;
  looking ??= papers.value.beginLook({
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
    round: round?.number ?? null,
    state: round?.state ?? null,
    isOver: phase === 'closed' || phase === 'archived',
  });
}

/** Looks for the own ballots without waiting for a random moment. */
function lookNow(): void {
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
      lesser: () => papers.value?.lesserChannels ?? null,
      planDigest: plan.value?.digest ?? '',
      onView(message) {
        if (message.kind !== 'voter') return;
        view.value = { now: message.now, result: message.result };
        follow(message.now.round);
      },
      onPlan(next) {
        openDraft(to.meeting, next.form);
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
  looking?.stop();
  looking = null;
  connection = null;
  voting = null;
}

/** Follows the seat while this window is the live one. */
export function watchSeat(): void {
  loadPapers(browser, (kit) => {
    sealWith(kit.sealedWays);
    papers.value = kit;
    arriving?.(kit);
    voting?.hurry();
    if (view.value) follow(view.value.now.round);
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

/** Lets papers.js draw the page about moving, or that on which an opinion is written, once its words are fetched. */
export function drawPage(host: HTMLElement | null): void {
  const { move, opinion } = say();
  const { value: now } = page;
  if (now.name === 'row') {
    drawRow(host, 'page', now.subject);
    return;
  }
  // Read so that it is drawn again when they change: papers and voting are no signals.
  if (!(view.value && ballot.value && host && move && opinion)) return;
  if (now.name === 'opinion') {
    const about = rows.value.find(({ id }) => id === now.subject);
    const others = rows.value.filter(({ id }) => id !== now.subject && opinionOf(id)).length;
    if (!about || !sheetIsOpen.value) goToNow();
    else
      papers.value?.drawOpinion(host, opinion, {
        subject: about.id,
        about: about.branch,
        min: plan.value?.opinions_min ?? 0,
        text: opinionOf(about.id),
        others,
        isReason: asksReason(about.id),
        keep: (text) => setMark(-about.id, text),
      });
  } else if (seat.value && voting) papers.value?.drawMove(host, move, seat.value, voting);
}

/** Lets papers.js draw what the phone found of its ballots in the record, and the result. */
export function drawOutcome(host: HTMLElement | null): void {
  if (!host || !view.value) return;
  papers.value?.drawOutcome(host, {
    meeting: seat.value?.meeting ?? '',
    language: language.value,
    checked: checked.value,
    lookNow,
    subjects: plan.value?.subjects ?? [],
    result: view.value.result,
  });
}

/** Lets papers.js draw a row with items or numbers. */
export function drawRow(host: HTMLElement | null, place: RowPlace, id: number): void {
  const subject = rows.value.find((row) => row.id === id);
  if (!host || !plan.value || !subject) return;
  papers.value?.drawRow(host, place, {
    plan: plan.value,
    rows: rows.value,
    subject,
    parts: parts.value.get(id) ?? [],
    language: language.value,
    keep: (value) => setMark(id, value),
    open: (other) => openPage({ name: 'row', subject: other }),
  });
}

/** A seat with papers that another window gave up: papers.js reads what is in the fragment. */
export function receiveMoved(meeting: string, fragment: string, otherwise: () => void): void {
  arriving = (kit) => {
    const moved = kit.receiveMoved(storage, meeting, fragment);
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
