/**
 * A text on its way through a tokenizer, with the place in the original that each part of it came from: the
 * tokenizer changes the text (case, composed letters, marks for spaces), and offsets must still point at what
 * the reader wrote.
 */
export interface AlignedText {
  readonly text: string;
  /** First original code point of each UTF-16 unit of `text`: `[text.length]`. */
  readonly starts: Int32Array;
  /** The code point after the last one of each UTF-16 unit of `text`: `[text.length]`. */
  readonly ends: Int32Array;
}

/** The original itself: each code point stands for itself. */
export function alignOriginal(text: string): AlignedText {
  const starts = new Int32Array(text.length);
  const ends = new Int32Array(text.length);
  let unit = 0;
  let position = 0;
  for (const character of text) {
    for (let end = unit + character.length; unit < end; unit++) {
      starts[unit] = position;
      ends[unit] = position + 1;
    }
    position++;
  }
  return { text, starts, ends };
}

/** UTF-16 units `[from, to)`, sharing the alignment's memory. The whole text is returned as it is. */
export function sliceAligned(aligned: AlignedText, from: number, to: number): AlignedText {
  if (from === 0 && to === aligned.text.length) return aligned;
  return {
    text: aligned.text.slice(from, to),
    starts: aligned.starts.subarray(from, to),
    ends: aligned.ends.subarray(from, to),
  };
}

/** Code points `[start, end)` of the original that the UTF-16 units `[from, to)` stand for; `to > from`. */
export function originalSpan(aligned: AlignedText, from: number, to: number): [number, number] {
  return [aligned.starts[from] ?? 0, aligned.ends[to - 1] ?? 0];
}

/** Collects the parts of a changed text in order. */
export class AlignedBuilder {
  readonly #parts: string[] = [];
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];

  /** Adds `part`, all of it made from what unit `unit` of `source` was made from. */
  push(part: string, source: AlignedText, unit: number): void {
    this.#parts.push(part);
    const start = source.starts[unit] ?? 0;
    const end = source.ends[unit] ?? 0;
    for (let left = part.length; left > 0; left--) {
      this.#starts.push(start);
      this.#ends.push(end);
    }
  }

  /** Adds the units `[from, to)` of `source` unchanged. */
  copy(source: AlignedText, from: number, to: number): void {
    this.#parts.push(source.text.slice(from, to));
    for (let unit = from; unit < to; unit++) {
      this.#starts.push(source.starts[unit] ?? 0);
      this.#ends.push(source.ends[unit] ?? 0);
    }
  }

  build(): AlignedText {
    return {
      text: this.#parts.join(''),
      starts: Int32Array.from(this.#starts),
      ends: Int32Array.from(this.#ends),
    };
  }
}

/** Replaces each code point by `replace(character)`, which may be empty or longer. */
export function mapCharacters(source: AlignedText, replace: (character: string) => string): AlignedText {
  const builder = new AlignedBuilder();
  let unit = 0;
  for (const character of source.text) {
    builder.push(replace(character), source, unit);
    unit += character.length;
  }
  return builder.build();
}

/** Puts `prefix` before the text, as if the first character had grown; empty text stays empty. */
export function prependAligned(source: AlignedText, prefix: string): AlignedText {
  if (source.text === '') return source;
  const builder = new AlignedBuilder();
  builder.push(prefix, source, 0);
  builder.copy(source, 0, source.text.length);
  return builder.build();
}
