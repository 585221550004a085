import type { Precision } from '../../schema/precision.ts';
import { layoutSize, type Layout, type Stack } from '../../schema/stacks.ts';
import { packCells } from './cells.ts';
import { crc32 } from './crc32.ts';
import { PACK_MAGIC, PACK_VERSION, PREAMBLE_BYTES, type PackHeader } from './header.ts';
import { cellCodes } from './quantize.ts';

/** How blocks are compressed: the method's name for the header, and the function. */
export interface Compressor {
  readonly method: PackHeader['compression'];
  compress(bytes: Uint8Array): Uint8Array;
}

/** One stack of a pack, before its patterns. */
export interface PackStack {
  readonly stack: Stack;
  readonly layout: Layout;
  readonly heads: number;
  /** Those that have a pattern, ascending. */
  readonly layers: readonly number[];
}

/** Makes the blocks of a pack one by one, and then the header that comes before them. */
export interface PackBlocks {
  /** The block of the next head, in the order of the pack; `dense` is its pattern, `[rows, columns]`. */
  next(dense: Float32Array): Uint8Array;
  /**
   * What comes before the blocks: preamble and header.
   *
   * @throws RangeError where heads are still missing
   */
  begin(): Uint8Array;
}

/** Begins a pack of `stacks`. The same patterns, precision and compressor give the same bytes. */
export function packBlocks(
  about: { readonly model: string; readonly prompt: string; readonly tokens: readonly string[] },
  stacks: readonly PackStack[],
  precision: Precision,
  compressor: Compressor,
): PackBlocks {
  const tables = stacks.map((): [number, number][] => []);
  let maxError = 0;
  let current = 0;
  return {
    next(dense) {
      while (isFull(stacks[current], tables[current])) current++;
      const stack = stacks[current];
      if (stack === undefined) throw new RangeError('The pack holds every head already');
      const { bytes, error } = encodeCells(stack.layout, dense, precision);
      maxError = Math.max(maxError, error);
      const block = compressor.compress(bytes);
      tables[current]?.push([block.length, crc32(block)]);
      return block;
    },
    begin() {
      if (!stacks.every((stack, at) => isFull(stack, tables[at]))) throw new RangeError('Heads are missing');
      return encodeHeader({
        model: about.model,
        prompt: about.prompt,
        precision,
        compression: compressor.method,
        maxError,
        tokens: [...about.tokens],
        stacks: stacks.map(({ stack, layout, heads, layers }, at) => {
          return { stack, layout, heads, layers: [...layers], blocks: tables[at] ?? [] };
        }),
      });
    },
  };
}

function isFull(stack: PackStack | undefined, table: readonly unknown[] | undefined): boolean {
  return stack !== undefined && table?.length === stack.heads * stack.layers.length;
}

/** One pattern, `[rows, columns]` dense, as the bytes of a block before compression, and their largest error. */
function encodeCells(
  layout: Layout,
  dense: Float32Array,
  precision: Precision,
): ReturnType<(typeof cellCodes)[Precision]['encode']> {
  const { rows, columns } = layoutSize(layout);
  if (dense.length !== rows * columns) {
    throw new RangeError(`A ${rows} x ${columns} pattern has not ${dense.length} cells`);
  }
  return cellCodes[precision].encode(packCells(layout, dense));
}

function encodeHeader(header: PackHeader): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify(header));
  const bytes = new Uint8Array(PREAMBLE_BYTES + json.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, PACK_MAGIC, true);
  view.setUint32(4, PACK_VERSION, true);
  view.setUint32(8, json.length, true);
  view.setUint32(12, crc32(json), true);
  bytes.set(json, PREAMBLE_BYTES);
  return bytes;
}
