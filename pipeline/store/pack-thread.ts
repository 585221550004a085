import { Tinypool } from 'tinypool';
import type { PackContents } from '../../src/core/pack/encode-pack.ts';
import type { PackHeader } from '../../src/core/pack/header.ts';

/** Patterns, or other numbers of heads, that become a pack at full precision. */
export interface PackTask {
  readonly contents: PackContents;
  readonly compression: PackHeader['compression'];
}

/** A thread that packs while this one runs a model: onnxruntime-node computes in the thread that asks it to. */
export interface PackThread {
  /** @returns the pack's bytes, those that `encodePack` gives; the arrays of the task are empty from then on */
  pack(task: PackTask): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** It starts with the first task. */
export function openPackThread(): PackThread {
  let pool: Tinypool | undefined;
  return {
    async pack(task) {
      pool ??= new Tinypool({
        filename: new URL('pack-worker.ts', import.meta.url).href,
        runtime: 'worker_threads',
        minThreads: 1,
        maxThreads: 1,
      });
      const transferList = task.contents.stacks.flatMap(({ layers }) =>
        Array.from(layers.values(), ({ buffer }) => buffer as ArrayBuffer),
      );
      return (await pool.run(task, { transferList })) as Uint8Array;
    },
    async close() {
      await pool?.destroy();
    },
  };
}
