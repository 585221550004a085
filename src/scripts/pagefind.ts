/** What the site uses of Pagefind's interface, which the build puts into `pagefind/`. */
export interface Pagefind {
  options(options: Readonly<Record<string, unknown>>): Promise<void>;
  search(
    term: string | null,
    options: { readonly filters: Readonly<Record<string, string>> },
  ): Promise<Answer>;
}

interface Answer {
  readonly results: readonly Result[];
  /** How many of the results have each value of each facet. */
  readonly filters: Facets;
}

export type Facets = Readonly<Record<string, Readonly<Record<string, number>>>>;

export interface Result {
  data(): Promise<Fragment>;
}

export interface Fragment {
  /** Base included. */
  readonly url: string;
  /** Escaped HTML with the matches in `<mark>`. */
  readonly excerpt: string;
  readonly meta: Readonly<Record<string, string>>;
  /** Its values of each facet. */
  readonly filters: Readonly<Record<string, readonly string[]>>;
}

/**
 * Fetches Pagefind and its index.
 *
 * @param base the site's base path
 * @throws where a file cannot be fetched
 */
export async function loadPagefind(base: string): Promise<Pagefind> {
  const folder = `${base.replace(/\/$/u, '')}/pagefind/`;
  const module = (await import(/* @vite-ignore */ `${folder}pagefind.js`)) as Pagefind;
  await module.options({ baseUrl: base, excerptLength: 30 });
  return module;
}
