// How long lists become pages that turn by themselves, and how long words find a size that fits. Pure.

/** Most rows that a hall can read at once. */
export const ROWS_MAX = 6;
/** How long a page stands. */
export const PAGE_MS = 8000;

/** The items in pages of at most `most`, as even as can be: seven rows are 4 + 3, never 6 + 1. */
export function evenPages<T>(items: readonly T[], most: number = ROWS_MAX): T[][] {
  const pages = Math.max(1, Math.ceil(items.length / most));
  const short = Math.floor(items.length / pages);
  const longer = items.length % pages;
  const made: T[][] = [];
  let from = 0;
  for (let page = 0; page < pages; page += 1) {
    const size = short + (page < longer ? 1 : 0);
    made.push(items.slice(from, from + size));
    from += size;
  }
  return made;
}

/** Which page stands so long after the first one came up. */
export function pageAfter(shown_ms: number, pages: number): number {
  return pages <= 1 ? 0 : Math.floor(Math.max(0, shown_ms) / PAGE_MS) % pages;
}

/** How wide a text is, in ems: Chinese signs are one, others a little more than a half. */
export function emsOf(text: string): number {
  let ems = 0;
  for (const sign of text) {
    const code = sign.codePointAt(0) ?? 0;
    ems += code >= 0x2e80 ? 1 : /[A-Z0-9MWmw]/.test(sign) ? 0.64 : 0.54;
  }
  return ems;
}

/** The largest size from `least` to `most` at which the text fits a width, all in the same unit. */
export function fittingSize(text: string, width: number, most: number, least: number): number {
  const ems = Math.max(0.5, emsOf(text));
  return Math.max(least, Math.min(most, Math.floor(width / ems)));
}

/** A name of two signs is set as wide as one of three, as Chinese lists do; by half of that where it stands alone. */
export function spacedName(name: string, gap: '\u3000' | '\u2002' = '\u3000'): string {
  const signs = [...name];
  return signs.length === 2 && signs.every((sign) => (sign.codePointAt(0) ?? 0) >= 0x4e00)
    ? signs.join(gap)
    : name;
}
