import { Tinypool } from 'tinypool';
import { encodePack } from '../../src/core/pack/encode-pack.ts';
import { deflate, storeCompressor } from './compressor.ts';
import type { PackTask } from './pack-thread.ts';

const compressors = { deflate, zstd: storeCompressor } as const;

/** Runs in a thread of its own: see pack-thread.ts. */
export default function run({ contents, compression }: PackTask): unknown {
  return Tinypool.move(encodePack(contents, 'exact', compressors[compression]));
}
