import { Tinypool } from 'tinypool';
import type { Derived, DeriveTask } from './derive-patterns.ts';

/** Threads that derive; they start with the first task. */
export interface DerivePool {
  /** How many tasks keep all threads at work. */
  readonly size: number;
  derive(task: DeriveTask): Promise<Derived>;
  close(): Promise<void>;
}

/** @param size threads at most */
export function openDerivePool(size: number): DerivePool {
  let pool: Tinypool | undefined;
  return {
    size,
    async derive(task) {
      pool ??= new Tinypool({
        filename: new URL('derive-worker.ts', import.meta.url).href,
        runtime: 'worker_threads',
        minThreads: size, // fewer, and the others end and start again whenever a task is late
        maxThreads: size,
      });
      return (await pool.run(task)) as Derived;
    },
    async close() {
      await pool?.destroy();
    },
  };
}
