export {};

/** `/search/`: Pagefind, loaded when somebody searches. The query and the facets stand in the address. */

type Facets = Readonly<Record<string, Readonly<Record<string, number>>>>;

interface Fragment {
  readonly url: string;
  /** HTML that Pagefind escaped, with the match in `<mark>`. */
  readonly excerpt: string;
  readonly meta: Readonly<Record<string, string>>;
}

interface Answer {
  readonly results: readonly { data(): Promise<Fragment> }[];
  readonly filters: Facets;
}

interface Pagefind {
  options(options: Readonly<Record<string, unknown>>): Promise<void>;
  search(term: string | null, options: { filters: Record<string, string> }): Promise<Answer>;
}

const SHOWN = 20;
const form = required(document.querySelector<HTMLFormElement>('#search'));
const query = required(document.querySelector<HTMLInputElement>('#query'));
const facets = [...form.querySelectorAll('select')];
const state = required(document.querySelector<HTMLElement>('#search-state'));
const list = required(document.querySelector<HTMLOListElement>('#results'));
const more = required(document.querySelector<HTMLButtonElement>('#more'));
const base = form.dataset.base ?? '/';

let engine: Promise<Pagefind> | undefined;
let asked = 0;
let pending: readonly { data(): Promise<Fragment> }[] = [];

function required<T>(element: T | null): T {
  if (element === null) throw new Error('The page lacks a part of its search');
  return element;
}

async function load(): Promise<Pagefind> {
  const folder = `${base.replace(/\/$/u, '')}/pagefind/`;
  const module = (await import(/* @vite-ignore */ `${folder}pagefind.js`)) as Pagefind;
  await module.options({ baseUrl: base, excerptLength: 24 });
  return module;
}

async function search(): Promise<void> {
  const own = ++asked;
  const term = query.value.trim();
  const chosen = Object.fromEntries(
    facets.filter(({ value }) => value !== '').map(({ name, value }) => [name, value]),
  );
  writeAddress(term, chosen);
  if (term === '' && Object.keys(chosen).length === 0) {
    list.replaceChildren();
    more.hidden = true;
    state.textContent = 'Type words that a prompt holds, or choose a set.';
    return;
  }
  state.textContent = 'Searching …';
  try {
    engine ??= load();
    const answer = await (await engine).search(term === '' ? null : term, { filters: chosen });
    if (own !== asked) return;
    countFacets(answer.filters);
    list.replaceChildren();
    pending = answer.results;
    const count = pending.length;
    state.textContent =
      count === 0
        ? `No prompt holds “${term}”${Object.keys(chosen).length > 0 ? ' in what you chose' : ''}. Fewer or shorter words find more.`
        : `${String(count)} ${count === 1 ? 'prompt' : 'prompts'}`;
    await showMore();
  } catch {
    engine = undefined;
    state.textContent = 'The search index could not be loaded. Check the connection and search again.';
  }
}

async function showMore(): Promise<void> {
  const own = asked;
  const next = pending.slice(0, SHOWN);
  pending = pending.slice(SHOWN);
  const fragments = await Promise.all(next.map((result) => result.data()));
  if (own !== asked) return;
  list.append(...fragments.map(item));
  more.hidden = pending.length === 0;
}

function item({ url, excerpt, meta }: Fragment): HTMLLIElement {
  const entry = document.createElement('li');
  const link = document.createElement('a');
  link.href = url;
  link.textContent = meta.title ?? url;
  const text = document.createElement('p');
  text.append(...marked(excerpt));
  const set = document.createElement('p');
  set.className = 'soft';
  set.textContent = `${nameOf('set', meta.set ?? '')}, ${meta.tokens ?? ''} tokens`;
  entry.append(link, text, set);
  return entry;
}

/** The excerpt as text and `<mark>` alone, whatever a prompt holds. */
function marked(html: string): Node[] {
  const parsed = new DOMParser().parseFromString(html, 'text/html').body;
  return [...parsed.childNodes].map((node) => {
    if (node.nodeName !== 'MARK') return document.createTextNode(node.textContent ?? '');
    const mark = document.createElement('mark');
    mark.textContent = node.textContent;
    return mark;
  });
}

function nameOf(facet: string, value: string): string {
  const options = facets.find(({ name }) => name === facet)?.options ?? [];
  return [...options].find((option) => option.value === value)?.dataset.name ?? value;
}

function countFacets(counts: Facets): void {
  for (const select of facets) {
    for (const option of select.options) {
      if (option.value === '') continue;
      option.textContent = `${option.dataset.name ?? option.value} (${String(counts[select.name]?.[option.value] ?? 0)})`;
    }
  }
}

function writeAddress(term: string, chosen: Readonly<Record<string, string>>): void {
  const wanted = new URLSearchParams({ ...(term === '' ? {} : { q: term }), ...chosen }).toString();
  history.replaceState(null, '', wanted === '' ? location.pathname : `?${wanted}`);
}

let waiting: ReturnType<typeof setTimeout> | undefined;
query.addEventListener('input', () => {
  clearTimeout(waiting);
  waiting = setTimeout(() => void search(), 150);
});
for (const select of facets) select.addEventListener('change', () => void search());
form.addEventListener('submit', (event) => {
  event.preventDefault();
  clearTimeout(waiting);
  void search();
});
more.addEventListener('click', () => void showMore());

const address = new URLSearchParams(location.search);
query.value = address.get('q') ?? '';
for (const select of facets) {
  const value = address.get(select.name);
  if ([...select.options].some((option) => option.value === value)) select.value = value ?? '';
}
if (address.size > 0) void search();
