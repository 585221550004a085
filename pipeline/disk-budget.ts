import { join, resolve, sep } from 'node:path';
import pMap from 'p-map';
import { formatBytes } from '../src/core/format-bytes.ts';
import { atlasError } from '../src/schema/errors/index.ts';
import type { AtlasConfig } from '../src/schema/config.ts';
import { storeFolder, type LoadedConfig } from './load-config.ts';
import type { DiskBudget, RunContext } from './run-context.ts';
import { cellsOf, type PatternSource } from './stages/plan.ts';
import type { Files } from './store/files.ts';

type Keep = AtlasConfig['store']['keep'];

/**
 * Bytes a cell that patterns take at least, with all that is made of them: 3.2 to 3.9 in the store as float32, where they are
 * kept, and a pack of 0.5 to 1 both in the store and for the site.
 */
const LEAST_BYTES_PER_CELL: Readonly<Record<Keep, number>> = { exact: 4, none: 0.9 };

/** About as many bytes as the store and the site come to hold at least by patterns that are not there yet. */
export function leastDiskOf(sources: readonly PatternSource[], keep: Keep): number {
  return LEAST_BYTES_PER_CELL[keep] * sources.reduce((sum, source) => sum + cellsOf(source), 0);
}

/**
 * Refuses a run that surely ends beyond its budget, before it begins.
 *
 * @param missing what is to be computed
 * @throws AtlasError `disk-over-limit`
 */
export function refuseOverDisk(
  budget: DiskBudget | undefined,
  missing: readonly PatternSource[],
  keep: Keep,
): void {
  if (budget === undefined) return;
  const needed = leastDiskOf(missing, keep);
  const used = budget.used();
  if (used + needed <= budget.limit) return;
  throw atlasError('disk-over-limit', {
    used: formatBytes(used),
    needed: needed === 0 ? undefined : formatBytes(needed),
    limit: formatBytes(budget.limit),
  });
}

/**
 * The context of a run as its config limits it: with the config's memory where no option names one, and with files that are
 * never written beyond the config's disk budget.
 *
 * @param store the folder of the store that the run writes to
 */
export async function withinLimits<C extends Pick<RunContext, 'files' | 'memory'>>(
  context: C,
  loaded: Pick<LoadedConfig, 'config' | 'root'>,
  store: string = storeFolder(loaded),
): Promise<C & { readonly disk?: DiskBudget }> {
  const { config, root } = loaded;
  const { memory, disk: limit } = config.limits;
  const limited = { ...context, memory: context.memory ?? memory };
  if (limit === undefined) return limited;
  const folders = [store, join(root, 'public/generated'), join(root, 'content/generated')];
  return { ...limited, ...(await filesWithin(context.files, folders, limit)) };
}

/**
 * Files of which those in `folders` never take more than `limit` bytes together, the ones being written among them.
 *
 * @returns files whose `write` throws AtlasError `disk-full-by-limit` in place of going beyond; nothing half-written is left
 */
export async function filesWithin(
  files: Files,
  folders: readonly string[],
  limit: number,
): Promise<{ readonly files: Files; readonly disk: DiskBudget }> {
  const roots = folders.map((folder) => resolve(folder) + sep);
  const isCounted = (path: string) => roots.some((root) => resolve(path).startsWith(root));
  let used = await bytesIn(files, folders);
  const take = (path: string, bytes: number) => {
    if (used + bytes > limit) {
      throw atlasError('disk-full-by-limit', { path, used: formatBytes(used), limit: formatBytes(limit) });
    }
    used += bytes;
  };
  const write: Files['write'] = async (path, content) => {
    if (!isCounted(path)) {
      await files.write(path, content);
      return;
    }
    const before = (await files.length(path)) ?? 0;
    let taken = 0;
    async function* counted() {
      for await (const chunk of chunksOf(content)) {
        take(path, chunk.length);
        taken += chunk.length;
        yield chunk;
      }
    }
    try {
      await files.write(path, counted());
      used -= before;
    } catch (error) {
      used -= taken;
      throw error;
    }
  };
  const remove: Files['remove'] = async (path, root) => {
    const before = isCounted(path) ? ((await files.length(path)) ?? 0) : 0;
    await files.remove(path, root);
    used -= before;
  };
  return { files: { ...files, write, remove }, disk: { limit, used: () => used } };
}

function chunksOf(
  content: Uint8Array | string | AsyncIterable<Uint8Array>,
): readonly Uint8Array[] | AsyncIterable<Uint8Array> {
  if (typeof content === 'string') return [Buffer.from(content)];
  return content instanceof Uint8Array ? [content] : content;
}

async function bytesIn(files: Files, folders: readonly string[]): Promise<number> {
  const paths = await Promise.all(
    folders.map(async (folder) => (await files.list(folder)).map((path) => join(folder, path))),
  );
  const lengths = await pMap([...new Set(paths.flat())], (path) => files.length(path), { concurrency: 64 });
  return lengths.reduce<number>((sum, length) => sum + (length ?? 0), 0);
}
