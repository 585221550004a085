import { clipped, livePath, parseLive, type Ablation, type AblationKind } from '../../schema/live-state.ts';
import { withBase } from '../../schema/urls.ts';
import type { Display } from '../../schema/view-state.ts';
import { PlotSettings } from '../view/plot-settings.svelte.ts';
import { areKept } from './kept-files.ts';
import { LiveEngine } from './live-engine.ts';
import { LiveError } from './live-error.ts';
import { liveFailureOf, NO_WASM, type LiveFailure } from './live-failure.ts';
import { filesOf, type LiveModel, type LiveOffer } from './live-model.ts';
import type { LoadProgress, RunsOn } from './live-protocol.ts';
import { liveHeads, type LiveRun } from './live-run.ts';
import { keepChoice, processors, type Processor } from './processor.ts';
import { promptText } from './prompt-text.ts';

export interface HeadPlace {
  readonly layer: number;
  readonly head: number;
}

/** A model that is ready, and what it made of the text. */
interface Result {
  readonly model: LiveModel;
  readonly run: LiveRun;
  /** The same without ablations; the run itself where there are none. */
  readonly whole: LiveRun;
}

/** What `/live/` shows, and its address: all of it behind `#`. */
export class LiveController {
  text = $state('');
  /** Whether a longer text was pasted than the page takes. */
  isClipped = $state(false);
  /** The first one until the address is read, so that the page as it is built looks as it will. */
  model = $state.raw<LiveModel>();
  /** Whether the page's address has been read; until then nothing may be written into it. */
  isRead = $state(false);
  head = $state.raw<HeadPlace>({ layer: 0, head: 0 });
  ablations = $state.raw<readonly Ablation[]>([]);
  /** Where models are to run. */
  processor = $state<Processor>('cpu');
  /** Whether this browser has a graphics processor to choose. */
  hasGpu = $state(false);
  /** Where the loaded model runs. */
  runsOn = $state.raw<RunsOn>();
  status = $state<'idle' | 'loading' | 'ready'>('idle');
  /** Whether everything for the model is kept on this device. */
  isKept = $state(false);
  progress = $state.raw<LoadProgress>();
  failure = $state.raw<LiveFailure>();
  result = $state.raw<Result>();
  readonly settings = new PlotSettings();
  /** The name of the figure in the place of the pattern itself. */
  figure = $state<string>();
  readonly #base: () => string;
  /** A plain copy, as workers take no proxies. */
  readonly #offer: LiveOffer;
  readonly #engine: LiveEngine;
  #isRunning = false;
  #isStale = false;

  readonly heads = $derived(this.result === undefined ? [] : liveHeads(this.result.run));
  readonly shown = $derived(
    this.heads.find(({ layer, head }) => layer === this.head.layer && head === this.head.head) ??
      this.heads[0],
  );

  constructor(base: () => string, offer: () => LiveOffer) {
    this.#base = base;
    this.#offer = $state.snapshot(offer());
    this.#engine = new LiveEngine(this.#offer);
    this.model = this.#offer.models[0];
  }

