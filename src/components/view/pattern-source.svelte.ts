import { decodePattern } from '../../core/pack/decode-pack.ts';
import type { KnownInputs, PatternInput } from '../../core/inputs.ts';
import type { OpenedPack, PackHeader } from '../../core/pack/header.ts';
import type { Pattern } from '../../core/pattern.ts';
import type { DescribedPattern } from '../../core/view/describe-cell.ts';
import { isTyped } from '../../schema/live-state.ts';
import type { PatternAddress } from '../../schema/view-state.ts';
import { LiveError } from '../live/live-error.ts';
import type { LiveFailure } from '../live/live-failure.ts';
import type { LoadProgress } from '../live/live-protocol.ts';
import type { TypedTexts } from '../live/typed-texts.svelte.ts';
import { failureOf, networkFailed, type Failure } from './load-file.ts';
import { loadPack } from './load-pack.ts';

/** A pattern that can be shown, with the address it was asked by. */
export interface ReadyPattern {
  readonly kind: 'ready';
  readonly address: PatternAddress;
  readonly pattern: Pattern;
  /** The other patterns of the stack, and where this one stands among them, where the whole pack is at hand. */
  readonly around?: () => Pick<KnownInputs, 'stack' | 'position'>;
  /** What a figure that was asked for looks at beside it, as far as it is known. */
  readonly beside?: KnownInputs;
  readonly header: Pick<PackHeader, 'precision' | 'maxError'> & { readonly tokens: readonly string[] };
}

export type Shown =
  | { readonly kind: 'idle' }
  | { readonly kind: 'waiting'; readonly address: PatternAddress }
  | ReadyPattern
  /** The pack is there, but has no such head. */
  | { readonly kind: 'absent'; readonly address: PatternAddress }
  | { readonly kind: 'failed'; readonly address: PatternAddress; readonly failure: Failure }
  | TypedWait;

/** A pattern of a typed text that is not there yet: its model waits for the visitor, is coming, or failed. */
export interface TypedWait {
  readonly kind: 'typed';
  readonly address: PatternAddress;
  readonly progress?: LoadProgress;
  readonly failure?: LiveFailure;
}

/** What a figure asks for that looks at other heads, too. */
const OF_STACK: ReadonlySet<PatternInput> = new Set(['stack', 'position']);
/** What the pack holds; the rest lies beside it. */
const OF_PACK: ReadonlySet<PatternInput> = new Set(['pattern', 'tokens', ...OF_STACK]);
/** What was shown stays until the next pattern is there, or for this time. */
const PATIENCE = 200;

/** Loads one pattern after the other; the last one asked for wins. */
export class PatternSource {
  shown = $state.raw<Shown>({ kind: 'idle' });
  readonly #base: () => string;
  readonly #typed: TypedTexts | undefined;
  #turn = 0;

  /** @param typed where a visitor may type texts; else every address is one of a stored prompt */
  constructor(base: () => string, typed?: TypedTexts) {
    this.#base = base;
    this.#typed = typed;
  }

  /**
   * Shows the pattern at `address`, or why it cannot. Resolves when that is done, or another one was asked for. With
   * `fresh` past the browser's cache; a model for a typed text is fetched only so, for a visitor must ask for it.
   *
   * @param inputs those of the figure that it is for: what they are is fetched with the pattern
   */
  async load(address: PatternAddress, fresh = false, inputs: readonly PatternInput[] = []): Promise<void> {
    const turn = ++this.#turn;
    const show = (next: Shown) => {
      if (turn === this.#turn) this.shown = next;
    };
    if (this.#typed !== undefined && isTyped(address.prompt)) {
      await loadTyped(this.#typed, address, fresh, show);
      return;
    }
    const timer = setTimeout(show, PATIENCE, { kind: 'waiting', address });
    try {
      const loading = loadPack(this.#base(), address, fresh);
      const [file, pattern, besideIt] = await Promise.all([
        loading,
        loading.then((pack) => pack.pattern(address)),
        besideOf(this.#base(), address, inputs, fresh),
      ]);
      if (inputs.some((input) => OF_STACK.has(input))) await file.fetchRest();
      const { pack, whole } = file;
      show(
        pattern === undefined
          ? { kind: 'absent', address }
          : {
              kind: 'ready',
              address,
              pattern,
              header: pack.header,
              ...(whole && { around: () => stackAround(whole, pack, address) }),
              beside: besideIt(pack.header.stacks),
            },
      );
      if (turn === this.#turn) file.fetchAround(address);
    } catch (error) {
      show({ kind: 'failed', address, failure: failureOf(error) });
    } finally {
      clearTimeout(timer);
    }
  }
}

/** As `loadBeside`, whose code is fetched where a figure looks at more than the pack holds. */
async function besideOf(
  base: string,
  address: PatternAddress,
  inputs: readonly PatternInput[],
  fresh: boolean,
): Promise<(stacks: PackHeader['stacks']) => KnownInputs> {
  if (inputs.every((input) => OF_PACK.has(input))) return () => ({});
  const { loadBeside } = await import('./load-beside.ts').catch(networkFailed);
  return loadBeside(base, address, inputs, fresh);
}

async function loadTyped(
  typed: TypedTexts,
  address: PatternAddress,
  isAskedFor: boolean,
  show: (next: Shown) => void,
): Promise<void> {
  if (!isAskedFor && !(await typed.runs.isAtHand(address.model))) {
    show({ kind: 'typed', address });
    return;
  }
  try {
    const found = await typed.pattern(address, (progress) => {
      show({ kind: 'typed', address, progress });
    });
    show(found === undefined ? { kind: 'absent', address } : { kind: 'ready', address, ...found });
  } catch (error) {
    if (!(error instanceof LiveError)) throw error;
    show({ kind: 'typed', address, failure: error.failure });
  }
}

function stackAround(
  file: Uint8Array,
  pack: OpenedPack,
  address: PatternAddress,
): Pick<KnownInputs, 'stack' | 'position'> {
  const entry = pack.header.stacks.find(({ stack }) => stack === address.stack);
  if (entry === undefined) return {};
  const heads = [...Array(entry.heads).keys()];
  const stack = entry.layers.map((layer) =>
    heads.flatMap((head) => decodePattern(file, pack, { stack: entry.stack, layer, head }) ?? []),
  );
  return { stack, position: { layer: entry.layers.indexOf(address.layer), head: address.head } };
}

/**
 * Tokens of the rows and columns. A decoder beside an encoder reads a text of its own, whose tokens no pack holds: its
 * rows are numbered, and so is what has another length than the pack's tokens.
 */
export function axisTokens({
  address: { stack },
  header: { tokens },
  pattern: { rows, columns },
}: Pick<ReadyPattern, 'address' | 'header' | 'pattern'>): Pick<
  DescribedPattern,
  'queryTokens' | 'keyTokens'
> {
  const label = (count: number, isDecoders: boolean) =>
    !isDecoders && tokens.length === count ? tokens : Array.from({ length: count }, (_, at) => `${at}`);
  return {
    queryTokens: label(rows, stack === 'decoder' || stack === 'cross'),
    keyTokens: label(columns, stack === 'decoder'),
  };
}
