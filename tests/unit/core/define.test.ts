import { expect, it } from 'vitest';
import { defineFigure, defineMetric } from '../../../src/core/define.ts';

const described = {
  title: 'T',
  reading: 'r',
  formula: 'f',
  misleads: 'm',
  source: { text: 's', year: 2026 },
} as const;

it('the compiler gives own figures and metrics the inputs that they name, and no others', () => {
  defineFigure({
    ...described,
    name: 'mine',
    scope: 'pattern',
    output: 'svg',
    inputs: ['pattern', 'tokens'],
    draw: ({ pattern, tokens }) => ({ kind: 'svg', svg: `${pattern.rows + tokens.length}` }),
  });
  defineFigure({
    ...described,
    name: 'mine',
    scope: 'pattern',
    output: 'svg',
    inputs: ['pattern'],
    // @ts-expect-error it names no tokens
    draw: ({ tokens }) => ({ kind: 'svg', svg: `${tokens}` }),
  });
  defineFigure({
    ...described,
    name: 'mine',
    scope: 'pattern',
    output: 'svg',
    // @ts-expect-error there is no such input
    inputs: ['patterns'],
    draw: () => ({ kind: 'svg', svg: '' }),
  });
  defineFigure({
    ...described,
    name: 'mine',
    scope: 'pattern',
    output: 'svg',
    inputs: ['pattern'],
    // @ts-expect-error it draws a matrix that is none
    draw: () => ({ kind: 'matrix', svg: '' }),
  });
  defineMetric({
    ...described,
    name: 'mine',
    scope: 'pattern',
    group: 'shape',
    range: [0, 1],
    // @ts-expect-error a metric is measured before there is a mean
    inputs: ['mean'],
    compute: () => 0,
  });
  defineMetric({
    ...described,
    name: 'mine',
    scope: 'pattern',
    group: 'shape',
    range: [0, 1],
    inputs: ['pattern'],
    // @ts-expect-error a value is a number, or null
    compute: () => 'much',
  });
  const own = defineMetric({
    ...described,
    name: 'mine',
    scope: 'pattern',
    group: 'shape',
    range: [0, 1],
    inputs: ['stack', 'position'],
    compute: ({ stack, position: { layer, head } }) => stack[layer]?.[head]?.values[0] ?? null,
  });
  expect(own.name).toBe('mine');
});
