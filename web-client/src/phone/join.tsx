// The first screen: who holds which meeting, its fingerprint, and the way in: by slip, by name, or by choosing a group.
import { effect, signal } from '@preact/signals-core';
import type { PlanView } from '../protocol';
import { Doctor, isInApp } from './doctor';
import { Fingerprint } from './fingerprint';
import * as joining from './join_state';
import { RosterForm } from './roster';
import { slipCode } from './seat';
import { plan, subjects } from './state';
import { say, sayProblem } from './words';

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
  const text = hint.value || (problem ? sayProblem(problem.problem) : '');
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

/** One of several answers that cannot be taken back by the phone alone. */
interface Choice {
  title: string;
  small?: string;
  choose(): void;
}

/** What was tapped and waits to be confirmed: a slip of the finger must not cost a walk to the teller. */
const tapped = signal<Choice | null>(null);

function Choices({ question, hint, choices }: { question: string; hint: string; choices: Choice[] }) {
  const t = say();
  const asked = tapped.value;
  if (asked) {
    return (
      <section>
        <h2>{t.you_chose}</h2>
        <p class="chosen">
          <b>{asked.title}</b>
          {asked.small && <small>{asked.small}</small>}
        </p>
        <button type="button" class="primary" disabled={joining.isBusy.value} onClick={asked.choose}>
          {joining.isBusy.value ? t.joining : t.yes_join}
        </button>
        <button type="button" class="secondary" onClick={leave}>
          {t.choose_again}
        </button>
      </section>
    );
  }
  return (
    <section>
      <h2>{question}</h2>
      <p class="hint">{hint}</p>
      {choices.map((choice) => (
        <button
          type="button"
          class="choice"
          key={choice.title}
          onClick={() => {
            tapped.value = choice;
          }}
        >
          <b>{choice.title}</b>
          {choice.small && <small>{choice.small}</small>}
        </button>
      ))}
    </section>
  );
}

// Another question is another choice.
effect(() => {
  joining.branchQuestion.value;
  tapped.value = null;
});

function leave() {
  tapped.value = null;
  joining.problem.value = null;
}

function Groups({ plan }: { plan: PlanView }) {
  const t = say();
  const choices = plan.groups.map(({ id, name }) => ({
    title: name,
    choose: () => void joining.join({ how: 'open', meeting: plan.id, group: id }),
  }));
  return <Choices question={t.your_group} hint={t.open_hint} choices={choices} />;
}

function Branches() {
  const t = say();
  const question = joining.branchQuestion.value;
  const choices: Choice[] = subjects.value
    .filter(({ id }) => question?.subjects.includes(id))
    .map(({ id, branch, secretary }) => ({
      title: branch,
      small: secretary,
      choose: () => void joining.answerBranch(id),
    }));
  if (question?.none_allowed)
    choices.push({ title: t.none_of_them, choose: () => void joining.answerBranch(0) });
  return (
    <>
      <Choices question={t.which_branch} hint={t.which_branch_hint} choices={choices} />
      {!tapped.value && (
        <button type="button" class="secondary" onClick={joining.startAgain}>
          {t.back}
        </button>
      )}
    </>
  );
}
