import { derivePatterns, type Derived, type DeriveTask } from './derive-patterns.ts';

/** Runs in a thread of its own: see derive-pool.ts. */
export default function run(task: DeriveTask): Promise<Derived> {
  return derivePatterns(task);
}
