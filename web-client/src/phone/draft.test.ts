// Drafts of phones, new and old.
import { describe, expect, it } from 'vitest';
import { storage } from '../browser/storage';
import { clearRows, draft, openDraft, readDraft, setMark, setOpinion } from './draft';

describe('the draft', () => {
  it('keeps mark and opinion of a subject together, for each form its own', () => {
    openDraft('m1', 'leaders');
    setMark(3, 'good');
    setOpinion(3, 'faster');
    setMark(4, 'bad');
    expect(JSON.parse(storage.get('draft/m1/leaders') ?? '')).toEqual({
      3: { mark: 'good', opinion: 'faster' },
      4: { mark: 'bad' },
    });
    openDraft('m1');
    expect(draft.value).toEqual({});
    openDraft('m1', 'leaders');
    setMark(3, '');
    expect(draft.value[3]).toEqual({ mark: '', opinion: 'faster' });
    clearRows([3]);
    expect(draft.value).toEqual({ 4: { mark: 'bad' } });
  });

  it('reads one of a phone that drafted before, and keeps it in the new form from then on', () => {
    const old = { 1: 'good', 4: 'good.bad', [-4]: 'no dates', [-7]: 'well led' };
    expect(readDraft(JSON.stringify(old))).toEqual({
      1: { mark: 'good' },
      4: { mark: 'good.bad', opinion: 'no dates' },
      7: { opinion: 'well led' },
    });
    storage.set('draft/m2', JSON.stringify(old));
    openDraft('m2');
    setMark(1, 'bad');
    expect(storage.get('draft/m2')).toBe(
      '{"1":{"mark":"bad"},"4":{"mark":"good.bad","opinion":"no dates"},"7":{"opinion":"well led"}}',
    );
    openDraft('m2');
    expect(draft.value[4]).toEqual({ mark: 'good.bad', opinion: 'no dates' });
  });
});
