import { hash } from 'node:crypto';
import { largestLayout, patternSum } from '../../src/core/mean-pattern.ts';
import { decodeMean, encodeMean } from '../../src/core/mean-file.ts';
import type { Pattern } from '../../src/core/pattern.ts';
import { layoutSize } from '../../src/schema/stacks.ts';
import { headFileName } from '../../src/schema/urls.ts';
import { groupsWithin } from '../memory.ts';
import { outputKey, soundPath, type Store } from '../store/store.ts';
import { deflate } from '../store/compressor.ts';
import type { Asker } from './extras.ts';
import { headsOf, type HeadPosition, type PatternSource } from './plan.ts';
import { withStoredPatterns } from './read-patterns.ts';
import { beginStage, type StageContext } from './stage-context.ts';

/** Raised when the stage comes to give other bytes for the same input. */
const VERSION = 1;
const BYTES_PER_CELL = 12;

/** The mean of one head over prompts, as an object of the store. */
export interface MeanPattern extends HeadPosition {
  /** Names it in the stage `mean-patterns`. */
  readonly key: string;
}

/** Whether one of `askers` looks at the mean over prompts. */
export function asksForMean(askers: readonly Asker[]): boolean {
  return askers.some((asker) => 'inputs' in asker && asker.inputs.some((input) => input === 'mean'));
}

const known = new WeakMap<readonly PatternSource[], readonly MeanPattern[]>();

/**
 * The mean patterns of the heads of one model.
 *
 * @param sources its patterns on all prompts that the means are of, in whatever order
 */
export function meanPatterns(sources: readonly PatternSource[]): readonly MeanPattern[] {
  const found = known.get(sources) ?? findMeans(sources);
  known.set(sources, found);
  return found;
}

function findMeans(sources: readonly PatternSource[]): MeanPattern[] {
  const keys = inOrder(sources).map(({ activationsKey }) => activationsKey);
  const patterns = hash('sha256', keys.join(), 'hex');
  const heads = new Map(sources.flatMap(headsOf).map((head) => [headFileName(head), head]));
  return [...heads.values()].map(({ stack, layer, head }) => {
    const key = outputKey('mean-patterns', VERSION, { patterns, stack, layer, head });
    return { stack, layer, head, key };
  });
}

/**
 * Makes the mean patterns of models that the store lacks, each as the file that pages fetch.
 *
 * @param models each model's patterns on all prompts that its means are of
 */
export async function storeMeanPatterns(
  models: readonly (readonly PatternSource[])[],
  store: Store,
  context: StageContext,
): Promise<void> {
  const byModel = models.map((sources) => ({ sources: inOrder(sources), means: meanPatterns(sources) }));
  const total = byModel.reduce((sum, { means }) => sum + means.length, 0);
  const counter = beginStage(context, 'means', total);
  for (const { sources, means } of byModel) {
    const missing: MeanPattern[] = [];
    for (const mean of means) {
      if (await store.has('mean-patterns', mean.key)) counter.reused();
      else missing.push(mean);
    }
    const layouts = sources.flatMap(({ stacks }) => stacks.map(({ layout }) => layoutSize(layout)));
    const cells = layouts.reduce((most, { rows, columns }) => Math.max(most, rows * columns), 1);
    for (const group of groupsWithin(missing, cells * BYTES_PER_CELL, context.memory)) {
      for (const [mean, pattern] of await meansOf(group, sources, store, context)) {
        await store.write('mean-patterns', mean.key, encodeMean(mean, pattern, deflate));
        counter.made();
      }
    }
  }
  counter.end();
}

/** The stored mean of a head. */
export async function readMean(mean: MeanPattern, store: Store): Promise<Pattern> {
  return decodeMean(await store.read('mean-patterns', mean.key), mean);
}

async function meansOf(
  group: readonly MeanPattern[],
  sources: readonly PatternSource[],
  store: Store,
  { signal }: Pick<StageContext, 'signal'>,
): Promise<(readonly [MeanPattern, Pattern])[]> {
  const sums = new Map(
    group.flatMap((mean) => {
      const layouts = sources.flatMap(({ stacks }) => stacks.filter(({ stack }) => stack === mean.stack));
      const layout = largestLayout(layouts.map((shape) => shape.layout));
      return layout === undefined ? [] : [[headFileName(mean), { mean, sum: patternSum(layout) }] as const];
    }),
  );
  for (const { activationsKey } of sources) {
    signal.throwIfAborted();
    await withStoredPatterns(await soundPath(store, 'activations', activationsKey), (stored) => {
      for (const { pattern, ...head } of stored.heads((each) => sums.has(headFileName(each)))) {
        sums.get(headFileName(head))?.sum.add(pattern);
      }
    });
  }
  return Array.from(sums.values(), ({ mean, sum }) => [mean, sum.mean()] as const);
}

/** The same whoever asks: sums of floating-point numbers depend on their order. */
function inOrder(sources: readonly PatternSource[]): PatternSource[] {
  return sources.toSorted((a, b) => (a.activationsKey < b.activationsKey ? -1 : 1));
}
