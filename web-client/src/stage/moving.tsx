// Things that move on the projector: the clock, numbers that count, pages that turn. They know nothing of meetings.
import { useEffect, useRef, useState } from 'preact/hooks';
import { PAGE_MS, pageAfter } from '../meeting/paging';

const COUNT_MS = 650;

/** Draws again every `period_ms` and answers with the time that `now` gives. */
export function useNow(now: () => number, period_ms: number): number {
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => tick((count) => count + 1), period_ms);
    return () => clearInterval(timer);
  }, [period_ms]);
  return now();
}

/** The page that stands: the first one when it comes up, then the next one every eight seconds. */
export function usePage(pages: number): number {
  const [began] = useState(() => Date.now());
  const now = useNow(Date.now, PAGE_MS / 16);
  return pageAfter(now - began, pages);
}

/** A number that counts to its next value, and stands at once where motion is not wanted or not seen. */
export function Count({ value }: { value: number }) {
  const [shown, show] = useState(value);
  const from = useRef(value);
  useEffect(() => {
    const start = from.current;
    if (start === value) return;
    const settle = () => {
      from.current = value;
      show(value);
    };
    if (document.hidden || matchMedia('(prefers-reduced-motion: reduce)').matches) return settle();
    const began = performance.now();
    let frame = 0;
    const step = (at: number) => {
      const part = Math.min(1, (at - began) / COUNT_MS);
      from.current = Math.round(start + (value - start) * (1 - (1 - part) ** 3));
      show(from.current);
      if (part < 1) frame = requestAnimationFrame(step);
    };
    frame = requestAnimationFrame(step);
    // A page in the background gets no frames; the right number must stand there all the same.
    const late = setTimeout(settle, COUNT_MS + 200);
    return () => {
      cancelAnimationFrame(frame);
      clearTimeout(late);
    };
  }, [value]);
  return <span class="count">{shown}</span>;
}
