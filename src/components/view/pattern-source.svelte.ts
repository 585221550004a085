import { decodePattern } from '../../core/pack/decode-pack.ts';
import type { PackHeader } from '../../core/pack/header.ts';
import type { Pattern } from '../../core/pattern.ts';
import type { PatternAddress } from '../../schema/view-state.ts';
import { failureOf, type Failure } from './load-file.ts';
import { loadPack } from './load-pack.ts';

/** A pattern that can be shown, with the address it was asked by. */
export interface ReadyPattern {
  readonly kind: 'ready';
  readonly address: PatternAddress;
  readonly pattern: Pattern;
  readonly header: PackHeader;
}

export type Shown =
  | { readonly kind: 'idle' }
  | { readonly kind: 'waiting'; readonly address: PatternAddress }
  | ReadyPattern
  /** The pack is there, but has no such head. */
  | { readonly kind: 'absent'; readonly address: PatternAddress }
  | { readonly kind: 'failed'; readonly address: PatternAddress; readonly failure: Failure };

/** What was shown stays until the next pattern is there, or for this time. */
const PATIENCE = 200;

/** Loads one pattern after the other; the last one asked for wins. */
export class PatternSource {
  shown = $state.raw<Shown>({ kind: 'idle' });
  readonly #base: () => string;
  #turn = 0;

  constructor(base: () => string) {
    this.#base = base;
  }

  /** Shows the pattern at `address`, or why it cannot. Resolves when that is done, or another one was asked for. */
  async load(address: PatternAddress, fresh = false): Promise<void> {
    const turn = ++this.#turn;
    const show = (next: Shown) => {
      if (turn === this.#turn) this.shown = next;
    };
    const timer = setTimeout(show, PATIENCE, { kind: 'waiting', address });
    try {
      const { file, pack } = await loadPack(this.#base(), address, fresh);
      const pattern = decodePattern(file, pack, address);
      show(
        pattern === undefined
          ? { kind: 'absent', address }
          : { kind: 'ready', address, pattern, header: pack.header },
      );
    } catch (error) {
      show({ kind: 'failed', address, failure: failureOf(error) });
    } finally {
      clearTimeout(timer);
    }
  }
}

/** Tokens of the rows or columns; their positions where the pack's tokens are those of another text. */
export function axisTokens(header: PackHeader, count: number): readonly string[] {
  return header.tokens.length === count ? header.tokens : Array.from({ length: count }, (_, at) => `${at}`);
}
