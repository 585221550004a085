import type { KnownInputs } from '../../core/inputs.ts';
import { patternOf, type Pattern } from '../../core/pattern.ts';
import { liveHeads, type LiveRun } from './live-run.ts';

/** What figures and metrics may look at of each head of a run, layer by layer. A mean over prompts is not among it. */
export function knownInputs(run: Omit<LiveRun, 'metrics'>): KnownInputs[] {
  const { text, ids, tokens, offsets, continuation } = run;
  const heads = liveHeads(run);
  const stack = run.layers.map(({ layer }) =>
    heads.filter((head) => head.layer === layer).map(({ pattern }) => pattern),
  );
  const shared = {
    ids,
    tokens,
    places: { text, offsets },
    stack,
    ...(continuation === undefined ? {} : { tokenLoss: Float32Array.of(NaN, ...continuation.loss) }),
  };
  return heads.map(({ pattern }, at) => ({
    ...shared,
    ...valueNorms(run, at),
    ...scores(run, at, pattern),
    pattern,
    position: { layer: Math.floor(at / run.heads), head: at % run.heads },
  }));
}

function valueNorms({ layers, heads, ids }: Omit<LiveRun, 'metrics'>, at: number): KnownInputs {
  const norms = layers[Math.floor(at / heads)]?.valueNorms;
  const head = at % heads;
  return norms === undefined
    ? {}
    : { valueNorms: norms.subarray(head * ids.length, (head + 1) * ids.length) };
}

function scores(
  { layers, heads }: Omit<LiveRun, 'metrics'>,
  at: number,
  { layout, rows, columns }: Pattern,
): KnownInputs {
  const values = layers[Math.floor(at / heads)]?.scores;
  const head = at % heads;
  const cells = rows * columns;
  return values === undefined
    ? {}
    : { scores: patternOf(layout, values.subarray(head * cells, (head + 1) * cells)) };
}
