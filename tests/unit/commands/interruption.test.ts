import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { constants, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';

const project = resolve(import.meta.dirname, '../../..');

// A terminal's Ctrl-C goes to npm, bin/atlas.js and the program alike, and the first two pass it on.
it.each([
  ['npm', ['run', '--silent', 'atlas', '--']],
  [process.execPath, [join(project, 'bin/atlas.js')]],
])('Ctrl-C stops a build under %s with 130 and says how to go on', async (program, words) => {
  const folder = await mkdtemp(join(tmpdir(), 'atlas-interrupted-'));
  try {
    const texts = Array.from({ length: 4000 }, (_, at) =>
      JSON.stringify({ text: `number ${at} `.repeat(20) }),
    );
    await writeFile(join(folder, 'prompts.jsonl'), texts.join('\n'));
    const config = {
      models: [{ path: join(project, 'models/tiny-gpt2') }],
      promptSets: [{ file: 'prompts.jsonl' }],
    };
    await writeFile(join(folder, 'atlas.config.ts'), `export default ${JSON.stringify(config)};\n`);
    const run = spawn(program, [...words, 'build', '--json', '--config', join(folder, 'atlas.config.ts')], {
      cwd: project,
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let stderr = '';
    let isSent = false;
    run.stderr.on('data', (part: Buffer) => {
      stderr += part.toString();
      if (isSent || !stderr.includes('"activations"')) return;
      isSent = true;
      process.kill(-(run.pid ?? Number.NaN), 'SIGINT');
    });
    // npm may end by the signal itself, which a shell reports as 128 and its number.
    const [code, signal] = (await once(run, 'close')) as [number | null, NodeJS.Signals | null];
    expect(code ?? 128 + constants.signals[signal ?? 'SIGKILL']).toBe(130);
    expect(stderr.trimEnd().split('\n').at(-1)).toContain('run the same command again to go on');
  } finally {
    await rm(folder, { recursive: true });
  }
});
