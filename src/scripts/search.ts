import { isFairMatch } from '../site/search-match.ts';
import { loadPagefind, type Facets, type Fragment, type Pagefind, type Result } from './pagefind.ts';

/*
 * `/search/`: Pagefind, fetched when somebody first searches. The words and the facets stand in the address
 * (`?q=WORDS&set=NAME&model=ID`).
 */
const SHOWN = 20;
/** Milliseconds that a search may take before the page says that it waits. */
const PATIENCE = 200;
/** Milliseconds without a key before what was typed is searched for. */
const TYPING = 150;

const form = required('#search', HTMLFormElement);
const query = required('#query', HTMLInputElement);
const facets = [required('#set', HTMLSelectElement), required('#model', HTMLSelectElement)];
const state = required('#search-state', HTMLElement);
const starts = required('#starts', HTMLElement);
const list = required('#results', HTMLOListElement);
const more = required('#more', HTMLButtonElement);
const retry = required('#retry', HTMLButtonElement);
const clear = required('#clear', HTMLButtonElement);
const base = form.dataset.base ?? '/';

let engine: Promise<Pagefind> | undefined;
let asked = 0;
let pending: readonly Result[] = [];

function required<T extends Element>(selector: string, kind: new () => T): T {
  const element = document.querySelector(selector);
  if (!(element instanceof kind)) throw new Error(`The page has no ${selector}`);
  return element;
}

async function search(): Promise<void> {
  const own = ++asked;
  const term = query.value.trim();
  const chosen = Object.fromEntries(
    facets.filter(({ value }) => value !== '').map(({ name, value }) => [name, value]),
  );
  const isNarrowed = Object.keys(chosen).length > 0;
  writeAddress(term, chosen);
  if (term === '' && !isNarrowed) {
    say('Type words that a prompt holds, or look through a set:', { starts: true });
    return;
  }
  const waiting = setTimeout(() => {
    state.textContent = 'Searching…';
  }, PATIENCE);
  try {
    engine ??= loadPagefind(base);
    const answer = await (await engine).search(term === '' ? null : term, { filters: chosen });
    const fragments = await fetchNext(answer.results);
    if (own !== asked) return;
    countFacets(answer.filters);
    const count = answer.results.length;
    if (count === 0) {
      const where = isNarrowed ? ' in what you chose' : '';
      say(`No prompt holds “${term}”${where}. Fewer or shorter words find more.`, {
        clear: isNarrowed,
        starts: !isNarrowed,
      });
      return;
    }
    const isFair = fragments.some(({ excerpt, meta }) =>
      isFairMatch(term, [meta.title ?? '', ...matchesOf(excerpt)]),
    );
    const number = `${String(count)} ${count === 1 ? 'prompt' : 'prompts'}`;
    say(isFair ? number : `No prompt holds “${term}”. The nearest ${number}:`, {});
    add(fragments, answer.results);
  } catch {
    if (own !== asked) return;
    engine = undefined;
    say('The search index could not be fetched. Check the connection.', { retry: true });
  } finally {
    clearTimeout(waiting);
  }
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

function fetchNext(results: readonly Result[]): Promise<Fragment[]> {
  return Promise.all(results.slice(0, SHOWN).map((result) => result.data()));
}

/** Lists `fragments`, the first of `results`; the rest waits for the button. */
function add(fragments: readonly Fragment[], results: readonly Result[]): void {
  list.append(...fragments.map(item));
  pending = results.slice(SHOWN);
  more.hidden = pending.length === 0;
}

async function showMore(): Promise<void> {
  const own = asked;
  const results = pending;
  const fragments = await fetchNext(results);
  if (own !== asked || results !== pending) return;
  const first = list.children.length;
  add(fragments, results);
  list.children[first]?.querySelector('a')?.focus();
}

function item({ url, excerpt, meta, filters }: Fragment): HTMLLIElement {
  const entry = document.createElement('li');
  const title = document.createElement('h2');
  const link = document.createElement('a');
  link.href = url;
  link.textContent = meta.title ?? url;
  title.append(link);
  const text = document.createElement('p');
  text.append(...marked(excerpt));
  const set = document.createElement('p');
  set.className = 'soft';
  set.textContent = (filters.set ?? []).map((name) => nameOf('set', name)).join(', ');
  entry.append(title, text, set);
  return entry;
}

/** The excerpt as text and `<mark>` alone, whatever a prompt holds. */
function marked(html: string): Node[] {
  return nodesOf(html).map((node) => {
    if (node.nodeName !== 'MARK') return document.createTextNode(node.textContent ?? '');
    const mark = document.createElement('mark');
    mark.textContent = node.textContent;
    return mark;
  });
}

function matchesOf(html: string): string[] {
  return nodesOf(html).flatMap((node) => (node.nodeName === 'MARK' ? [node.textContent ?? ''] : []));
}

/** Parsed apart from the page, where nothing is fetched or run. */
function nodesOf(html: string): Node[] {
  return [...new DOMParser().parseFromString(html, 'text/html').body.childNodes];
}

function nameOf(facet: string, value: string): string {
  const options = facets.find(({ name }) => name === facet)?.options ?? [];
  return [...options].find((option) => option.value === value)?.dataset.name ?? value;
}

function countFacets(counts: Facets): void {
  for (const select of facets) {
    for (const option of select.options) {
      if (option.value === '') continue;
      const count = counts[select.name]?.[option.value] ?? 0;
      option.textContent = `${option.dataset.name ?? option.value} (${String(count)})`;
    }
  }
}

function writeAddress(term: string, chosen: Readonly<Record<string, string>>): void {
  const wanted = new URLSearchParams({ ...(term === '' ? {} : { q: term }), ...chosen }).toString();
  history.replaceState(null, '', wanted === '' ? location.pathname : `?${wanted}`);
}

let typing: ReturnType<typeof setTimeout> | undefined;
query.addEventListener('input', () => {
  clearTimeout(typing);
  typing = setTimeout(() => void search(), TYPING);
});
for (const select of facets) select.addEventListener('change', () => void search());
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

const address = new URLSearchParams(location.search);
query.value = address.get('q') ?? '';
for (const select of facets) {
  const value = address.get(select.name);
  if ([...select.options].some((option) => option.value === value)) select.value = value ?? '';
}
void search();
