import { deflateRawSync } from 'node:zlib';
import { raw } from '../../src/core/figures/raw.ts';
import { packBlocks, type Compressor } from '../../src/core/pack/pack-blocks.ts';
import { thumbnailOf } from '../../src/core/thumbnail.ts';
import type { Precision } from '../../src/schema/precision.ts';
import { deflate, RUNS_ALONE } from '../store/compressor.ts';
import { measurePatterns, type FailedMeasure, type MeasureRequest, type Measures } from './measures.ts';
import { withStoredPatterns, type StoredPatterns } from './read-patterns.ts';
import { makeSketches } from './sketches.ts';
import { encodeThumbnails } from './thumbnail-file.ts';

/** Blocks that are worth a search for repeats: short ones, of bytes, and those of which runs leave less than this part. */
const SHORT = 3000;
const REGULAR = 0.4;

const deflateCodes: Compressor = {
  method: 'deflate',
  compress(bytes) {
    const runs = deflateRawSync(bytes, RUNS_ALONE);
    if (bytes.length > SHORT && runs.length > REGULAR * bytes.length) return runs;
    const searched = deflateRawSync(bytes);
    return searched.length < runs.length ? searched : runs;
  },
};

/** What is wanted of one prompt's patterns; plain data, for it goes to another thread. */
export interface DeriveTask {
  /** The file of an object of the stage `activations`, which is whole. */
  readonly path: string;
  readonly pack?: { readonly precision: Precision };
  readonly measures?: MeasureRequest;
  readonly thumbnails?: true;
  readonly sketches?: true;
}

/** What was asked for. */
export interface Derived {
  /** In pieces: a large one would take twice its size to be joined. */
  readonly pack?: readonly Uint8Array[];
  readonly measures?: Measures;
  /** Of the measures. */
  readonly failed?: readonly FailedMeasure[];
  readonly thumbnails?: Uint8Array;
  readonly sketches?: Uint8Array;
}

/** Makes what is asked for of one prompt's patterns, a head at a time. */
export function derivePatterns({ path, pack, measures, thumbnails, sketches }: DeriveTask): Promise<Derived> {
  const derive = async (stored: StoredPatterns): Promise<Derived> => ({
    ...(pack && { pack: makePack(stored, pack.precision) }),
    ...(measures && (await measurePatterns(stored, measures))),
    ...(thumbnails && { thumbnails: makeThumbnails(stored) }),
    ...(sketches && { sketches: makeSketches(stored) }),
  });
  return withStoredPatterns(path, derive);
}

function makePack(stored: StoredPatterns, precision: Precision): Uint8Array[] {
  const { model, prompt, tokens, stacks } = stored.pack.header;
  const writer = packBlocks(
    { model, prompt, tokens },
    stacks,
    precision,
    precision === 'exact' ? deflate : deflateCodes,
  );
  const blocks = Array.from(stored.heads(), ({ pattern }) => writer.next(pattern.values));
  return [writer.begin(), ...blocks];
}

function makeThumbnails(stored: StoredPatterns): Uint8Array {
  return encodeThumbnails(
    Array.from(stored.heads(), ({ pattern }) => thumbnailOf(raw.draw({ pattern }), pattern.layout)),
  );
}
