import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { crc32 } from '../../../../src/core/pack/crc32.ts';
import { decodePattern, openPack } from '../../../../src/core/pack/decode-pack.ts';
import { encodePack } from '../../../../src/core/pack/encode-pack.ts';
import { PREAMBLE_BYTES } from '../../../../src/core/pack/header.ts';
import { random } from '../../random.ts';

const n = 20;
const values = new Float32Array(2 * n * n);
for (let row = 0; row < 2 * n; row++) values.fill(1 / ((row % n) + 1), row * n, row * n + (row % n) + 1);
const file = encodePack(
  {
    model: 'm',
    prompt: 'p',
    tokens: Array.from({ length: n }, (_, at) => `t${at}`),
    stacks: [{ stack: 'self', layout: { kind: 'causal', n }, heads: 2, layers: new Map([[0, values]]) }],
  },
  'fine',
  { method: 'deflate', compress: (bytes) => deflateRawSync(bytes) },
);
const header = openPack(file).header;
const refused = expect.objectContaining({ code: 'pack-invalid' }) as Error;

/** Reads all that a pack holds. */
function readAll(bytes: Uint8Array): void {
  const pack = openPack(bytes);
  for (const { stack, layers, heads } of pack.header.stacks) {
    for (const layer of layers) {
      for (let head = 0; head < heads; head++) decodePattern(bytes, pack, { stack, layer, head });
    }
  }
}

/** The pack with another header, whose length and checksum are right. */
function withHeader(json: unknown, bytes = new TextEncoder().encode(JSON.stringify(json))): Uint8Array {
  const data = file.subarray(PREAMBLE_BYTES + new DataView(file.buffer).getUint32(8, true));
  const changed = new Uint8Array(PREAMBLE_BYTES + bytes.length + data.length);
  changed.set(file.subarray(0, 8));
  const view = new DataView(changed.buffer);
  view.setUint32(8, bytes.length, true);
  view.setUint32(12, crc32(bytes), true);
  changed.set(bytes, PREAMBLE_BYTES);
  changed.set(data, PREAMBLE_BYTES + bytes.length);
  return changed;
}

describe('a damaged pack', () => {
  it('is refused when it is cut off anywhere, or has bytes to spare', () => {
    for (let length = 0; length < file.length; length++) {
      expect(() => {
        readAll(file.subarray(0, length));
      }).toThrow(refused);
    }
    expect(() => {
      readAll(new Uint8Array([...file, 0]));
    }).toThrow(refused);
  });

  it('is refused when any one byte is another', () => {
    const r = random(11);
    for (let at = 0; at < file.length; at++) {
      const changed = file.slice();
      changed[at] = (changed[at] ?? 0) ^ (1 + r.below(255));
      expect(() => {
        readAll(changed);
      }).toThrow(refused);
    }
  });

  it('is refused when it is something else', () => {
    const r = random(12);
    for (let turn = 0; turn < 200; turn++) {
      const noise = Uint8Array.from({ length: r.below(400) }, () => r.below(256));
      if (r.next() < 0.5) noise.set(file.subarray(0, Math.min(12, noise.length)));
      expect(() => {
        readAll(noise);
      }).toThrow(refused);
    }
    expect(() => {
      readAll(new TextEncoder().encode('<!doctype html><title>Not found</title>'));
    }).toThrow(refused);
  });
});

describe('a header that lies, under a right checksum', () => {
  const [stack] = header.stacks;
  const lying: [string, unknown][] = [
    ['is no object', []],
    ['is null', null],
    ['names an unknown stack', { ...header, stacks: [{ ...stack, stack: 'middle' }] }],
    ['names an unknown layout', { ...header, stacks: [{ ...stack, layout: { kind: 'ring', n } }] }],
    ['has a key too many', { ...header, author: 'x' }],
    ['has no stacks', { ...header, stacks: [] }],
    ['has fewer blocks than heads', { ...header, stacks: [{ ...stack, blocks: stack?.blocks.slice(1) }] }],
    ['has a negative length', { ...header, stacks: [{ ...stack, blocks: [[-1, 0], stack?.blocks[1]] }] }],
    ['has an endless length', { ...header, stacks: [{ ...stack, blocks: [[1e300, 0], stack?.blocks[1]] }] }],
    ['has a side of 0', { ...header, stacks: [{ ...stack, layout: { kind: 'causal', n: 0 } }] }],
    ['has a huge side', { ...header, stacks: [{ ...stack, layout: { kind: 'square', n: 2 ** 40 } }] }],
    ['has a fractional side', { ...header, stacks: [{ ...stack, layout: { kind: 'causal', n: 2.5 } }] }],
    ['has a negative error', { ...header, maxError: -1 }],
    ['has another precision', { ...header, precision: 'exact' }],
    [
      'has a smaller layout than its blocks',
      { ...header, stacks: [{ ...stack, layout: { kind: 'causal', n: n - 1 } }] },
    ],
    [
      'has a larger layout than its blocks',
      { ...header, stacks: [{ ...stack, layout: { kind: 'causal', n: n + 1 } }] },
    ],
  ];

  it.each(lying)('%s', (_, json) => {
    expect(() => {
      readAll(withHeader(json));
    }).toThrow(refused);
  });

  it('is not JSON, or not UTF-8', () => {
    for (const bytes of [new TextEncoder().encode('{"model":'), Uint8Array.of(0x22, 0xff, 0x22)]) {
      expect(() => {
        readAll(withHeader(undefined, bytes));
      }).toThrow(refused);
    }
  });

  it('gets no memory for a layout that its few bytes cannot fill', () => {
    const side = 60_000;
    const lie = { ...header, stacks: [{ ...stack, layout: { kind: 'square', n: side } }] };
    const before = process.memoryUsage().arrayBuffers;
    expect(() => {
      readAll(withHeader(lie));
    }).toThrow(refused);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 28);
  });
});
