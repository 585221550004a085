import type { Stack } from '../schema/stacks.ts';
import { invalidPack } from '../schema/errors/site-files.ts';
import { decodePattern, openPack } from './pack/decode-pack.ts';
import { encodePack } from './pack/encode-pack.ts';
import type { Compressor } from './pack/pack-blocks.ts';
import type { Pattern } from './pattern.ts';

/*
 * The mean pattern of one head over prompts, as a file: a pack of float32 with one stack, one layer and one head, without
 * prompt and tokens.
 */

interface Place {
  readonly stack: Stack;
  readonly layer: number;
}

export function encodeMean({ stack, layer }: Place, mean: Pattern, compressor: Compressor): Uint8Array {
  const layers = new Map([[layer, mean.values]]);
  const stacks = [{ stack, layout: mean.layout, heads: 1, layers }];
  return encodePack({ model: '', prompt: '', tokens: [], stacks }, 'exact', compressor);
}

/** @throws AtlasError `pack-invalid` where it is no pack, or not of such a layer */
export function decodeMean(file: Uint8Array, { stack, layer }: Place): Pattern {
  const mean = decodePattern(file, openPack(file), { stack, layer, head: 0 });
  if (mean === undefined) throw invalidPack(`The mean beside it is not of layer ${layer} (${stack}).`);
  return mean;
}
