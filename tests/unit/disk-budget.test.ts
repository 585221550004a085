import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { filesWithin, leastDiskOf, refuseOverDisk } from '../../pipeline/disk-budget.ts';
import type { PatternSource } from '../../pipeline/stages/plan.ts';
import { createFiles } from '../../pipeline/store/files.ts';

let folder: string;
let counted: string;
beforeEach(async () => {
  folder = await fs.mkdtemp(join(tmpdir(), 'atlas-budget-'));
  counted = join(folder, 'store');
});
afterEach(() => fs.rm(folder, { recursive: true }));

describe('files within a budget', () => {
  it('count what is there, what they write and what they remove', async () => {
    await createFiles().write(join(counted, 'a'), new Uint8Array(30));
    const { files, disk } = await filesWithin(createFiles(), [counted, join(folder, 'none')], 100);
    expect(disk.used()).toBe(30);
    await files.write(join(counted, 'b'), new Uint8Array(60));
    await files.write(join(folder, 'elsewhere'), new Uint8Array(1000));
    await files.write(join(counted, 'a'), 'four');
    expect(disk.used()).toBe(64);
    await files.remove(join(counted, 'b'), counted);
    expect(disk.used()).toBe(4);
  });

  it('stop before a write goes beyond it, keep the old file, and leave nothing else', async () => {
    const { files, disk } = await filesWithin(createFiles(), [counted], 100);
    await files.write(join(counted, 'a'), new Uint8Array(60));
    async function* parts() {
      for (let part = 0; part < 5; part++) yield await Promise.resolve(new Uint8Array(10));
    }
    for (const content of [new Uint8Array(41), parts()]) {
      const attempt = files.write(join(counted, 'a'), content);
      await expect(attempt).rejects.toMatchObject({ code: 'disk-full-by-limit' });
    }
    expect(disk.used()).toBe(60);
    expect(await files.list(counted)).toEqual(['a']);
    expect(await files.length(join(counted, 'a'))).toBe(60);
    await files.write(join(counted, 'b'), new Uint8Array(40));
    expect(disk.used()).toBe(100);
  });
});

describe('a run', () => {
  const layout = { kind: 'causal', n: 4 } as const;
  const source: PatternSource = {
    activationsKey: '',
    stacks: [{ stack: 'self', layout, heads: 3, layers: [0, 2] }],
  };

  it('is refused where what is there and what is missing are more than allowed', () => {
    expect(leastDiskOf([source, source], 'exact')).toBe(2 * 4 * 60);
    const budget = { limit: 1000, used: () => 760 };
    expect(() => {
      refuseOverDisk(budget, [source], 'exact');
    }).not.toThrow();
    expect(() => {
      refuseOverDisk(budget, [source, source], 'exact');
    }).toThrow(
      expect.objectContaining({
        code: 'disk-over-limit',
        explanation: expect.objectContaining({
          why: 'Store and site hold 760 B already, and what is missing comes to at least 480 B more.',
        }) as object,
      }) as Error,
    );
    expect(() => {
      refuseOverDisk({ ...budget, used: () => 1001 }, [], 'exact');
    }).toThrow(expect.objectContaining({ code: 'disk-over-limit' }) as Error);
  });
});
