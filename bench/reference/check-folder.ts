import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { openPack, decodeBlock } from '../../src/core/pack/decode-pack.ts';
import { findBlock, openHeader } from '../../src/core/pack/header.ts';
import type { NumberArray } from '../../src/core/npz/decode-npy.ts';
import { patternMember } from '../../src/core/npz/pattern-members.ts';
import type { Pattern } from '../../src/core/pattern.ts';
import { PRECISIONS, type Precision } from '../../src/schema/precision.ts';
import type { AtlasError } from '../../src/schema/errors/index.ts';
import { prepareImports } from '../../pipeline/import/prepare-imports.ts';
import { readNpz } from '../../pipeline/npz/read-npz.ts';
import { computeActivations } from '../../pipeline/stages/activations.ts';
import { derive, derivedKeys } from '../../pipeline/stages/derive.ts';
import type { ImportedJob } from '../../pipeline/stages/plan.ts';
import { readStoredPatterns } from '../../pipeline/stages/read-patterns.ts';
import { createFiles } from '../../pipeline/store/files.ts';
import { openStore, type Store } from '../../pipeline/store/store.ts';
import { pngBytes } from './png-bytes.ts';

/** The most that a precision may be off by (docs/formats.md), and the least room for arithmetic in float32. */
const BOUNDS: Readonly<Record<Precision, number>> = { compact: 1 / 510 + 1e-7, fine: 0.00392, exact: 0 };

/** Sizes of one imported model, in bytes. */
export interface ModelSizes {
  readonly model: string;
  readonly patterns: number;
  /** pattern-lens's pictures of the same patterns. */
  readonly png: number;
  /** Those pictures lie in the folder; else they were drawn anew to be weighed. */
  readonly isPngThere: boolean;
  readonly packs: Readonly<Record<Precision, number>>;
  /** The largest error that any pack states. */
  readonly maxError: Readonly<Record<Precision, number>>;
}

/**
 * Imports a folder of pattern-lens into a store at `scratch`, and compares every value with the npz files: in the store
 * exactly, in the packs of each precision within the error that their header states, each block fetched by its own byte
 * range.
 *
 * @throws Error at the first value that differs, and AtlasError where the folder cannot be imported whole
 */
export async function checkFolder(folder: string, scratch: string): Promise<ModelSizes[]> {
  const files = createFiles();
  const store = openStore(scratch, files);
  const failures: AtlasError[] = [];
  const none = () => undefined;
  const reporter = { note: none, warn: none, progress: none, finished: none };
  const context = { files, reporter, signal: new AbortController().signal, failures };
  const imports = [{ source: folder, folder }];
  const planned = await prepareImports({ models: [], imports, sets: [] }, [], store, {
    ...context,
    dryRun: false,
  });
  const stored = await computeActivations(planned.jobs, store, context, { force: false });
  for (const precision of PRECISIONS) await derive(stored, store, context, { precision, metrics: [] });
  if (failures[0] !== undefined) throw failures[0];
  const sizes: ModelSizes[] = [];
  for (const [model, jobs] of Map.groupBy(planned.jobs, (job) => job.model)) {
    const total = { png: 0, isPngThere: true, patterns: 0 };
    const packs = { compact: 0, fine: 0, exact: 0 };
    const maxError = { compact: 0, fine: 0, exact: 0 };
    for (const job of jobs) {
      const truth = await readNpz(job.npz.path, membersOf(job));
      const patterns = await checkStored(job, store, truth);
      for (const precision of PRECISIONS) {
        const pack = await store.read('packs', derivedKeys(job, { precision }).pack);
        packs[precision] += pack.length;
        maxError[precision] = Math.max(maxError[precision], checkPack(pack, job, truth, precision));
      }
      for (const { layer, head, pattern } of patterns) {
        const drawn = await sizeOf(join(dirname(job.npz.path), `L${layer}`, `H${head}`, 'raw.png'));
        total.png += drawn ?? (await pngBytes(pattern));
        total.isPngThere &&= drawn !== undefined;
        total.patterns++;
      }
    }
    sizes.push({ model: model.source.name, ...total, packs, maxError });
  }
  return sizes;
}

function membersOf({ stacks }: ImportedJob): string[] {
  return stacks.flatMap(({ stack, layers }) => layers.map((layer) => patternMember(stack, layer)));
}

async function checkStored(job: ImportedJob, store: Store, truth: ReadonlyMap<string, NumberArray>) {
  const patterns = [...readStoredPatterns(await store.read('activations', job.activationsKey)).heads()];
  for (const { stack, layer, head, pattern } of patterns) {
    const member = patternMember(stack, layer);
    const error = largestError(pattern, headOf(truth.get(member), head));
    if (error !== 0)
      throw new Error(`${job.npz.path}, ${member}, head ${head}: the store is off by ${error}`);
  }
  return patterns;
}

/** @returns the error that the pack states */
function checkPack(
  pack: Uint8Array,
  job: ImportedJob,
  truth: ReadonlyMap<string, NumberArray>,
  precision: Precision,
): number {
  const begin = openHeader(pack.subarray(0, openPack(pack).dataStart)); // as a page reads it: the header alone
  if ('needed' in begin) throw new Error(`A header of ${job.npz.path} is longer than it says`);
  const { maxError } = begin.header;
  if (maxError > BOUNDS[precision])
    throw new Error(`${job.npz.path}: ${precision} states an error of ${maxError}`);
  let worst = 0;
  for (const { stack, layers, heads } of begin.header.stacks) {
    for (const layer of layers) {
      for (let head = 0; head < heads; head++) {
        const block = findBlock(begin, stack, layer, head);
        if (block === undefined) throw new Error(`${job.npz.path} lacks L${layer}H${head}`);
        const bytes = pack.slice(block.offset, block.offset + block.length);
        const member = patternMember(stack, layer);
        worst = Math.max(
          worst,
          largestError(decodeBlock(bytes, begin, block), headOf(truth.get(member), head)),
        );
      }
    }
  }
  if (worst > maxError)
    throw new Error(`${job.npz.path}: ${precision} is off by ${worst}, and states ${maxError}`);
  return maxError;
}

function headOf(array: NumberArray | undefined, head: number): Float32Array {
  const [rows = 0, columns = 0] = array?.shape.slice(-2) ?? [];
  return array?.values.subarray(head * rows * columns, (head + 1) * rows * columns) ?? new Float32Array();
}

function largestError({ values }: Pattern, truth: Float32Array): number {
  if (values.length !== truth.length) return Infinity;
  return values.reduce((worst, value, at) => Math.max(worst, Math.abs(value - (truth[at] ?? NaN))), 0);
}

async function sizeOf(path: string): Promise<number | undefined> {
  return (await stat(path).catch(() => undefined))?.size;
}
