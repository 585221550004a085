import type { Pattern } from '../pattern.ts';
import type { StackOfPatterns } from '../inputs.ts';
import { remember } from '../remember.ts';
import type { MatrixOutput, PatternFigure } from './figure.ts';

export const rollout: PatternFigure<'pattern' | 'stack' | 'position', MatrixOutput> = {
  name: 'rollout',
  title: 'Rollout',
  scope: 'pattern',
  inputs: ['pattern', 'stack', 'position'],
  output: 'matrix',
  reading:
    'Where information at each token may have come from after all layers up to this one, if heads were averaged and half of it stayed where it was.',
  formula:
    'R₀ = I; Rₗ = (½ mean over heads of Aₗ + ½ I) Rₗ₋₁; rows with a sink are brought to a sum of 1 first.',
  misleads:
    'It knows nothing of values and of what heads write, and takes all heads for equal; it is the same for all heads of a layer.',
  source: {
    text: 'Abnar and Zuidema, Quantifying Attention Flow in Transformers',
    year: 2020,
    url: 'https://aclanthology.org/2020.acl-main.385/',
  },
  draw({ pattern, stack, position }) {
    const { rows, columns } = pattern;
    const layers = rolledOut(stack);
    const values = layers[position.layer] ?? new Float32Array(rows * columns);
    const scale = { map: 'sequential', least: 0, greatest: 1, unit: 'share' } as const;
    return { kind: 'matrix', rows, columns, values, scale };
  },
};

/** The rollout after each layer of a stack, `[n, n]` each; none where queries and keys are of two texts. */
const rolledOut: (stack: StackOfPatterns) => readonly Float32Array[] = remember((stack) => {
  const n = stack[0]?.[0]?.rows ?? 0;
  if (stack[0]?.[0]?.layout.kind === 'rectangle') return [];
  let before = new Float32Array(n * n);
  for (let token = 0; token < n; token++) before[token * (n + 1)] = 1;
  return stack.map((heads) => (before = times(mixed(heads, n), before, n)));
});

/** Half the mean of the heads, rows brought to a sum of 1, and half the identity. */
function mixed(heads: readonly Pattern[], n: number): Float32Array {
  const mean = new Float32Array(n * n);
  for (const { values } of heads) {
    for (const [at, value] of values.entries()) mean[at] = (mean[at] ?? 0) + value / heads.length;
  }
  for (let query = 0; query < n; query++) {
    const row = mean.subarray(query * n, (query + 1) * n);
    const sum = row.reduce((total, value) => total + value, 0);
    for (let key = 0; key < n; key++) {
      const own = key === query ? 1 : 0;
      row[key] = sum === 0 ? own : ((row[key] ?? 0) / sum + own) / 2;
    }
  }
  return mean;
}

function times(first: Float32Array, second: Float32Array, n: number): Float32Array<ArrayBuffer> {
  const product = new Float32Array(n * n);
  for (let row = 0; row < n; row++) {
    for (let inner = 0; inner < n; inner++) {
      const factor = first[row * n + inner] ?? 0;
      if (factor === 0) continue;
      for (let column = 0; column < n; column++) {
        const at = row * n + column;
        product[at] = (product[at] ?? 0) + factor * (second[inner * n + column] ?? 0);
      }
    }
  }
  return product;
}
