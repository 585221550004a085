import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { promptIdOf } from '../../../pipeline/prompts/prompt.ts';
import { encodeNpz } from '../../../src/core/npz/npz.ts';
import { patternMember } from '../../../src/core/npz/pattern-members.ts';
import type { AtlasError } from '../../../src/schema/errors/index.ts';
import { random } from '../random.ts';
import { runImport } from './import-run.ts';
import { madeUpMembers, madeUpPatterns, PROMPTS, writeModel } from './made-up-patterns.ts';
import { npyBytes, npzBytes, numberBytes, textArray } from './npy-bytes.ts';

let folder: string;
/** Of the first prompt of a good model; its second prompt stays as it is. */
let spoilt: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'atlas-bad-'));
  spoilt = writeModel(folder, 'model')[0] ?? '';
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const N = (PROMPTS[0]?.tokens.length ?? 0) + 1;
const good = () => madeUpMembers(2, 3, N);

/** Imports the model, whose first prompt is spoilt: the error that is reported of it. The other must be stored. */
async function failure(): Promise<AtlasError> {
  const { stored, failures } = await runImport(folder, join(folder, 'model'));
  expect(stored.map(({ prompt }) => prompt.text)).toEqual([PROMPTS[1]?.text]);
  expect(failures).toHaveLength(1);
  const [error] = failures;
  if (error === undefined) throw new Error('Nothing failed');
  expect(error.place).toMatchObject({ model: 'model' });
  return error;
}

function spoilNpz(bytes: Uint8Array): void {
  writeFileSync(join(spoilt, 'activations.npz'), bytes);
}

/** The good arrays, with that of layer 1 replaced. */
function withLayer(bytes: Uint8Array): Uint8Array {
  const first = good()[0];
  const values = first?.values ?? new Float32Array();
  return npzBytes({
    [patternMember('self', 0)]: npyBytes('<f4', first?.shape ?? [], numberBytes(values, '<f4')),
    [patternMember('self', 1)]: bytes,
  });
}

const layerOf = (change: (values: Float32Array) => void): Uint8Array => {
  const values = madeUpPatterns(random(5), 3, N);
  change(values);
  return npyBytes('<f4', [1, 3, N, N], numberBytes(values, '<f4'));
};
const cells = 3 * N * N;

describe('an array that is no pattern is refused with its file and name:', () => {
  it.each<[what: string, code: string, array: () => Uint8Array]>([
    ['NaN', 'pattern-invalid', () => layerOf((values) => values.fill(NaN, 0, 1))],
    ['infinity', 'pattern-invalid', () => layerOf((values) => values.fill(Infinity, 0, 1))],
    ['a negative value', 'pattern-invalid', () => layerOf((values) => values.fill(-1e-6, cells - 1))],
    ['scores instead of shares', 'pattern-invalid', () => layerOf((values) => values.fill(0.5))],
    ['a row a little over 1', 'pattern-invalid', () => layerOf((values) => values.fill(1.006, 0, 1))],
    ['whole numbers', 'npz-invalid', () => npyBytes('<i4', [1, 3, N, N], new Uint8Array(cells * 4))],
    ['complex numbers', 'npz-invalid', () => npyBytes('<c8', [1, 3, N, N], new Uint8Array(cells * 8))],
    ['pickled objects', 'npz-invalid', () => npyBytes('|O', [1, 3, N, N], new Uint8Array(cells))],
    ['a batch of prompts', 'npz-invalid', () => npyBytes('<f4', [3, 1, N, N], new Uint8Array(cells * 4))],
    [
      'a shape with more cells',
      'npz-invalid',
      () => npyBytes('<f4', [1, 4, N, N], new Uint8Array(cells * 4)),
    ],
    [
      'a shape with fewer cells',
      'npz-invalid',
      () => npyBytes('<f4', [1, 2, N, N], new Uint8Array(cells * 4)),
    ],
    ['a shape without cells', 'npz-invalid', () => npyBytes('<f4', [1, 0, N, N], new Uint8Array(0))],
    ['a shape beyond all memory', 'npz-invalid', () => npyBytes('<f4', [1, 1, 1e6, 1e6], new Uint8Array(64))],
    ['no header', 'npz-invalid', () => new Uint8Array(500)],
    ['nothing', 'npz-invalid', () => new Uint8Array(0)],
    [
      'a pattern that is not square',
      'npz-shapes-differ',
      () => npyBytes('<f4', [3, N, 1], new Uint8Array(3 * N * 4)),
    ],
    [
      'other heads than the layer before',
      'npz-shapes-differ',
      () => npyBytes('<f4', [2, N, N], new Uint8Array(2 * N * N * 4)),
    ],
    [
      'other rows than the layer before',
      'npz-shapes-differ',
      () => npyBytes('<f4', [3, N - 1, N - 1], new Uint8Array(3 * (N - 1) ** 2 * 4)),
    ],
  ])('%s', async (_, code, array) => {
    spoilNpz(withLayer(array()));
    const error = await failure();
    expect(error.code).toBe(code);
    expect(error.place.file).toBe(join(spoilt, 'activations.npz'));
    expect(`${error.place.tensor ?? ''} ${error.explanation.why}`).toContain('blocks.1.attn.hook_pattern');
  });
});

