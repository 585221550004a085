import { deflateRawSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { decodePattern, openPack } from '../../src/core/pack/decode-pack.ts';
import { encodePack } from '../../src/core/pack/encode-pack.ts';
import { findBlock } from '../../src/core/pack/header.ts';
import { FIRST_PART } from '../../src/components/view/fetch-part.ts';
import { cellError, formatCell } from '../../src/core/view/cell-value.ts';
import { viewPath, type PatternAddress } from '../../src/schema/view-state.ts';
import { random } from '../unit/random.ts';
import { launch, openPage, type Watched } from './open-site.ts';
import { at, eventually, someAddress } from './patterns.ts';

const FIRST = `bytes=0-${FIRST_PART - 1}`;
const [LAYERS, HEADS] = [2, 4];

let browser: Browser;
let address: PatternAddress;
let watched: Watched;
let page: Page;
/** The pack that the host has, which is fetched whole in the end, and one that is too large for that. */
let files: { readonly large: Buffer; readonly huge: Buffer };

beforeAll(async () => {
  browser = await launch();
  address = await someAddress();
  files = { large: noisyPack(500), huge: noisyPack(1100) };
});
afterAll(() => browser.close());
beforeEach(async () => {
  watched = await openPage(browser, { viewport: { width: 1440, height: 900 } });
  page = watched.page;
  return () => page.context().close();
});

/** Cells that do not compress, on `n` tokens. */
function noisyPack(n: number): Buffer {
  const numbers = random(n);
  const layer = () => {
    const values = new Float32Array(HEADS * n * n);
    for (let row = 0; row < HEADS * n; row++) {
      const keys = (row % n) + 1;
      for (let key = 0; key < keys; key++) values[row * n + key] = numbers.next();
    }
    return values;
  };
  const layers = new Map(Array.from({ length: LAYERS }, (_, at) => [at, layer()]));
  const stacks = [{ stack: 'self', layout: { kind: 'causal', n }, heads: HEADS, layers } as const];
  const deflate = { method: 'deflate', compress: (bytes: Uint8Array) => deflateRawSync(bytes) } as const;
  const tokens = Array.from({ length: n }, (_, token) => ` word${token}`);
  return Buffer.from(encodePack({ ...address, tokens, stacks }, 'fine', deflate));
}

interface Answer {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

/** Serves `file` in place of the pack; `change` may spoil answers. Gives the ranges that were asked for, so far. */
async function serve(file: Buffer, change: (answer: Answer, range: string) => void = () => undefined) {
  const ranges: string[] = [];
  await page.route('**/generated/packs/**', async (route) => {
    const { range = 'none' } = route.request().headers();
    ranges.push(range);
    const [, start = '0', end = `${file.length}`] = /^bytes=(\d+)-(\d+)$/u.exec(range) ?? [];
    const body = file.subarray(Number(start), Number(end) + 1);
    const last = Number(start) + body.length - 1;
    const answer: Answer =
      range === 'none'
        ? { status: 200, headers: {}, body: file }
        : { status: 206, headers: { 'content-range': `bytes ${start}-${last}/${file.length}` }, body };
    change(answer, range);
    await route.fulfill(answer);
  });
  return ranges;
}

function rangeOf(file: Buffer, { layer, head }: { readonly layer: number; readonly head: number }): string {
  const block = findBlock(openPack(file), 'self', layer, head);
  if (block === undefined) throw new Error('The pack has no such head');
  return `bytes=${block.offset}-${block.offset + block.length - 1}`;
}

const pin = { query: 400, key: 7 };
const show = () => page.goto(at(viewPath(address, { pin })));
const value = () => page.locator('data').first().textContent();

/** What the page says of the pinned cell of a head of this file. */
function wordsOf(file: Buffer, head: number): string {
  const pack = openPack(file);
  const pattern = decodePattern(file, pack, { ...address, head });
  const cell = pattern?.values[pin.query * pattern.columns + pin.key] ?? -1;
  return formatCell(cell, cellError(pack.header.precision, pack.header.maxError, cell)).value;
}

describe('a pack that is larger than its first part', () => {
  it('shows a head after two ranges, and then fetches what is left, once', async () => {
    const ranges = await serve(files.large);
    await show();
    await eventually(value).toBe(wordsOf(files.large, 2));
    const rest = `bytes=${FIRST_PART}-${files.large.length - 1}`;
    await eventually(() => ranges).toEqual([FIRST, rangeOf(files.large, address), rest]);
    await page.waitForLoadState('networkidle');
    await page.getByLabel('Head').selectOption('3');
    await eventually(value).toBe(wordsOf(files.large, 3));
    expect(ranges).toHaveLength(3);
    expect(watched.faults).toEqual([]);
  });

  it('shows a figure that looks at all heads when the rest is there', async () => {
    const ranges = await serve(files.large);
    await page.goto(at(viewPath(address, { figure: 'rollout' })));
    await eventually(() => ranges).toContain(`bytes=${FIRST_PART}-${files.large.length - 1}`);
    await page.locator('canvas').waitFor();
    expect(await page.getByText('not available').count()).toBe(0);
    expect(watched.faults).toEqual([]);
  });

  it('and than what is fetched whole: then the neighbours of a head are fetched, and a step waits for none', async () => {
    expect(files.huge.length).toBeGreaterThan(4 * 1024 * 1024);
    const ranges = await serve(files.huge);
    await show();
    await eventually(value).toBe(wordsOf(files.huge, 2));
    const around = [
      { layer: 1, head: 3 },
      { layer: 1, head: 1 },
      { layer: 0, head: 2 },
    ].map((head) => rangeOf(files.huge, head));
    await eventually(() => ranges.toSorted()).toEqual(
      [FIRST, rangeOf(files.huge, address), ...around].toSorted(),
    );
    await page.waitForLoadState('networkidle');
    await page.unroute('**/generated/packs/**');
    await page.route('**/generated/packs/**', () => new Promise(() => undefined)); // nothing comes any more
    await page.getByLabel('Head').selectOption('3');
    await eventually(value).toBe(wordsOf(files.huge, 3));
  });
});

describe('a host', () => {
  it('that knows no ranges is asked once', async () => {
    const ranges = await serve(files.large, (answer) => {
      Object.assign(answer, { status: 200, headers: {}, body: files.large });
    });
    await show();
    await eventually(value).toBe(wordsOf(files.large, 2));
    await page.waitForLoadState('networkidle');
    expect(ranges).toEqual([FIRST]);
  });

  it('that counts the bytes of an encoded file is asked for all of it', async () => {
    const ranges = await serve(files.large, (answer) => {
      if (answer.status === 206) answer.headers['content-encoding'] = 'br';
    });
    await show();
    await eventually(value).toBe(wordsOf(files.large, 2));
    expect(ranges).toEqual([FIRST, 'none']);
  });

  it.each([
    [
      'sends another part than it was asked for',
      (answer: Answer) => {
        answer.headers['content-range'] = answer.headers['content-range']?.replace(/\d+/u, '7') ?? '';
      },
    ],
    [
      'sends another part and hides which',
      (answer: Answer) => {
        answer.headers = {};
        answer.body = files.large.subarray(1000, 1000 + answer.body.length);
      },
    ],
    [
      'sends fewer bytes',
      (answer: Answer) => {
        answer.body = answer.body.subarray(10);
      },
    ],
    [
      'changes a byte',
      (answer: Answer) => {
        answer.body = Buffer.from(answer.body);
        answer.body.writeUInt8(answer.body.readUInt8(500) ^ 1, 500);
      },
    ],
  ])('that %s is told apart, and asked again', async (_, spoil) => {
    await serve(files.large, (answer, range) => {
      if (range !== FIRST) spoil(answer);
    });
    await show();
    await eventually(() => page.getByRole('alert').textContent()).toContain('arrived damaged');
    await page.unroute('**/generated/packs/**');
    await serve(files.large);
    await page.getByRole('button', { name: 'Try again' }).click();
    await eventually(value).toBe(wordsOf(files.large, 2));
  });

  it('that sends a first part which is cut off is told apart', async () => {
    await serve(files.large, (answer, range) => {
      if (range === FIRST) answer.body = answer.body.subarray(0, 60_000);
    });
    await show();
    await eventually(() => page.getByRole('alert').textContent()).toContain('arrived damaged');
  });
});
