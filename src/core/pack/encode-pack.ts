import { joinedBytes } from '../joined-bytes.ts';
import type { Precision } from '../../schema/precision.ts';
import { layoutSize, type Layout, type Stack } from '../../schema/stacks.ts';
import { packBlocks, type Compressor } from './pack-blocks.ts';

/** The patterns of one stack of one model on one prompt. */
interface StackPatterns {
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

/**
 * Writes all patterns of one model on one prompt as one file (docs/formats.md describes it byte by byte).
 * The same contents, precision and compressor give the same bytes.
 */
export function encodePack(contents: PackContents, precision: Precision, compressor: Compressor): Uint8Array {
  const stacks = contents.stacks.map((stack) => ({
    ...stack,
    layers: [...stack.layers.keys()].sort((a, b) => a - b),
  }));
  const writer = packBlocks(contents, stacks, precision, compressor);
  const blocks: Uint8Array[] = [];
  for (const [at, { layout, heads, layers }] of stacks.entries()) {
    const { rows, columns } = layoutSize(layout);
    for (const layer of layers) {
      const dense = contents.stacks[at]?.layers.get(layer) ?? new Float32Array();
      for (let head = 0; head < heads; head++) {
        blocks.push(writer.next(dense.subarray(head * rows * columns, (head + 1) * rows * columns)));
      }
    }
  }
  return joinedBytes([writer.begin(), ...blocks]);
}
