// Every state of a hall in its order, each with the projector's and the chair's whole view, for pictures without a server.
import { college, collegeResult, gradesOnly, institute, instituteResult, tallyOf } from './hall_meetings.mjs';

/** The moment of every picture: Friday, 20 November 2026, 14:32:10 in the hall. */
export const NOW_MS = Date.UTC(2026, 10, 20, 6, 32, 10);
const HASH = '9f2c61d07be84a35c1f0aa7730de5b1c4c8d2f6e90b7a3154e6d8812fa03c7b9';
const FINGERPRINT = '4827-1930-6615-0742';

function headCounts(plan, present, issued, returned) {
  const [a, b] = plan.groups;
  let [left, leftIssued, leftReturned] = [present, issued, returned];
  return plan.groups.map((group, place) => {
    const last = place === plan.groups.length - 1;
    const most = last ? left : Math.min(group.entitled, left);
    const took = { group: group.id, entitled: group.entitled, present: most, issued: 0, returned: 0 };
    took.issued = last ? leftIssued : Math.min(most, leftIssued);
    took.returned = last
      ? leftReturned
      : Math.min(
          took.issued,
          Math.round((returned * (place === 0 ? a : b).entitled) / (plan.subjects.length === 7 ? 34 : 53)),
        );
    left -= took.present;
    leftIssued -= took.issued;
    leftReturned -= took.returned;
    return took;
  });
}

function entitledOf(plan) {
  return plan.groups.reduce((sum, group) => sum + group.entitled, 0);
}

function round(plan, state, more = {}) {
  const armed = state !== 'draft';
  return {
    number: 1,
    state,
    subjects: plan.subjects.map((subject) => subject.id),
    manifest_hash: armed ? HASH : null,
    fingerprint: armed ? FINGERPRINT : null,
    closes_at_ms: state === 'closing' ? NOW_MS + 8400 : null,
    void_reason: null,
    ...more,
  };
}

const HISTORY = [
  ['go_to', 12],
  ['start_timer', 95],
  ['go_to', 110],
  ['pause_timer', 390],
  ['start_timer', 540],
  ['go_to', 561],
  ['set_scene', 800],
  ['go_to', 1020],
  ['begin', 1300],
  ['open_checkin', 3100],
];

/** A state of a meeting; `at` overrides what differs. */
function state(name, basis, at) {
  const present = at.present ?? 33;
  const issued = at.issued ?? 0;
  const returned = at.returned ?? 0;
  const total = { group: '', entitled: entitledOf(basis), present, issued, returned };
  const groups = headCounts(basis, present, issued, returned);
  const doneBefore = at.step ?? (at.phase === 'closed' ? 99 : 0);
  const plan = {
    ...basis,
    ...at.plan,
    agenda: basis.agenda.map((step) => ({ ...step, done: step.id < doneBefore })),
    digest: `${basis.digest}.${name}`,
  };
  const now = {
    epoch: 'e1',
    version: 7,
    plan: plan.digest,
    phase: at.phase ?? 'in_session',
    step: at.step ?? null,
    timer: at.timer ?? null,
    round: at.round ?? round(basis, 'draft'),
  };
  const shared = {
    now,
    scene: at.scene ?? 'follow',
    join_url: 'http://192.168.1.10:8080',
    join_qr: `http://192.168.1.10:8080/m/${basis.id}`,
    total,
  };
  const hall = at.hall ?? null;
  return {
    name,
    plan,
    projector: {
      kind: 'projector',
      ...shared,
      groups: at.small_groups ? [] : groups,
      tally: at.tally ?? null,
      result: hall,
    },
    chair: {
      kind: 'chair',
      ...shared,
      role: at.role ?? 'chair',
      next: at.role && at.role !== 'chair' ? null : (at.next ?? null),
      undo_until_ms: at.undo_until_ms ?? null,
      groups,
      devices_online: Math.max(0, present - 2),
      preparation: at.preparation ?? null,
      rounds: at.rounds ?? [now.round],
      tally: at.tally ?? null,
      result: at.result ?? null,
      small_groups: at.small_groups ?? [],
      turnout_is_too_low: at.turnout_is_too_low ?? false,
      durability: 'local',
      history: HISTORY.map(([command, ago_s]) => ({ at_ms: NOW_MS - ago_s * 1000, command })),
    },
  };
}

const next = (action, command, hold = false) => ({ action, command, hold });
const running = (left_s, limit_s = 420) => ({
  limit_s,
  state: { is: 'running', ends_at_ms: NOW_MS + left_s * 1000 },
});
const goTo = (step) => next('go_to', { do: 'go_to', step });
const EVALUATION = 10;
const keys = { keys_ready: 24, keys_needed: 24, seats_present: 33 };

const all = instituteResult('hall_scores');

