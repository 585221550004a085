import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LiveModel, LiveOffer } from '../../src/components/live/live-model.ts';
import type { LiveAnswer, LiveRequest } from '../../src/components/live/live-protocol.ts';
import type { LiveRun } from '../../src/components/live/live-run.ts';
import type { Processor } from '../../src/components/live/processor.ts';
import { largestDifference, readCase, readExpected } from '../parity/oracle-case.ts';
import { liveOfferOf } from './live-page.ts';
import { launch, openPage, SOFTWARE_GPU } from './open-site.ts';

// What PyTorch and transformers compute, against what the page's own worker computes in a real browser.

const ROOT = join(import.meta.dirname, '../fixtures/oracle');
const TYPES = ['gpt2', 'llama', 'gpt_neox'];
const WEIGHTS = /^model.*\.safetensors$/u;
const cases = readdirSync(ROOT).filter((name) => {
  const { model_type: type } = JSON.parse(readFileSync(join(ROOT, name, 'config.json'), 'utf8')) as {
    model_type: string;
  };
  return TYPES.includes(type) && readdirSync(join(ROOT, name)).some((file) => WEIGHTS.test(file));
});

/** A page whose worker is asked, and the programs that it can run models with. */
interface Bench {
  readonly browser: Browser;
  readonly page: Page;
  readonly faults: readonly string[];
  readonly runtimes: LiveOffer['runtimes'];
}

async function openBench(processor: Processor): Promise<Bench> {
  const browser = await launch(processor === 'gpu' ? SOFTWARE_GPU : undefined);
  const { page, faults } = await openPage(browser);
  await page.route('**/oracle/**', async (route) => {
    const [, name = '', file = ''] = /\/oracle\/([^/]+)\/([^/]+)$/u.exec(route.request().url()) ?? [];
    await route.fulfill({ body: fileOf(name, file) });
  });
  const { runtimes } = await liveOfferOf(page);
  return { browser, page, faults, runtimes };
}

/** A file of a case; its tokenizer is made up: the words of a text are token ids. */
function fileOf(name: string, file: string): Buffer {
  const path = join(ROOT, name, file);
  if (existsSync(path)) return readFileSync(path);
  const { vocab_size: size } = JSON.parse(readFileSync(join(ROOT, name, 'config.json'), 'utf8')) as {
    vocab_size: number;
  };
  const vocab = Object.fromEntries(Array.from({ length: size }, (_, id) => [`${id}`, id]));
  const model = { type: 'WordLevel', vocab, unk_token: '0' };
  return Buffer.from(JSON.stringify({ model, pre_tokenizer: { type: 'WhitespaceSplit' }, decoder: null }));
}

function modelOf(name: string): LiveModel {
  const weights = readdirSync(join(ROOT, name)).filter((file) => WEIGHTS.test(file));
  const files = ['config.json', 'tokenizer.json', ...weights].map((file) => {
    const bytes = fileOf(name, file);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    return { name: file, url: `/oracle/${name}/${file}`, bytes: bytes.length, sha256 };
  });
  return { id: name, name, prependBos: 'never', files };
}

/** What the worker that the site ships makes of each text, on the processor that is asked for and on no other. */
async function runAll(
  { page, runtimes }: Bench,
  processor: Processor,
  model: LiveModel,
  texts: readonly string[],
): Promise<LiveRun[]> {
  const found = /live-worker-[\w-]+\.js/u;
  const script = await page.evaluate(async (pattern) => {
    for (const { name } of performance.getEntriesByType('resource')) {
      if (!name.endsWith('.js')) continue;
      const [file] = new RegExp(pattern, 'u').exec(await (await fetch(name)).text()) ?? [];
      if (file !== undefined) return new URL(file, name).href;
    }
    return undefined;
  }, found.source);
  if (script === undefined) throw new Error('The page names no worker');
  return page.evaluate(
    async ([url, requests]) => {
      const worker = new Worker(url, { type: 'module' });
      const runs: LiveRun[] = [];
      await new Promise<void>((resolve, reject) => {
        worker.addEventListener('error', (event) => {
          reject(new Error(event.message));
        });
        worker.addEventListener('message', ({ data }: MessageEvent<LiveAnswer>) => {
          if (data.kind === 'loaded' && data.reason !== undefined) reject(new Error(data.reason));
          if (data.kind === 'failed') reject(new Error(`${data.failure.title}: ${data.failure.reason}`));
          // Typed arrays do not pass from a page to its test.
          if (data.kind === 'run') {
            const layers = data.run.layers.map(({ layer, values }) => ({ layer, values: [...values] }));
            runs.push({ ...data.run, layers } as unknown as LiveRun);
          }
          if (data.number === requests.length && data.kind === 'run') resolve();
        });
        for (const request of requests) worker.postMessage(request);
      });
      worker.terminate();
      return runs;
    },
    [
      script,
      [
        { number: 1, kind: 'load', processor, runtime: runtimes[processor], model },
        ...texts.map((text, k): LiveRequest => ({
          number: k + 2,
          kind: 'run',
          model: model.id,
          text,
          ablations: [],
        })),
      ],
    ] as const satisfies [string, LiveRequest[]],
  );
}

/** Cases that are run on the graphics processor: of each family and number type. Software stands in for it, slowly. */
const ON_GPU = ['gpt2-bf16', 'llama-gqa-dynamic', 'llama-mha', 'gpt-neox'];

it('runs the cases of every embedded family', () => {
  expect(cases.length).toBeGreaterThanOrEqual(15);
  expect(cases).toEqual(expect.arrayContaining(ON_GPU));
});

describe.each([
  ['cpu', cases],
  ['gpu', ON_GPU],
] as const)('in a real browser, on its %s', (processor, names) => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await openBench(processor);
  });
  afterAll(() => bench.browser.close());

  it.each(names)('%s agrees with the reference', async (name) => {
    const info = readCase(join(ROOT, name));
    const expected = readExpected(join(ROOT, name));
    const ids = info.lengths.map((_, k) => expected.ids(`input_ids_${k}`) ?? []);
    const texts = ids.map((each) => each.join(' '));
    const runs = await runAll(bench, processor, modelOf(name), texts);
    let worst = 0;
    for (const [k, run] of runs.entries()) {
      expect(run.ids).toEqual(ids[k]);
      const reference = expected.tensor(`attentions_${k}`);
      const size = (reference?.values.length ?? 0) / run.layers.length;
      expect(run.layers.map(({ layer }) => layer)).toEqual(info.attention_layers);
      for (const [row, { values }] of run.layers.entries()) {
        const target = reference?.values.subarray(row * size, (row + 1) * size) ?? [];
        worst = Math.max(worst, largestDifference(values, target));
      }
    }
    expect(runs).toHaveLength(info.lengths.length);
    expect(worst).toBeLessThanOrEqual(2e-5);
  });

  it('asks no other host, and breaks no policy', () => {
    expect(bench.faults).toEqual([]);
  });
});
