import type { InferenceSession } from 'onnxruntime-web/wasm';
import type { Model } from '../../../engine/architectures/architecture.ts';
import { buildGraph, type BuiltGraph } from '../../../engine/build-graph.ts';
import { collectRun, type PatternRun } from '../../../engine/pattern-run.ts';
import { widenWeights, type Weights } from '../../../engine/widen-weights.ts';
import type { RunsOn } from '../live-protocol.ts';
import type { Processor } from '../processor.ts';
import { feedsOf } from './feeds.ts';
import type { Runtime } from './start-runtime.ts';

interface Opened {
  readonly graph: BuiltGraph;
  readonly session: InferenceSession;
  readonly runsOn: RunsOn;
}

/** By how much a pattern's cells may differ from one processor to the other: what the parity tests allow, too. */
const TOLERANCE = 2e-5;
/** Characters of what onnxruntime says, which may be a whole shader. */
const LONGEST = 160;
/** Tokens of the text on which the two are compared. */
const CHECKED = 48;

/**
 * A model as a session that is ready to run. On the graphics processor only where that gives the patterns that the
 * processor gives; else on the processor, with the reason.
 *
 * @throws what onnxruntime throws where it cannot run the model at all
 */
export async function openSession(
  runtime: Runtime,
  processor: Processor,
  model: Model,
  weights: Weights,
): Promise<Opened> {
  if (processor === 'cpu')
    return { ...(await open(runtime, processor, model, weights)), runsOn: { processor } };
  // Neither WebGPU nor this build's processor reads bfloat16.
  const wide = widenWeights(weights);
  const cpu = await open(runtime, 'cpu', model, wide);
  const gpu = await tryGpu(runtime, model, wide, cpu);
  if (typeof gpu === 'string') return { ...cpu, runsOn: { processor: 'cpu', reason: gpu } };
  await cpu.session.release();
  return { ...gpu, runsOn: { processor } };
}

type Session = Omit<Opened, 'runsOn'>;

/** A session on the graphics processor, or why there is none. */
async function tryGpu(
  runtime: Runtime,
  model: Model,
  weights: Weights,
  cpu: Session,
): Promise<Session | string> {
  let gpu: Session | undefined;
  try {
    gpu = await open(runtime, 'gpu', model, weights);
    const ids = checkedIds(model);
    const difference = largestDifference(await run(runtime, gpu, ids), await run(runtime, cpu, ids));
    if (difference <= TOLERANCE) return gpu;
    await gpu.session.release();
    return `its patterns differ by up to ${difference.toPrecision(2)}`;
  } catch (error) {
    await gpu?.session.release().catch(() => undefined);
    const message = error instanceof Error ? error.message : String(error);
    return message.length <= LONGEST ? message : `${message.slice(0, LONGEST)}…`;
  }
}

async function open(
  runtime: Runtime,
  processor: Processor,
  model: Model,
  { index, files }: Weights,
): Promise<Session> {
  const graph = buildGraph(model, index, {
    logits: false,
    extras: ['loss', 'top-tokens', 'value-norms', 'scores'],
    headEdits: true,
  });
  const session = await runtime.InferenceSession.create(graph.bytes, {
    executionProviders: [processor === 'cpu' ? 'wasm' : webGpu(graph)],
    externalData: [...files].map(([path, data]) => ({ path, data })),
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
  });
  return { graph, session };
}

/** onnxruntime refuses an empty list. */
function webGpu({ delicate }: BuiltGraph): InferenceSession.ExecutionProviderConfig {
  return delicate.length === 0 ? 'webgpu' : { name: 'webgpu', forceCpuNodeNames: delicate };
}

async function run(
  runtime: Runtime,
  { graph, session }: Session,
  ids: readonly number[],
): Promise<PatternRun> {
  return collectRun(graph, await session.run(feedsOf(runtime, graph, ids)));
}

/** Token ids from all over the vocabulary. */
function checkedIds({ description: { context, vocabularySize } }: Model): number[] {
  const length = Math.min(CHECKED, context ?? CHECKED);
  return Array.from({ length }, (_, at) => Math.floor((at * vocabularySize) / length));
}

function largestDifference(one: PatternRun, other: PatternRun): number {
  let largest = 0;
  for (const [layer, values] of one.patterns) {
    const reference = other.patterns.get(layer);
    for (const [at, value] of values.entries()) {
      const difference = Math.abs(value - (reference?.[at] ?? NaN));
      if (!(difference <= largest)) largest = difference;
    }
  }
  return largest;
}
