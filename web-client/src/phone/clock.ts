// The passing of time as something that can be followed: whoever asks for the server's clock here is drawn again while
// something on the screen counts. It must not know what is drawn.
import { computed, effect, signal } from '@preact/signals-core';
import { serverNow } from './follow';
import { round, view } from './state';

const REDRAW_MS = 250;

const ticks = signal(0);

/** Whether a timer runs or a round closes. */
const counts = computed(() => {
  return view.value?.now.timer?.state.is === 'running' || round.value?.closes_at_ms != null;
});

/** The server's clock, for a figure that counts. */
export function ticking(): number {
  ticks.value;
  return serverNow();
}

export function watchClock(): void {
  effect(() => {
    if (!counts.value) return undefined;
    const timer = setInterval(() => {
      ticks.value += 1;
    }, REDRAW_MS);
    return () => clearInterval(timer);
  });
}
