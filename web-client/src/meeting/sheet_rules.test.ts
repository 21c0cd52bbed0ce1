// The phone's sheet rules answer the vectors that the server's answer.
import { describe, expect, it } from 'vitest';
import vectors from '../../../tests/vectors/sheet_rules.json';
import type { SheetRules } from '../protocol';
import { ruleCounts } from './sheet_rules';

const none: SheetRules = { all_rows: false, distinct_min: null, top_max: null, low_min: null };

describe('sheet rules', () => {
  for (const vector of vectors) {
    it(`f3 ${vector.name}`, () => {
      const rules = { ...none, ...vector.rules } as SheetRules;
      const rows = vector.rows.map((mark) => mark ?? undefined);
      const broken = ruleCounts(rules, vector.grades, rows, vector.reasons).filter(
        ({ isBroken }) => isBroken,
      );
      expect(broken.map(({ rule, have, limit }) => ({ rule, have, limit }))).toEqual(vector.broken);
    });
  }
});