describe('numbers of every floating-point type are read:', () => {
  // Powers of two, which all types hold exactly.
  const values = Float32Array.from({ length: 3 * N * N }, (_, index) => {
    const [row, column] = [Math.floor((index % (N * N)) / N), index % N];
    return column > row ? 0 : column === row ? 2 ** -row : 2 ** -(column + 1);
  });
  it.each(['<f2', '>f2', '<f4', '>f4', '<f8', '>f8'])('%s', async (descr) => {
    const layer = npyBytes(descr, [1, 3, N, N], numberBytes(values, descr));
    spoilNpz(npzBytes({ [patternMember('self', 0)]: layer, [patternMember('self', 1)]: layer }));
    const run = await runImport(folder, join(folder, 'model'));
    expect(run.failures).toEqual([]);
    const job = run.stored.find(({ prompt }) => prompt.text === PROMPTS[0]?.text);
    if (job === undefined) throw new Error('Not stored');
    for (const { head, pattern } of (await run.patterns(job)).heads()) {
      expect(pattern.values).toEqual(values.subarray(head * N * N, (head + 1) * N * N));
    }
  });

  it("in Fortran's order", async () => {
    const shape = [1, 3, N, N];
    const data = new Float32Array(values.length);
    for (let head = 0; head < 3; head++)
      for (let row = 0; row < N; row++)
        for (let column = 0; column < N; column++)
          data[head + 3 * (row + N * column)] = values[(head * N + row) * N + column] ?? 0;
    const layer = npyBytes('<f4', shape, numberBytes(data, '<f4'), true);
    spoilNpz(npzBytes({ [patternMember('self', 0)]: layer, [patternMember('self', 1)]: layer }));
    const run = await runImport(folder, join(folder, 'model'));
    expect(run.failures).toEqual([]);
    const job = run.stored.find(({ prompt }) => prompt.text === PROMPTS[0]?.text);
    if (job === undefined) throw new Error('Not stored');
    for (const { head, pattern } of (await run.patterns(job)).heads()) {
      expect(pattern.values).toEqual(values.subarray(head * N * N, (head + 1) * N * N));
    }
  });
});

describe('an npz file is refused', () => {
  it.each<[what: string, code: string, bytes: () => Uint8Array]>([
    ['that was cut off', 'npz-invalid', () => encodeNpz(good()).subarray(0, -100)],
    ['that is empty', 'npz-invalid', () => new Uint8Array(0)],
    ['that is no zip', 'npz-invalid', () => Buffer.from('not a zip file at all, whatever its name says')],
    [
      'without patterns',
      'npz-no-patterns',
      () => encodeNpz([{ name: 'hook_q', shape: [1], values: Float32Array.of(1) }]),
    ],
    ['without a layer of the model', 'npz-shapes-differ', () => encodeNpz(good().slice(0, 1))],
    ['with a layer that the model lacks', 'npz-shapes-differ', () => encodeNpz(madeUpMembers(3, 3, N))],
    ['with fewer heads than the model', 'npz-shapes-differ', () => encodeNpz(madeUpMembers(2, 2, N))],
    ['with more rows than tokens', 'npz-shapes-differ', () => encodeNpz(madeUpMembers(2, 3, N + 1))],
    ['with fewer rows than tokens', 'npz-shapes-differ', () => encodeNpz(madeUpMembers(2, 3, N - 2))],
    [
      'with patterns of two kinds',
      'npz-shapes-differ',
      () =>
        encodeNpz([
          ...good(),
          {
            ...madeUpMembers(1, 3, N)[0],
            name: patternMember('encoder', 0),
            shape: [1, 3, N, N],
            values: madeUpPatterns(random(1), 3, N),
          },
        ]),
    ],
  ])('%s', async (_, code, bytes) => {
    spoilNpz(bytes());
    const error = await failure();
    expect(error.code).toBe(code);
    expect(error.place.file).toBe(join(spoilt, 'activations.npz'));
  });

  it('whose directory understates what an entry unpacks to, or overstates it', async () => {
    const whole = encodeNpz(good());
    const view = new DataView(whole.buffer, whole.byteOffset, whole.byteLength);
    const directory = view.getUint32(whole.length - 6, true);
    for (const claimed of [100, 0xfffffff0]) {
      view.setUint32(directory + 24, claimed, true);
      spoilNpz(whole);
      expect((await failure()).code).toBe('npz-invalid');
    }
  });

  it('that holds one flipped bit', async () => {
    const whole = encodeNpz(good());
    whole[200] = (whole[200] ?? 0) ^ 16;
    spoilNpz(whole);
    expect((await failure()).code).toBe('npz-invalid');
  });

  it('that claims more than it can hold, without unpacking it', async () => {
    const bytes = npzBytes({
      [patternMember('self', 0)]: npyBytes('<f4', [1, 1, 1000, 1000], new Uint8Array(4e6)),
    });
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    view.setUint32(view.getUint32(bytes.length - 6, true) + 24, 0xfff00000, true);
    spoilNpz(bytes);
    expect((await failure()).explanation.why).toMatch(/claims 4293918720 bytes out of \d{4,5}\./u);
  });

  it('that is a zip bomb of the right shape for another prompt, unread', async () => {
    const zeros = npyBytes('<f4', [1, 3, 2000, 2000], new Uint8Array(48e6));
    const bytes = npzBytes({ [patternMember('self', 0)]: zeros, [patternMember('self', 1)]: zeros });
    expect(bytes.length).toBeLessThan(200_000);
    spoilNpz(bytes);
    expect((await failure()).explanation.why).toBe('A pattern has 2000 rows, and the prompt 5 tokens.');
  });
});

