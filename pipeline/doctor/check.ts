import { statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AtlasError } from '../../src/schema/errors/index.ts';
import { readHubSettings } from '../hub/hub-settings.ts';
import { hubState } from '../hub/hub-state.ts';
import { prepareImports } from '../import/prepare-imports.ts';
import { storeFolder, type LoadedConfig } from '../load-config.ts';
import { readConfiguredPrompts } from '../prompts/read-configured-prompts.ts';
import type { Prompt } from '../prompts/prompt.ts';
import type { RunContext } from '../run-context.ts';
import type { Job } from '../stages/plan.ts';
import { chooseDevice } from '../runtime/choose-device.ts';
import { prepareModel } from '../stages/prepare.ts';
import { openStore } from '../store/store.ts';

/** One thing that `doctor` looked at. */
export interface Check {
  readonly subject: string;
  readonly ok: boolean;
  /** What was found; where it is not ok, what to do. */
  readonly finding: string;
}

/** The least Node that runs TypeScript as it is. */
const LEAST_NODE = [22, 18] as const;

/** Node, the native libraries and the store's disk. */
export async function checkMachine(
  storeFolder: string,
  { files }: Pick<RunContext, 'files'>,
): Promise<Check[]> {
  return [
    checkNode(process.versions.node),
    await attempt('onnxruntime-node', async () => {
      const { listSupportedBackends } = await import('onnxruntime-node');
      return `loads; devices: ${listSupportedBackends()
        .map((backend) => backend.name)
        .join(', ')}`;
    }),
    await attempt('sharp', async () => {
      const { default: sharp } = await import('sharp');
      return `loads; libvips ${sharp.versions.vips}`;
    }),
    await attempt('store', async () => {
      const probe = join(storeFolder, 'doctor-probe');
      await files.write(probe, 'probe');
      await files.remove(probe, dirname(storeFolder));
      const { bavail, bsize } = await statfs(dirname(storeFolder));
      return `${storeFolder} can be written; ${((bavail * bsize) / 1e9).toFixed(1)} GB are free`;
    }),
  ];
}

function checkNode(version: string): Check {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const ok = major > LEAST_NODE[0] || (major === LEAST_NODE[0] && minor >= LEAST_NODE[1]);
  return {
    subject: 'Node',
    ok,
    finding: ok ? version : `${version} is older than ${LEAST_NODE.join('.')}; run npm ci`,
  };
}

/** The prompts and models of the config; `jobs` are those that can be run. */
export async function checkInputs(
  loaded: LoadedConfig,
  context: Pick<RunContext, 'files' | 'reporter' | 'signal'>,
): Promise<{ checks: Check[]; jobs: Job[] }> {
  let prompts: Prompt[] = [];
  const checks = [
    await attempt('prompts', async () => {
      prompts = await readConfiguredPrompts(loaded, context);
      return `${prompts.length} in ${loaded.sets.length} sets`;
    }),
  ];
  let device = 'cpu';
  checks.push(
    await attempt('device', async () => {
      device = await chooseDevice(loaded.config.device, (text) => {
        context.reporter.note(text);
      });
      return `patterns are computed by ${device}`;
    }),
  );
  const jobs: Job[] = [];
  for (const source of loaded.models) {
    checks.push(
      await attempt(`model ${source.name}`, async () => {
        const { place, ...named } = source;
        const state =
          'folder' in place
            ? { isAtHand: true as const, folder: place.folder }
            : await hubState(place.hub, await readHubSettings(process.env), context.signal);
        if (!state.isAtHand) return `is not at hand: ${(state.bytes / 1e6).toFixed(1)} MB to download`;
        const prepared = await prepareModel({ ...named, folder: state.folder }, prompts, device);
        const longest = prepared[0]?.model.checkpoint.description.context ?? Number.POSITIVE_INFINITY;
        const fitting = prepared.filter(({ tokenized }) => tokenized.ids.length <= longest);
        jobs.push(...fitting);
        const tooLong = prepared.length - fitting.length;
        if (tooLong > 0)
          throw new Error(`${tooLong} prompts have more than its ${longest} tokens; shorten them`);
        return `reads; all prompts fit`;
      }),
    );
  }
  const { figures, metrics } = loaded.own;
  checks.push(
    ...figures.map(({ file, definition }) => ownCheck('figure', file, definition.name)),
    ...metrics.map(({ file, definition }) => ownCheck('metric', file, definition.name)),
  );
  for (const source of loaded.imports) {
    checks.push(
      await attempt(`import ${source.source}`, async () => {
        const store = openStore(storeFolder(loaded), context.files);
        const failures: AtlasError[] = [];
        const imported = await prepareImports({ ...loaded, imports: [source] }, prompts, store, {
          ...context,
          dryRun: true,
          failures,
        });
        jobs.push(...imported.jobs);
        if (failures[0] !== undefined) throw failures[0];
        return `reads; ${imported.jobs.length} npz files`;
      }),
    );
  }
  return { checks, jobs };
}

/** Loading the config has read and checked the file already. */
function ownCheck(kind: 'figure' | 'metric', file: string, name: string): Check {
  return { subject: `${kind} ${file}`, ok: true, finding: `defines "${name}"` };
}

async function attempt(subject: string, look: () => Promise<string>): Promise<Check> {
  try {
    return { subject, ok: true, finding: await look() };
  } catch (error) {
    if (error instanceof AtlasError) {
      return { subject, ok: false, finding: `${error.message} ${error.explanation.remedy}` };
    }
    return { subject, ok: false, finding: (error as Error).message };
  }
}
