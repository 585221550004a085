import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openCheckpoint } from '../../pipeline/checkpoint/open-checkpoint.ts';
import { openPatternSession, type SessionOptions } from '../../pipeline/runtime/pattern-session.ts';
import type { PatternRun } from '../../src/engine/pattern-run.ts';
import {
  isVisible,
  largestDifference,
  largestMagnitude,
  readCase,
  readExpected,
  readSignal,
  type OracleLayer,
} from './oracle-case.ts';

// Every folder of tests/fixtures/oracle is a checkpoint with what PyTorch and transformers compute on it. A family is
// covered by adding its folder.

const ROOT = join(import.meta.dirname, '../fixtures/oracle');
const STACKS = {
  self: 'attentions',
  encoder: 'encoder_attentions',
  decoder: 'decoder_attentions',
  cross: 'cross_attentions',
} as const;

const report: string[] = [];
afterAll(() => {
  process.stdout.write(`${['worst error: patterns (absolute), logits (relative)', ...report].join('\n')}\n`);
});

describe.each(readdirSync(ROOT))('%s', (name) => {
  const folder = join(ROOT, name);
  const info = readCase(folder);
  const expected = readExpected(folder);
  const inputs = info.lengths.map((_, k) => ({
    ids: expected.ids(`input_ids_${k}`),
    decoderIds: expected.ids(`decoder_input_ids_${k}`),
    signal: readSignal(expected, k),
    tokens: info.lengths[k] ?? 0,
  }));

  async function runAll(options: SessionOptions = {}): Promise<PatternRun[]> {
    const session = await openPatternSession(await openCheckpoint(folder), options);
    try {
      const runs: PatternRun[] = [];
      for (const { ids, decoderIds, signal } of inputs) {
        runs.push(
          signal === undefined
            ? await session.run(ids ?? [], decoderIds === undefined ? {} : { decoderIds })
            : await session.runSignal(signal),
        );
      }
      return runs;
    } finally {
      await session.close();
    }
  }

  const logits = expected.tensor('logits_0');
  const firstRuns = once(() => runAll({ logits: logits !== undefined, threads: 1 }));

  it(`agrees with the reference: ${info.exercises}`, async () => {
    const runs = await firstRuns();
    let worst = 0;
    for (const [k, run] of runs.entries()) {
      for (const [stack, layers] of run.stacks) {
        const reference = expected.tensor(`${STACKS[stack]}_${k}`);
        const [count = 0] = reference?.shape ?? [];
        expect(layers.size).toBe(count);
        if (stack === 'self') expect([...layers.keys()]).toEqual(info.attention_layers);
        const size = (reference?.values.length ?? 0) / count;
        for (const [row, pattern] of [...layers.values()].entries()) {
          const target = reference?.values.subarray(row * size, (row + 1) * size) ?? [];
          worst = Math.max(worst, largestDifference(pattern, target));
        }
      }
      expect(run.stacks.size).toBe(info.kind === 'encdec' ? 3 : 1);
    }
    expect(worst).toBeLessThanOrEqual(info.tolerance.attentions_max_abs);

    let worstLogit = 0;
    if (logits !== undefined) {
      const difference = largestDifference(runs[0]?.logits ?? [], logits.values);
      worstLogit = difference / Math.max(1, largestMagnitude(logits.values));
      expect(worstLogit).toBeLessThanOrEqual(info.tolerance.logits_max_rel);
    }
    const shown = logits === undefined ? '-' : worstLogit.toExponential(1);
    report.push(`  ${name.padEnd(26)} ${worst.toExponential(1)}  ${shown}`);
  });

  it('gives exact zeros outside the mask, and rows that sum to 1', async () => {
    const runs = await firstRuns();
    for (const [k, run] of runs.entries()) {
      for (const [stack, layers] of run.stacks) {
        const input = inputs[k];
        const keys = (stack === 'decoder' ? input?.decoderIds?.length : input?.tokens) ?? 0;
        for (const [layer, pattern] of layers) {
          const rows = pattern.length / keys;
          const queries = (stack === 'self' || stack === 'encoder' ? keys : input?.decoderIds?.length) ?? 0;
          const isSeen = visibility(stack, info.layers?.[layer]);
          let outside = 0;
          let worstSum = 0;
          for (let row = 0; row < rows; row++) {
            let sum = 0;
            for (let j = 0; j < keys; j++) {
              const value = pattern[row * keys + j] ?? NaN;
              sum += value;
              if (!isSeen(row % queries, j)) outside += Number(value !== 0);
              else if (!(value >= 0)) outside++;
            }
            worstSum = Math.max(worstSum, info.rows_sum_to_one ? Math.abs(sum - 1) : sum - 1);
          }
          expect(outside).toBe(0);
          expect(worstSum).toBeLessThan(1e-5);
        }
      }
    }
  });

  it('gives the same bytes in parts of one layer and of two', async () => {
    const whole = await firstRuns();
    for (const layersAtOnce of [1, 2]) {
      expect(await runAll({ logits: logits !== undefined, threads: 1, layersAtOnce })).toEqual(whole);
    }
  });

  it('gives the same bytes whatever the number of threads', async () => {
    expect(await runAll({ logits: logits !== undefined, threads: 3 })).toEqual(await firstRuns());
  });
});

/** Calls `make` when it is first asked, and keeps what it gave. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}

function visibility(stack: keyof typeof STACKS, layer: OracleLayer = { kind: 'bidirectional' }) {
  if (stack === 'decoder') return (i: number, j: number) => j <= i;
  return (i: number, j: number) => isVisible(layer, i, j);
}