describe('a prompt is refused', () => {
  const write = (changes: object) => {
    const path = join(spoilt, 'prompt.json');
    writeFileSync(
      path,
      JSON.stringify({ ...(JSON.parse(readFileSync(path, 'utf8')) as object), ...changes }),
    );
  };
  it.each<[what: string, code: string, spoil: () => void]>([
    [
      'filed under another hash than its own',
      'import-prompt-invalid',
      () => {
        write({ hash: promptIdOf('another') });
      },
    ],
    [
      'whose text is not that of its folder',
      'import-prompt-invalid',
      () => {
        write({ text: 'another', hash: undefined });
      },
    ],
    [
      'with another number of tokens than it lists',
      'import-prompt-invalid',
      () => {
        write({ n_tokens: 2 });
      },
    ],
    [
      'without a text',
      'json-invalid',
      () => {
        write({ text: undefined });
      },
    ],
    [
      'with tokens that are no texts',
      'json-invalid',
      () => {
        write({ tokens: [1, 2] });
      },
    ],
    [
      'with half a surrogate pair',
      'import-prompt-invalid',
      () => {
        write({ text: '\ud800' });
      },
    ],
    [
      'that is no JSON',
      'json-invalid',
      () => {
        writeFileSync(join(spoilt, 'prompt.json'), '{');
      },
    ],
    [
      'without its file',
      'import-prompt-invalid',
      () => {
        rmSync(join(spoilt, 'prompt.json'));
      },
    ],
    [
      'without its npz file',
      'import-prompt-invalid',
      () => {
        rmSync(join(spoilt, 'activations.npz'));
      },
    ],
    [
      'in no folder, though prompts.jsonl lists it',
      'import-prompt-invalid',
      () => {
        rmSync(spoilt, { recursive: true });
      },
    ],
  ])('%s', async (_, code, spoil) => {
    spoil();
    expect((await failure()).code).toBe(code);
  });

  it('whose folder was renamed, and missed where prompts.jsonl lists it', async () => {
    renameSync(spoilt, join(dirname(spoilt), promptIdOf('another')));
    const { failures } = await runImport(folder, join(folder, 'model'));
    expect(failures.map(({ code }) => code)).toEqual(['import-prompt-invalid', 'import-prompt-invalid']);
  });

  it('that came before in a folder of npz files; one whose tokens do not fit', async () => {
    const plain = join(folder, 'plain');
    mkdirSync(plain);
    const patterns = npyBytes('<f4', [1, 3, 4, 4], numberBytes(madeUpPatterns(random(1), 3, 4), '<f4'));
    const named = (tokens: string[]) => {
      return npzBytes({
        [patternMember('self', 0)]: patterns,
        tokens: textArray(tokens),
        text: textArray(['once'], []),
      });
    };
    writeFileSync(join(plain, '1.npz'), named(['<s>', 'on', 'c', 'e']));
    writeFileSync(join(plain, '2.npz'), named(['<s>', 'o', 'nc', 'e']));
    writeFileSync(join(plain, '3.npz'), named(['on', 'ce']));
    const { jobs, failures } = await runImport(folder, plain);
    expect(failures.map(({ code, place }) => [code, place.file])).toEqual([
      ['import-prompt-invalid', join(plain, '2.npz')],
      ['import-prompt-invalid', join(plain, '3.npz')],
    ]);
    expect(jobs.map(({ prompt, tokenized }) => [prompt.text, tokenized.tokens, tokenized.offsets])).toEqual([
      [
        'once',
        ['<s>', 'on', 'c', 'e'],
        [
          [0, 0],
          [0, 2],
          [2, 3],
          [3, 4],
        ],
      ],
    ]);
  });

  it('with the row of prompts.jsonl where that is no JSON', async () => {
    writeFileSync(join(folder, 'model', 'prompts.jsonl'), '{"text": "a"}\n{');
    await expect(runImport(folder, join(folder, 'model'))).rejects.toMatchObject({
      code: 'prompt-row-invalid',
      place: { row: 2 },
    });
  });
});
