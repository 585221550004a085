import { spawnSync } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeNpz } from '../../../src/core/npz/npz.ts';
import { manifestSchema, runSchema } from '../../../src/schema/manifest.ts';
import { writeModel } from '../import/made-up-patterns.ts';

const project = resolve(import.meta.dirname, '../../..');
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atlas-command-'));
  await cp(join(project, 'models/tiny-gpt2'), join(folder, 'tiny-gpt2'), { recursive: true });
  await writeFile(
    join(folder, 'prompts.jsonl'),
    '{"text": "one two three one two three"}\n{"text": "Tom and Ann"}\n',
  );
  await writeConfig({});
});
afterEach(() => rm(folder, { recursive: true }));

async function writeConfig(changes: Record<string, unknown>): Promise<void> {
  const config = { models: [{ path: 'tiny-gpt2' }], promptSets: [{ file: 'prompts.jsonl' }], ...changes };
  await writeFile(join(folder, 'atlas.config.ts'), `export default ${JSON.stringify(config)};\n`);
}

function atlas(...words: string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(project, 'pipeline/main.ts'), ...words],
    {
      cwd: folder,
      encoding: 'utf8',
    },
  );
  return { status, stdout, stderr };
}

/** The stages that a run with `--json` reported, by name. */
function stagesOf({ stderr }: { stderr: string }) {
  const events = stderr
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { event: string; stage: string });
  return Object.fromEntries(
    events.filter(({ event }) => event === 'stage').map((event) => [event.stage, event]),
  );
}

