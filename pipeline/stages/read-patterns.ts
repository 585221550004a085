import { zstdDecompressSync } from 'node:zlib';
import { decodePattern, openPack, type Decompress } from '../../src/core/pack/decode-pack.ts';
import type { StackPatterns } from '../../src/core/pack/encode-pack.ts';
import type { OpenedPack } from '../../src/core/pack/header.ts';
import type { Pattern } from '../../src/core/pattern.ts';
import { layoutSize, type Stack } from '../../src/schema/stacks.ts';

/** The patterns of one model on one prompt, as the store holds them. */
export interface StoredPatterns {
  readonly pack: OpenedPack;
  readonly tokens: readonly string[];
  /** Every head's pattern, stack by stack, layer by layer; with `isAsked` those alone that it names. */
  heads(isAsked?: (head: StoredHead) => boolean): Generator<StoredHead & { readonly pattern: Pattern }>;
}

interface StoredHead {
  readonly stack: Stack;
  readonly layer: number;
  readonly head: number;
}

/** A store's object cannot grow by more than its header says. */
const inflateZstd: Decompress = (bytes, size) => zstdDecompressSync(bytes, { maxOutputLength: size });

/**
 * Opens an object of the stage `activations`.
 *
 * @throws AtlasError `pack-invalid`
 */
export function readStoredPatterns(content: Uint8Array): StoredPatterns {
  const pack = openPack(content);
  return {
    pack,
    tokens: pack.header.tokens,
    *heads(isAsked = () => true) {
      for (const { stack, layers, heads } of pack.header.stacks) {
        for (const layer of layers) {
          for (let head = 0; head < heads; head++) {
            if (!isAsked({ stack, layer, head })) continue;
            const pattern = decodePattern(content, pack, { stack, layer, head }, inflateZstd);
            if (pattern !== undefined) yield { stack, layer, head, pattern };
          }
        }
      }
    },
  };
}

/** All patterns dense, stack by stack, as `encodePack` takes them. */
export function stackPatterns(stored: StoredPatterns): StackPatterns[] {
  const byStack = stored.pack.header.stacks.map(({ stack, layout, heads, layers }) => {
    const { rows, columns } = layoutSize(layout);
    const dense = layers.map((layer) => [layer, new Float32Array(heads * rows * columns)] as const);
    return { stack, layout, heads, layers: new Map(dense) };
  });
  for (const { stack, layer, head, pattern } of stored.heads()) {
    const target = byStack.find((entry) => entry.stack === stack)?.layers.get(layer);
    target?.set(pattern.values, head * pattern.values.length);
  }
  return byStack;
}

/** `patterns` (all of a pack, in its order) by stack, layer and head. */
export function stackArrays(patterns: readonly Pattern[], { pack }: StoredPatterns): Pattern[][][] {
  let at = 0;
  return pack.header.stacks.map(({ layers, heads }) => layers.map(() => patterns.slice(at, (at += heads))));
}