  /** Takes over what the page's address says. Nothing is fetched for it but a prompt's text. */
  async readLocation(): Promise<void> {
    const { model, head, text, ablations, prompt, display = {} } = parseLive(location.hash);
    const { models } = this.#offer;
    this.model = models.find(({ id }) => id === model) ?? this.model ?? models[0];
    if (head !== undefined) this.head = head;
    this.ablations = ablations;
    this.settings.read(display);
    this.figure = display.figure;
    this.text = text;
    if (text === '' && prompt !== undefined) {
      this.text = clipped((await promptText(this.#base(), prompt).catch(() => undefined)) ?? '');
    }
    this.isRead = true;
    if (this.status === 'ready') {
      await this.follow();
      return;
    }
    const found = await processors();
    this.hasGpu = found.includes('gpu');
    if (this.status === 'idle') this.processor = found[0] ?? 'cpu'; // a visitor may have been quicker
    await this.#lookForKept();
    // A visitor who has loaded it before comes back to what was left, without a byte being fetched.
    if (this.isKept && this.text !== '') await this.start();
  }

  /** Loads the chosen model and runs it on the text. */
  async start(): Promise<void> {
    const { model } = this;
    if (model === undefined) return;
    this.failure = undefined;
    if (typeof WebAssembly === 'undefined') {
      this.failure = NO_WASM;
      return;
    }
    const { processor } = this;
    const isMeant = () => this.model === model && this.processor === processor;
    this.status = 'loading';
    try {
      const runsOn = await this.#engine.load(model, processor, (progress) => {
        if (isMeant()) this.progress = progress;
      });
      if (!isMeant()) return;
      this.runsOn = runsOn;
      this.status = 'ready';
      await this.follow();
    } catch (error) {
      if (!isMeant()) return;
      this.failure = error instanceof LiveError ? error.failure : liveFailureOf(error);
      this.status = 'idle';
    } finally {
      if (isMeant()) this.progress = undefined;
    }
  }

  /** Takes another model; once one was started, the other starts too. */
  async choose(id: string): Promise<void> {
    const model = this.#offer.models.find((other) => other.id === id);
    if (model === undefined || model === this.model) return;
    this.model = model;
    this.ablations = [];
    await this.#startAgain();
  }

  /** Runs models on the other processor, from now on and on the next visit. */
  async chooseProcessor(processor: Processor): Promise<void> {
    this.processor = processor;
    keepChoice(processor);
    await this.#startAgain();
  }

  /** Starts what is chosen by now, if something was started before. */
  async #startAgain(): Promise<void> {
    this.failure = undefined;
    if (this.status !== 'idle' || this.result !== undefined) await this.start();
    else await this.#lookForKept();
  }

  async #lookForKept(): Promise<void> {
    const { model, processor } = this;
    this.isKept = model !== undefined && (await areKept(filesOf(this.#offer, model, processor)));
    if (this.isKept) this.#engine.prepare(processor);
  }

  async type(text: string): Promise<void> {
    this.text = clipped(text);
    this.isClipped = this.text.length < text.length;
    await this.follow();
  }

  /** Takes a head out, or puts it back where it is out in that way already. */
  async ablate(place: HeadPlace, kind: AblationKind): Promise<void> {
    const others = this.ablations.filter(({ layer, head }) => layer !== place.layer || head !== place.head);
    const isOut = this.ablationOf(place) === kind;
    this.ablations = isOut ? others : [...others, { ...place, kind }];
    await this.follow();
  }

  async restore(): Promise<void> {
    this.ablations = [];
    await this.follow();
  }

  ablationOf(place: HeadPlace): AblationKind | undefined {
    return this.ablations.find(({ layer, head }) => layer === place.layer && head === place.head)?.kind;
  }

  path(): string {
    const { model, head, text, ablations } = this;
    if (text === '' && model === this.#offer.models[0]) return withBase(this.#base(), livePath({}));
    const named = model === undefined ? {} : { model: model.id };
    return withBase(this.#base(), livePath({ ...named, head, text, ablations, display: this.display() }));
  }

  /** How the large pattern is shown, as addresses say it. */
  display(): Display {
    const { figure } = this;
    return { ...(figure === undefined ? {} : { figure }), ...this.settings.display(this.shown?.pattern) };
  }

  /** Runs the model on what is typed by now. While it runs, the next text waits, and only the last one counts. */
  async follow(): Promise<void> {
    if (this.status !== 'ready') return;
    this.#isStale = true;
    if (this.#isRunning) return;
    this.#isRunning = true;
    try {
      while (this.#isStale) {
        this.#isStale = false;
        await this.#run();
      }
    } finally {
      this.#isRunning = false;
    }
  }

  async #run(): Promise<void> {
    const { model, text, ablations } = this;
    if (model === undefined || this.status !== 'ready') return;
    if (text === '') {
      this.result = undefined;
      return;
    }
    try {
      const run = await this.#engine.run(model, text, ablations);
      const whole = ablations.length === 0 ? run : await this.#engine.run(model, text, []);
      this.failure = undefined;
      this.result = { model, run, whole };
      if (this.shown !== undefined) this.settings.fit(this.shown.pattern);
    } catch (error) {
      this.failure = error instanceof LiveError ? error.failure : liveFailureOf(error);
    }
  }
}
