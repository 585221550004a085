import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { repeatModel } from './repeat-model.ts';
import { runAtlas, runScript } from './run-atlas.ts';
import { writeModel, writePrompts } from './speed-models.ts';

// `npm run bench:pages -- [--models 64] [--prompts 16]`: how long Astro takes to render an atlas of 10,000 pages, and with how much
// memory. The models are one of gpt2's shape, 144 heads, under as many names.

const { values } = parseArgs({
  options: { models: { type: 'string', default: '64' }, prompts: { type: 'string', default: '16' } },
});
const project = resolve(import.meta.dirname, '..');
const say = (text: string) => process.stdout.write(`${text}\n`);
const folder = mkdtempSync(join(tmpdir(), 'atlas-bench-pages-'));
try {
  const path = writeModel(folder, 'gpt2');
  const file = await writePrompts(folder, path, Number(values.prompts));
  const config = join(folder, 'atlas.config.ts');
  mkdirSync(join(folder, 'content'));
  writeFileSync(
    config,
    `export default ${JSON.stringify({ models: [{ path }], promptSets: [{ file }] })};\n`,
  );
  await runAtlas(folder, 'build', '--config', config);
  repeatModel(folder, 'gpt2', Number(values.models));
  say(`load before: ${loadavg()[0]?.toFixed(2)}`);
  const dist = join(folder, 'dist');
  const astro = join(project, 'node_modules/astro/bin/astro.mjs');
  const rendered = await runScript(astro, ['build', '--outDir', dist], {
    cwd: project,
    env: { ...process.env, NODE_ENV: 'production', ATLAS_CONFIG: config },
  });
  const pages = (await readdir(dist, { recursive: true })).filter((name) => name.endsWith('.html')).length;
  say(
    `astro build: ${pages.toLocaleString('en')} pages in ${rendered.seconds.toFixed(1)} s (${rendered.cpuSeconds.toFixed(1)} s of processors), ` +
      `${(rendered.peakBytes / 1e6).toFixed(0)} MB at most`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
