import { join } from 'node:path';
import pMap from 'p-map';
import { atlasError } from '../../src/schema/errors/index.ts';
import { manifestSchema, type Manifest } from '../../src/schema/manifest.ts';
import { assets } from '../../src/schema/urls.ts';
import { isTemporary, type Files } from '../store/files.ts';
import type { Finding, Verified } from './verified.ts';

const AT_ONCE = 4;
const [, FOLDER, MANIFEST] = assets.manifest().split('/') as [string, string, string];
const RUN = assets.run().split('/').at(-1) ?? '';

/** The folder with a manifest: `folder` itself, or `generated/` in it; undefined where there is none. */
export async function siteFolder(folder: string, files: Files): Promise<string | undefined> {
  for (const candidate of [folder, join(folder, FOLDER)]) {
    if ((await files.length(join(candidate, MANIFEST))) !== undefined) return candidate;
  }
  return undefined;
}

/** The folder of files that pages fetch from their own site in any case. */
const OWN_FOLDER = assets.live('', '').split('/')[2];

/**
 * Compares every file of a site's data with the manifest that lies beside it: there, of the right length and SHA-256.
 *
 * @param folder as `siteFolder` gives it
 * @param isMovable whether folders of packs and images that are absent as a whole lie on another host
 * @throws AtlasError `manifest-invalid`, `unreadable`
 */
export async function verifySite(
  folder: string,
  {
    files,
    signal,
    progress,
    isMovable = false,
  }: {
    readonly isMovable?: boolean;
    readonly files: Files;
    readonly signal: AbortSignal;
    readonly progress: (done: number, total: number) => void;
  },
): Promise<Verified> {
  const all = Object.entries((await readManifest(join(folder, MANIFEST), files)).files);
  const there = await files.list(folder);
  const folders = new Set(there.map(outermost));
  const isMoved = (path: string) => {
    const outer = outermost(path);
    return isMovable && outer !== undefined && outer !== OWN_FOLDER && !folders.has(outer);
  };
  const listed = all.filter(([path]) => !isMoved(path));
  const wrong: Finding[] = [];
  let done = 0;
  await pMap(
    listed,
    async ([path, { bytes, sha256 }]) => {
      signal.throwIfAborted();
      const file = join(folder, path);
      const length = await files.length(file);
      if (length === undefined) wrong.push({ path, problem: 'missing' });
      else if (length !== bytes) wrong.push({ path, problem: `has ${length} bytes, not ${bytes}` });
      else if ((await files.digest(file)) !== sha256) wrong.push({ path, problem: 'has another SHA-256' });
      progress(++done, listed.length);
    },
    { concurrency: AT_ONCE },
  );
  const known = new Set([...listed.map(([path]) => path), MANIFEST, RUN]);
  const extra = there.filter((path) => !known.has(path) && !isTemporary(path));
  wrong.sort((a, b) => (a.path < b.path ? -1 : 1));
  const elsewhere = all.length - listed.length;
  return {
    kind: 'site',
    path: folder,
    checked: listed.length,
    ...(elsewhere > 0 && { elsewhere }),
    wrong,
    extra,
  };
}

/** The first folder of a path; undefined for a file that lies in none. */
function outermost(path: string): string | undefined {
  return path.includes('/') ? path.split('/')[0] : undefined;
}

async function readManifest(path: string, files: Files): Promise<Manifest> {
  const text = Buffer.from((await files.read(path)) ?? new Uint8Array()).toString();
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw atlasError('manifest-invalid', { reason: (error as Error).message }, { file: path }, error);
  }
  const parsed = manifestSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const reason = `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`;
  throw atlasError('manifest-invalid', { reason }, { file: path });
}
