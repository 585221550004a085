/** Bytes that arrive in chunks, to be taken in pieces of any length; no more is held than the longest of either. */
export class ByteQueue {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array();

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** The next `count` bytes in memory of their own; fewer where the chunks end before. */
  async take(count: number): Promise<Uint8Array<ArrayBuffer>> {
    const taken = new Uint8Array(count);
    let filled = 0;
    while (filled < count) {
      if (this.#rest.length === 0 && !(await this.#fetch())) return taken.subarray(0, filled);
      const part = this.#rest.subarray(0, count - filled);
      taken.set(part, filled);
      filled += part.length;
      this.#rest = this.#rest.subarray(part.length);
    }
    return taken;
  }

  /** Lets the chunks end, so that who made them can check their sum. */
  async drain(): Promise<void> {
    while (await this.#fetch());
  }

  async #fetch(): Promise<boolean> {
    const next = await this.#chunks.next();
    this.#rest = next.done === true ? new Uint8Array() : next.value;
    return next.done !== true;
  }
}
