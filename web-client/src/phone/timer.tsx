// The report's timer: counts down to the limit, turns gold in the last minute, then counts up as overrun.
import type { TimerView } from '../protocol';
import { ticking } from './clock';
import { fill, minutesAndSeconds, say } from './words';

const WARNING_MS = 60_000;

export function Timer({ timer }: { timer: TimerView }) {
  const t = say();
  const { state, limit_s } = timer;
  if (state.is === 'ready') return <p class="limit">{fill(t.time_limit, Math.round(limit_s / 6) / 10)}</p>;
  const left_ms = state.is === 'running' ? state.ends_at_ms - ticking() : state.left_ms;
  const tone = left_ms < 0 ? 'over' : left_ms <= WARNING_MS ? 'warning' : '';
  const share = Math.max(0, Math.min(1, left_ms / (limit_s * 1000)));
  const label = state.is === 'paused' ? t.paused : left_ms < 0 ? t.time_over : t.time_left;
  return (
    <div class={`timer ${tone}`} role="timer">
      <span>{label}</span>
      <b>
        {left_ms < 0 && '+'}
        {minutesAndSeconds(left_ms)}
      </b>
      <i style={{ transform: `scaleX(${share})` }} />
    </div>
  );
}
