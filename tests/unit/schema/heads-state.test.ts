import { describe, expect, it } from 'vitest';
import {
  headsPath,
  parseHeadsState,
  MAP_COLOURS,
  PER_ROW,
  USUAL_HEADS_STATE,
  WALL_KEYS,
  type HeadsState,
} from '../../../src/schema/heads-state.ts';
import { random } from '../random.ts';

describe('the address of the heads', () => {
  it('is short where there is nothing to say', () => {
    expect(headsPath()).toBe('/heads/');
    expect(headsPath({ query: 'L0 model:a*' })).toBe('/heads/?q=L0+model%3Aa*');
    expect(parseHeadsState('', 'induction')).toEqual(USUAL_HEADS_STATE);
  });

  it('gives back what it was made of', () => {
    for (let seed = 0; seed < 300; seed++) {
      const r = random(seed);
      const state: HeadsState = {
        model: r.text('abc-_.', r.below(5)),
        query: `q${r.text('LH019*<>= "&%,', r.below(20))}`,
        sort: r.next() < 0.5 ? undefined : r.text('abc-', 4),
        isAscending: r.next() < 0.5,
        show: r.pick(['table', 'wall', 'map']),
        colour: r.pick(MAP_COLOURS),
        prompts: Array.from({ length: r.below(4) }, () => r.text('abcXYZ019-_', 22)),
        figures: Array.from({ length: r.below(3) }, () => r.text('abc-', 5)),
        perRow: PER_ROW.least + r.below(PER_ROW.most),
        border: r.next() < 0.3 ? undefined : r.pick(WALL_KEYS),
        order: r.next() < 0.5 ? [] : [r.pick(WALL_KEYS), r.pick(WALL_KEYS)],
        captions: r.next() < 0.5,
      };
      expect(parseHeadsState(new URL(headsPath(state), 'https://example.org').search, 'induction')).toEqual(
        state,
      );
    }
  });

  it('leaves out what it cannot understand, and understands links of before there were queries', () => {
    const broken = parseHeadsState(
      '?row=900&border=size&order=size,head&show=fog&colour=fog&direction=up',
      'induction',
    );
    expect(broken).toEqual({ ...USUAL_HEADS_STATE, order: ['head'] });
    expect(parseHeadsState('?least=0.2', 'induction').query).toBe('induction >= 0.2');
    expect(parseHeadsState('?least=abc&sort=entropy', 'induction').query).toBe('');
  });
});
