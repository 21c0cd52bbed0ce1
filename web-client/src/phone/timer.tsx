// The report's timer: counts down to the limit, turns gold in the last minute, then counts the overrun up, as the wall does.
import { timerFigures } from '../meeting/timer';
import type { TimerView } from '../protocol';
import { ticking } from './clock';
import { fill, say } from './words';

export function Timer({ timer }: { timer: TimerView }) {
  const t = say();
  if (timer.state.is === 'ready')
    return <p class="limit">{fill(t.time_limit, Math.round(timer.limit_s / 6) / 10)}</p>;
  const { text, tone, paused, share } = timerFigures(timer, ticking());
  return (
    <div class={`timer ${tone}`} role="timer">
      <span>{paused ? t.paused : tone === 'over' ? t.time_over : t.time_left}</span>
      <b>{text}</b>
      <i style={{ transform: `scaleX(${share})` }} />
    </div>
  );
}
