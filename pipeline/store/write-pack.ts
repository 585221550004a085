import { packBlocks, type Compressor, type PackStack } from '../../src/core/pack/pack-blocks.ts';
import type { Precision } from '../../src/schema/precision.ts';
import { withScratch, type Scratch } from './scratch.ts';
import type { StageName, Store } from './store.ts';

/** A pack before its patterns. */
export interface PackPlan {
  readonly model: string;
  readonly prompt: string;
  readonly tokens: readonly string[];
  readonly stacks: readonly PackStack[];
  readonly precision: Precision;
  readonly compressor: Compressor;
}

/** Takes the pattern of the next head, `[rows, columns]`, in the order of the pack. */
export type PutHead = (dense: Float32Array) => Promise<void>;

/**
 * Writes a pack into the store head by head: it is never in memory whole, and has the bytes that `encodePack` gives.
 *
 * @param put gives every head; where it fails, nothing is written
 * @returns what `put` gave
 * @throws AtlasError `no-space` or `unwritable`, and what `put` throws
 */
export async function writePack<T>(
  store: Store,
  object: { readonly stage: StageName; readonly key: string },
  { stacks, precision, compressor, ...about }: PackPlan,
  put: (next: PutHead) => Promise<T>,
): Promise<T> {
  return withScratch(store.folder, async (blocks) => {
    const writer = packBlocks(about, stacks, precision, compressor);
    const result = await put((dense) => blocks.append(writer.next(dense)));
    await store.write(object.stage, object.key, joined(writer.begin(), blocks));
    return result;
  });
}

async function* joined(begin: Uint8Array, blocks: Scratch): AsyncGenerator<Uint8Array> {
  yield begin;
  yield* blocks.chunks();
}
