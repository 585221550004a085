import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCheckpoint } from '../pipeline/checkpoint/open-checkpoint.ts';
import { readTokenizer } from '../pipeline/checkpoint/read-tokenizer.ts';
import { openPatternSession } from '../pipeline/runtime/pattern-session.ts';
import type { KnownInputs } from '../src/core/inputs.ts';
import { selectMetrics } from '../src/core/metrics/index.ts';
import { measure, observe } from '../src/core/metrics/metric.ts';
import { sumsOf } from '../src/core/pattern-sums.ts';
import { patternOf, type Pattern } from '../src/core/pattern.ts';
import { sketchPattern } from '../src/core/relatives/sketch-pattern.ts';
import { tokenizePrompt } from '../src/engine/tokenizers/tokenize-prompt.ts';
import { configSchema } from '../src/schema/config.ts';
import { randomModel } from './random-model.ts';
import { textPrompts } from './text-prompts.ts';

/*
 * `npm run bench:metrics`: what the usual metrics of heads take beside inference, in processor time, on random weights of gpt2's
 * shape. Other programs on the machine change it little. Each metric is measured by itself, after the sums that many share.
 */
const TOKENS = [64, 256];
const PROMPTS = 6;
const SHOWN = 8;

const folder = mkdtempSync(join(tmpdir(), 'atlas-metrics-'));
try {
  randomModel(folder, 'gpt2', 'F32');
  for (const tokens of TOKENS) await compare(tokens);
} finally {
  rmSync(folder, { recursive: true });
}

async function compare(n: number): Promise<void> {
  const tokenizer = await readTokenizer(folder);
  const session = await openPatternSession(await openCheckpoint(folder));
  const prompts = textPrompts(PROMPTS, tokenizer, n, n).map((text) => {
    return { text, ...tokenizePrompt(tokenizer, text, 'never') };
  });
  const heads: { readonly known: KnownInputs; readonly pattern: Pattern }[] = [];
  let inference = 0;
  for (const [at, { text, ids, tokens, offsets }] of prompts.entries()) {
    const start = cpuMilliseconds();
    const { patterns } = await session.run(ids);
    if (at > 0) inference += (cpuMilliseconds() - start) / (PROMPTS - 1); // the first one sets things up
    const size = ids.length ** 2;
    for (const values of patterns.values()) {
      for (let from = 0; from < values.length; from += size) {
        const pattern = patternOf({ kind: 'causal', n: ids.length }, values.slice(from, from + size));
        heads.push({ known: { pattern, ids, tokens, places: { text, offsets } }, pattern });
      }
    }
  }
  await session.close();

  const timed = (work: (head: (typeof heads)[number]) => unknown) => {
    const ofFirst = heads.length / PROMPTS;
    for (const head of heads.slice(0, ofFirst)) work(head);
    const start = cpuMilliseconds();
    for (const head of heads.slice(ofFirst)) work(head);
    return (cpuMilliseconds() - start) / (PROMPTS - 1);
  };
  const sums = timed(({ pattern }) => sumsOf(pattern));
  const each = selectMetrics(configSchema.shape.metrics.parse(undefined)).flatMap((metric) => {
    if (metric.scope === 'model') return [];
    const found = timed(({ known }) =>
      metric.scope === 'pattern' ? measure(metric, known) : observe(metric, known),
    );
    return [{ name: metric.name, found }];
  });
  const sketches = timed(({ pattern }) => sketchPattern(pattern));
  const all = each.reduce((sum, { found }) => sum + found, sums);
  const share = (found: number) => `${found.toFixed(1)} ms (${((100 * found) / inference).toFixed(1)} %)`;
  const most = each.toSorted((a, b) => b.found - a.found).slice(0, SHOWN);
  process.stdout.write(
    [
      `${n} tokens: inference ${inference.toFixed(0)} ms of a processor; ${each.length} metrics ${share(all)}`,
      `  sums that they share ${share(sums)}; ${most.map(({ name, found }) => `${name} ${share(found)}`).join(', ')}`,
      `  sketches beside them ${share(sketches)}`,
      '',
    ].join('\n'),
  );
}

function cpuMilliseconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
