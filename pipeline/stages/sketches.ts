import { hash } from 'node:crypto';
import { BUNDLES, HEAD_SKETCH_SIZE, type SketchedBundle } from '../../src/core/relatives/pattern-space.ts';
import { mixed, SKETCH_SIZE, sketchPattern } from '../../src/core/relatives/sketch-pattern.ts';
import type { Stack } from '../../src/schema/stacks.ts';
import type { Prompt } from '../prompts/prompt.ts';
import { outputKey, type KeyPart, type Store } from '../store/store.ts';
import { headsOf, type Job, type ModelAtHand, type PatternSource } from './plan.ts';
import type { StoredPatterns } from './read-patterns.ts';

/** Raised when the stage comes to give other bytes for the same input. */
export const SKETCHES_VERSION = 1;

/** The key of the sketches of a source's heads. */
export function sketchesKey(
  { activationsKey }: Pick<PatternSource, 'activationsKey'>,
  version: number = SKETCHES_VERSION,
): string {
  return outputKey('sketches', version, { patterns: activationsKey });
}

/** The sketches of all heads as one object of the store: `[heads, SKETCH_SIZE]`, float32, in the order of the pack. */
export function makeSketches(stored: StoredPatterns): Uint8Array {
  const sketches = Array.from(stored.heads(), ({ pattern }) => sketchPattern(pattern));
  const bytes = Buffer.alloc(4 * SKETCH_SIZE * sketches.length);
  for (const [head, sketch] of sketches.entries()) {
    for (const [at, value] of sketch.entries()) bytes.writeFloatLE(value, 4 * (head * SKETCH_SIZE + at));
  }
  return bytes;
}

/** The patterns of a model's heads over all prompts. */
export interface ModelSketches {
  /** `[BUNDLES]` of each stack. */
  readonly bundles: ReadonlyMap<Stack, readonly SketchedBundle[]>;
  /** `[heads, HEAD_SKETCH_SIZE]`, in the order of the packs. */
  readonly heads: Float32Array;
}

/**
 * Adds up what the store holds of the heads of each model, prompt by prompt.
 *
 * @param jobs of which the store has sketches; those of one model have the same heads
 * @param prompts all of the atlas, in its order, whether or not each model has them
 */
export async function sketchModels(
  jobs: readonly Job[],
  prompts: readonly Prompt[],
  store: Store,
): Promise<Map<ModelAtHand, ModelSketches>> {
  const places = new Map(prompts.map(({ id }, place) => [id, place % BUNDLES]));
  const sketched = new Map<ModelAtHand, ModelSketches>();
  for (const [model, ofModel] of Map.groupBy(jobs, (job) => job.model)) {
    const [first] = ofModel;
    if (first === undefined) continue;
    const heads = new Float32Array(headsOf(first).length * HEAD_SKETCH_SIZE);
    for (const job of ofModel) {
      const bundle = places.get(job.prompt.id) ?? 0;
      addSketches(heads, await store.read('sketches', sketchesKey(job)), bundle, job.prompt.id);
    }
    const bundles = new Map(first.stacks.map(({ stack }) => [stack, bundlesOf(ofModel, stack, places)]));
    sketched.set(model, { bundles, heads });
  }
  return sketched;
}

/** With signs of the prompt's own, so that what two prompts of a bundle add does not go together but by chance. */
function addSketches(heads: Float32Array, content: Uint8Array, bundle: number, prompt: string): void {
  const sketches = new DataView(content.buffer, content.byteOffset, content.byteLength);
  const seed = parseInt(hash('sha256', prompt, 'hex').slice(0, 8), 16);
  const signs = Array.from({ length: SKETCH_SIZE }, (_, at) => (mixed(seed ^ at) % 2 === 0 ? 1 : -1));
  const count = Math.min(content.byteLength / 4 / SKETCH_SIZE, heads.length / HEAD_SKETCH_SIZE);
  for (let head = 0; head < count; head++) {
    const start = head * HEAD_SKETCH_SIZE + bundle * SKETCH_SIZE;
    for (const [at, sign] of signs.entries()) {
      const value = sketches.getFloat32(4 * (head * SKETCH_SIZE + at), true);
      heads[start + at] = (heads[start + at] ?? 0) + sign * value;
    }
  }
}

function bundlesOf(
  jobs: readonly Job[],
  stack: Stack,
  places: ReadonlyMap<string, number>,
): SketchedBundle[] {
  const texts = Array.from({ length: BUNDLES }, (): KeyPart[] => []);
  for (const job of jobs) {
    const text = textOf(job, stack);
    if (text !== undefined) texts[places.get(job.prompt.id) ?? 0]?.push(text);
  }
  return texts.map((of) => ({
    prompts: of.length,
    of: hash('sha256', JSON.stringify(of), 'hex').slice(0, 16),
  }));
}

/**
 * What patterns of a stack are of: the same for the same prompt, cut into the same tokens. Undefined where there is nothing to
 * compare: one token alone, or a decoder's, which are not known.
 */
function textOf({ prompt, tokenized, model, stacks }: Job, stack: Stack): KeyPart | undefined {
  const layout = stacks.find((shape) => shape.stack === stack)?.layout;
  if (layout === undefined || stack === 'decoder' || layout.kind === 'rectangle' || layout.n < 2)
    return undefined;
  const { offsets, tokens, isNumbered = false } = tokenized;
  const cut = offsets?.map(([start, end]) => [start, end]) ?? (isNumbered ? model.source.id : tokens);
  return [prompt.id, layout.n, cut];
}
