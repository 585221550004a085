import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { growthPlot, type Growth } from './growth-plot.ts';
import { measurePatternLens } from './pattern-lens.ts';
import { medianOf, runAtlas, type Usage } from './run-atlas.ts';
import { COMPARED, writeModel, writePrompts } from './speed-models.ts';

// `npm run bench:pipeline -- [--python PATH] [--runs 3] [--plot FILE.svg]`: from prompts to the files that a site needs, on
// random weights of two shapes and 64 prompts, beside pattern-lens's activations and figures in the same run; with --plot
// also how the cost grows from 16 to 1,024 prompts.

const { values } = parseArgs({
  options: {
    python: { type: 'string' },
    runs: { type: 'string', default: '3' },
    plot: { type: 'string' },
  },
});
const runs = Number(values.runs);
const PROMPTS = 64;
const GROWING = [16, 32, 64, 128, 256, 512, 1024];
const say = (text: string) => process.stdout.write(`${text}\n`);
const folder = mkdtempSync(join(tmpdir(), 'atlas-bench-pipeline-'));
const site = join(folder, 'site');

try {
  say(`load before: ${loadavg()[0]?.toFixed(2)}`);
  for (const name of ['gpt2', 'pythia-14m'] as const) {
    const model = writeModel(folder, name);
    const prompts = await writePrompts(folder, model, PROMPTS);
    const ours = await medianOf(runs, () => build(model, prompts));
    say(`\n${name}, ${COMPARED[name]}, ${PROMPTS} prompts`);
    say(`  atlas build                     ${seconds(ours.seconds)}, ${megabytes(ours.peakBytes)} at most`);
    const [packs, pictures] = await Promise.all([
      weigh('public/generated/packs'),
      weigh('public/generated/figures'),
    ]);
    const published = (await weigh('public/generated')).files + (await weigh('content/generated')).files;
    say(`  files of the site's data        ${published}`);
    say(`  packs                           ${megabytes(packs.bytes)}`);
    say(`  sheets and plates               ${megabytes(pictures.bytes)}`);
    say(`  records                         ${megabytes((await weigh('content/generated')).bytes)}`);
    say(`  patterns in the store, exact    ${megabytes((await weigh('.atlas/store/activations')).bytes)}`);
    if (values.python === undefined) {
      say('  no Python was named (--python): pattern-lens was not measured');
      continue;
    }
    const theirs = await measurePatternLens(values.python, model, prompts, ['activations', 'figures'], runs);
    const total = theirs.both?.total_wall_s.median ?? Number.NaN;
    const { png, npz } = theirs.files;
    const files = Object.values(theirs.files).reduce((sum, kind) => sum + kind.files, 0);
    say(
      `  pattern-lens ${theirs.versions['pattern-lens']}               ${seconds(total)}, ${megabytes(theirs.activations.peak_rss_bytes.median)} at most`,
    );
    say(
      `  its files                       ${files}: PNG ${megabytes(png?.bytes ?? 0)}, npz ${megabytes(npz?.bytes ?? 0)}`,
    );
    say(`  time, pattern-lens / atlas      ${(total / ours.seconds).toFixed(2)}`);
    say(`  bytes, packs / PNG              ${(packs.bytes / (png?.bytes ?? 0)).toFixed(2)}`);
    say(`  files, pattern-lens / atlas     ${(files / published).toFixed(0)}`);
    say(
      `  memory, atlas / pattern-lens    ${(ours.peakBytes / theirs.activations.peak_rss_bytes.median).toFixed(2)}`,
    );
  }
  if (values.plot !== undefined) await measureGrowth(values.plot);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function measureGrowth(file: string): Promise<void> {
  const model = join(folder, 'pythia-14m');
  const growth: Growth[] = [];
  say('\nGrowth, pythia-14m');
  for (const count of GROWING) {
    const prompts = await writePrompts(folder, model, count);
    const usage = await build(model, prompts);
    growth.push({ prompts: count, seconds: usage.seconds });
    say(
      `  ${String(count).padStart(5)} prompts  ${seconds(usage.seconds)}  ${((1000 * usage.seconds) / count).toFixed(1)} ms a prompt  ${megabytes(usage.peakBytes)} at most`,
    );
  }
  writeFileSync(file, growthPlot(growth));
  say(`  drawn in ${file}`);
}

/** A whole build from nothing. */
function build(model: string, prompts: string): Promise<Usage> {
  rmSync(site, { recursive: true, force: true });
  mkdirSync(site);
  const config = {
    models: [{ path: model, prependBos: 'always', live: false }],
    promptSets: [{ file: prompts }],
  };
  writeFileSync(join(site, 'atlas.config.mjs'), `export default ${JSON.stringify(config)};\n`);
  return runAtlas(site, 'build', '--config', 'atlas.config.mjs');
}

async function weigh(below: string): Promise<{ files: number; bytes: number }> {
  const entries = await readdir(join(site, below), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(
    files.map(async (file) => (await stat(join(file.parentPath, file.name))).size),
  );
  return { files: files.length, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}

function seconds(value: number): string {
  return `${value.toFixed(2)} s`.padStart(8);
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
