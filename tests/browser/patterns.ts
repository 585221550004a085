import { deflateRawSync } from 'node:zlib';
import type { Locator } from 'playwright-core';
import { expect, inject } from 'vitest';
import { decodePattern, openPack } from '../../src/core/pack/decode-pack.ts';
import { encodePack } from '../../src/core/pack/encode-pack.ts';
import type { OpenedPack } from '../../src/core/pack/header.ts';
import type { Pattern } from '../../src/core/pattern.ts';
import { siteIndexSchema, type SiteIndex } from '../../src/schema/site-index.ts';
import { assets, withBase } from '../../src/schema/urls.ts';
import type { PatternAddress } from '../../src/schema/view-state.ts';

/** Asserts what `read` gives in the end: pages take their time, more of it on a busy machine. */
export function eventually<T>(read: () => T) {
  return expect.poll(read, { timeout: 15_000 });
}

/** The address of a path of the site at its root. */
export function at(path: string): string {
  return withBase(inject('root'), path);
}

export async function siteIndex(): Promise<SiteIndex> {
  return siteIndexSchema.parse(await (await fetch(at(assets.index()))).json());
}

/** The pattern at an address, read from the site's pack without the page. */
export async function patternAt(address: PatternAddress): Promise<{ pattern: Pattern; pack: OpenedPack }> {
  const response = await fetch(at(assets.pack(address.model, address.prompt)));
  const file = new Uint8Array(await response.arrayBuffer());
  const pack = openPack(file);
  const pattern = decodePattern(file, pack, address);
  if (pattern === undefined) throw new Error('The atlas has no such head');
  return { pattern, pack };
}

/** An address of the embedded atlas: a head that attends to what followed the same token before, on the first prompt. */
export async function someAddress(): Promise<PatternAddress> {
  const prompt = (await siteIndex()).prompts[0]?.id ?? '';
  return { model: 'tiny-gpt2', stack: 'self', layer: 1, head: 2, prompt };
}

/** The middle of a cell on the screen, where the whole of a plot of `rows` x `columns` is seen; scrolls to it first. */
export async function cellPoint(
  canvas: Locator,
  [row, column]: readonly [row: number, column: number],
  rows: number,
  columns = rows,
): Promise<[x: number, y: number]> {
  await canvas.scrollIntoViewIfNeeded();
  const box = await canvas.boundingBox();
  if (box === null) throw new Error('The plot is not on the page');
  return [box.x + ((column + 0.5) * box.width) / columns, box.y + ((row + 0.5) * box.height) / rows];
}

/** A pack of one causal head on `n` tokens, each of which attends to itself and to the first. */
export function madeUpPack(model: string, prompt: string, n: number): Buffer {
  const values = new Float32Array(n * n);
  for (let query = 0; query < n; query++) {
    values[query * n] = 0.25;
    values[query * n + query] = query === 0 ? 1 : 0.75;
  }
  const tokens = Array.from({ length: n }, (_, index) => ` word${index}`);
  const layers = new Map([[0, values]]);
  const stacks = [{ stack: 'self', layout: { kind: 'causal', n }, heads: 1, layers } as const];
  const deflate = { method: 'deflate', compress: (bytes: Uint8Array) => deflateRawSync(bytes) } as const;
  return Buffer.from(encodePack({ model, prompt, tokens, stacks }, 'fine', deflate));
}
