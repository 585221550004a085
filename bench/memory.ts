import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openCheckpoint } from '../pipeline/checkpoint/open-checkpoint.ts';
import { openPatternSession } from '../pipeline/runtime/pattern-session.ts';
import { randomModel, type WeightType } from './random-model.ts';

// The peak of resident memory of a process that runs a model of GPT-2-small shape, for each type of weights, as a
// multiple of the weights' file: `npm run bench:memory`, with the number of tokens after it (128 if left out), and of
// layers whose patterns are computed at once (all if left out).

const TYPES: readonly WeightType[] = ['F32', 'F16', 'BF16'];
const megabytes = (bytes: number) => (bytes / 1e6).toFixed(0).padStart(6);

const [first = '128', layers, folder] = process.argv.slice(2);
const tokens = Number(first);
const layersAtOnce = layers === undefined ? 12 : Number(layers);
if (folder === undefined) measureAll();
else await run(folder);

function measureAll(): void {
  const scratch = mkdtempSync(join(tmpdir(), 'atlas-bench-memory-'));
  try {
    const empty = peakOf('none');
    say(`${tokens} tokens; a process that only loads the program: ${megabytes(empty)} MB`);
    say('weights     file  patterns      peak  peak without the program and the patterns, of the file');
    for (const type of TYPES) {
      const model = join(scratch, type);
      mkdirSync(model);
      randomModel(model, 'gpt2', type, Math.max(1024, tokens));
      const file = statSync(join(model, 'model.safetensors')).size;
      const patterns = layersAtOnce * 12 * tokens * tokens * 4;
      const peak = peakOf(model);
      const share = (peak - empty - patterns) / file;
      say(
        `${type.padEnd(6)} ${megabytes(file)} MB ${megabytes(patterns)} MB ${megabytes(peak)} MB  ${share.toFixed(2)}`,
      );
      rmSync(model, { recursive: true });
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Peak resident memory of a process that runs the model, in bytes. */
function peakOf(model: string): number {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [fileURLToPath(import.meta.url), String(tokens), String(layersAtOnce), model],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(stderr);
  return Number(stdout) * 1024;
}

async function run(model: string): Promise<void> {
  if (model !== 'none') {
    const parts = layersAtOnce < 12 ? { layersAtOnce } : {};
    const session = await openPatternSession(await openCheckpoint(model), parts);
    const ids = Array.from({ length: tokens }, (_, index) => (index * 7919) % 50257);
    await session.run(ids, layersAtOnce < 12 ? { take: () => Promise.resolve() } : {});
    await session.close();
  }
  say(String(process.resourceUsage().maxRSS));
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
