import type { TokenizerDefinition } from './definition.ts';
import { BYTE_CHARACTERS } from './pre-tokenize.ts';

/** The text that a reader should see for a raw piece. */
export type PieceText = (token: string) => string;

/**
 * How this tokenizer's pieces are shown: with spaces and newlines as they are in the text, never as the
 * vocabulary's marks. A piece that cuts a character shows the bytes it holds, as in `<0xE2>`. Added tokens and
 * the `##` of WordPiece stay as they are.
 *
 * @param added contents of the added tokens
 */
export function createPieceText(definition: TokenizerDefinition, added: ReadonlySet<string>): PieceText {
  const { model } = definition;
  const suffix = model.type === 'BPE' ? (model.end_of_word_suffix ?? '') : '';
  const show = usesBytes(definition) ? showByteLevel : hasSpaceMark(definition) ? showSpaceMarks : keep;
  return (token) => {
    if (added.has(token)) return token;
    const endsWord = suffix !== '' && token.endsWith(suffix);
    return endsWord ? `${show(token.slice(0, -suffix.length))} ` : show(token);
  };
}

export const SPACE_MARK = '\u2581';
const byteOf = new Map(BYTE_CHARACTERS.map((character, byte) => [character, byte]));
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function keep(token: string): string {
  return token;
}

function showByteLevel(token: string): string {
  const bytes = byteLevelBytes(token);
  return bytes === undefined ? token : showBytes(bytes);
}

/** The bytes that a byte-level piece stands for; undefined where it is none. */
export function byteLevelBytes(token: string): Uint8Array | undefined {
  const bytes: number[] = [];
  for (const character of token) {
    const byte = byteOf.get(character);
    if (byte === undefined) return undefined;
    bytes.push(byte);
  }
  return Uint8Array.from(bytes);
}

/** A byte token of ASCII is that character; any other byte is part of one, and shown as it is. */
function showSpaceMarks(token: string): string {
  const byte = /^<0x([0-7][0-9A-F])>$/u.exec(token)?.[1];
  return byte === undefined
    ? token.replaceAll(SPACE_MARK, ' ')
    : String.fromCharCode(Number.parseInt(byte, 16));
}

/** UTF-8 as text, with every byte that belongs to no whole character as `<0xE2>`. */
export function showBytes(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length;) {
    const lead = bytes[i] ?? 0;
    const length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    const character = decode(bytes.subarray(i, i + length));
    text += character ?? `<0x${lead.toString(16).toUpperCase()}>`;
    i += character === undefined ? 1 : length;
  }
  return text;
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

function usesBytes(definition: TokenizerDefinition): boolean {
  return mentions(definition.pre_tokenizer, 'ByteLevel') || mentions(definition.decoder, 'ByteLevel');
}

function hasSpaceMark(definition: TokenizerDefinition): boolean {
  const { normalizer, pre_tokenizer, decoder } = definition;
  return [normalizer, pre_tokenizer, decoder].some(
    (part) => mentions(part, 'Metaspace') || mentions(part, SPACE_MARK),
  );
}

/** Whether `value` stands anywhere in the part. */
function mentions(part: unknown, value: string): boolean {
  if (typeof part !== 'object' || part === null) return part === value;
  return Object.values(part).some((child) => mentions(child, value));
}
