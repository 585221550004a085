import { hash } from 'node:crypto';
import { join } from 'node:path';
import type { Manifest } from '../../src/schema/manifest.ts';
import { cpuFeatures } from '../cpu-features.ts';
import type { Files } from './files.ts';

/** The folder in a store that names the kinds of machines which computed its patterns. */
export const PLATFORMS_FOLDER = 'platforms';

/** Beside inputs and versions, what the bytes depend on. */
export type Platform = NonNullable<Manifest['platform']>;

/** That of this machine. */
export function thisPlatform(): Platform {
  const features = cpuFeatures();
  return {
    system: process.platform,
    architecture: process.arch,
    ...(features !== undefined && { cpuFeatures: features }),
  };
}

/** Writes down in the store in `folder` that this kind of machine computes patterns for it. */
export async function recordPlatform(
  folder: string,
  files: Files,
  platform: Platform = thisPlatform(),
): Promise<void> {
  const text = `${JSON.stringify(platform)}\n`;
  const path = join(folder, PLATFORMS_FOLDER, `${hash('sha256', text, 'hex').slice(0, 16)}.json`);
  if ((await files.length(path)) === undefined) await files.write(path, text);
}

/** The platforms on which the patterns of the store in `folder` were computed, each as it is written down. */
export async function platformsIn(folder: string, files: Files): Promise<string[]> {
  const platforms: string[] = [];
  for (const name of await files.list(join(folder, PLATFORMS_FOLDER))) {
    if (!name.endsWith('.json')) continue;
    const bytes = await files.read(join(folder, PLATFORMS_FOLDER, name));
    if (bytes !== undefined) platforms.push(Buffer.from(bytes).toString().trim());
  }
  return platforms;
}

/** How the machines differ that computed the patterns of several stores, in words; undefined where they do not. */
export function describeUnlike(platforms: readonly string[]): string | undefined {
  const unlike = new Set(platforms);
  if (unlike.size < 2) return undefined;
  const lines = [...unlike].map((text) => `  ${text}`).sort();
  return [
    'the patterns were computed on unlike machines, so that their last digits may differ from those of one run:',
    ...lines,
  ].join('\n');
}
