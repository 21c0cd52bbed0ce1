// Which language this page speaks: the one chosen here before, else the browser's. It must not know any sentence.
import { effect, signal } from '@preact/signals-core';
import type { Bilingual, Language } from '../texts/language';
import { storage } from './storage';

const NAME = 'language';

function preferred(): Language {
  const kept = storage.get(NAME);
  if (kept === 'zh' || kept === 'en') return kept;
  for (const tag of navigator.languages ?? [navigator.language]) {
    if (/^zh\b/i.test(tag)) return 'zh';
    if (/^en\b/i.test(tag)) return 'en';
  }
  return 'zh';
}

/** The language of this page; setting it is remembered by `chooseLanguage`. */
export const language = signal<Language>(preferred());

effect(() => {
  document.documentElement.lang = language.value === 'zh' ? 'zh-CN' : 'en';
});

/** Switches the page, and remembers it on this device. */
export function chooseLanguage(chosen: Language): void {
  storage.set(NAME, chosen);
  language.value = chosen;
}

/** The text, or dictionary, in the page's language; a component that calls it follows a switch. */
export function inLanguage<T>(both: Bilingual<T>): T {
  return both[language.value];
}
