// Both languages say everything: the type checker holds the keys, this holds that no sentence is empty or forgotten.
import { describe, expect, it } from 'vitest';

const modules = import.meta.glob<Record<string, unknown>>('./*.ts', { eager: true });

function isBoth(value: unknown): value is { zh: object; en: object } {
  return typeof value === 'object' && value !== null && 'zh' in value && 'en' in value;
}

/** Every sentence below a dictionary, by its path; a text with figures is called with plausible ones. */
function sentences(dictionary: object, path = ''): Map<string, string> {
  const all = new Map<string, string>();
  for (const [key, value] of Object.entries(dictionary)) {
    const at = `${path}/${key}`;
    if (typeof value === 'string') all.set(at, value);
    else if (typeof value === 'function') all.set(at, String(value(2, 3, 4)));
    else for (const [deeper, text] of sentences(value as object, at)) all.set(deeper, text);
  }
  return all;
}

describe('texts', () => {
  const dictionaries = Object.entries(modules).flatMap(([file, module]) =>
    Object.entries(module)
      .filter(([, value]) => isBoth(value))
      .map(([name, value]) => ({ name: `${file} ${name}`, both: value as { zh: object; en: object } })),
  );

  it('f1 there are dictionaries to look at', () => {
    expect(dictionaries.length).toBeGreaterThan(4);
  });

  for (const { name, both } of dictionaries) {
    it(`f1 ${name} says the same things in both languages`, () => {
      const zh = sentences(both.zh);
      const en = sentences(both.en);
      expect([...en.keys()].sort()).toEqual([...zh.keys()].sort());
      const holes = (text = '') => [...new Set(text.match(/\{\d\}/g))].sort();
      for (const [path, text] of zh) {
        expect(text.trim(), path).not.toBe('');
        expect(holes(en.get(path)), path).toEqual(holes(text));
      }
      for (const [path, text] of en) {
        expect(text.trim(), path).not.toBe('');
        // The other language may only appear where it names itself.
        if (!path.endsWith('/other_language')) expect(text, path).not.toMatch(/[\u4e00-\u9fff]/);
      }
    });
  }
});
