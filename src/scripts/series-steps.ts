import { parsePage } from '../site/parse-page.ts';
import { PAGE_CHANGED, replaceAround } from './replace-around.ts';

/*
 * The slider over training checkpoints on model, layer and head pages: puts the same place of another checkpoint into
 * the page, so that the slider keeps the focus, the window its place, and the address what was chosen (the prompt, the
 * colours). Where the other page cannot be fetched, the browser goes there and says so.
 */
const nav = document.querySelector<HTMLElement>('.steps');
if (nav !== null) start(nav);

function start(steps: HTMLElement): void {
  const slider = steps.querySelector<HTMLInputElement>('input[type="range"]');
  const links = [...steps.querySelectorAll<HTMLAnchorElement>('a')];
  const pages = new Map<string, Promise<Document>>();
  let wanted = links.findIndex((link) => link.ariaCurrent === 'page');

  const mark = (at: number) => {
    const step = links[at]?.textContent.trim() ?? '';
    for (const [index, link] of links.entries()) link.ariaCurrent = index === at ? 'page' : null;
    if (slider === null) return;
    slider.valueAsNumber = at;
    slider.ariaValueText = `step ${step}, ${at + 1} of ${links.length}`;
    const output = steps.querySelector('output');
    if (output !== null) output.textContent = step;
  };
  const show = async (at: number) => {
    const link = links[at];
    if (link === undefined || at === wanted) return;
    wanted = at;
    const address = `${link.pathname}${keptQuery()}`;
    mark(at);
    if (link.dataset.otherPlace !== undefined) {
      location.assign(link.href);
      return;
    }
    const page = pages.get(link.href) ?? fetchPage(link.href);
    pages.set(link.href, page);
    try {
      const next = await page;
      if (wanted !== at) return;
      history.replaceState(null, '', address);
      put(next.cloneNode(true) as Document, steps);
      const state = steps.querySelector('.steps-state');
      if (state !== null) state.textContent = `Step ${link.textContent.trim()} is shown.`;
    } catch {
      if (wanted === at) location.assign(address);
    }
  };

  slider?.addEventListener('input', () => void show(slider.valueAsNumber));
  steps.addEventListener('click', (event) => {
    const at = links.findIndex((link) => event.target instanceof Node && link.contains(event.target));
    if (at < 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    void show(at);
  });
}

/** What the address says beside the place; a page of one head keeps the prompt that it shows, named or not. */
function keptQuery(): string {
  const query = new URLSearchParams(location.search);
  const shown = document.querySelector<SVGElement>('main .head-plate svg[data-prompt]');
  if (shown?.dataset.prompt !== undefined) query.set('prompt', shown.dataset.prompt);
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}

async function fetchPage(address: string): Promise<Document> {
  const response = await fetch(address);
  if (!response.ok) throw new RangeError(`${address} answers ${response.status}`);
  return parsePage(await response.text());
}

/** Puts the content of another page around `steps`, which stays; what was unfolded stays unfolded. */
function put(next: Document, steps: HTMLElement): void {
  const main = document.querySelector('main');
  const nextMain = next.querySelector('main');
  const nextSteps = next.querySelector('.steps');
  if (main === null || nextMain === null || nextSteps === null) throw new RangeError('Another kind of page');
  const open = [...main.querySelectorAll('details')].map((details) => details.open);
  replaceAround(main, steps, nextMain, nextSteps);
  for (const [index, details] of main.querySelectorAll('details').entries())
    details.open = open[index] ?? false;
  document.title = next.title;
  const canonical = document.querySelector<HTMLLinkElement>('link[rel="canonical"]');
  const nextCanonical = next.querySelector<HTMLLinkElement>('link[rel="canonical"]');
  if (canonical !== null && nextCanonical !== null) canonical.href = nextCanonical.href;
  // Islands that went with the old content let go by this event of Astro's.
  document.dispatchEvent(new Event('astro:after-swap'));
  document.dispatchEvent(new Event(PAGE_CHANGED));
}
