// The languages that every text is in. It must not know which one a page speaks (browser/language.ts).

export type Language = 'zh' | 'en';

/** One text, or a whole dictionary, in both languages. */
export type Both<T> = Readonly<Record<Language, T>>;
