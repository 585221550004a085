import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, rm, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { matmulPeak } from './matmul-peak.ts';
import { secondsOf } from './measure-command.ts';
import { secondsOfOneLinePages } from './one-line-pages.ts';
import { weighPages } from './page-weight.ts';

// `npm run bench`: what the default atlas costs, beside references measured in the same run. It works on a copy of
// the tracked files, so that it begins from nothing and leaves the store and the site as they are.

const project = resolve(import.meta.dirname, '..');
const modules = join(project, 'node_modules');
const folder = await mkdtemp(join(tmpdir(), 'atlas-bench-'));
const say = (text: string) => process.stdout.write(`${text}\n`);

try {
  const copy = join(folder, 'atlas');
  execFileSync('git', ['clone', '--quiet', '--local', project, copy]);
  await symlink(modules, join(copy, 'node_modules'));
  const build = () =>
    secondsOf('npm', ['run', '--silent', 'build'], {
      cwd: copy,
      env: { ...process.env, ASTRO_TELEMETRY_DISABLED: '1' },
    });
  const fromNothing = await build();
  const unchanged = await build();
  const site = join(copy, 'dist');
  const pages = await weighPages(site, '/');
  const oneLine = await secondsOfOneLinePages(pages.length, join(folder, 'one-line'), modules);

  say(`The default atlas (last commit), ${pages.length} pages`);
  say(`  from nothing                       ${fromNothing.toFixed(1)} s`);
  say(`  when nothing changed               ${unchanged.toFixed(1)} s`);
  say(`  Astro, as many one-line pages      ${oneLine.toFixed(1)} s`);
  say(`  unchanged build / one-line pages   ${(unchanged / oneLine).toFixed(2)}`);
  say(`  onnxruntime's matrix multiply      ${((await matmulPeak()) / 1e9).toFixed(0)} GFLOP/s`);
  say('');
  say(
    `Site: ${await describeFolder(site)}; of it generated: ${await describeFolder(join(site, 'generated'))}`,
  );
  say('');
  say('Initial JavaScript a page, gzip, heaviest first:');
  const kinds = pages.toSorted((a, b) => b.scriptBytes - a.scriptBytes);
  for (const { page, scriptBytes, htmlBytes } of kinds.slice(0, 10)) {
    say(
      `  ${(scriptBytes / 1000).toFixed(1).padStart(6)} kB  (HTML ${(htmlBytes / 1000).toFixed(1)} kB)  ${page}`,
    );
  }
  say(
    `  ${((kinds.at(-1)?.scriptBytes ?? 0) / 1000).toFixed(1).padStart(6)} kB  the lightest, ${kinds.at(-1)?.page ?? ''}`,
  );
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function describeFolder(path: string): Promise<string> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(
    files.map(async (file) => (await stat(join(file.parentPath, file.name))).size),
  );
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  return `${files.length} files, ${(bytes / 1e6).toFixed(1)} MB`;
}
