import { InferenceSession, listSupportedBackends, Tensor } from 'onnxruntime-node';
import { createGraph } from '../../src/engine/graph/graph-builder.ts';
import { atlasError } from '../../src/schema/errors/index.ts';
import type { LoadedConfig } from '../load-config.ts';
import type { RunContext } from '../run-context.ts';

/** Execution providers that `auto` tries, the likeliest to be quick first; it takes `cpu` where none of them works. */
const TRIED = ['cuda', 'coreml', 'dml', 'webgpu'] as const;

/** Runs a small graph on a device; throws what onnxruntime says where it can't. */
export type Probe = (device: string) => Promise<void>;

/** What onnxruntime-node offers on this platform. It may still lack a driver or library of one. */
export function offeredDevices(): string[] {
  return listSupportedBackends().map(({ name }) => name);
}

/**
 * The device that `name` means: a device that onnxruntime-node can run on here, or for `auto` the first of those that it
 * offers and that runs a small graph.
 *
 * @param notify is told in words what `auto` tried and took
 * @throws AtlasError `device-unavailable` for a named one that is not there
 */
export async function chooseDevice(
  name: string,
  notify: (text: string) => void,
  { offered = offeredDevices(), probe = runProbe }: { offered?: readonly string[]; probe?: Probe } = {},
): Promise<string> {
  if (name === 'cpu') return name;
  if (name !== 'auto') {
    if (!offered.includes(name))
      throw atlasError('device-unavailable', { device: name, known: [...offered, 'auto'] });
    const error = await probe(name).catch((reason: unknown) => reason);
    if (error === undefined) return name;
    throw atlasError('device-unavailable', { device: name, known: ['cpu', 'auto'] }, {}, error);
  }
  const refused: string[] = [];
  for (const device of TRIED.filter((each) => offered.includes(each))) {
    const error = await probe(device).catch((reason: unknown) => reason);
    if (error === undefined) {
      notify(`device auto: ${[...refused, `took ${device}`].join('; ')}`);
      return device;
    }
    refused.push(`tried ${device}: ${firstLine(error)}`);
  }
  notify(`device auto: ${[...refused, 'took cpu'].join('; ')}`);
  return 'cpu';
}

/**
 * The device that a config means, after which its patterns are named. One that is named need not be here: only who computes needs it.
 */
export async function configuredDevice(
  { config, models }: Pick<LoadedConfig, 'config' | 'models'>,
  { reporter }: Pick<RunContext, 'reporter'>,
): Promise<string> {
  if (models.length === 0 || config.device !== 'auto') return config.device;
  return chooseDevice(config.device, (text) => {
    reporter.note(text);
  });
}

async function runProbe(device: string): Promise<void> {
  const graph = createGraph();
  const x = graph.input({ name: 'x', type: 'FLOAT', shape: ['n', 2] });
  const y = graph.matmul(x, graph.transpose(x, [1, 0]));
  graph.output(y, { name: 'y', type: 'FLOAT', shape: ['n', 'n'] });
  const options = { executionProviders: [device], logSeverityLevel: 4 } as const;
  const session = await InferenceSession.create(graph.encode().bytes, options);
  try {
    await session.run({ x: new Tensor('float32', Float32Array.of(1, 2), [1, 2]) });
  } finally {
    await session.release();
  }
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return (text.split('\n')[0] ?? '').slice(0, 200);
}
