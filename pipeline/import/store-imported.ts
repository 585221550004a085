import { packBlocks } from '../../src/core/pack/pack-blocks.ts';
import { withNpz } from '../npz/open-npz.ts';
import { readPatternHeads } from '../npz/read-pattern-heads.ts';
import type { ImportedJob } from '../stages/plan.ts';
import { storeCompressor } from '../store/compressor.ts';
import type { Store } from '../store/store.ts';
import { checkUnchanged } from './hash-file.ts';
import { patternArrays } from './scan-npz.ts';

/**
 * Puts the patterns of an npz file, which was checked before, into the store: the same float32 values, head by head.
 *
 * @throws AtlasError `import-changed` where the file is another one now
 */
export async function storeImported(job: ImportedJob, store: Store): Promise<void> {
  const { model, prompt, tokenized, stacks, npz } = job;
  const about = { model: model.source.id, prompt: prompt.id, tokens: tokenized.tokens };
  const writer = packBlocks(about, stacks, 'exact', storeCompressor);
  const blocks: Uint8Array[] = [];
  await withNpz(npz.path, async (file) => {
    for (const { name, entry } of patternArrays(file)) {
      const begin = () => undefined; // the shape was checked
      await readPatternHeads(file, name, entry, begin, (_, values) => {
        blocks.push(writer.next(values));
      });
    }
  });
  await checkUnchanged(npz);
  await store.write('activations', job.activationsKey, Buffer.concat([writer.begin(), ...blocks]));
}
