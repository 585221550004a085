import { zipSync, type Zippable } from 'fflate';
import { encodeNpy } from './npy.ts';

/** One array of an npz file. */
export interface NpzMember {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** Deflate level 1: attention patterns shrink by half at once, and hardly more for ten times the time. */
const LEVEL = 1;
/** A fixed time, so that the same arrays give the same bytes; zip knows no earlier year. */
const MODIFIED = '1980-01-01T00:00:00';

/** Arrays as a file that `numpy.load` opens. */
export function encodeNpz(members: readonly NpzMember[]): Uint8Array {
  const files: Zippable = {};
  for (const { name, shape, values } of members) {
    files[`${name}.npy`] = [encodeNpy(shape, values), { level: LEVEL, mtime: MODIFIED }];
  }
  return zipSync(files);
}
