// The turn: who reports, how long they have, and who comes next.

import { fittingSize, spacedName } from '../meeting/paging';
import { nextTurn, placeOf, stepOf, subjectOf } from '../meeting/plan';
import { type TimerFigures, timerFigures } from '../meeting/timer';
import type { PlanView, TimerView } from '../protocol';
import { useNow } from './moving';
import { Banner, fit, type SceneInput, Who } from './scene';
import { words } from './words';

export function TurnScene({ view, plan, now }: SceneInput) {
  const texts = words();
  const subject = subjectOf(plan, stepOf(plan, view.now.step)?.subject ?? null);
  const place = placeOf(plan, subject?.id ?? null);
  const written = subject?.report === 'written';
  return (
    <section class="scene">
      <Banner plan={plan} side={place ? texts.ordinal(place.place, place.of) : undefined} />
      <div class={written && !view.now.timer ? 'turn alone' : 'turn'}>
        <div class="turn-who">
          <p class="kind">{written ? texts.reportWritten : texts.reportOnsite}</p>
          {subject && <Who subject={subject} width={view.now.timer ? 900 : 1500} />}
          {written && <p class="turn-hint">{texts.readOnPhone}</p>}
        </div>
        {view.now.timer && <Countdown timer={view.now.timer} now={now} />}
      </div>
      <NextUp plan={plan} step={view.now.step} />
    </section>
  );
}

function Countdown({ timer, now }: { timer: TimerView; now: () => number }) {
  const figures = timerFigures(timer, useNow(now, 200));
  return (
    <div class={`countdown ${figures.tone}${figures.paused ? ' paused' : ''}`} role="timer">
      <p class="label">{labelOf(figures)}</p>
      <p class="countdown-text number" style={fit(fittingSize(figures.text, 740, 330, 150))}>
        {figures.text}
      </p>
      <div class="track">
        <i style={{ width: `${figures.share * 100}%` }} />
      </div>
      <p class="countdown-limit">{words().minutes(Math.round(timer.limit_s / 60))}</p>
    </div>
  );
}

function labelOf(figures: TimerFigures): string {
  const texts = words();
  if (figures.paused) return texts.paused;
  switch (figures.tone) {
    case 'ready':
      return texts.ready;
    case 'running':
      return texts.left;
    case 'last_minute':
      return texts.lastMinute;
    case 'over':
      return texts.over;
  }
}

function NextUp({ plan, step }: { plan: PlanView; step: number | null }) {
  const next = nextTurn(plan, step);
  if (!next) return null;
  return (
    <footer class="strip">
      <span class="strip-word">{words().nextTurn}</span>
      <b>{spacedName(next.secretary)}</b>
      <span>{next.branch}</span>
    </footer>
  );
}
