import { describe, expect, it } from 'vitest';
import type { ModelRecord } from '../../../src/schema/records.ts';
import { headCitation } from '../../../src/site/citation.ts';
import { markNames } from '../../../src/site/mark-names.ts';
import { ordinal } from '../../../src/site/ordinal.ts';
import { firstPageOfSet, promptPage, promptPageCount } from '../../../src/site/prompt-pages.ts';
import { isFairMatch } from '../../../src/site/search-match.ts';
import { headRecord, promptRecord } from './records.ts';

describe('ordinals', () => {
  it('end as they are spoken', () => {
    expect([1, 2, 3, 4, 11, 12, 13, 21, 102, 1113].map(ordinal).join(' ')).toBe(
      '1st 2nd 3rd 4th 11th 12th 13th 21st 102nd 1,113th',
    );
  });
});

describe('marks of tokens', () => {
  it('are read out by name, runs as a number', () => {
    expect(markNames('·')).toBe('space');
    expect(markNames('··⏎')).toBe('2 spaces, newline');
    expect(markNames('⇥‹200B›')).toBe('tab, character 200B');
  });
});

describe('a citation', () => {
  const model = { name: 'tiny_one & two', weightsSha256: 'ab12' } as ModelRecord;
  const edition = { title: '100% atlas', url: 'https://example.org/tiny_one/L1/H2/', version: '0.1.0' };
  const citation = headCitation(headRecord('tiny_one', 1, 2, {}), { ...edition, model });

  it('is a BibTeX entry with the address and the checksum', () => {
    expect(citation).toMatch(/^@misc\{tiny_one-L1-H2,\n/u);
    expect(citation).toContain('url = {https://example.org/tiny_one/L1/H2/}');
    expect(citation).toContain('SHA-256 ab12');
  });

  it('cites imported patterns by their own checksum', () => {
    const imported = { name: 'pythia', patternsSha256: 'cd34' };
    const text = headCitation(headRecord('pythia', 0, 1, {}), { ...edition, model: imported });
    expect(text).toContain('imported patterns, SHA-256 cd34');
  });

  it('escapes what TeX would take for a command', () => {
    expect(citation).toContain('tiny\\_one \\& two');
    expect(citation).toContain('{100\\% atlas}');
  });
});

describe('the list of prompts', () => {
  const prompts = Array.from({ length: 61 }, (_, index) =>
    promptRecord(`p${index}`, { set: index < 20 ? 'first' : index < 59 ? 'second' : 'third' }),
  );

  it('has pages of 30, each set by set', () => {
    expect(promptPageCount(prompts)).toBe(3);
    expect(promptPage(prompts, 1).map(({ set, prompts: members }) => [set, members.length])).toEqual([
      ['first', 20],
      ['second', 10],
    ]);
    expect(promptPage(prompts, 3).map(({ set, prompts: members }) => [set, members.length])).toEqual([
      ['third', 1],
    ]);
  });

  it('knows where a set begins', () => {
    expect(['first', 'second', 'third'].map((set) => firstPageOfSet(prompts, set))).toEqual([1, 1, 2]);
  });
});

describe('a match of the search', () => {
  it('is fair where at least half of a word is left', () => {
    expect(isFairMatch('lamps', ['lamp'])).toBe(true);
    expect(isFairMatch('running', ['runs'])).toBe(true);
    expect(isFairMatch('syllab', ['Made-up syllables'])).toBe(true);
    expect(isFairMatch('crème brûlée', ['creme'])).toBe(true);
    expect(isFairMatch('"river coat"', ['river', 'coat'])).toBe(true);
  });

  it('is not where only a letter or two are', () => {
    expect(isFairMatch('xylophonist', ['x'])).toBe(false);
    expect(isFairMatch('zebra', ['ze', 'moon'])).toBe(true);
    expect(isFairMatch('zebra', ['z', 'moon'])).toBe(false);
    expect(isFairMatch('zebra', [])).toBe(false);
  });

  it('takes signs as they are', () => {
    expect(isFairMatch('->', ['->'])).toBe(true);
  });
});
