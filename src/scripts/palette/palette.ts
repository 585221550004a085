import { findPlaces, placesOf, type Place, type Places } from '../../core/search/palette.ts';
import type { SearchPages } from '../../schema/search-catalogue.ts';
import { formatSearch } from '../../schema/search-state.ts';
import type { SiteIndex } from '../../schema/site-index.ts';
import { assets, paths, withBase } from '../../schema/urls.ts';

const MOST = 12;
/** Milliseconds that the list of places may take before the palette says that it waits. */
const PATIENCE = 200;

/** Something in the list: a place to go to, or a thing to do. */
interface Choice {
  readonly title: string;
  readonly kind: string;
  /** Of a place, base included. */
  readonly href?: string;
  readonly run?: () => void;
}

const base = document.querySelector<HTMLElement>('.find')?.dataset.base ?? '/';
const dialog = document.createElement('dialog');
const input = document.createElement('input');
const list = document.createElement('ul');
const status = document.createElement('p');
let places: Promise<Places> | undefined;
let choices: readonly Choice[] = [];
let active = 0;
let asked = 0;

build();

/** Shows the palette, empty, and gives it the focus; closing it gives the focus back. */
export function openPalette(): void {
  input.value = '';
  dialog.showModal();
  void update();
}

function build(): void {
  dialog.className = 'palette';
  dialog.setAttribute('aria-label', 'Find');
  input.type = 'search';
  input.placeholder = 'A model, a head like L1H2, a prompt, figure or metric';
  input.autocomplete = 'off';
  for (const [name, value] of Object.entries({
    role: 'combobox',
    'aria-label': 'Find a page or a command',
    'aria-expanded': 'true',
    'aria-controls': 'palette-list',
    'aria-autocomplete': 'list',
  }))
    input.setAttribute(name, value);
  list.id = 'palette-list';
  list.setAttribute('role', 'listbox');
  list.setAttribute('aria-label', 'Found');
  status.className = 'soft';
  status.setAttribute('role', 'status');
  dialog.append(input, list, status);
  document.body.append(dialog);
  input.addEventListener('input', () => void update());
  input.addEventListener('keydown', press);
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog) dialog.close(); // the ground around it
  });
}

function press(event: KeyboardEvent): void {
  const moves: Readonly<Record<string, number>> = {
    ArrowDown: active + 1,
    ArrowUp: active - 1,
    PageDown: choices.length - 1,
    PageUp: 0,
  };
  const to = moves[event.key];
  if (to !== undefined) {
    event.preventDefault();
    activate((to + choices.length) % Math.max(1, choices.length));
  } else if (event.key === 'Enter') {
    event.preventDefault();
    take(choices[active]);
  }
}

function take(choice: Choice | undefined): void {
  if (choice === undefined) return;
  dialog.close();
  if (choice.href === undefined) choice.run?.();
  else location.assign(choice.href);
}

async function update(): Promise<void> {
  const own = ++asked;
  const query = input.value;
  const waiting = setTimeout(() => {
    if (own === asked) status.textContent = 'Fetching the list of pages…';
  }, PATIENCE);
  const known = await (places ??= loadPlaces()).catch(() => undefined);
  clearTimeout(waiting);
  if (own !== asked) return;
  const found = known === undefined ? [] : findPlaces(known, query, MOST);
  choices = [...found.map(choiceOf), ...commands(query)];
  status.textContent =
    known === undefined ? 'The list of pages could not be fetched. Type again to try once more.' : '';
  if (known === undefined) places = undefined;
  list.replaceChildren(...choices.map(optionOf));
  activate(0);
}

function choiceOf({ kind, title, path }: Place): Choice {
  return { title, kind, href: withBase(base, path) };
}

/** What can be done on every page, as far as the query fits; the search of all texts is always offered. */
function commands(query: string): Choice[] {
  const words = query.trim();
  const theme = document.querySelector<HTMLButtonElement>('.theme-switch');
  const doable: Choice[] = [
    ...(theme === null || theme.hidden
      ? []
      : [
          {
            title: theme.textContent.trim(),
            kind: 'command',
            run: () => {
              theme.click();
            },
          },
        ]),
    {
      title: 'Copy the address of this page',
      kind: 'command',
      run: () => void navigator.clipboard.writeText(location.href),
    },
  ];
  const fitting = doable.filter(({ title }) => title.toLowerCase().includes(words.toLowerCase()));
  if (words === '') return fitting;
  const search = withBase(
    base,
    `${paths.search()}${formatSearch({ words, facets: {}, order: 'relevance' })}`,
  );
  return [
    ...fitting,
    { title: `Search the texts of all prompts for “${words}”`, kind: 'search', href: search },
  ];
}

function optionOf(choice: Choice, at: number): HTMLLIElement {
  const option = document.createElement('li');
  option.id = `palette-${String(at)}`;
  option.setAttribute('role', 'option');
  const title = document.createElement('span');
  title.dir = 'auto';
  title.textContent = choice.title;
  const kind = document.createElement('span');
  kind.className = 'soft';
  kind.textContent = choice.kind;
  option.append(title, kind);
  option.addEventListener('pointermove', () => {
    if (active !== at) activate(at);
  });
  option.addEventListener('click', () => {
    take(choice);
  });
  return option;
}

function activate(at: number): void {
  active = at;
  for (const [place, option] of [...list.children].entries()) {
    option.setAttribute('aria-selected', String(place === at));
    if (place === at) option.scrollIntoView({ block: 'nearest' });
  }
  if (choices.length > 0) input.setAttribute('aria-activedescendant', `palette-${String(at)}`);
  else input.removeAttribute('aria-activedescendant');
}

async function loadPlaces(): Promise<Places> {
  const [index, pages] = await Promise.all([
    fetchJson(assets.index()) as Promise<SiteIndex>,
    fetchJson(assets.searchPages()) as Promise<SearchPages>,
  ]);
  const sections = [...document.querySelectorAll<HTMLAnchorElement>('.site-header nav a')].map(
    (link): Place => ({
      kind: 'page',
      title: link.textContent.trim(),
      path: new URL(link.href).pathname.slice(withBase(base, '').length),
    }),
  );
  return placesOf(sections, index, pages);
}

/** @throws Error where the host has no such file or cannot be reached */
async function fetchJson(path: string): Promise<unknown> {
  const response = await fetch(withBase(base, path));
  if (!response.ok) throw new Error(`${path}: status ${String(response.status)}`);
  return response.json();
}
