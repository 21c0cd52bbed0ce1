// The title of a form in the page's language, and words that name a form behind them. Chair and print share it.
import { language } from '../browser/language';

interface Titled {
  title: string;
  title_en: string;
}

/** In English where there is one and the page is in it; empty for a meeting's first form. */
export function titleOf({ title, title_en }: Titled): string {
  return (language.value === 'en' && title_en) || title;
}

/** What happens or was done, with the form where it names one. */
export function withTitle(words: string, form: [string, string] | null | undefined): string {
  return form ? `${words} · ${titleOf({ title: form[0], title_en: form[1] })}` : words;
}
