import type { KnownInputs } from '../../core/inputs.ts';
import type { Pattern } from '../../core/pattern.ts';
import type { LiveText } from '../../schema/live-state.ts';
import type { PatternAddress } from '../../schema/view-state.ts';
import { keepLatest } from '../view/keep-latest.ts';
import { areKept } from './kept-files.ts';
import { LiveEngine } from './live-engine.ts';
import { LiveError } from './live-error.ts';
import { NO_WASM, type LiveFailure } from './live-failure.ts';
import { knownInputs } from './known-inputs.ts';
import { filesOf, type LiveModel, type LiveOffer } from './live-model.ts';
import type { LoadProgress } from './live-protocol.ts';
import { liveHeads, type LiveRun } from './live-run.ts';
import { processors, type Processor } from './processor.ts';

/** A pattern of a typed text, as a pack would give it. */
export interface TypedPattern {
  readonly pattern: Pattern;
  readonly header: { readonly tokens: readonly string[]; readonly precision: 'exact'; readonly maxError: 0 };
  /** What figures may look at beside it. */
  readonly beside: KnownInputs;
}

/** Models on typed texts, run in the page as they are asked for. */
export class TypedRuns {
  /** What can be run; undefined where the atlas ships no model. */
  readonly offer: LiveOffer | undefined;
  readonly #engine: LiveEngine | undefined;
  readonly #started = new Set<string>();
  #found: Promise<readonly Processor[]> | undefined;
  /** Runs stay at hand, so that steps between heads compute nothing. */
  readonly #keep = keepLatest<LiveRun>(12);

  /** @param offer a plain copy, as workers take no proxies */
  constructor(offer: LiveOffer | undefined) {
    this.offer = offer;
    this.#engine = offer === undefined ? undefined : new LiveEngine(offer);
  }

  /** The model, where it can be run in the page. */
  model(id: string): LiveModel | undefined {
    return this.offer?.models.find((model) => model.id === id);
  }

  /** Whether running a model fetches nothing: a visitor started it here, or on an earlier visit. */
  async isAtHand(id: string): Promise<boolean> {
    const model = this.model(id);
    if (this.offer === undefined || model === undefined) return true; // and `pattern` says why it cannot be run
    return this.#started.has(id) || (await areKept(filesOf(this.offer, model, await this.processor())));
  }

  /** Where models run: what the visitor chose in Live, or what is best on this device. */
  async processor(): Promise<Processor> {
    this.#found ??= processors();
    const [first = 'cpu'] = await this.#found;
    return first;
  }

  /**
   * The pattern of a head on a typed text; undefined where the model has no such head.
   *
   * @throws LiveError
   */
  async pattern(
    { model: id, stack, layer, head }: PatternAddress,
    { text, ablations }: LiveText,
    onprogress: (progress: LoadProgress) => void,
  ): Promise<TypedPattern | undefined> {
    const model = this.model(id);
    if (this.#engine === undefined || model === undefined) throw new LiveError(notShipped(id));
    if (typeof WebAssembly === 'undefined') throw new LiveError(NO_WASM);
    await this.#engine.load(model, await this.processor(), onprogress);
    this.#started.add(id);
    const key = JSON.stringify([id, text, ablations]);
    const engine = this.#engine;
    const run = await this.#keep(key, () => engine.run(model, text, ablations), false);
    const at = liveHeads(run).findIndex(
      (each) => stack === 'self' && each.layer === layer && each.head === head,
    );
    const beside = knownInputs(run)[at];
    const header = { tokens: run.tokens, precision: 'exact', maxError: 0 } as const;
    return beside?.pattern === undefined ? undefined : { pattern: beside.pattern, header, beside };
  }
}

function notShipped(id: string): LiveFailure {
  return {
    title: `${id} cannot run in the page`,
    reason:
      'The atlas does not ship this model to visitors: it is too large, or of a kind that no page can run.',
    remedy: 'Choose another model, or a prompt of the atlas.',
  };
}
