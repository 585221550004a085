import { describe, expect, it } from 'vitest';
import { listArrays } from '../../../pipeline/npz/open-npz.ts';
import { readPatternHeads } from '../../../pipeline/npz/read-pattern-heads.ts';
import { encodeNpz } from '../../../src/core/npz/npz.ts';
import { bytesSource } from '../bytes-source.ts';
import { madeUpPatterns } from '../import/made-up-patterns.ts';
import { random } from '../random.ts';

describe('readPatternHeads', () => {
  it('gives the first head when little of the file was read, and each in its turn', async () => {
    const [heads, n] = [24, 160];
    const values = madeUpPatterns(random(8), heads, n, false);
    const bytes = encodeNpz([{ name: 'a', shape: [1, heads, n, n], values }]);
    const plain = bytesSource(bytes, 'a.npz');
    let read = 0;
    const source = {
      ...plain,
      read: (offset: number, length: number) => {
        read += length;
        return plain.read(offset, length);
      },
    };
    const entry = (await listArrays(source)).get('a');
    if (entry === undefined) throw new Error('No array');
    read = 0;
    const readBefore: number[] = [];
    await readPatternHeads(
      { source },
      'a',
      entry,
      () => undefined,
      (head, pattern) => {
        readBefore.push(read);
        expect(pattern).toEqual(values.subarray(head * n * n, (head + 1) * n * n));
      },
    );
    expect(readBefore).toHaveLength(heads);
    expect(readBefore[0]).toBeLessThan(entry.length * 0.7);
    expect(bytes.length).toBeGreaterThan(1_000_000);
  });
});
