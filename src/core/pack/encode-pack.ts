import type { Precision } from '../../schema/precision.ts';
import { cellCount, layoutSize, type Layout, type Stack } from '../../schema/stacks.ts';
import { forEachPackedCell } from '../pattern.ts';
import { crc32 } from './crc32.ts';
import { PACK_MAGIC, PACK_VERSION, PREAMBLE_BYTES, type PackHeader } from './header.ts';
import { cellCodes, quantizationError } from './quantize.ts';

/** The patterns of one stack of one model on one prompt. */
export interface StackPatterns {
  readonly stack: Stack;
  readonly layout: Layout;
  readonly heads: number;
  /** By layer: dense patterns `[heads, rows, columns]`; layers without a pattern are absent. */
  readonly layers: ReadonlyMap<number, Float32Array>;
}

export interface PackContents {
  readonly model: string;
  readonly prompt: string;
  readonly tokens: readonly string[];
  readonly stacks: readonly StackPatterns[];
}

/** How blocks are compressed: the method's name for the header, and the function. */
export interface Compressor {
  readonly method: PackHeader['compression'];
  compress(bytes: Uint8Array): Uint8Array;
}

/**
 * Writes all patterns of one model on one prompt as one file (docs/formats.md describes it byte by byte).
 * The same contents, precision and compressor give the same bytes.
 */
export function encodePack(contents: PackContents, precision: Precision, compressor: Compressor): Uint8Array {
  const blocks: Uint8Array[] = [];
  let maxError = 0;
  const stacks = contents.stacks.map((stack) => {
    const layers = [...stack.layers.keys()].sort((a, b) => a - b);
    const table: [number, number][] = [];
    const { rows, columns } = layoutSize(stack.layout);
    for (const layer of layers) {
      const dense = stack.layers.get(layer) ?? new Float32Array();
      for (let head = 0; head < stack.heads; head++) {
        const pattern = dense.subarray(head * rows * columns, (head + 1) * rows * columns);
        const { bytes, error } = encodeCells(stack.layout, pattern, precision);
        const block = compressor.compress(bytes);
        maxError = Math.max(maxError, error);
        table.push([block.length, crc32(block)]);
        blocks.push(block);
      }
    }
    return { stack: stack.stack, layout: stack.layout, heads: stack.heads, layers, blocks: table };
  });
  const header: PackHeader = {
    model: contents.model,
    prompt: contents.prompt,
    precision,
    compression: compressor.method,
    maxError,
    tokens: [...contents.tokens],
    stacks,
  };
  return assemble(header, blocks);
}

/** One pattern, `[rows, columns]` dense, as the bytes of a block before compression, and their largest error. */
function encodeCells(
  layout: Layout,
  dense: Float32Array,
  precision: Precision,
): { bytes: Uint8Array; error: number } {
  const cells = new Float32Array(cellCount(layout));
  forEachPackedCell(layout, (packed, at) => {
    cells[packed] = dense[at] ?? 0;
  });
  const code = cellCodes[precision];
  const bytes = code.encode(cells);
  return { bytes, error: precision === 'exact' ? 0 : quantizationError(cells, code.decode(bytes)) };
}

function assemble(header: PackHeader, blocks: readonly Uint8Array[]): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify(header));
  const total = blocks.reduce((sum, block) => sum + block.length, PREAMBLE_BYTES + json.length);
  const file = new Uint8Array(total);
  const view = new DataView(file.buffer);
  view.setUint32(0, PACK_MAGIC, true);
  view.setUint32(4, PACK_VERSION, true);
  view.setUint32(8, json.length, true);
  view.setUint32(12, crc32(json), true);
  file.set(json, PREAMBLE_BYTES);
  let at = PREAMBLE_BYTES + json.length;
  for (const block of blocks) {
    file.set(block, at);
    at += block.length;
  }
  return file;
}
