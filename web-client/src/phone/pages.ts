// Which page the phone shows. The browser's back button closes what was opened last. It must not know the pages.
import { signal } from '@preact/signals-core';

export type Page =
  | { name: 'now' }
  | { name: 'sheet' }
  | { name: 'review' }
  | { name: 'secrecy' }
  | { name: 'move' }
  | { name: 'opinion'; subject: number }
  | { name: 'row'; subject: number }
  | { name: 'report'; subject: number };

export const page = signal<Page>({ name: 'now' });

/** Where each page was scrolled to, so that coming back changes nothing under the finger. */
const scrolled = new Map<string, number>();

const keyOf = (which: Page) => ('subject' in which ? which.name + which.subject : which.name);

function show(next: Page): void {
  scrolled.set(keyOf(page.value), scrollY);
  page.value = next;
  requestAnimationFrame(() => scrollTo(0, scrolled.get(keyOf(next)) ?? 0));
}

export function openPage(next: Page): void {
  // From row to row there is one way back, to the sheet.
  if (next.name === 'row' && page.value.name === 'row') history.replaceState(next, '');
  else history.pushState(next, '');
  show(next);
}

/** Goes back as the browser's own button does; to the first page where there is nothing behind. */
export function goBack(): void {
  if (history.state) history.back();
  else show({ name: 'now' });
}

/** The first page in place of all others: after a cast nothing leads back to the sheet. */
export function goToNow(): void {
  history.replaceState(null, '');
  scrolled.clear();
  show({ name: 'now' });
  scrolled.clear();
}

export function watchPages(): void {
  history.replaceState(null, '');
  addEventListener('popstate', (event) => show((event.state as Page | null) ?? { name: 'now' }));
}
