// What forms are called, in the language that is asked for, and words that name a form behind them. Pure.
import type { PlanView } from '../protocol';
import { type Language, spoken } from '../texts/language';

/** In English where there is one and it is asked for; empty for a meeting's first form. */
export function titleOf(form: { title: string; title_en: string }, language: Language): string {
  return spoken(language, form.title, form.title_en);
}

/** The title of the form in use, empty for a meeting's only one. */
export function formTitle({ form, form_en }: PlanView, language: Language): string {
  return spoken(language, form, form_en);
}

/** What happens or was done, with the form where it names one: its titles in Chinese and English. */
export function withTitle(
  words: string,
  form: [string, string] | null | undefined,
  language: Language,
): string {
  return form ? `${words} · ${spoken(language, ...form)}` : words;
}
