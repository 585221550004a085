import { constants, deflateRawSync, zstdCompressSync } from 'node:zlib';
import type { Compressor } from '../../src/core/pack/pack-blocks.ts';

/** Blocks of the store: float32 planes, zstd at its quickest level, for they are written once and read a few times. */
export const storeCompressor: Compressor = {
  method: 'zstd',
  compress: (bytes) => zstdCompressSync(bytes, { params: { [constants.ZSTD_c_compressionLevel]: 1 } }),
};

/** zlib looks for runs alone and for no repeats: on noisy pictures and patterns a third of the time, and fewer bytes. */
export const RUNS_ALONE = { level: 1, strategy: constants.Z_RLE, memLevel: 9 } as const;

/** Of bytes that are not cells of 8 bits. Packs are read by browsers, which can all inflate. */
export const deflate: Compressor = {
  method: 'deflate',
  compress: (bytes) => deflateRawSync(bytes, { level: constants.Z_BEST_COMPRESSION }),
};
