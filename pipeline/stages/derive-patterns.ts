import { constants, deflateRawSync } from 'node:zlib';
import { raw } from '../../src/core/figures/raw.ts';
import { encodePack } from '../../src/core/pack/encode-pack.ts';
import type { Compressor } from '../../src/core/pack/pack-blocks.ts';
import { thumbnailOf } from '../../src/core/thumbnail.ts';
import type { Precision } from '../../src/schema/precision.ts';
import { measurePatterns, type FailedMeasure, type MeasureRequest, type Measures } from './measures.ts';
import { readStoredPatterns, stackPatterns, type StoredPatterns } from './read-patterns.ts';
import { encodeThumbnails } from './thumbnail-file.ts';

/** Packs are read by browsers, which can all inflate. */
export const deflate: Compressor = {
  method: 'deflate',
  compress: (bytes) => deflateRawSync(bytes, { level: constants.Z_BEST_COMPRESSION }),
};

/** What is wanted of one prompt's patterns; plain data, for it goes to another thread. */
export interface DeriveTask {
  /** An object of the stage `activations`. */
  readonly content: Uint8Array;
  readonly pack?: { readonly precision: Precision };
  readonly measures?: MeasureRequest;
  readonly thumbnails?: true;
}

/** What was asked for. */
export interface Derived {
  readonly pack?: Uint8Array;
  readonly measures?: Measures;
  /** Of the measures. */
  readonly failed?: readonly FailedMeasure[];
  readonly thumbnails?: Uint8Array;
}

/** Makes what is asked for of one prompt's patterns. */
export async function derivePatterns({ content, pack, measures, thumbnails }: DeriveTask): Promise<Derived> {
  const stored = readStoredPatterns(content);
  return {
    ...(pack && { pack: makePack(stored, pack.precision) }),
    ...(measures && (await measurePatterns(stored, measures))),
    ...(thumbnails && { thumbnails: makeThumbnails(stored) }),
  };
}

function makePack(stored: StoredPatterns, precision: Precision): Uint8Array {
  const { model, prompt } = stored.pack.header;
  const contents = { model, prompt, tokens: stored.tokens, stacks: stackPatterns(stored) };
  return encodePack(contents, precision, deflate);
}

function makeThumbnails(stored: StoredPatterns): Uint8Array {
  return encodeThumbnails(
    Array.from(stored.heads(), ({ pattern }) => thumbnailOf(raw.draw({ pattern }), pattern.layout)),
  );
}
