import { totalmem } from 'node:os';
import { cellsOf, type Job, type PatternSource } from './stages/plan.ts';

/** Of a process that has loaded the program and a small graph. */
const PROGRAM_BYTES = 100e6;
/**
 * What patterns take while they are computed, copied and packed, in their own size: 5.2 times at most was measured at gpt2's
 * shape, with up to 1,000 tokens, the weights' file not counted.
 */
const PATTERNS_FACTOR = 5.5;

/** About as many bytes as a process needs at most to compute the patterns of a job, its weights among them. */
export function memoryToCompute(job: Job): number {
  const weights = 'npz' in job ? 0 : job.model.checkpoint.weightsBytes;
  return PROGRAM_BYTES + weights + PATTERNS_FACTOR * patternBytes(job);
}

/** About as many bytes as a thread needs to derive what the site shows of a source. */
export function memoryToDerive(source: PatternSource): number {
  return PATTERNS_FACTOR * patternBytes(source);
}

/** All patterns of a source as whole matrices of float32. */
function patternBytes(source: PatternSource): number {
  return 4 * cellsOf(source, { whole: true });
}

/** How many threads may work at once on jobs of this size: as many as there are, fewer where memory is short, at least one. */
export function threadsWithin(
  memory: number | undefined,
  threads: number,
  jobs: readonly PatternSource[],
): number {
  if (memory === undefined) return threads;
  const largest = jobs.reduce((most, job) => Math.max(most, memoryToDerive(job)), 1);
  return Math.max(1, Math.min(threads, Math.floor((memory - PROGRAM_BYTES) / largest)));
}

/** Bytes of memory that this process could have at most: the machine's, or those of its container. */
export function machineMemory(): number {
  const constrained = process.constrainedMemory(); // 0 or more than there is where nothing constrains it
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
}
