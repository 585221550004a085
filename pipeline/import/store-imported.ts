import { withNpz } from '../npz/open-npz.ts';
import { readPatternHeads } from '../npz/read-pattern-heads.ts';
import type { ImportedJob } from '../stages/plan.ts';
import { storeCompressor } from '../store/compressor.ts';
import type { Store } from '../store/store.ts';
import { writePack, type PutHead } from '../store/write-pack.ts';
import { checkUnchanged } from './hash-file.ts';
import { patternArrays } from './scan-npz.ts';

/**
 * Puts the patterns of an npz file, which was checked before, into the store: the same float32 values, head by head.
 * Neither the file nor what becomes of it is ever in memory whole.
 *
 * @throws AtlasError `import-changed` where the file is another one now
 */
export async function storeImported(job: ImportedJob, store: Store): Promise<void> {
  const { model, prompt, tokenized, stacks, npz, activationsKey } = job;
  const about = { model: model.source.id, prompt: prompt.id, tokens: tokenized.tokens };
  const plan = { ...about, stacks, precision: 'exact', compressor: storeCompressor } as const;
  await writePack(store, { stage: 'activations', key: activationsKey }, plan, async (next) => {
    await putHeads(npz.path, next);
    await checkUnchanged(npz);
  });
}

async function putHeads(path: string, next: PutHead): Promise<void> {
  await withNpz(path, async (file) => {
    for (const { name, entry } of patternArrays(file)) {
      const begin = () => undefined; // the shape was checked
      await readPatternHeads(file, name, entry, begin, (_, values) => next(values));
    }
  });
}
