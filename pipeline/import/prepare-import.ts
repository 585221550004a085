import { hash } from 'node:crypto';
import { AtlasError, atlasError } from '../../src/schema/errors/index.ts';
import type { Layout, LayoutKind, Stack } from '../../src/schema/stacks.ts';
import type { ModelName } from '../load-config.ts';
import { promptIdOf, promptOf, type Prompt } from '../prompts/prompt.ts';
import type { ImportedJob, ImportedModel, ImportedStack, StackShape } from '../stages/plan.ts';
import { beginStage, type StageContext } from '../stages/stage-context.ts';
import { outputKey, type Store } from '../store/store.ts';
import type { Files } from '../store/files.ts';
import { checkShape, shapeOfConfig, type ExpectedShape } from './check-shapes.ts';
import type { ImportFolder } from './find-models.ts';
import { listEntries } from './list-entries.ts';
import { readModelConfig, type ImportedConfig } from './model-config.ts';
import { readEntry, type ReadEntry } from './read-entry.ts';
import type { ScannedStack } from './scan-npz.ts';

/** Raised when the same npz file comes to be stored as other bytes. */
const IMPORT_VERSION = 1;

/** Errors of the machine, not of one prompt's files: they end the run. */
const GENERAL: ReadonlySet<string> = new Set([
  'no-space',
  'unwritable',
  'store-damaged',
  'store-newer',
  'store-unknown',
]);

/**
 * Reads all prompts of one imported model, and names the outputs.
 *
 * @param prompts of the atlas by id; those of the folder that are new are added, to the set `set`
 * @returns one job a prompt; those that cannot be used are among the context's failures
 */
export async function prepareImport(
  folder: ImportFolder,
  name: ModelName,
  set: string,
  prompts: Map<string, Prompt>,
  store: Store,
  context: StageContext & { readonly files: Files; readonly dryRun: boolean },
): Promise<ImportedJob[]> {
  const config = await readModelConfig(folder.path, context.files);
  const entries = await listEntries(folder, context.files);
  const counter = beginStage(context, 'import', entries.length);
  const read = new Map<string, ReadEntry>();
  let expected = shapeOfConfig(config);
  for (const entry of entries) {
    context.signal.throwIfAborted();
    try {
      if (entry instanceof AtlasError) throw entry;
      const next = await readEntry(entry, store, !context.dryRun);
      const { npz, scan, row } = next;
      if (expected !== undefined) checkShape(scan, expected, npz.path);
      const id = promptIdOf(row.text);
      const twin = read.get(id);
      if (twin !== undefined) {
        throw atlasError(
          'import-prompt-invalid',
          { reason: `${twin.npz.path} has the same text.` },
          { file: npz.path },
        );
      }
      expected ??= shapeOf(next);
      read.set(id, next);
      if (!prompts.has(id)) prompts.set(id, promptOf(row, set));
      if (next.isKnown) counter.reused();
      else counter.made();
    } catch (error) {
      counter.failed(entryError(error, name.name));
    }
  }
  counter.end();
  return jobsOf(modelOf(name, config, [...read.values()]), read, prompts);
}

function shapeOf({ scan, npz }: ReadEntry): ExpectedShape {
  return { saidBy: npz.path, stacks: scan.stacks };
}

function entryError(error: unknown, model: string): AtlasError {
  if (error instanceof AtlasError && !GENERAL.has(error.code)) {
    return new AtlasError(error.code, error.explanation, { ...error.place, model }, error.cause);
  }
  throw error;
}

function modelOf(
  source: ModelName,
  { facts, layers }: ImportedConfig,
  entries: readonly ReadEntry[],
): ImportedModel {
  const short = entries.reduce((sum, { scan }) => sum + scan.shortRows, 0);
  const leastSum = Math.min(...entries.map(({ scan }) => scan.leastSum));
  const dtypes = [...new Set(entries.map(({ scan }) => scan.dtype))].sort();
  return {
    kind: 'imported',
    source,
    facts: { dtype: dtypes.join(', '), ...facts, ...(short > 0 && { shortRows: { rows: short, leastSum } }) },
    stacks: stacksOf(entries, layers),
    patternsSha256: hash('sha256', entries.map(({ npz }) => npz.sha256).join('\n'), 'hex'),
    prependsBos: entries.some(({ tokens }) => tokens.hasBos),
  };
}

/** The stacks as the model's record lists them; all files have the same ones. */
function stacksOf(entries: readonly ReadEntry[], layerCount: number | undefined): ImportedStack[] {
  return (entries[0]?.scan.stacks ?? []).map(({ stack, heads, layers }) => ({
    stack,
    layout: layoutOf(entries, stack),
    heads,
    layers: Array.from({ length: layerCount ?? Math.max(...layers) + 1 }, (_, index) =>
      layers.includes(index)
        ? { index, kind: 'imported', hasPattern: true }
        : { index, kind: 'none', hasPattern: false, reason: 'no pattern was imported' },
    ),
  }));
}

/** Causal where no file has anything above the diagonal. */
function layoutOf(entries: readonly ReadEntry[], stack: Stack): LayoutKind {
  if (stack === 'cross') return 'rectangle';
  const isCausal = entries.every(({ scan }) => scan.stacks.find((entry) => entry.stack === stack)?.isCausal);
  return isCausal ? 'causal' : 'square';
}

function jobsOf(
  model: ImportedModel,
  read: ReadonlyMap<string, ReadEntry>,
  prompts: ReadonlyMap<string, Prompt>,
): ImportedJob[] {
  return [...prompts.values()].flatMap((prompt): ImportedJob[] => {
    const entry = read.get(prompt.id);
    if (entry === undefined) return [];
    const { npz, tokens } = entry;
    const stacks = entry.scan.stacks.map((scanned) => shapeIn(model, scanned));
    const inputs = {
      npz: npz.sha256,
      model: model.source.id,
      prompt: prompt.id,
      tokens: tokens.tokens,
      layouts: stacks.map(({ layout }) => layout.kind),
    };
    return [
      {
        model,
        prompt,
        npz,
        tokenized: tokens,
        activationsKey: outputKey('activations', IMPORT_VERSION, inputs),
        stacks,
      },
    ];
  });
}

function shapeIn(model: ImportedModel, { stack, heads, rows, columns, layers }: ScannedStack): StackShape {
  const kind = model.stacks.find((entry) => entry.stack === stack)?.layout ?? 'square';
  const layout: Layout = kind === 'rectangle' ? { kind, rows, columns } : { kind, n: rows };
  return { stack, layout, heads, layers };
}
