// The current step in big letters, its timer with controls, and below it the one primary button.
import { useRef } from 'preact/hooks';
import { inLanguage } from '../../browser/language';
import { placeOf, stepOf, subjectOf } from '../../meeting/plan';
import { timerFigures } from '../../meeting/timer';
import type { TimerView } from '../../protocol';
import { useNow } from '../../stage/moving';
import { phaseTexts, stepTexts } from '../../texts/words';
import { type Desk, isChair, kindOf, words } from '../desk';

export function TurnCard({ desk }: { desk: Desk }) {
  const texts = words();
  const { now } = desk.view;
  const step = stepOf(desk.plan, now.step);
  const subject = subjectOf(desk.plan, step?.subject ?? null);
  const place = step?.kind === 'report' ? placeOf(desk.plan, subject?.id ?? null) : null;
  return (
    <section class="panel turn-card" aria-labelledby="turn-title">
      <div class="turn-text">
        <p class="turn-kind">
          {step ? kindOf(step) : inLanguage(phaseTexts)[now.phase]}
          {place && <span> {texts.turnPlace(place.place, place.of)}</span>}
        </p>
        <h2 id="turn-title" class="turn-name">
          {subject?.secretary ?? (step ? inLanguage(stepTexts)[step.kind] : outside(desk))}
        </h2>
        {subject && <p class="turn-branch">{subject.branch}</p>}
      </div>
      {now.timer && step && <Timer desk={desk} timer={now.timer} step={step.id} />}
    </section>
  );
}

function outside(desk: Desk): string {
  const { phase } = desk.view.now;
  if (phase === 'closed' || phase === 'archived') return words().isOver;
  return desk.plan.title;
}

function Timer({ desk, timer, step }: { desk: Desk; timer: TimerView; step: number }) {
  const texts = words();
  const figures = timerFigures(timer, useNow(desk.now, 200));
  const asked = useRef({ step, limit_s: 0 });
  const state = figures.paused
    ? texts.timer.paused
    : figures.tone === 'ready'
      ? texts.timer.ready
      : figures.tone === 'over'
        ? texts.timer.over
        : texts.timer.left;
  return (
    <div class={`timer ${figures.tone}${figures.paused ? ' paused' : ''}`}>
      <p class="timer-state">{state}</p>
      <p class="timer-text" role="timer">
        {figures.text}
      </p>
      <div class="timer-track" aria-hidden="true">
        <i style={{ transform: `scaleX(${figures.share})` }} />
      </div>
      <p class="timer-limit">{texts.timer.limit(Math.round(timer.limit_s / 60))}</p>
      {isChair(desk) && (
        <div class="timer-buttons">
          <button type="button" onClick={() => toggleTimer(desk)}>
            {timer.state.is === 'running'
              ? texts.timer.pause
              : timer.state.is === 'paused'
                ? texts.timer.resume
                : texts.timer.start}
            <kbd>{texts.timer.key}</kbd>
          </button>
          <button
            type="button"
            onClick={() => {
              // Pressed twice before the first answer: two minutes, not one.
              const before_s = asked.current.step === step ? asked.current.limit_s : 0;
              const limit_s = Math.min(7200, Math.max(timer.limit_s, before_s) + 60);
              asked.current = { step, limit_s };
              desk.commands.send({ do: 'extend_timer', step, limit_s });
            }}
          >
            {texts.timer.more}
          </button>
        </div>
      )}
    </div>
  );
}

/** Starts, pauses or goes on: what the space bar does. */
export function toggleTimer(desk: Desk): void {
  const { timer, step } = desk.view.now;
  if (!timer || step === null || !isChair(desk)) return;
  desk.commands.send({ do: timer.state.is === 'running' ? 'pause_timer' : 'start_timer', step });
}
