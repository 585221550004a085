import type { Stack } from '../../schema/stacks.ts';

/** What a query asks about: heads as columns, entry `i` of each is of head `i`. */
export interface HeadColumns {
  readonly count: number;
  readonly models: readonly ModelEntry[];
  readonly stacks: readonly Stack[];
  /** Positions in `models` and in `stacks`. */
  readonly model: Uint16Array;
  readonly stack: Uint8Array;
  readonly layer: Uint16Array;
  readonly head: Uint16Array;
  /** Means over prompts, or values on one prompt, by metric; NaN where the metric is not available. */
  readonly metrics: ReadonlyMap<string, Float32Array>;
}

/** What the columns say of a model. */
interface ModelEntry {
  readonly id: string;
  readonly name: string;
  readonly family: string;
  readonly series?: { readonly name: string; readonly step: number };
}

interface ColumnsHeader {
  readonly version: 1;
  readonly count: number;
  readonly models: readonly ModelEntry[];
  readonly stacks: readonly Stack[];
  readonly metrics: readonly string[];
}

/**
 * Columns as one file: `uint32` length of a JSON header, the header padded with spaces to a multiple of 4, then the
 * metrics as float32, model, layer and head as uint16, the stack as uint8; all little-endian, in the header's order.
 */
export function encodeHeadColumns(columns: HeadColumns): Uint8Array<ArrayBuffer> {
  const { count, models, stacks, metrics } = columns;
  const header: ColumnsHeader = { version: 1, count, models, stacks, metrics: [...metrics.keys()] };
  const json = new TextEncoder().encode(JSON.stringify(header));
  const headerLength = Math.ceil(json.length / 4) * 4;
  const parts = [...metrics.values(), columns.model, columns.layer, columns.head, columns.stack];
  const total = parts.reduce((sum, { byteLength }) => sum + byteLength, 4 + headerLength);
  const file = new Uint8Array(total);
  new DataView(file.buffer).setUint32(0, headerLength, true);
  file.fill(0x20, 4, 4 + headerLength);
  file.set(json, 4);
  let at = 4 + headerLength;
  for (const { buffer, byteOffset, byteLength } of parts) {
    file.set(new Uint8Array(buffer, byteOffset, byteLength), at);
    at += byteLength;
  }
  return file;
}

/**
 * Reads what `encodeHeadColumns` wrote, without copying.
 *
 * @throws RangeError where the file is cut off or of another version
 */
export function decodeHeadColumns(file: Uint8Array<ArrayBuffer>): HeadColumns {
  const { buffer, byteOffset, byteLength } = file;
  const headerLength = byteLength < 4 ? Infinity : new DataView(buffer, byteOffset).getUint32(0, true);
  if (4 + headerLength > byteLength) throw new RangeError('The list of heads is cut off.');
  const text = new TextDecoder().decode(file.subarray(4, 4 + headerLength));
  const header = JSON.parse(text) as ColumnsHeader | { readonly version: 0 };
  if (header.version !== 1) throw new RangeError('The list of heads is of another version.');
  const { count, models, stacks } = header;
  const expected = 4 + headerLength + count * (header.metrics.length * 4 + 3 * 2 + 1);
  if (expected !== byteLength) throw new RangeError('The list of heads is cut off.');
  let at = byteOffset + 4 + headerLength;
  const take = (bytes: number) => {
    at += count * bytes;
    return at - count * bytes;
  };
  const metrics = new Map(header.metrics.map((name) => [name, new Float32Array(buffer, take(4), count)]));
  const [model, layer, head] = [0, 0, 0].map(() => new Uint16Array(buffer, take(2), count));
  const stack = new Uint8Array(buffer, take(1), count);
  if (model === undefined || layer === undefined || head === undefined) throw new RangeError('unreachable');
  return { count, models, stacks, model, stack, layer, head, metrics };
}
