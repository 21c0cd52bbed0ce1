// What forms are called, in the language that is asked for, and words that name a form behind them. Pure.
import type { PlanView } from '../protocol';
import type { Language } from '../texts/language';

/** In English where there is one and it is asked for; empty for a meeting's first form. */
export function titleOf(form: { title: string; title_en: string }, language: Language): string {
  return (language === 'en' && form.title_en) || form.title;
}

/** The title of the form in use, empty for a meeting's only one. */
export function formTitle({ form, form_en }: PlanView, language: Language): string {
  return titleOf({ title: form, title_en: form_en }, language);
}

/** What happens or was done, with the form where it names one: its titles in Chinese and English. */
export function withTitle(
  words: string,
  form: [string, string] | null | undefined,
  language: Language,
): string {
  return form ? `${words} · ${titleOf({ title: form[0], title_en: form[1] }, language)}` : words;
}
