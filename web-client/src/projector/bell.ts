// The bell: one stroke when the last minute begins, two at the end. Browsers allow sound only after somebody touched the page;
// until then it stays silent. It must not know what the screen shows.

import { leftOf, strokesBetween } from '../meeting/timer';
import type { TimerView } from '../protocol';

const LOOK_MS = 250;
const STROKE_S = 2.4;
/** Partials of a small bronze bell: share of the base pitch, loudness. */
const PARTIALS = [
  [1, 0.5],
  [2.76, 0.25],
  [5.4, 0.12],
] as const;
const PITCH_HZ = 660;

let sound: AudioContext | null = null;

/** To be called on a touch or a key. */
export function unlockBell(): void {
  if (typeof AudioContext === 'undefined') return;
  sound ??= new AudioContext();
  if (sound.state === 'suspended') void sound.resume();
}

function stroke(context: AudioContext, at_s: number): void {
  for (const [share, loudness] of PARTIALS) {
    const tone = context.createOscillator();
    const volume = context.createGain();
    tone.frequency.value = PITCH_HZ * share;
    volume.gain.setValueAtTime(0.0001, at_s);
    volume.gain.exponentialRampToValueAtTime(loudness, at_s + 0.01);
    volume.gain.exponentialRampToValueAtTime(0.0001, at_s + STROKE_S / share);
    tone.connect(volume).connect(context.destination);
    tone.start(at_s);
    tone.stop(at_s + STROKE_S);
  }
}

function ring(strokes: number): void {
  if (sound?.state !== 'running') return;
  for (let each = 0; each < strokes; each += 1) stroke(sound, sound.currentTime + each * 0.9);
}

/** Watches the timer and rings; the answer ends it. */
export function followTimer(timer: () => TimerView | null, now: () => number): () => void {
  let before: { ends_at_ms: number; left_ms: number } | null = null;
  const looking = setInterval(() => {
    const current = timer();
    if (current?.state.is !== 'running') {
      before = null;
      return;
    }
    const left_ms = leftOf(current, now());
    // More time given or another turn: nothing has passed in between.
    if (before?.ends_at_ms === current.state.ends_at_ms) ring(strokesBetween(before.left_ms, left_ms));
    before = { ends_at_ms: current.state.ends_at_ms, left_ms };
  }, LOOK_MS);
  return () => clearInterval(looking);
}
