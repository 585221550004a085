import { cpus, totalmem } from 'node:os';
import type { AtlasConfig } from '../../src/schema/config.ts';
import { MANIFEST_VERSION, type Manifest, type RunRecord } from '../../src/schema/manifest.ts';
import { thisPlatform } from '../store/platforms.ts';
import { toolVersions } from '../versions.ts';
import type { ModelAtHand } from './plan.ts';

/** `manifest.json` of a build. */
export function manifestText(
  config: AtlasConfig,
  facts: { readonly models: readonly ModelAtHand[]; readonly prompts: number; readonly maxError: number },
  files: Readonly<Manifest['files']>,
): string {
  const { figures, metrics, packs, prompts } = config;
  const manifest: Manifest = {
    version: MANIFEST_VERSION,
    versions: toolVersions(),
    platform: thisPlatform(),
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
export function runText(seconds: number, stages: NonNullable<RunRecord['stages']>): string {
  const processors = cpus();
  const run: RunRecord = {
    finished: new Date().toISOString(),
    pipelineSeconds: Number(seconds.toFixed(1)),
    stages: stages.map(({ stage, made, reused, failed, seconds: took }) => {
      return { stage, made, reused, failed, seconds: Number(took.toFixed(2)) };
    }),
    processors: processors.length,
    processor: processors[0]?.model ?? 'unknown',
    memoryBytes: totalmem(),
  };
  return `${JSON.stringify(run, undefined, 1)}\n`;
}
