import { cpus, totalmem } from 'node:os';
import type { AtlasConfig } from '../../src/schema/config.ts';
import { toolVersions } from '../versions.ts';
import type { ModelAtHand } from './plan.ts';
import type { PublishedFile } from './publish.ts';

export const MANIFEST_VERSION = 1;

/** What was published from what: a function of the inputs alone, so that two runs can be compared. */
export interface Manifest {
  readonly version: number;
  readonly versions: Readonly<Record<string, string>>;
  readonly options: Pick<AtlasConfig, 'figures' | 'metrics' | 'packs' | 'prompts'>;
  readonly models: readonly ({ readonly id: string } & (
    { readonly weightsSha256: string; readonly tokenizerSha256: string } | { readonly patternsSha256: string }
  ))[];
  readonly prompts: number;
  /** The largest absolute error of a value in any pack. */
  readonly maxError: number;
  /** By path below `generated/`. */
  readonly files: Readonly<Record<string, PublishedFile>>;
}

/** `manifest.json` of a build. */
export function manifestText(
  config: AtlasConfig,
  facts: { readonly models: readonly ModelAtHand[]; readonly prompts: number; readonly maxError: number },
  files: Manifest['files'],
): string {
  const { figures, metrics, packs, prompts } = config;
  const manifest: Manifest = {
    version: MANIFEST_VERSION,
    versions: toolVersions(),
    options: { figures, metrics, packs, prompts },
    models: facts.models.map((model) => ({ id: model.source.id, ...checksumsOf(model) })),
    prompts: facts.prompts,
    maxError: facts.maxError,
    files,
  };
  return `${JSON.stringify(manifest, undefined, 1)}\n`;
}

function checksumsOf(model: ModelAtHand) {
  if (model.kind === 'imported') return { patternsSha256: model.patternsSha256 };
  const { weightsSha256, tokenizerSha256 } = model;
  return { weightsSha256, tokenizerSha256 };
}

/** The files that an earlier manifest speaks of; none where there is no manifest that can be read. */
export function filesOfManifest(text: string | undefined): Manifest['files'] {
  try {
    const manifest = JSON.parse(text ?? '') as Partial<Manifest>;
    return manifest.version === MANIFEST_VERSION ? (manifest.files ?? {}) : {};
  } catch {
    return {};
  }
}

/** `run.json`: when, where and how fast; never compared. */
export function runText(seconds: number): string {
  const processors = cpus();
  const run = {
    finished: new Date().toISOString(),
    pipelineSeconds: Number(seconds.toFixed(1)),
    processors: processors.length,
    processor: processors[0]?.model ?? 'unknown',
    memoryBytes: totalmem(),
  };
  return `${JSON.stringify(run, undefined, 1)}\n`;
}