describe('build', () => {
  it('makes everything once, and nothing the second time', async () => {
    const first = atlas('build', '--json');
    // Its two prompts, and four of random tokens for the metrics that ask for them; of these the losses and the effects on logits.
    expect(stagesOf(first)).toMatchObject({
      activations: { made: 6, reused: 0 },
      extras: { made: 8, reused: 0 },
    });
    expect(JSON.parse(first.stdout)).toMatchObject({ models: 1, prompts: 2, patterns: 16, published: true });
    const manifest = await readFile(join(folder, 'public/generated/manifest.json'), 'utf8');
    const { platform, models } = manifestSchema.parse(JSON.parse(manifest));
    expect([platform?.system, platform?.architecture]).toEqual([process.platform, process.arch]);
    expect(models).toHaveLength(1);
    const run = runSchema.parse(
      JSON.parse(await readFile(join(folder, 'public/generated/run.json'), 'utf8')),
    );
    expect(run.stages?.find(({ stage }) => stage === 'activations')).toMatchObject({ made: 6, reused: 0 });
    expect(run.stages?.at(-1)?.stage).toBe('site files');
    const second = atlas('build');
    expect(second.status).toBe(0);
    expect(second.stderr).toContain('activations  0 made, 6 reused');
    expect(second.stdout).toMatch(/ready for the site \(0 made, \d+ reused, 0 failed, /u);
    expect(second.stderr.match(/ (\d+) made/gu)?.every((made) => made === ' 0 made')).toBe(true);
    expect(await readFile(join(folder, 'public/generated/manifest.json'), 'utf8')).toBe(manifest);
  });

  it('fails prompts that need more memory than allowed, and takes a size that is enough', () => {
    const short = atlas('build', '--memory', '101M');
    expect([short.status, short.stderr]).toEqual([1, expect.stringContaining('[prompt-over-memory]')]);
    expect(short.stderr).toContain('the run may take 101 MB');
    expect(atlas('build', '--memory', '2G').status).toBe(0);
    expect(atlas('build', '--memory', 'lots').status).toBe(2);
  });

  it('writes nothing on a dry run', async () => {
    const plan = atlas('build', '--dry-run').stderr;
    expect(plan).toContain('activations  would make 6, reuse 0');
    expect(plan).toContain('extras       would make 8, reuse 0');
    expect((await readdir(folder)).sort()).toEqual(['atlas.config.ts', 'prompts.jsonl', 'tiny-gpt2']);
  });

  const wrongs: [what: string, code: string, spoil: () => Promise<void>][] = [
    [
      'a misspelled model folder',
      'model-folder-missing',
      () => writeConfig({ models: [{ path: 'tiny-gtp2' }] }),
    ],
    [
      'weights that were cut off',
      'weights-truncated',
      () => truncate(join(folder, 'tiny-gpt2/model.safetensors'), 90_000),
    ],
    [
      'an unknown family',
      'family-unknown',
      () => writeFile(join(folder, 'tiny-gpt2/config.json'), '{"model_type":"nope"}'),
    ],
    [
      'a row without text',
      'prompt-row-invalid',
      () => writeFile(join(folder, 'prompts.jsonl'), '{"title":"x"}\n'),
    ],
    [
      'bytes that are no UTF-8',
      'invalid-utf8',
      () => writeFile(join(folder, 'prompts.jsonl'), Buffer.from([0x22, 0xff])),
    ],
    ['an empty prompt set', 'prompt-set-empty', () => writeFile(join(folder, 'prompts.jsonl'), '\n')],
    ['an unknown figure', 'unknown-figure', () => writeConfig({ figures: ['row'] })],
    ['an unknown metric', 'unknown-metric', () => writeConfig({ metrics: ['inductoin'] })],
    ['an unknown key', 'config-invalid', () => writeConfig({ colour: 'blue' })],
    [
      'a model named like a page',
      'model-name-refused',
      () => writeConfig({ models: [{ path: 'tiny-gpt2', name: 'heads' }] }),
    ],
  ];
  it.each(wrongs)(
    'answers %s with %s, what to do, exit code 1, and writes nothing for the site',
    async (_, code, spoil) => {
      await spoil();
      const { status, stderr } = atlas('build');
      expect(stderr).toContain(`error [${code}]`);
      expect(stderr).toContain('to do:');
      expect(status).toBe(1);
      expect(await readdir(folder)).not.toContain('public');
      expect(await readdir(folder)).not.toContain('content');
    },
  );

  it('fails at the end on a prompt that is too long, unless it may go on', async () => {
    await writeFile(
      join(folder, 'prompts.jsonl'),
      `{"text":"Tom and Ann"}\n{"text":"${'one two '.repeat(200)}"}\n`,
    );
    const strict = atlas('build');
    expect([strict.status, strict.stderr.includes('prompt-too-long')]).toEqual([1, true]);
    expect(await readdir(folder)).not.toContain('content');
    const lenient = atlas('build', '--keep-going', '--json');
    expect(lenient.status).toBe(0);
    expect(JSON.parse(lenient.stdout)).toMatchObject({ patterns: 8, published: true });
  });
});

describe('the command line', () => {
  it('ends with 2 on wrong usage, and 0 on a question for help', () => {
    expect(atlas('no-such-command').status).toBe(2);
    expect(atlas('tokenize').status).toBe(2);
    expect(atlas('patterns', '--model', 'tiny-gpt2', '--out', 'x.npz').status).toBe(2);
    for (const command of [
      'build',
      'activations',
      'figures',
      'index',
      'server',
      'patterns',
      'tokenize',
      'models',
      'doctor',
    ]) {
      expect([command, atlas(command, '--help').status]).toEqual([command, 0]);
    }
  }, 120_000);

  it('computes, draws and tokenizes from a folder alone', async () => {
    const words = ['activations', '-m', 'tiny-gpt2', '-p', 'prompts.jsonl', '-s', 'store'];
    expect(atlas(...words, '-b', '32').status).toBe(0);
    expect(atlas(...words, '-b', '0').status).toBe(2);
    const drawn = atlas('figures', '-s', 'store', '--out', 'figures', '--figure-funcs', 'contact*', '--json');
    expect(JSON.parse(drawn.stdout)).toEqual({ images: 8, out: 'figures' });
    expect(await readdir(join(folder, 'figures/contact-sheet/tiny-gpt2'))).toHaveLength(8);
    const tokens = JSON.parse(
      atlas('tokenize', '--model', 'tiny-gpt2', '--text', 'Tom and', '--json').stdout,
    ) as { ids: number[] };
    expect(tokens.ids.length).toBeGreaterThan(1);
    expect(
      atlas('patterns', '--model', 'tiny-gpt2', '--ids', tokens.ids.join(), '--out', 'p.npz', '--logits')
        .status,
    ).toBe(0);
    expect(await readdir(folder)).toContain('p.npz');
  });

  it('reads pictures from a file, and says what to give to a model of another kind', async () => {
    await cp(join(project, 'tests/fixtures/oracle/vit'), join(folder, 'vit'), { recursive: true });
    const values = new Float32Array(3 * 32 * 32).fill(0.5);
    await writeFile(
      join(folder, 'in.npz'),
      encodeNpz([{ name: 'pixel_values', shape: [1, 3, 32, 32], values }]),
    );
    const patterns = (model: string, ...input: string[]) =>
      atlas('patterns', '--model', model, ...input, '--out', 'p.npz', '--json');
    expect(JSON.parse(patterns('vit', '--input', 'in.npz').stdout)).toMatchObject({
      tokens: 17,
      members: [{ shape: [1, 4, 17, 17] }, { shape: [1, 4, 17, 17] }],
    });
    const [text, picture] = [patterns('vit', '--text', 'a cat'), patterns('tiny-gpt2', '--input', 'in.npz')];
    expect([text.status, picture.status]).toEqual([1, 1]);
    expect(text.stderr).toContain('"code":"model-input-wrong"');
    expect(text.stderr).toContain('pixel_values of shape [1, 3, 32, 32]');
    expect(picture.stderr).toContain('--ids, --ids-file or --text');
    await writeConfig({ models: [{ path: 'vit' }] });
    expect(atlas('build').stderr).toContain('[model-input-wrong]');
  });
});

describe('import and export', () => {
  beforeEach(() => {
    writeModel(join(folder, 'data'), 'lens');
  });

  it('put a folder into the store, say what the config lacks, and write it out again', async () => {
    const first = atlas('import', 'data', '--json');
    expect(first.status).toBe(0);
    expect(JSON.parse(first.stdout)).toMatchObject({
      models: [{ id: 'lens', prompts: 2, patterns: 12 }],
      failed: 0,
      configLines: ["{ import: 'data' },"],
    });
    await writeConfig({ models: [{ import: 'data' }], promptSets: undefined });
    expect(atlas('import', 'data').stdout).toContain('`npm run build` shows it');
    const built = atlas('build', '--json');
    expect(stagesOf(built)).toMatchObject({ activations: { made: 0, reused: 2 } });
    expect(JSON.parse(built.stdout)).toMatchObject({ models: 1, prompts: 2, patterns: 12, published: true });
    const exported = atlas('export', '--format', 'npz', '--out', 'out', '--json');
    expect(JSON.parse(exported.stdout)).toEqual({ out: 'out', written: 2, maxError: 0, failed: 0 });
    const table = atlas('export', '--format', 'csv', '--out', 'out', '-m', 'lens', '-n', '1', '--json');
    expect(JSON.parse(table.stdout)).toMatchObject({ rows: 6 });
    expect((await readFile(join(folder, 'out/metrics.csv'), 'utf8')).trimEnd().split('\n')).toHaveLength(7);
    expect(atlas('export', '--format', 'csv', '--out', 'out', '-m', 'lense').stderr).toContain(
      '[unknown-model]',
    );
    expect(atlas('export', '--format', 'csv', '--out', 'out', '-p', 'no').stderr).toContain(
      '[export-nothing]',
    );
    expect(atlas('export', '--format', 'xml', '--out', 'out').status).toBe(2);
  });

  it('fail at the end where a prompt fails, unless they are to keep going', async () => {
    await writeConfig({ models: [{ import: 'data' }], promptSets: undefined });
    const [prompt = ''] = writeModel(join(folder, 'data'), 'lens');
    await writeFile(join(prompt, 'activations.npz'), 'no zip file');
    const failed = atlas('import', 'data');
    expect(failed.status).toBe(1);
    expect(failed.stderr).toMatch(/\[npz-invalid\][\s\S]*where: .*activations\.npz/u);
    expect(failed.stdout).toContain('lens: 6 patterns on 1 prompts are in');
    expect(atlas('build').status).toBe(1);
    expect(await readdir(folder)).not.toContain('public');
    expect(JSON.parse(atlas('build', '--keep-going', '--json').stdout)).toMatchObject({
      prompts: 1,
      published: true,
    });
  });

  it('exports nothing that was never computed', () => {
    const nothing = atlas('export', '--format', 'npz', '--out', 'out');
    expect(nothing.status).toBe(1);
    expect(nothing.stderr).toContain('[export-not-stored]');
  });
});
