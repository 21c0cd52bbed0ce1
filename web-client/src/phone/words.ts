// The phone's sentences in the language that the voter chose, and the ways in which it fills them and writes times.
// The page holds one language; another, and the page about secrecy, are fetched when they are asked for.

import { signal } from '@preact/signals-core';
import { inlined, inlinedLanguage } from '#inlined';
import { chooseLanguage, language } from '../browser/language';
import { ask } from '../net/requests';
import type { ProblemKind } from '../protocol';
import type { Language } from '../texts/language';
import type { PhoneTexts } from '../texts/phone';

const texts = signal<PhoneTexts>(inlined);
let spoken: Language = inlinedLanguage;

/** The phone's sentences. */
export const say = () => texts.value;

/** What a phone says of a problem; of one that it never meets that it did not understand. */
export const sayProblem = (kind: ProblemKind): string =>
  (say().problems as Partial<Record<ProblemKind, string>>)[kind] ?? say().problems.bad_message;

export { fill } from '../meeting/fill';

export const isChinese = () => language.value === 'zh';

/** Fetches what the page does not hold of a language; false where that failed, and then nothing has changed. */
export async function fetchTexts(wanted: Language): Promise<boolean> {
  if (spoken === wanted && texts.value.secrecy) return true;
  const answer = await ask<PhoneTexts>('GET', `/texts/${wanted}.json`);
  if (!answer.ok) return false;
  texts.value = answer.value;
  spoken = wanted;
  return true;
}

/** Speaks the other language from now on, once it is there. */
export async function switchLanguage(): Promise<void> {
  const wanted = isChinese() ? 'en' : 'zh';
  if (await fetchTexts(wanted)) chooseLanguage(wanted);
}

/** Begins in the voter's language; where its texts do not come, in the page's own. */
export async function beginLanguage(): Promise<void> {
  if (language.value === inlinedLanguage || (await fetchTexts(language.value))) return;
  language.value = inlinedLanguage;
}

/** As 14:05, always five characters. */
export function timeOfDay(at_ms: number): string {
  const at = new Date(at_ms);
  return [at.getHours(), at.getMinutes()].map((part) => `0${part}`.slice(-2)).join(':');
}
