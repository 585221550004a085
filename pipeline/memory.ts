import { layoutSize } from '../src/schema/stacks.ts';
import type { Job, PatternSource } from './stages/plan.ts';

const UNITS: Readonly<Record<string, number>> = { '': 1, k: 1e3, m: 1e6, g: 1e9, t: 1e12 };

/** Reads `2G`, `1.5 GB`, `800M` or a number of bytes, in decimal units; undefined for anything else. */
export function parseSize(text: string): number | undefined {
  const [, number = '', unit = ''] = /^(\d{1,15}(?:\.\d{1,6})?)\s?([kmgt]?)b?$/iu.exec(text.trim()) ?? [];
  const bytes = Math.floor(Number(number) * (UNITS[unit.toLowerCase()] ?? Number.NaN));
  return number !== '' && bytes > 0 && Number.isSafeInteger(bytes) ? bytes : undefined;
}

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

/** All patterns of a source as float32. */
function patternBytes({ stacks }: PatternSource): number {
  return stacks.reduce((sum, { layout, heads, layers }) => {
    const { rows, columns } = layoutSize(layout);
    return sum + 4 * rows * columns * heads * layers.length;
  }, 0);
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
