/** What a search asks for, as its address says. */
export interface SearchState {
  readonly words: string;
  /** By facet, the value that is asked for. */
  readonly facets: Readonly<Record<string, string>>;
  /** `relevance`, `shortest`, `longest`, or a metric: by each prompt's strongest head. */
  readonly order: string;
}

/** Of an address's query string; what it does not name is as at the start. */
export function parseSearch(query: string, facetNames: readonly string[]): SearchState {
  const parameters = new URLSearchParams(query);
  return {
    words: parameters.get('q') ?? '',
    facets: Object.fromEntries(
      facetNames.flatMap((name) => {
        const value = parameters.get(name) ?? '';
        return value === '' ? [] : [[name, value]];
      }),
    ),
    order: parameters.get('sort') ?? 'relevance',
  };
}

/** The query string that `parseSearch` reads, with its `?`; empty where nothing is asked for. */
export function formatSearch({ words, facets, order }: SearchState): string {
  const parameters = new URLSearchParams({
    ...(words === '' ? {} : { q: words }),
    ...facets,
    ...(order === 'relevance' ? {} : { sort: order }),
  }).toString();
  return parameters === '' ? '' : `?${parameters}`;
}

/** The words to mark on a prompt's page, as a query string with its `?`. */
export function formatMarks(words: readonly string[]): string {
  const parameters = new URLSearchParams(words.map((word) => ['mark', word])).toString();
  return parameters === '' ? '' : `?${parameters}`;
}

const MOST_MARKS = 12;
const LONGEST_MARK = 200;

/** The words that an address of a prompt's page asks to mark. */
export function parseMarks(query: string): string[] {
  return new URLSearchParams(query)
    .getAll('mark')
    .filter((word) => word !== '' && word.length <= LONGEST_MARK)
    .slice(0, MOST_MARKS);
}
