import { totalmem } from 'node:os';
import { cellsOf, type ComputedJob, type Job, type PatternSource, type StackShape } from './stages/plan.ts';

/** Of a process that has loaded the program and a small graph. */
const PROGRAM_BYTES = 170e6;
/**
 * What patterns take while they are computed, copied and packed, in their own size: 5.2 times at most was measured at gpt2's
 * shape, with up to 1,000 tokens, the weights' file not counted.
 */
const PATTERNS_FACTOR = 5.5;
/** What computing one layer at a time takes, in the size of the largest layer's patterns (docs/speed.md). */
const LAYER_FACTOR = 4;
/** What a loss on each token takes, in the size of the logits. */
const LOGITS_FACTOR = 4;
/** All layers at once save seconds at most; above this they are computed one at a time whatever is allowed. */
const MOST_AT_ONCE = 2e9;

/** How the patterns of a job are computed, and about as many bytes as a process then needs, its weights among them. */
export interface WayToCompute {
  /** All if left out. */
  readonly layersAtOnce?: 1;
  readonly bytes: number;
}

/** What a run gives beside patterns. */
interface Needs {
  readonly hasLoss: boolean;
  readonly hasScores?: boolean;
  readonly hasEffects?: boolean;
}

/**
 * All layers at once where that is little and within `memory`, else one at a time; the values are the same.
 *
 * @returns a way that may need more than `memory`, where no other needs less
 */
export function wayToCompute(
  job: ComputedJob,
  { hasLoss, hasScores = false, hasEffects = false }: Needs,
  memory = Infinity,
): WayToCompute {
  const { weightsBytes, description } = job.model.checkpoint;
  const logits = hasLoss ? 4 * job.tokenized.ids.length * description.vocabularySize : 0;
  // Effects come with the last layer, all at once.
  const effects = hasEffects ? 2 * patternBytes(job) : 0;
  const base = PROGRAM_BYTES + weightsBytes + LOGITS_FACTOR * logits + effects;
  const kinds = hasScores ? 2 : 1;
  const patterns = kinds * PATTERNS_FACTOR * patternBytes(job);
  if (patterns <= MOST_AT_ONCE && base + patterns <= memory) return { bytes: base + patterns };
  const ofLayer = job.stacks.map(layerBytes);
  const layer = kinds * LAYER_FACTOR * Math.max(0, ...ofLayer);
  return { layersAtOnce: 1, bytes: base + layer };
}

/** About as many bytes as a process needs at least to compute the patterns of a job; imported ones are read head by head. */
export function leastToCompute(job: Job): number {
  return 'npz' in job ? PROGRAM_BYTES : wayToCompute(job, { hasLoss: false }, 0).bytes;
}

/** Decoded patterns that a thread keeps at most to look at them again. */
export const MOST_DECODED = 512e6;
/** What a thread makes of one head at a time, in the size of its pattern. */
const HEAD_FACTOR = 12;

/**
 * About as many bytes as a thread needs to derive what the site shows of a source. Of large patterns it keeps a part, and
 * the pack, at a byte a cell at most, twice while it is handed over.
 */
export function memoryToDerive(source: PatternSource): number {
  const head = Math.max(0, ...source.stacks.map((stack) => layerBytes(stack) / stack.heads));
  const headByHead = MOST_DECODED + HEAD_FACTOR * head + 2 * cellsOf(source);
  return Math.min(PATTERNS_FACTOR * patternBytes(source), headByHead);
}

function layerBytes(stack: StackShape): number {
  return 4 * cellsOf({ stacks: [{ ...stack, layers: [0] }] }, { whole: true });
}

/** All patterns of a source as whole matrices of float32. */
export function patternBytes(source: PatternSource): number {
  return 4 * cellsOf(source, { whole: true });
}

/** Bytes that a stage holds at most of what it makes at once; what it makes them of is read again for the next group. */
const GROUP_BYTES = 256 * 1024 * 1024;

/** `items` in groups of as many as there is room for in a quarter of `memory`, one at least. */
export function* groupsWithin<T>(
  items: readonly T[],
  bytesOfOne: number,
  memory = Infinity,
): Generator<readonly T[]> {
  const atOnce = Math.max(1, Math.floor(Math.min(GROUP_BYTES, memory / 4) / bytesOfOne));
  for (let first = 0; first < items.length; first += atOnce) yield items.slice(first, first + atOnce);
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
