import { packBlocks } from '../../src/core/pack/pack-blocks.ts';
import { withNpz } from '../npz/open-npz.ts';
import { readPatternHeads } from '../npz/read-pattern-heads.ts';
import type { ImportedJob } from '../stages/plan.ts';
import { storeCompressor } from '../store/compressor.ts';
import { withScratch, type Scratch } from '../store/scratch.ts';
import type { Store } from '../store/store.ts';
import { checkUnchanged } from './hash-file.ts';
import { patternArrays } from './scan-npz.ts';

/**
 * Puts the patterns of an npz file, which was checked before, into the store: the same float32 values, head by head.
 * Neither the file nor what becomes of it is ever in memory whole.
 *
 * @throws AtlasError `import-changed` where the file is another one now
 */
export async function storeImported(job: ImportedJob, store: Store): Promise<void> {
  await withScratch(store.folder, async (blocks) => {
    const begin = await putBlocks(job, blocks);
    await checkUnchanged(job.npz);
    await store.write('activations', job.activationsKey, joined(begin, blocks));
  });
}

/** @returns what comes before the blocks */
async function putBlocks({ model, prompt, tokenized, stacks, npz }: ImportedJob, blocks: Scratch) {
  const about = { model: model.source.id, prompt: prompt.id, tokens: tokenized.tokens };
  const writer = packBlocks(about, stacks, 'exact', storeCompressor);
  await withNpz(npz.path, async (file) => {
    for (const { name, entry } of patternArrays(file)) {
      const begin = () => undefined; // the shape was checked
      await readPatternHeads(file, name, entry, begin, (_, values) => blocks.append(writer.next(values)));
    }
  });
  return writer.begin();
}

async function* joined(begin: Uint8Array, blocks: Scratch): AsyncGenerator<Uint8Array> {
  yield begin;
  yield* blocks.chunks();
}
