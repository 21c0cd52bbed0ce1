// The first screen: who holds which meeting, its fingerprint, and the way in: by slip, by name, or by choosing a group.
import { signal } from '@preact/signals-core';
import type { PlanView } from '../protocol';
import { Doctor, isInApp } from './doctor';
import { Fingerprint } from './fingerprint';
import * as joining from './join_state';
import { plan } from './meeting';
import { RosterForm } from './roster';
import { slipCode } from './seat';
import { say } from './words';

/** What the voter chose or typed wrongly, as a sentence. */
const hint = signal('');

export function Join() {
  const t = say();
  const now = plan.value;
  const question = joining.branchQuestion.value;
  return (
    <>
      <main class="inner join">
        {isInApp && <p class="caution">{t.in_app}</p>}
        {question ? <Branches /> : joining.slip.value || now ? <Ways plan={now} /> : <Meetings />}
        <Trouble />
        <Fingerprint />
      </main>
      <footer class="bare">
        <div class="inner">
          <Doctor />
        </div>
      </footer>
    </>
  );
}

function Ways({ plan }: { plan: PlanView | null }) {
  if (!plan || joining.slip.value || plan.admission === 'slips') return <SlipForm />;
  if (plan.admission === 'roster') return <RosterForm meeting={plan.id} />;
  return <Groups plan={plan} />;
}

/** What the server or the phone has to say about the last attempt. */
function Trouble() {
  const problem = joining.problem.value;
  const text = hint.value || (problem ? say().problems[problem.problem] : '');
  return (
    <div role="alert" class="trouble">
      {text && <p>{text}</p>}
    </div>
  );
}

function Meetings() {
  const t = say();
  const list = joining.meetings.value;
  if (!list) return <p class="hint">{joining.problem.value ? '' : t.connecting}</p>;
  if (list.length === 0) {
    return (
      <section>
        <p>{t.no_meeting}</p>
        <button type="button" class="secondary" onClick={() => joining.lookForMeetings()}>
          {t.look_again}
        </button>
      </section>
    );
  }
  return (
    <section>
      <h2>{t.choose_meeting}</h2>
      {list.map((line) => (
        <button type="button" class="choice" key={line.id} onClick={() => joining.chooseMeeting(line.id)}>
          <b>{line.title}</b>
          <small>{line.host}</small>
        </button>
      ))}
    </section>
  );
}

function SlipForm() {
  const t = say();
  const submit = (event: Event) => {
    event.preventDefault();
    const code = slipCode(joining.slip.value);
    hint.value = code ? '' : t.slip_incomplete;
    if (code) void joining.join({ how: 'slip', code });
  };
  return (
    <form onSubmit={submit}>
      <label>
        <span>{t.slip_code}</span>
        <input
          class="code"
          value={joining.slip.value}
          maxLength={14}
          autocomplete="off"
          autocapitalize="characters"
          spellcheck={false}
          aria-describedby="slip-hint"
          onInput={(event) => {
            joining.slip.value = event.currentTarget.value;
          }}
        />
      </label>
      <p class="hint" id="slip-hint">
        {t.slip_hint}
      </p>
      <JoinButton />
    </form>
  );
}

export function JoinButton() {
  const t = say();
  return (
    <button type="submit" class="primary" disabled={joining.isBusy.value}>
      {joining.isBusy.value ? t.joining : t.join}
    </button>
  );
}

function Groups({ plan }: { plan: PlanView }) {
  const t = say();
  return (
    <section>
      <h2>{t.your_group}</h2>
      {plan.groups.map(({ id, name }) => (
        <button
          type="button"
          class="choice"
          key={id}
          disabled={joining.isBusy.value}
          onClick={() => joining.join({ how: 'open', meeting: plan.id, group: id })}
        >
          <b>{name}</b>
        </button>
      ))}
      <p class="hint">{t.open_hint}</p>
    </section>
  );
}

function Branches() {
  const t = say();
  const question = joining.branchQuestion.value;
  const subjects = plan.value?.subjects ?? [];
  return (
    <section>
      <h2>{t.which_branch}</h2>
      <p class="hint">{t.which_branch_hint}</p>
      {subjects
        .filter(({ id }) => question?.subjects.includes(id))
        .map(({ id, branch, secretary }) => (
          <button
            type="button"
            class="choice"
            key={id}
            disabled={joining.isBusy.value}
            onClick={() => joining.answerBranch(id)}
          >
            <b>{branch}</b>
            <small>{secretary}</small>
          </button>
        ))}
      {question?.none_allowed && (
        <button
          type="button"
          class="choice"
          disabled={joining.isBusy.value}
          onClick={() => joining.answerBranch(0)}
        >
          <b>{t.none_of_them}</b>
        </button>
      )}
      <button type="button" class="secondary" onClick={joining.startAgain}>
        {t.back}
      </button>
    </section>
  );
}
