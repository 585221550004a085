import { decodeColumn, decodeIds, fragmentNumber, type SearchColumn } from '../../core/search/columns.ts';
import { headsOfModels } from '../../core/search/heads-of-models.ts';
import type { StrongestMark } from '../../core/search/strongest-mark.ts';
import { searchTerm } from '../../core/search/unspaced-signs.ts';
import { PAGE_KINDS } from '../../schema/page-kinds.ts';
import type { SearchCatalogue } from '../../schema/search-catalogue.ts';
import { assets, paths, withBase, type HeadAddress } from '../../schema/urls.ts';
import {
  fetchPagefind,
  loadPagefind,
  type Answer,
  type Fragment,
  type Pagefind,
  type Result,
} from './pagefind.ts';

/** A prompt's strongest head by a metric. */
export interface Strongest {
  readonly address: HeadAddress;
  readonly metric: string;
  readonly value: number;
}

/** The index of a site, and the columns beside it, each fetched when it is first asked for. */
export class SearchEngine {
  readonly catalogue: SearchCatalogue;
  readonly #base: string;
  readonly #pagefind: Pagefind;
  readonly #columns = new Map<string, Promise<SearchColumn>>();
  #positions: Promise<ReadonlyMap<number, number>> | undefined;
  readonly #heads: readonly HeadAddress[];

  private constructor(base: string, catalogue: SearchCatalogue, pagefind: Pagefind) {
    this.#base = base;
    this.catalogue = catalogue;
    this.#pagefind = pagefind;
    this.#heads = headsOfModels(catalogue.models);
  }

  /** @throws where a file cannot be fetched or is of another version */
  static async open(base: string): Promise<SearchEngine> {
    const [file] = await Promise.all([
      fetchBytes(withBase(base, assets.searchCatalogue())),
      fetchPagefind(base), // which is on its way while the catalogue tells how many parts there are
    ]);
    const catalogue = JSON.parse(new TextDecoder().decode(file)) as SearchCatalogue | { readonly version: 0 };
    if (catalogue.version !== 1) throw new RangeError('The index of the search is of another version.');
    return new SearchEngine(base, catalogue, await loadPagefind(base, catalogue.parts));
  }

  /** Fetches what `prompts` will need for these words. */
  prepare(words: string): void {
    const term = termOf(words);
    if (term !== null) void this.#pagefind.preload(term).catch(() => undefined); // the search itself reports it
  }

  /** Prompts that hold the words, all where there are none, and have the values that `facets` names. */
  prompts(words: string, facets: Readonly<Record<string, string>>): Promise<Answer> {
    return this.#pagefind.search(termOf(words), {
      filters: { ...facets, not: { kind: { any: PAGE_KINDS } } },
    });
  }

  /** Notes, figures and metrics that hold the words, best first; none where there are no words. */
  async pages(words: string, most: number): Promise<Fragment[]> {
    const term = termOf(words);
    if (term === null) return [];
    const { results } = await this.#pagefind.search(term, { filters: { kind: { any: PAGE_KINDS } } });
    return Promise.all(results.slice(0, most).map((result) => result.data()));
  }

  /** The number of characters of every prompt (`characters`), or its strongest head by a metric. */
  column(name: string): Promise<SearchColumn> {
    const known = this.#columns.get(name) ?? this.#fetchColumn(name);
    this.#columns.set(name, known);
    known.catch(() => this.#columns.delete(name));
    return known;
  }

  /** The positions of results in the columns. */
  async positionsOf(results: readonly Result[]): Promise<(number | undefined)[]> {
    this.#positions ??= fetchBytes(withBase(this.#base, assets.searchIds())).then((file) =>
      decodeIds(file, this.catalogue.prompts),
    );
    const positions = await this.#positions.catch((error: unknown) => {
      this.#positions = undefined;
      throw error;
    });
    return results.map(({ id }) => positions.get(fragmentNumber(id)));
  }

  /** The entry of the column of `metric` at `position`; undefined in a column that is not about heads. */
  strongestAt(metric: string, { values, heads }: SearchColumn, position: number): Strongest | undefined {
    const address = this.#heads[heads?.[position] ?? -1];
    return address === undefined ? undefined : { address, metric, value: values[position] ?? NaN };
  }

  /** What a result's own mark says. */
  strongestOf(mark: StrongestMark | undefined): Strongest | undefined {
    const address = this.#heads.find((head) => paths.head(head) === mark?.path);
    return mark === undefined || address === undefined
      ? undefined
      : { address, metric: mark.metric, value: mark.value };
  }

  async #fetchColumn(name: string): Promise<SearchColumn> {
    const file = await fetchBytes(withBase(this.#base, assets.searchColumn(name)));
    return decodeColumn(file, this.catalogue.prompts);
  }
}

/** What Pagefind is asked; null asks for everything. */
function termOf(words: string): string | null {
  const term = searchTerm(words);
  return term === '' ? null : term;
}

/** @throws Error where the host has no such file or cannot be reached */
async function fetchBytes(url: string): Promise<Uint8Array> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: status ${String(response.status)}`);
  return new Uint8Array(await response.arrayBuffer());
}