export const states = [
  state('draft', institute, {
    phase: 'draft',
    present: 0,
    next: next('open_checkin', { do: 'open_checkin' }),
  }),
  state('checkin', institute, {
    phase: 'checkin',
    present: 28,
    next: next('begin', { do: 'begin' }),
    preparation: { ...keys, keys_ready: 15, seats_issued: 0, seats_present: 28 },
  }),
  state('join', institute, {
    phase: 'checkin',
    present: 31,
    scene: 'join',
    next: next('begin', { do: 'begin' }),
  }),
  state('join-college', college, {
    phase: 'checkin',
    present: 41,
    scene: 'join',
    next: next('begin', { do: 'begin' }),
  }),
  state('opening', institute, { step: 1, round: round(institute, 'armed'), next: goTo(2) }),
  state('tellers', institute, { step: 2, next: goTo(3) }),
  state('turn-ready', institute, {
    step: 5,
    timer: { limit_s: 420, state: { is: 'ready' } },
    next: next('start_timer', { do: 'start_timer', step: 5 }),
  }),
  state('turn', institute, { step: 5, timer: running(287), next: goTo(6) }),
  state('turn-last-minute', institute, { step: 5, timer: running(47), next: goTo(6) }),
  state('turn-over', institute, { step: 5, timer: running(-83), next: goTo(6) }),
  state('turn-paused', college, {
    step: 16,
    present: 50,
    timer: { limit_s: 480, state: { is: 'paused', left_ms: 191_000 } },
    next: goTo(17),
  }),
  state('turn-written', college, { step: 24, present: 50, next: goTo(25) }),
  state('comment', college, { step: 17, present: 50, next: goTo(18) }),
  state('round-draft', institute, {
    step: EVALUATION,
    next: next('arm', { do: 'arm', round: 1, small_groups: 'refuse' }),
    preparation: { ...keys, seats_issued: 0 },
  }),
  state('small-group', institute, {
    step: EVALUATION,
    present: 17,
    small_groups: ['C'],
    turnout_is_too_low: true,
    next: next('arm', { do: 'arm', round: 1, small_groups: 'refuse' }),
    preparation: { ...keys, seats_issued: 0, seats_present: 17 },
  }),
  state('armed', institute, {
    step: EVALUATION,
    issued: 31,
    round: round(institute, 'armed'),
    next: next('open', { do: 'open', round: 1 }),
    preparation: { ...keys, seats_issued: 31 },
  }),
  state('open-waiting', institute, {
    step: EVALUATION,
    issued: 33,
    returned: 7,
    round: round(institute, 'open'),
    tally: tallyOf(institute, 0),
    next: next('close', { do: 'close', round: 1 }, true),
    preparation: { ...keys, seats_issued: 33 },
  }),
  state('open', institute, {
    step: EVALUATION,
    issued: 33,
    returned: 27,
    round: round(institute, 'open'),
    tally: tallyOf(institute, 22),
    next: next('close', { do: 'close', round: 1 }, true),
    preparation: { ...keys, seats_issued: 33 },
  }),
  state('open-turnout', college, {
    step: 30,
    present: 50,
    issued: 50,
    returned: 38,
    round: round(college, 'open'),
    next: next('close', { do: 'close', round: 1 }, true),
    preparation: { keys_ready: 45, keys_needed: 45, seats_issued: 50, seats_present: 50 },
  }),
  state('open-off', institute, {
    step: EVALUATION,
    issued: 33,
    returned: 27,
    plan: { live: 'off' },
    round: round(institute, 'open'),
    next: next('close', { do: 'close', round: 1 }, true),
    preparation: { ...keys, seats_issued: 33 },
  }),
  state('closing', institute, {
    step: EVALUATION,
    issued: 33,
    returned: 32,
    round: round(institute, 'closing'),
    tally: tallyOf(institute, 27),
    undo_until_ms: NOW_MS + 2400,
  }),
  state('closed', institute, {
    step: EVALUATION,
    issued: 33,
    returned: 33,
    round: round(institute, 'closed'),
    tally: tallyOf(institute, 33),
    next: next('certify', { do: 'certify', round: 1 }, true),
  }),
  state('certified', institute, {
    step: EVALUATION,
    issued: 33,
    returned: 33,
    round: round(institute, 'certified'),
    next: next('publish', { do: 'publish', round: 1, publication: 'hall_scores' }, true),
    result: { ...all, publication: 'held' },
    hall: { ...all, publication: 'held', groups: [], rows: [], rules: [] },
  }),
  state('result', institute, {
    step: EVALUATION,
    issued: 33,
    returned: 33,
    round: round(institute, 'published'),
    next: goTo(11),
    result: all,
    hall: all,
  }),
  state('result-grades', institute, {
    step: EVALUATION,
    issued: 33,
    returned: 33,
    round: round(institute, 'published'),
    next: goTo(11),
    result: { ...all, publication: 'hall_grades' },
    hall: gradesOnly({ ...all, publication: 'hall_grades' }),
  }),
  state('result-college', college, {
    step: 30,
    present: 50,
    issued: 50,
    returned: 49,
    round: round(college, 'published'),
    next: goTo(31),
    result: collegeResult('hall_scores'),
    hall: collegeResult('hall_scores'),
  }),
  state('result-held', institute, {
    step: 11,
    issued: 33,
    returned: 33,
    scene: 'result',
    round: round(institute, 'certified'),
    next: goTo(12),
  }),
  state('void', institute, {
    step: EVALUATION,
    issued: 33,
    returned: 30,
    round: round(institute, 'void', { void_reason: '会场停电，十余部手机未能提交' }),
    next: next('repeat', { do: 'repeat', round: 1 }),
  }),
  state('speech', institute, {
    step: 11,
    issued: 33,
    returned: 33,
    round: round(institute, 'published'),
    next: goTo(12),
    result: all,
    hall: all,
  }),
  state('closed-meeting', institute, {
    phase: 'closed',
    issued: 33,
    returned: 33,
    round: round(institute, 'published'),
    next: next('archive', { do: 'archive' }, true),
    result: all,
    hall: all,
  }),
  state('black', institute, { step: 5, scene: 'black', timer: running(287), next: goTo(6) }),
  state('scrutineer', institute, {
    role: 'scrutineer',
    step: EVALUATION,
    issued: 33,
    returned: 33,
    round: round(institute, 'closed'),
  }),
  state('teller', institute, { role: 'teller', step: 5, timer: running(287) }),
];
