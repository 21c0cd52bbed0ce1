// The page that follows the meeting: the ballot lamp, whose turn it is, the agenda, and the result once it is released.
import { language } from '../browser/language';
import { placeOf } from '../meeting/plan';
import type { SubjectView } from '../protocol';
import { spoken } from '../texts/language';
import { Doctor } from './doctor';
import { drawOutcome } from './drawings';
import { openDrawn } from './drawn';
import { Fingerprint } from './fingerprint';
import { Lamp } from './lamp';
import { openPage } from './pages';
import { openReport } from './report';
import { currentStep, openRows, ownBranch, sheetIsOpen } from './rows';
import { ballot, plan, round, seat, subjects, view } from './state';
import { Timer } from './timer';
import { fill, say } from './words';

const subjectIn = (id: number | null) => subjects.value.find((subject) => subject.id === id);

export function Now() {
  const phase = view.value?.now.phase;
  const isOver = phase === 'closed' || phase === 'archived';
  return (
    <>
      <main class="inner">
        {isOver ? <Over /> : <Turn />}
        {round.value && <Lamp />}
        <div ref={(host) => drawOutcome(host)} />
        <Fingerprint />
        <SeatLine />
        <Agenda />
      </main>
      <footer class={sheetIsOpen.value && !isOver ? '' : 'bare'}>
        <div class="inner">
          <Doctor />
          {sheetIsOpen.value && !isOver && <ToSheet />}
        </div>
      </footer>
    </>
  );
}

const titleOf = (form: [string, string]) => spoken(language.value, ...form);

function ToSheet() {
  const t = say();
  const left = openRows.value.length;
  const label = ballot.value.is === 'open' ? t.go_submit : left > 0 ? t.fill_sheet : t.see_sheet;
  return (
    <button type="button" class="primary" onClick={() => openPage({ name: 'sheet' })}>
      {label}
      {left > 0 && <small>{fill(t.rows_left, left)}</small>}
    </button>
  );
}

function Over() {
  const t = say();
  return (
    <section class="turn">
      <h2>{t.meeting_over}</h2>
      <p>{t.meeting_over_line}</p>
    </section>
  );
}

/** Whose turn it is, in big letters; a step without a subject says what happens. */
function Turn() {
  const t = say();
  const step = currentStep.value;
  const timer = view.value?.now.timer;
  if (!step) {
    return (
      <section class="turn">
        <h2>{t.before_first}</h2>
      </section>
    );
  }
  const subject = subjectIn(step.subject);
  if (!subject) {
    return (
      <section class="turn" aria-live="polite">
        <h2>{t.steps[step.kind]}</h2>
        {step.form && <p class="person">{titleOf(step.form)}</p>}
      </section>
    );
  }
  const place = plan.value && placeOf(plan.value, subject.id);
  return (
    <section class="turn">
      <div aria-live="polite">
        <p class="kind">
          <b>{t.steps[step.kind]}</b>
          {place && <span>{fill(t.turn_of, place.place, place.of)}</span>}
        </p>
        <h2>{subject.branch}</h2>
        <p class="person">{subject.secretary}</p>
        {subject.absent && <p class="tag">{t.absent}</p>}
      </div>
      {timer && step.kind === 'report' && <Timer timer={timer} />}
      {subject.has_text && <ReadReport subject={subject} />}
    </section>
  );
}

export function ReadReport({ subject }: { subject: SubjectView }) {
  return (
    <button type="button" class="secondary" onClick={() => openReport(subject.id)}>
      {say().read_report}
    </button>
  );
}

function SeatLine() {
  const t = say();
  const group = plan.value?.groups.find(({ id }) => id === seat.value?.group);
  const own = subjectIn(ownBranch.value);
  if (!group) return null;
  return (
    <p class="seat">
      {fill(t.your_seat, group.name)}
      {own && <span>{fill(t.own_branch, own.branch)}</span>}
      {['waiting', 'open', 'moved'].includes(ballot.value.is) && (
        <button type="button" class="secondary" onClick={() => openDrawn({ name: 'move' })}>
          {t.moving.open}
        </button>
      )}
    </p>
  );
}

function Agenda() {
  const t = say();
  const steps = plan.value?.agenda ?? [];
  return (
    <details class="agenda">
      <summary>{t.agenda}</summary>
      <ol>
        {steps.map((step) => {
          const isCurrent = step.id === currentStep.value?.id;
          return (
            <li key={step.id} class={isCurrent ? 'current' : step.done ? 'done' : ''}>
              <span>
                {t.steps[step.kind]}
                {step.form && ` · ${titleOf(step.form)}`}
                {step.subject !== null && ` · ${subjectIn(step.subject)?.branch ?? ''}`}
              </span>
              {isCurrent ? <b>{t.current}</b> : step.done && <small>✓ {t.done}</small>}
            </li>
          );
        })}
      </ol>
    </details>
  );
}
