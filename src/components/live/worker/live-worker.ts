import { liveFailureOf } from '../live-failure.ts';
import type { LiveAnswer, LiveRequest } from '../live-protocol.ts';
import { openModel, type OpenModel } from './open-model.ts';
import { runText } from './run-text.ts';
import { fetchRuntime } from './start-runtime.ts';

/** Runs models beside the page: it computes for as long as it takes, and typing never waits for it. */
const models = new Map<string, Promise<OpenModel>>();
/** Requests are answered one after the other: the runtime does one thing at a time. */
let queue: Promise<void> = Promise.resolve();

addEventListener('message', ({ data }: MessageEvent<LiveRequest>) => {
  queue = queue.then(() => answer(data));
});

async function answer(request: LiveRequest): Promise<void> {
  const { number } = request;
  try {
    if (request.kind === 'prepare') {
      await fetchRuntime(request.processor);
      say({ number, kind: 'prepared' });
      return;
    }
    if (request.kind === 'load') {
      const { runtime, processor, model } = request;
      const before = models.get(model.id);
      const opening = openModel(runtime, processor, model, (progress) => {
        say({ number, kind: 'progress', ...progress });
      });
      models.set(model.id, opening);
      await before?.then(({ session }) => session.release()).catch(() => undefined);
      const { runsOn } = await opening;
      say({ number, kind: 'loaded', ...runsOn });
      return;
    }
    const model = await models.get(request.model);
    if (model === undefined) throw new RangeError(`The model ${request.model} is not loaded`);
    const run = await runText(model, request.text, request.ablations);
    const buffers = run.layers.map(({ values }) => values.buffer as ArrayBuffer);
    say({ number, kind: 'run', run }, buffers);
  } catch (error) {
    say({ number, kind: 'failed', failure: liveFailureOf(error) });
  }
}

function say(answer: LiveAnswer, transfer: Transferable[] = []): void {
  postMessage(answer, { transfer });
}
