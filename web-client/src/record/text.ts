// Which texts a manifest of the second edition may have: those of which everybody sees the same. "Texts" in RECORD.md.
import { REFUSED } from './text_ranges';

/** First and last of each range, ascending. */
const RANGES = REFUSED.trim()
  .split(/\s+/)
  .map((range) => range.split('-').map((point) => Number.parseInt(point, 16)))
  .map(([from = 0, to = from]) => [from, to] as const);

/** Whether nobody sees the character, or it is none. */
export function isRefused(point: number): boolean {
  let [low, high] = [0, RANGES.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((RANGES[middle]?.[1] ?? 0) < point) low = middle + 1;
    else high = middle;
  }
  return (RANGES[low]?.[0] ?? Number.POSITIVE_INFINITY) <= point;
}

/** Only characters that are seen, and blanks one at a time between them. */
export function isPlain(text: string): boolean {
  const letters = Array.from(text);
  const isBlank = (letter: string | undefined) => letter === ' ' || letter === '\u3000';
  return letters.every((letter, at) => {
    const follows = at + 1 < letters.length && !isBlank(letters[at + 1]);
    return isBlank(letter) ? at > 0 && follows : !isRefused(letter.codePointAt(0) as number);
  });
}
