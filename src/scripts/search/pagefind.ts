/** What the site uses of Pagefind's interface, which the build puts into `pagefind/`. */
export interface Pagefind {
  options(options: Readonly<Record<string, unknown>>): Promise<void>;
  mergeIndex(path: string, options: Readonly<Record<string, unknown>>): Promise<void>;
  /** Fetches the chunks of the index that a search for `term` needs. */
  preload(term: string): Promise<void>;
  search(term: string | null, options: { readonly filters: Filters }): Promise<Answer>;
}

/** By facet, the value that results must have, or values of which they must have one; `not`: must not. */
type Filters = Readonly<Record<string, Choice | Readonly<Record<string, Choice>>>>;
type Choice = string | { readonly any: readonly string[] };

export interface Answer {
  readonly results: readonly Result[];
  /** How many of the results have each value of each facet. */
  readonly filters: Facets;
}

type Facets = Readonly<Record<string, Readonly<Record<string, number>>>>;

export interface Result {
  /** Pagefind's name of the record. */
  readonly id: string;
  /** Positions of the matches in the words of the record's content. */
  readonly words: readonly number[];
  data(): Promise<Fragment>;
}

export interface Fragment {
  /** Base included. */
  readonly url: string;
  /** As indexed, with white space made single spaces. */
  readonly content: string;
  readonly meta: Readonly<Record<string, string>>;
  /** Its values of each facet. */
  readonly filters: Readonly<Record<string, readonly string[]>>;
}

/** Fetches Pagefind's script alone. */
export async function fetchPagefind(base: string): Promise<Pagefind> {
  return (await import(/* @vite-ignore */ `${folderOf(base)}pagefind.js`)) as Pagefind;
}

function folderOf(base: string): string {
  return `${base.replace(/\/$/u, '')}/pagefind/`;
}

/**
 * Fetches Pagefind and its index.
 *
 * @param base the site's base path
 * @param parts indexes besides the first, `pagefind/part-1/` and so on
 * @throws where a file cannot be fetched
 */
export async function loadPagefind(base: string, parts: number): Promise<Pagefind> {
  const module = await fetchPagefind(base);
  await module.options({ baseUrl: base });
  for (let part = 1; part <= parts; part++)
    await module.mergeIndex(`${folderOf(base)}part-${String(part)}/`, { baseUrl: base });
  return module;
}
