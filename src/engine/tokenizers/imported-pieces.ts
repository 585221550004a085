import { byteLevelBytes, showBytes, SPACE_MARK } from './piece-text.ts';

/** Tokens as another program listed them, made readable. */
export interface ImportedTokens {
  /** As a person reads them. */
  readonly tokens: readonly string[];
  /**
   * Start and end of each in the text, in code points, `[0, 0]` for a special token before the text; absent where the
   * pieces do not make up the text, whichever way they are read.
   */
  readonly offsets?: readonly (readonly [start: number, end: number])[];
}

type PieceBytes = (piece: string) => Uint8Array | undefined;

const utf8 = new TextEncoder();

/** The ways in which tokenizers write a piece of text, as the bytes of the text that it stands for. */
const READINGS: readonly PieceBytes[] = [
  (piece) => utf8.encode(piece),
  byteLevelBytes,
  (piece) => {
    const byte = /^<0x([0-9A-F]{2})>$/u.exec(piece)?.[1];
    return byte === undefined
      ? utf8.encode(piece.replaceAll(SPACE_MARK, ' '))
      : Uint8Array.of(Number.parseInt(byte, 16));
  },
];

/**
 * Reads the pieces of `text` that another program's tokenizer listed: as they are, byte-level (`Ġthe`), or with marks
 * for spaces (`▁the`, `<0xE2>`). The reading whose pieces make up the text is taken, with the first piece left aside
 * if it is a special token, and with a space that the tokenizer put before the text.
 *
 * @param text undefined where it is not known
 */
export function readPieces(pieces: readonly string[], text: string | undefined): ImportedTokens {
  if (text !== undefined) {
    for (const reading of READINGS) {
      for (const special of [0, 1]) {
        const fitting = fit(pieces.slice(special), text, reading);
        if (fitting === undefined) continue;
        return {
          tokens: [...pieces.slice(0, special), ...fitting.tokens],
          offsets: [...pieces.slice(0, special).map((): [number, number] => [0, 0]), ...fitting.offsets],
        };
      }
    }
  }
  return { tokens: pieces.map(likelyReading(pieces)) };
}

function fit(
  pieces: readonly string[],
  text: string,
  reading: PieceBytes,
): Required<ImportedTokens> | undefined {
  const parts = pieces.map(reading).filter((part) => part !== undefined);
  if (parts.length < pieces.length) return undefined;
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const wanted = utf8.encode(text);
  const lead = length - wanted.length; // 1 for a space before the text
  if ((lead !== 0 && lead !== 1) || !makeUp(parts, utf8.encode(' '.repeat(lead) + text))) return undefined;
  const points = codePointsAt(wanted);
  let at = -lead;
  const offsets = parts.map(({ length: count }): [number, number] => {
    const [from, to] = [Math.max(0, at), at + count];
    at = to;
    return to <= from ? [0, 0] : [points[from] ?? 0, (points[to - 1] ?? 0) + 1];
  });
  return { tokens: parts.map(showBytes), offsets };
}

function makeUp(parts: readonly Uint8Array[], whole: Uint8Array): boolean {
  let at = 0;
  return parts.every((part) => part.every((byte) => byte === whole[at++]));
}

/** The code point that each byte of UTF-8 belongs to. */
function codePointsAt(bytes: Uint8Array): Int32Array {
  let point = -1;
  return Int32Array.from(bytes, (byte) => ((byte & 0xc0) === 0x80 ? point : ++point));
}

/** How to show pieces that make up no text: by the marks that they bear. */
function likelyReading(pieces: readonly string[]): (piece: string) => string {
  const marked = (marks: RegExp) => pieces.some((piece) => marks.test(piece));
  if (marked(/^[ĠĊ]/u)) {
    return (piece) => {
      const bytes = byteLevelBytes(piece);
      return bytes === undefined ? piece : showBytes(bytes);
    };
  }
  return marked(/▁/u) ? (piece) => piece.replaceAll(SPACE_MARK, ' ') : (piece) => piece;
}
