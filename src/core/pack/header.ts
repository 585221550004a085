import * as z from 'zod/mini';
import { invalidPack } from '../../schema/errors/site-files.ts';
import { PRECISIONS } from '../../schema/precision.ts';
import { cellCount, STACKS, type Layout, type Stack } from '../../schema/stacks.ts';
import { crc32 } from './crc32.ts';
import { cellCodes } from './quantize.ts';

// The small zod: pages ship this file. It probes `new Function` unless told not to, which the pages' policy reports.
z.config({ jitless: true });

export const PACK_MAGIC = 0x4c544150; // "PATL", little-endian
export const PACK_VERSION = 1;
/** Bytes before the JSON header: magic, version, header length, and CRC-32 of the header, uint32 each. */
export const PREAMBLE_BYTES = 16;
const MAX_HEADER_BYTES = 64 * 2 ** 20;
const MAX_SIDE = 1 << 17;

const integer = (least: number, greatest: number = Number.MAX_SAFE_INTEGER) =>
  z.int().check(z.minimum(least), z.maximum(greatest));
const side = integer(1, MAX_SIDE);
const layout = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('causal'), n: side }),
  z.strictObject({ kind: z.literal('square'), n: side }),
  z.strictObject({ kind: z.literal('rectangle'), rows: side, columns: side }),
]);

const stackHeader = z.strictObject({
  stack: z.enum(STACKS),
  layout,
  heads: integer(1, 1 << 16),
  /** Indices of the layers that have a pattern, ascending. */
  layers: z.array(integer(0)).check(z.minLength(1)),
  /** Compressed length and CRC-32 (of the compressed bytes) of each block, layer by layer, head by head. */
  blocks: z.array(z.tuple([integer(1), integer(0)])),
});

const packHeaderSchema = z.strictObject({
  model: z.string(),
  prompt: z.string(),
  precision: z.enum(PRECISIONS),
  compression: z.enum(['deflate', 'zstd']),
  /** The largest absolute difference of any cell here from the value that was computed. */
  maxError: z.number().check(z.minimum(0)),
  /** Readable text of each token; the rows and columns of the patterns. */
  tokens: z.array(z.string()),
  stacks: z.array(stackHeader).check(z.minLength(1)),
});
export type PackHeader = z.infer<typeof packHeaderSchema>;

/** A pack's header and where its first block begins. */
export interface OpenedPack {
  readonly header: PackHeader;
  readonly dataStart: number;
  /** Bytes of the whole file, as the header tells. */
  readonly byteLength: number;
}

/** Where one head's pattern lies. */
export interface Block {
  readonly layout: Layout;
  /** From the start of the file. */
  readonly offset: number;
  readonly length: number;
  readonly crc: number;
  /** Bytes after decompression. */
  readonly rawLength: number;
}

/** The position of a head in a pack, or undefined where the pack does not hold it. */
export function findBlock(pack: OpenedPack, stack: Stack, layer: number, head: number): Block | undefined {
  let offset = pack.dataStart;
  for (const entry of pack.header.stacks) {
    const row = entry.layers.indexOf(layer);
    const wanted = entry.stack === stack && row >= 0 && head < entry.heads ? row * entry.heads + head : -1;
    for (const [index, [length, crc]] of entry.blocks.entries()) {
      if (index === wanted) {
        const rawLength = cellCount(entry.layout) * cellCodes[pack.header.precision].bytesPerCell;
        return { layout: entry.layout, offset, length, crc, rawLength };
      }
      offset += length;
    }
  }
  return undefined;
}

/**
 * Reads the header from the first bytes of a pack.
 *
 * @returns the header, or how many bytes are needed to read it where `bytes` is too short
 * @throws AtlasError `pack-invalid`
 */
export function openHeader(bytes: Uint8Array): OpenedPack | { readonly needed: number } {
  if (bytes.length < PREAMBLE_BYTES) return { needed: PREAMBLE_BYTES };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0, true) !== PACK_MAGIC) throw invalidPack('It does not begin with "PATL".');
  const version = view.getUint32(4, true);
  if (version !== PACK_VERSION) {
    throw invalidPack(`It has version ${version}; this program reads version ${PACK_VERSION}.`);
  }
  const length = view.getUint32(8, true);
  if (length > MAX_HEADER_BYTES) throw invalidPack(`Its header claims ${length} bytes.`);
  const dataStart = PREAMBLE_BYTES + length;
  if (bytes.length < dataStart) return { needed: dataStart };
  return checkedHeader(bytes.subarray(PREAMBLE_BYTES, dataStart), view.getUint32(12, true), dataStart);
}

function checkedHeader(json: Uint8Array, crc: number, dataStart: number): OpenedPack {
  if (crc32(json) !== crc) throw invalidPack('The checksum of its header is wrong.');
  const parsed = packHeaderSchema.safeParse(parseJson(json));
  if (!parsed.success) throw invalidPack(`Its header is not valid: ${parsed.error.issues[0]?.message ?? ''}`);
  const header = parsed.data;
  let byteLength = dataStart;
  for (const { stack, layers, heads, blocks } of header.stacks) {
    if (blocks.length !== layers.length * heads) {
      throw invalidPack(
        `Stack ${stack} lists ${blocks.length} blocks for ${layers.length} layers of ${heads} heads.`,
      );
    }
    for (const [length] of blocks) byteLength += length;
  }
  return { header, dataStart, byteLength };
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw invalidPack('Its header is not JSON.', cause);
  }
}
