import { byColumn } from '../../core/search/columns.ts';
import { splitStrongest } from '../../core/search/strongest-mark.ts';
import { languageName } from '../../core/search/language.ts';
import { formatSearch, parseSearch, type SearchState } from '../../schema/search-state.ts';
import { isFairMatch } from '../../site/search-match.ts';
import type { Answer, Fragment, Result } from './pagefind.ts';
import { foundWords, pageItem, promptItem, type Found } from './result-item.ts';
import { SearchEngine, type Strongest } from './search-engine.ts';

/*
 * `/search/`: Pagefind, fetched when somebody first searches. Words, facets and order stand in the address
 * (`?q=WORDS&set=NAME&sort=longest`).
 */
const SHOWN = 20;
const MOST_PAGES = 5;
/** Milliseconds that a search may take before the page says that it waits. */
const PATIENCE = 200;
/** Milliseconds without a key before what was typed is searched for. */
const TYPING = 150;

const form = required('#search', HTMLFormElement);
const query = required('#query', HTMLInputElement);
const order = required('#sort', HTMLSelectElement);
const facets = [...form.querySelectorAll<HTMLSelectElement>('select[data-facet]')];
const state = required('#search-state', HTMLElement);
const starts = required('#starts', HTMLElement);
const others = required('#pages', HTMLElement);
const promptsTitle = required('#prompts-title', HTMLElement);
const otherList = required('#page-results', HTMLUListElement);
const list = required('#results', HTMLOListElement);
const more = required('#more', HTMLButtonElement);
const retry = required('#retry', HTMLButtonElement);
const clear = required('#clear', HTMLButtonElement);
const base = form.dataset.base ?? '/';

let engine: Promise<SearchEngine> | undefined;
let asked = 0;
let pending: readonly Placed[] = [];

/** A result, and its strongest head where the order is by a metric. */
interface Placed {
  readonly result: Result;
  readonly strongest?: Strongest | undefined;
}

function required<T extends Element>(selector: string, kind: new () => T): T {
  const element = document.querySelector(selector);
  if (!(element instanceof kind)) throw new Error(`The page has no ${selector}`);
  return element;
}

function chosen(): SearchState {
  return {
    words: query.value.trim(),
    facets: Object.fromEntries(
      facets.filter(({ value }) => value !== '').map(({ name, value }) => [name, value]),
    ),
    order: order.value,
  };
}

async function search(): Promise<void> {
  const own = ++asked;
  const { words, facets: narrowed, order: by } = chosen();
  const isNarrowed = Object.keys(narrowed).length > 0;
  const asking = Object.fromEntries(Object.entries(narrowed).filter((entry) => !isCommon(...entry)));
  history.replaceState(
    null,
    '',
    `${location.pathname}${formatSearch({ words, facets: narrowed, order: by })}`,
  );
  if (words === '' && !isNarrowed && by === 'relevance') {
    showPages([]);
    say('Type words that a prompt holds, or look through a set:', { starts: true });
    return;
  }
  const waiting = setTimeout(() => {
    state.textContent = 'Searching…';
  }, PATIENCE);
  const outcome = await ask(words, asking, by, isNarrowed).catch(() => undefined);
  clearTimeout(waiting);
  if (own !== asked) return;
  if (outcome === undefined) {
    engine = undefined;
    showPages([]);
    say('The search index could not be fetched. Check the connection.', { retry: true });
    return;
  }
  const { answer, pages, sorted, found, opened } = outcome;
  countFacets(answer);
  showPages(pages.filter(({ meta, content }) => isFairMatch(words, [meta.title ?? '', content])));
  sayCount(words, sorted.length, found, isNarrowed);
  add(found, sorted, opened);
}

/** Fetches what the page shows of a search; rejected where a file cannot be fetched. */
async function ask(words: string, facetsAsked: SearchState['facets'], by: string, isNarrowed: boolean) {
  engine ??= open();
  const opened = await engine;
  const [answer, pages] = await Promise.all([
    opened.prompts(words, facetsAsked),
    isNarrowed ? [] : opened.pages(words, MOST_PAGES),
  ]);
  const sorted = await inOrder(answer, by, opened);
  return { answer, pages, sorted, found: await fetchNext(sorted, opened), opened };
}

function open(): Promise<SearchEngine> {
  const opening = SearchEngine.open(base);
  opening.catch(() => {
    engine = undefined;
  });
  return opening;
}

/** The results in the order that was asked for. */
async function inOrder({ results }: Answer, by: string, opened: SearchEngine): Promise<Placed[]> {
  if (by === 'relevance') return results.map((result) => ({ result }));
  const isLength = by === 'shortest' || by === 'longest';
  const [positions, column] = await Promise.all([
    opened.positionsOf(results),
    opened.column(isLength ? 'characters' : by),
  ]);
  const byPosition = new Map(results.map((result, at) => [positions[at] ?? -1, result]));
  const sorted = byColumn([...byPosition.keys()], column, by === 'shortest' ? 'ascending' : 'descending');
  return sorted.flatMap((position) => {
    const result = byPosition.get(position);
    return result === undefined ? [] : [{ result, strongest: opened.strongestAt(by, column, position) }];
  });
}

