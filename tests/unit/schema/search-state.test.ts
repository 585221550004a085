import { describe, expect, it } from 'vitest';
import { formatMarks, formatSearch, parseMarks, parseSearch } from '../../../src/schema/search-state.ts';

describe('the state of a search', () => {
  it('survives its address', () => {
    const state = { words: '"a b" & c', facets: { set: 'code', 'meta.level': 'hard' }, order: 'longest' };
    expect(parseSearch(formatSearch(state), ['set', 'meta.level'])).toEqual(state);
  });

  it('is empty where nothing is asked for, and leaves out what is no facet', () => {
    expect(formatSearch({ words: '', facets: {}, order: 'relevance' })).toBe('');
    expect(parseSearch('?q=&colour=red', ['set'])).toEqual({ words: '', facets: {}, order: 'relevance' });
  });

  it('names the words to mark, a few short ones', () => {
    expect(parseMarks(formatMarks(['lamp', '简单', 'a&b']))).toEqual(['lamp', '简单', 'a&b']);
    expect(parseMarks(`?mark=${'x'.repeat(201)}&mark=`)).toEqual([]);
    expect(parseMarks(formatMarks(Array.from({ length: 20 }, (_, at) => `w${String(at)}`)))).toHaveLength(12);
  });
});
