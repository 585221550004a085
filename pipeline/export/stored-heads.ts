import { zstdDecompressSync } from 'node:zlib';
import { decodeBlock, inflateRaw, type Decompress } from '../../src/core/pack/decode-pack.ts';
import { findBlock, type OpenedPack } from '../../src/core/pack/header.ts';
import type { Pattern } from '../../src/core/pattern.ts';
import type { Stack } from '../../src/schema/stacks.ts';
import { atlasError } from '../../src/schema/errors/index.ts';
import { openStoredPack } from '../stages/stored-sources.ts';
import type { Store } from '../store/store.ts';

/** The patterns of one model on one prompt, read from the store head by head. */
export interface StoredHeads {
  readonly pack: OpenedPack;
  /** By how much a value may differ from what was computed; 0 for the patterns as they are. */
  readonly maxError: number;
  /** @throws AtlasError `store-damaged`, `pack-invalid` */
  pattern(stack: Stack, layer: number, head: number): Promise<Pattern>;
}

const inflateZstd: Decompress = (bytes, size) => zstdDecompressSync(bytes, { maxOutputLength: size });

/**
 * Opens the patterns as they were computed, or the pack for viewing where they were dropped.
 *
 * @throws AtlasError `export-not-stored` where the store holds neither
 */
export async function openStoredHeads(
  store: Store,
  keys: { readonly activations: string; readonly pack: string },
): Promise<StoredHeads> {
  const sources = [
    ['activations', keys.activations],
    ['packs', keys.pack],
  ] as const;
  for (const [stage, key] of sources) {
    if (!(await store.has(stage, key))) continue;
    const pack = await openStoredPack(store, stage, key);
    const decompress = pack.header.compression === 'zstd' ? inflateZstd : inflateRaw;
    return {
      pack,
      maxError: pack.header.maxError,
      async pattern(stack, layer, head) {
        const block = findBlock(pack, stack, layer, head);
        if (block === undefined) throw atlasError('store-damaged', { stage, key });
        return decodeBlock(
          await store.readAt(stage, key, block.offset, block.length),
          pack,
          block,
          decompress,
        );
      },
    };
  }
  throw atlasError('export-not-stored', {});
}
