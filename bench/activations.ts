import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openCheckpoint } from '../pipeline/checkpoint/open-checkpoint.ts';
import { readTokenizer } from '../pipeline/checkpoint/read-tokenizer.ts';
import { openPatternSession } from '../pipeline/runtime/pattern-session.ts';
import { matmulPeak } from './matmul-peak.ts';
import { measurePatternLens } from './pattern-lens.ts';
import { medianOf, runAtlas } from './run-atlas.ts';
import { COMPARED, writeModel, writePrompts } from './speed-models.ts';

// `npm run bench:activations -- [--python PATH] [--runs 3]`: what patterns cost, on random weights of two shapes and 64
// prompts, beside onnxruntime's own matrix multiplication and, with a Python that has bench/python/requirements.txt, beside
// transformers, TransformerLens and pattern-lens in the same run.

const { values } = parseArgs({
  options: { python: { type: 'string' }, runs: { type: 'string', default: '3' } },
});
const runs = Number(values.runs);
const PROMPTS = 64;
const say = (text: string) => process.stdout.write(`${text}\n`);
const folder = mkdtempSync(join(tmpdir(), 'atlas-bench-activations-'));

try {
  say(`load before: ${loadavg()[0]?.toFixed(2)}`);
  for (const name of ['gpt2', 'pythia-14m'] as const) {
    const model = writeModel(folder, name);
    const prompts = await writePrompts(folder, model, PROMPTS);
    say(`\n${name}, ${COMPARED[name]}, ${PROMPTS} prompts`);
    await measureInference(model, prompts);
    const cold = await medianOf(runs, () =>
      runAtlas(
        folder,
        'patterns',
        '--model',
        model,
        '--ids',
        '1,2,3,4,5,6,7,8',
        '--out',
        join(folder, 'cold.npz'),
      ),
    );
    say(`  process start to first pattern      ${cold.seconds.toFixed(2)} s`);
    const config = { models: [{ path: model }], promptSets: [{ file: prompts }] };
    writeFileSync(join(folder, 'atlas.config.mjs'), `export default ${JSON.stringify(config)};\n`);
    const ours = await medianOf(runs, () => {
      rmSync(join(folder, 'store'), { recursive: true, force: true });
      const words = ['activations', '-m', model, '-p', prompts, '-s', join(folder, 'store')];
      return runAtlas(folder, ...words, '--config', join(folder, 'atlas.config.mjs'));
    });
    say(
      `  atlas activations, end to end       ${ours.seconds.toFixed(2)} s, ${megabytes(ours.peakBytes)} at most`,
    );
    if (values.python === undefined) {
      say('  no Python was named (--python): pattern-lens was not measured');
      continue;
    }
    const phases = ['activations', 'tl', 'eager'];
    const { activations, tl, eager } = await measurePatternLens(values.python, model, prompts, phases, runs);
    const theirs = activations.total.wall_s.median;
    say(
      `  pattern-lens activations            ${theirs.toFixed(2)} s, ${megabytes(activations.peak_rss_bytes.median)} at most`,
    );
    say(`  pattern-lens / atlas                ${(theirs / ours.seconds).toFixed(2)}`);
    for (const [library, passes] of Object.entries({ TransformerLens: tl, transformers: eager })) {
      for (const [pass, { wall_s }] of Object.entries(passes ?? {})) {
        if (pass.includes('batch')) {
          say(`  ${library}, ${pass}, nothing written`.padEnd(54) + `${wall_s.median.toFixed(2)} s`);
        }
      }
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function measureInference(model: string, prompts: string): Promise<void> {
  const checkpoint = await openCheckpoint(model);
  const tokenizer = await readTokenizer(model);
  const ids = readFileSync(prompts, 'utf8')
    .trim()
    .split('\n')
    .map((line) => tokenizer.encode((JSON.parse(line) as { text: string }).text, { special: false }).ids);
  const session = await openPatternSession(checkpoint);
  const { hiddenSize, stacks } = checkpoint.description;
  const layers = stacks[0]?.layers.length ?? 0;
  const flop = ids.reduce((sum, { length }) => sum + flopOf(length, hiddenSize, layers), 0);
  let best = Number.POSITIVE_INFINITY;
  for (let run = 0; run < runs; run++) {
    const start = performance.now();
    for (const each of ids) await session.run(each);
    best = Math.min(best, (performance.now() - start) / 1000);
  }
  await session.close();
  const peak = await matmulPeak();
  say(
    `  inference alone                     ${best.toFixed(2)} s, ${(flop / best / 1e9).toFixed(0)} GFLOP/s`,
  );
  say(
    `  of onnxruntime's matrix multiply    ${((100 * flop) / best / peak).toFixed(0)} % of ${(peak / 1e9).toFixed(0)} GFLOP/s`,
  );
}

/** Multiplications and additions of the matrix products that patterns need: no head over the vocabulary, and of the last layer only queries and keys. */
function flopOf(tokens: number, width: number, layers: number): number {
  const perLayer = 2 * 12 * width ** 2;
  const last = 2 * 2 * width ** 2;
  return tokens * (perLayer * (layers - 1) + last) + (2 * layers - 1) * 2 * tokens ** 2 * width;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}
