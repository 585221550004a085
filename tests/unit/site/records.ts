import type { HeadRecord, PromptRecord } from '../../../src/schema/records.ts';
import { paths } from '../../../src/schema/urls.ts';

/** A prompt's id of 22 characters, from any short name. */
export function promptId(name: string): string {
  return name.padEnd(22, '-');
}

/** A head record with these means; its other numbers follow from them. */
export function headRecord(
  model: string,
  layer: number,
  head: number,
  means: Readonly<Record<string, number>>,
): HeadRecord {
  const address = { model, stack: 'self' as const, layer, head };
  const metrics = Object.fromEntries(
    Object.entries(means).map(([metric, mean]) => [
      metric,
      {
        mean,
        min: 0,
        max: 1,
        quartiles: [mean, mean, mean] as [number, number, number],
        histogram: [1],
        rank: 1,
        of: 1,
        prompts: 1,
        highest: promptId('highest'),
        lowest: promptId('lowest'),
      },
    ]),
  );
  return { id: paths.head(address).slice(1, -1), ...address, metrics };
}

const TILE = { x: 0, y: 0, width: 1, height: 1 };

/** A prompt record of `set`, on which `strongest` are a model's strongest heads by `metric`. */
export function promptRecord(
  name: string,
  options: {
    readonly set?: string;
    readonly tokens?: number;
    readonly metric?: string;
    readonly strongest?: Readonly<
      Record<string, readonly (readonly [layer: number, head: number, value: number])[]>
    >;
  } = {},
): PromptRecord {
  const { set = 'words', tokens = 30, metric = 'induction', strongest = { tiny: [] } } = options;
  return {
    id: promptId(name),
    set,
    title: name,
    text: name,
    characters: name.length,
    meta: {},
    tokenizations: [{ models: Object.keys(strongest), tokens: [name], offsets: [[0, name.length]] }],
    models: Object.entries(strongest).map(([model, heads]) => ({
      model,
      tokens,
      packBytes: 1,
      plate: {
        width: 1,
        height: 1,
        tiles: heads.map(([layer, head]) => ({ ...TILE, stack: 'self' as const, layer, head })),
      },
      values: { [metric]: heads.map(([, , value]) => value) },
    })),
  };
}
