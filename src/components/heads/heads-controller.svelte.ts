import { decodeHeadColumns, type HeadColumns } from '../../core/query/head-columns.ts';
import { findHeads } from '../../core/query/find-heads.ts';
import { parseQuery } from '../../core/query/parse-query.ts';
import { headsPath, parseHeadsState, USUAL_HEADS_STATE, type HeadsState } from '../../schema/heads-state.ts';
import { assets, withBase, type HeadAddress } from '../../schema/urls.ts';
import { IndexSource } from '../view/index-source.svelte.ts';
import { failureOf, loadFile, LoadError, type Failure } from '../view/load-file.ts';

/** A metric as the page names it. */
export interface HeadMetric {
  readonly name: string;
  readonly title: string;
  readonly range: readonly [number, number];
}

/** A row of the table: a head and the means of the metrics, null where one is not available. */
export interface HeadRow {
  readonly address: HeadAddress;
  readonly modelName: string;
  readonly means: Readonly<Record<string, number | null>>;
}

/** What `/heads/` shows: its state, which the address holds, and the heads that the state finds. */
export class HeadsController {
  state = $state.raw<HeadsState>(USUAL_HEADS_STATE);
  columns = $state.raw<HeadColumns>();
  failure = $state.raw<Failure>();
  readonly indexes: IndexSource;
  readonly #base: () => string;
  readonly #metrics: () => readonly HeadMetric[];

  readonly sort = $derived.by(() => {
    const metrics = this.#metrics();
    return metrics.find(({ name }) => name === this.state.sort) ?? metrics[0];
  });
  readonly parsed = $derived.by(() =>
    parseQuery(
      this.state.query,
      this.#metrics().map(({ name }) => name),
    ),
  );
  /** Positions of the heads found, sorted; undefined until the columns are there. A broken query finds all. */
  readonly found = $derived.by(() => {
    const { columns, parsed, sort } = this;
    if (columns === undefined) return undefined;
    const { model, isAscending } = this.state;
    const query = parsed.ok ? parsed.query : ({ kind: 'all' } as const);
    return findHeads(columns, { query, model, sort: sort?.name ?? '', isAscending });
  });

  constructor(base: () => string, metrics: () => readonly HeadMetric[]) {
    this.#base = base;
    this.#metrics = metrics;
    this.indexes = new IndexSource(base);
  }

  readLocation(): void {
    this.state = parseHeadsState(location.search, this.#metrics()[0]?.name ?? '');
  }

  change(part: Partial<HeadsState>): void {
    this.state = { ...this.state, ...part };
  }

  path(): string {
    return withBase(this.#base(), headsPath(this.state));
  }

  async load(fresh = false): Promise<void> {
    this.failure = undefined;
    try {
      const file = await loadFile(withBase(this.#base(), assets.headColumns()), fresh);
      this.columns = decodeHeadColumns(new Uint8Array(file));
    } catch (error) {
      const damaged = error instanceof RangeError || error instanceof SyntaxError;
      this.failure = failureOf(damaged ? new LoadError({ kind: 'damaged', reason: error.message }) : error);
    }
  }

  address(at: number): HeadAddress {
    const { models, stacks, model, stack, layer, head } = this.#loaded();
    return {
      model: models[model[at] ?? 0]?.id ?? '',
      stack: stacks[stack[at] ?? 0] ?? 'self',
      layer: layer[at] ?? 0,
      head: head[at] ?? 0,
    };
  }

  row(at: number): HeadRow {
    const { models, model, metrics } = this.#loaded();
    const means: Record<string, number | null> = {};
    for (const [name, values] of metrics) {
      const value = values[at] ?? NaN;
      means[name] = Number.isNaN(value) ? null : value;
    }
    return { address: this.address(at), modelName: models[model[at] ?? 0]?.name ?? '', means };
  }

  #loaded(): HeadColumns {
    if (this.columns === undefined) throw new Error('The columns are not there yet');
    return this.columns;
  }
}
