import { mkdirSync, readdirSync, renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openCheckpoint } from '../../../pipeline/checkpoint/open-checkpoint.ts';
import { openPatternSession } from '../../../pipeline/runtime/pattern-session.ts';
import { copyFixture } from '../checkpoint/checkpoint-folder.ts';

async function patternsOf(folder: string): Promise<Float32Array[]> {
  const session = await openPatternSession(await openCheckpoint(folder));
  try {
    return [...(await session.run([1, 2, 3, 4, 5])).patterns.values()];
  } finally {
    await session.close();
  }
}

/** Turns a model folder into a snapshot of the hub's cache: links into a folder of files with other names. */
function asSnapshot(folder: string): string {
  const [blobs, snapshot] = [join(folder, 'blobs'), join(folder, 'snapshots/0123')];
  const files = readdirSync(folder);
  mkdirSync(blobs);
  mkdirSync(snapshot, { recursive: true });
  for (const [index, name] of files.entries()) {
    renameSync(join(folder, name), join(blobs, `blob${index}`));
    symlinkSync(`../../blobs/blob${index}`, join(snapshot, name));
  }
  return snapshot;
}

describe('weights behind links', () => {
  it.each(['gpt2', 'gpt2-sharded', 'gpt2-bin'])('are run as they are: %s', async (name) => {
    const expected = await patternsOf(copyFixture(name));
    const snapshot = asSnapshot(copyFixture(name));
    expect(await patternsOf(snapshot)).toEqual(expected);
    const { weightFiles, tensors } = await openCheckpoint(snapshot);
    expect(new Set([...tensors.values()].map(({ file }) => file))).toEqual(new Set(weightFiles));
  });

  it('may lie in several folders', async () => {
    const expected = await patternsOf(copyFixture('gpt2-sharded'));
    const folder = copyFixture('gpt2-sharded');
    const shard = 'model-00002-of-00003.safetensors';
    const elsewhere = join(copyFixture('gpt2'), shard);
    renameSync(join(folder, shard), elsewhere);
    symlinkSync(elsewhere, join(folder, shard));
    expect(await patternsOf(folder)).toEqual(expected);
  });
});