function fetchNext(placed: readonly Placed[], opened: SearchEngine): Promise<Found[]> {
  return Promise.all(
    placed.slice(0, SHOWN).map(async ({ result, strongest }): Promise<Found> => {
      const fragment = await result.data();
      const shown = strongest ?? opened.strongestOf(splitStrongest(fragment.url).strongest);
      return {
        fragment,
        matches: result.words,
        strongest: shown === undefined ? undefined : { ...shown, metric: metricTitle(shown.metric) },
      };
    }),
  );
}

function sayCount(words: string, count: number, found: readonly Found[], isNarrowed: boolean): void {
  if (count === 0) {
    const where = isNarrowed ? ' in what you chose' : '';
    say(`No prompt holds “${words}”${where}. Fewer or shorter words find more.`, {
      clear: isNarrowed,
      starts: !isNarrowed,
    });
    return;
  }
  const isFair = found.some((entry) => isFairMatch(words, foundWords(entry)));
  const number = `${count.toLocaleString('en')} ${count === 1 ? 'prompt' : 'prompts'}`;
  say(isFair ? number : `No prompt holds “${words}”. The nearest ${number}:`, {});
}

/** Empties the list, and says what there is in its place. */
function say(text: string, shown: { starts?: boolean; retry?: boolean; clear?: boolean }): void {
  state.textContent = text;
  starts.hidden = shown.starts !== true;
  retry.hidden = shown.retry !== true;
  clear.hidden = shown.clear !== true;
  list.replaceChildren();
  more.hidden = true;
}

function showPages(pages: readonly Fragment[]): void {
  others.hidden = pages.length === 0;
  promptsTitle.classList.toggle('visually-hidden', pages.length === 0);
  otherList.replaceChildren(...pages.map((page) => pageItem(page, page.filters.kind?.[0] ?? '')));
}

/** Lists `found`, the first of `placed`; the rest waits for the button. */
function add(found: readonly Found[], placed: readonly Placed[], opened: SearchEngine): void {
  list.append(
    ...found.map((entry) => promptItem(entry, factsOf(entry.fragment), base, opened.catalogue.models)),
  );
  pending = placed.slice(SHOWN);
  more.hidden = pending.length === 0;
}

function factsOf({ filters }: Fragment): string[] {
  const [language] = filters.language ?? [];
  return [
    ...(filters.set ?? []).map((name) => optionTitle('set', name)),
    ...(language === undefined || language.startsWith('und') ? [] : [languageName(language)]),
  ];
}

async function showMore(): Promise<void> {
  const own = asked;
  const placed = pending;
  const opened = await engine;
  if (opened === undefined) return;
  const found = await fetchNext(placed, opened);
  if (own !== asked || placed !== pending) return;
  const first = list.children.length;
  add(found, placed, opened);
  list.children[first]?.querySelector<HTMLAnchorElement>('h3 a')?.focus();
}

function optionTitle(facet: string, value: string): string {
  const options = facets.find(({ name }) => name === facet)?.options ?? [];
  return [...options].find((option) => option.value === value)?.dataset.name ?? value;
}

function metricTitle(name: string): string {
  return [...order.options].find(({ value }) => value === name)?.text ?? name;
}

/** Whether all prompts have this value: the index does not know it. */
function isCommon(facet: string, value: string): boolean {
  const select = facets.find(({ name }) => name === facet);
  return [...(select?.options ?? [])].some((option) => option.value === value && 'common' in option.dataset);
}

function countFacets({ filters, results }: Answer): void {
  for (const select of facets) {
    for (const option of select.options) {
      if (option.value === '') continue;
      const count = 'common' in option.dataset ? results.length : (filters[select.name]?.[option.value] ?? 0);
      option.textContent = `${option.dataset.name ?? option.value} (${count.toLocaleString('en')})`;
    }
  }
}

function choose(select: HTMLSelectElement, value: string): void {
  if ([...select.options].some((option) => option.value === value)) select.value = value;
}

let typing: ReturnType<typeof setTimeout> | undefined;
query.addEventListener('focus', () => {
  engine ??= open();
});
query.addEventListener('input', () => {
  clearTimeout(typing);
  void engine?.then((opened) => {
    opened.prepare(query.value);
  });
  typing = setTimeout(() => void search(), TYPING);
});
for (const select of [...facets, order]) select.addEventListener('change', () => void search());
form.addEventListener('submit', (event) => {
  event.preventDefault();
  clearTimeout(typing);
  void search();
});
more.addEventListener('click', () => void showMore());
retry.addEventListener('click', () => void search());
clear.addEventListener('click', () => {
  for (const select of facets) select.value = '';
  query.focus();
  void search();
});

const address = parseSearch(
  location.search,
  facets.map(({ name }) => name),
);
query.value = address.words;
for (const select of facets) choose(select, address.facets[select.name] ?? '');
choose(order, address.order);
void search();
