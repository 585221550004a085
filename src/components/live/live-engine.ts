import type { Ablation } from '../../schema/live-state.ts';
import { LiveError } from './live-error.ts';
import type { LiveFailure } from './live-failure.ts';
import type { LiveModel, LiveOffer } from './live-model.ts';
import type { LiveAnswer, LiveRequest, LoadProgress, RunsOn } from './live-protocol.ts';
import type { LiveRun } from './live-run.ts';
import type { Processor } from './processor.ts';

interface Waiting {
  readonly answered: (answer: LiveAnswer) => void;
  readonly onprogress: (progress: LoadProgress) => void;
}

/** Without the numbers, which are given when they are sent. */
type Question = LiveRequest extends infer R ? (R extends LiveRequest ? Omit<R, 'number'> : never) : never;

/** Loads and runs models in a worker, which starts with the first loading. One for all panes of a page. */
export class LiveEngine {
  readonly #offer: LiveOffer;
  readonly #waiting = new Map<number, Waiting>();
  readonly #loaded = new Map<string, { readonly processor: Processor; readonly loading: Promise<RunsOn> }>();
  #worker: Worker | undefined;
  #number = 0;

  constructor(offer: LiveOffer) {
    this.#offer = offer;
  }

  /** Fetches the scripts that run models, for a visitor whose device keeps all the rest. What fails is fetched by `load`. */
  prepare(processor: Processor): void {
    this.#ask({ kind: 'prepare', processor }).catch(() => undefined);
  }

  /**
   * Loads a model, once for a processor; after a failure, again. Gives where it runs.
   *
   * @throws LiveError
   */
  load(
    model: LiveModel,
    processor: Processor,
    onprogress: (progress: LoadProgress) => void = () => undefined,
  ): Promise<RunsOn> {
    const before = this.#loaded.get(model.id);
    if (before?.processor === processor) return before.loading;
    const loading = this.#load(model, processor, onprogress);
    this.#loaded.set(model.id, { processor, loading });
    loading.catch(() => {
      if (this.#loaded.get(model.id)?.loading === loading) this.#loaded.delete(model.id);
    });
    return loading;
  }

  async #load(
    model: LiveModel,
    processor: Processor,
    onprogress: (progress: LoadProgress) => void,
  ): Promise<RunsOn> {
    const runtime = this.#offer.runtimes[processor];
    const answer = await this.#ask({ kind: 'load', processor, runtime, model }, onprogress);
    if (answer.kind !== 'loaded') throw new RangeError('The worker answered another question');
    return answer;
  }

  /**
   * A loaded model on a text.
   *
   * @throws LiveError
   */
  async run(model: LiveModel, text: string, ablations: readonly Ablation[]): Promise<LiveRun> {
    const answer = await this.#ask({ kind: 'run', model: model.id, text, ablations });
    if (answer.kind !== 'run') throw new RangeError('The worker answered another question');
    return answer.run;
  }

  #ask(
    question: Question,
    onprogress: (progress: LoadProgress) => void = () => undefined,
  ): Promise<LiveAnswer> {
    const number = ++this.#number;
    return new Promise((resolve, reject) => {
      const answered = (answer: LiveAnswer) => {
        if (answer.kind === 'failed') reject(new LiveError(answer.failure));
        else resolve(answer);
      };
      this.#waiting.set(number, { answered, onprogress });
      this.#start().postMessage({ number, ...question } satisfies LiveRequest);
    });
  }

  #start(): Worker {
    if (this.#worker !== undefined) return this.#worker;
    const worker = new Worker(new URL('./worker/live-worker.ts', import.meta.url), { type: 'module' });
    worker.addEventListener('message', ({ data }: MessageEvent<LiveAnswer>) => {
      const waiting = this.#waiting.get(data.number);
      if (data.kind === 'progress') {
        waiting?.onprogress(data);
        return;
      }
      this.#waiting.delete(data.number);
      waiting?.answered(data);
    });
    // The script of the worker did not come, or the engine broke down; either way it answers nobody any more.
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      this.#end(event.message);
    });
    this.#worker = worker;
    return worker;
  }

  #end(message: string | undefined): void {
    const failure: LiveFailure = {
      title: 'The part of the page that runs models stopped',
      reason: message ?? 'Its script could not be fetched.',
      remedy: 'Check the connection, then try again.',
    };
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#loaded.clear();
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const [number, { answered }] of waiting) answered({ number, kind: 'failed', failure });
  }
}
