// The languages that every text is in. Each file here exports its dictionaries as `…Texts: Bilingual<…Texts>`; those that are too
// long for one file have one for each language beside it. It must not know which one a page speaks (browser/language.ts).

export type Language = 'zh' | 'en';

/** What is said in two languages, of which a meeting need not have the English. */
export const spoken = (language: Language, zh: string, en: string): string => (language === 'en' && en) || zh;

/** One text, or a whole dictionary, in both languages. */
export type Bilingual<T> = Readonly<Record<Language, T>>;
