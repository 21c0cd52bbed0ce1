// A button that must be held for a second before it does what cannot be taken back. Fingers, mice and keys hold it alike;
// assistive technology, which only clicks, is asked instead.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { words } from './desk';

/** How long, in milliseconds. */
export const HOLD_MS = 1000;

export interface Hold {
  held: boolean;
  begin(): void;
  end(): void;
}

/** Calls `done` once the hold lasted a second; `end` before that takes it back. */
export function useHold(done: () => void): Hold {
  const [held, set] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const latest = useRef(done);
  latest.current = done;
  const end = () => {
    clearTimeout(timer.current);
    timer.current = undefined;
    set(false);
  };
  useEffect(() => end, []);
  const begin = () => {
    if (timer.current !== undefined) return;
    set(true);
    timer.current = setTimeout(() => {
      end();
      latest.current();
    }, HOLD_MS);
  };
  return { held, begin, end };
}

interface HoldButtonInput {
  class?: string;
  disabled?: boolean;
  /** What is done, for the question that replaces the hold. */
  what: string;
  onDone(): void;
  /** Shared where a key of the page holds the same button. */
  hold?: Hold;
  children: ComponentChildren;
}

export function HoldButton(input: HoldButtonInput) {
  const own = useHold(input.onDone);
  const hold = input.hold ?? own;
  const pressed = useRef(false);
  const begin = () => {
    if (input.disabled) return;
    pressed.current = true;
    hold.begin();
  };
  const isHoldKey = (event: KeyboardEvent) => event.key === 'Enter' || event.key === ' ';
  return (
    <button
      type="button"
      class={`hold ${input.class ?? ''}${hold.held ? ' held' : ''}`}
      disabled={input.disabled}
      onPointerDown={(event) => {
        if (event.button === 0) begin();
      }}
      onPointerUp={hold.end}
      onPointerLeave={hold.end}
      onPointerCancel={hold.end}
      onContextMenu={(event) => event.preventDefault()}
      onKeyDown={(event) => {
        if (!isHoldKey(event)) return;
        event.preventDefault();
        if (!event.repeat) begin();
      }}
      onKeyUp={(event) => {
        if (isHoldKey(event)) hold.end();
      }}
      onBlur={hold.end}
      onClick={(event) => {
        // A click that no finger, mouse or key began.
        const byDevice = pressed.current || event.detail > 0;
        pressed.current = false;
        if (!byDevice && confirm(words().holdAsk(input.what))) input.onDone();
      }}
    >
      <span class="hold-progress" aria-hidden="true" />
      <span class="hold-text">{input.children}</span>
    </button>
  );
}
