import { tokenizerInvalid } from './invalid.ts';

/** What a prefix of a text is replaced by. */
interface Replacement {
  readonly text: string;
  /** Bytes of the prefix. */
  readonly length: number;
}

/** SentencePiece's compiled table of replacements. */
export interface Charsmap {
  /** All prefixes of the UTF-8 bytes from `from` on that the table has, the shortest first. */
  replacements(bytes: Uint8Array, from: number): Replacement[];
}

const utf8 = new TextDecoder();

/**
 * Reads the table: the length of a double array in bytes, the array (darts-clone: a trie over bytes), and the
 * replacements, each ended by a zero byte.
 *
 * @throws AtlasError `tokenizer-invalid`
 */
export function readCharsmap(blob: Uint8Array): Charsmap {
  const view = new DataView(blob.buffer, blob.byteOffset, blob.byteLength);
  const size = blob.length < 4 ? -1 : view.getUint32(0, true);
  if (size <= 0 || size % 4 !== 0 || 4 + size > blob.length) {
    throw tokenizerInvalid('Its table of replacements (precompiled_charsmap) is damaged.');
  }
  const units = Uint32Array.from({ length: size / 4 }, (_, index) => view.getUint32(4 + 4 * index, true));
  const texts = blob.subarray(4 + size);
  const textAt = (at: number): string => {
    const end = texts.indexOf(0, at);
    return utf8.decode(texts.subarray(at, end === -1 ? texts.length : end));
  };
  return {
    replacements(bytes, from) {
      const found: Replacement[] = [];
      let node = offsetOf(units[0] ?? 0);
      for (let at = from; at < bytes.length; at++) {
        const byte = bytes[at] ?? 0;
        node ^= byte;
        const unit = units[node];
        if (unit === undefined || (unit & 0x800000ff) !== byte) break;
        node ^= offsetOf(unit);
        // Bit 8: a value stands at the node that the zero byte leads to.
        if ((unit & 0x100) === 0) continue;
        const value = (units[node] ?? 0) & 0x7fffffff;
        found.push({ text: textAt(value), length: at + 1 - from });
      }
      return found;
    },
  };
}

/** Where a unit's children begin, to be combined with the place of the unit by XOR. */
function offsetOf(unit: number): number {
  return (unit >>> 10) << ((unit & 0x200) >>> 6);
}
