import { withBase, parseHeadPath, paths } from '../schema/urls.ts';
import {
  comparePath,
  formatPane,
  MOST_PANES,
  parsePane,
  parseView,
  type PatternAddress,
} from '../schema/view-state.ts';
import { Tray, TRAY_CHANGED } from '../site/tray.ts';
import { isTyping } from './is-typing.ts';

/*
 * Collects patterns for a comparison, on every page: a button that stands over the small pattern under the pointer or
 * in focus, the key C, the buttons that a page has of its own (`data-collect`), and the count beside "Compare".
 */
const WAIT = 150;
const header = document.querySelector<HTMLElement>('.site-header');
const base = header?.dataset.base ?? '/';
const tray = new Tray(base);
const status = document.querySelector('#tray-status');
const floating = floatingButton();
let shown: { readonly link: HTMLAnchorElement; readonly pane: PatternAddress } | undefined;
let waiting: ReturnType<typeof setTimeout> | undefined;

show();
addEventListener(TRAY_CHANGED, show);

document.addEventListener('pointerover', ({ target, pointerType }) => {
  if (pointerType === 'touch' || !(target instanceof Element) || target === floating) return;
  clearTimeout(waiting);
  const link = tileLink(target);
  if (link === null) {
    if (shown?.link.matches(':focus-visible') !== true) stand(null);
  } else if (link !== shown?.link) {
    waiting = setTimeout(stand, WAIT, link);
  }
});
document.addEventListener('focusin', ({ target }) => {
  if (target === floating) return;
  const link = target instanceof Element && target.matches(':focus-visible') ? tileLink(target) : null;
  stand(link);
});
document.addEventListener('keydown', (event) => {
  if (event.key.toLowerCase() !== 'c' || event.ctrlKey || event.metaKey || event.altKey) return;
  if (!(event.target instanceof Element) || isTyping(event.target)) return;
  const link = tileLink(event.target);
  const pane = link === null ? undefined : paneOf(link);
  if (pane === undefined) return;
  event.preventDefault();
  toggle(pane);
});
document.addEventListener('click', ({ target }) => {
  const button = target instanceof Element ? target.closest<HTMLElement>('[data-collect]') : null;
  const pane = button === floating ? shown?.pane : parsePane(button?.dataset.collect ?? '');
  if (pane !== undefined) toggle(pane);
});

/** The link of the small pattern at `element`. */
function tileLink(element: Element): HTMLAnchorElement | null {
  const link = element.closest('a');
  return link?.querySelector('.tile') == null ? null : link;
}

/** Which pattern a link shows: the link to its view says so, or that to its head and the prompt of the picture. */
function paneOf(link: HTMLAnchorElement): PatternAddress | undefined {
  const path = `/${link.pathname.slice(withBase(base, '/').length)}`;
  if (path === paths.view()) {
    const { model, stack, layer, head, prompt } = parseView(link.search).address;
    if (model === undefined || layer === undefined || head === undefined || prompt === undefined)
      return undefined;
    return { model, stack: stack ?? 'self', layer, head, prompt };
  }
  const head = parseHeadPath(path);
  const near = link.querySelector<HTMLElement>('[data-prompt]') ?? link.closest<HTMLElement>('[data-prompt]');
  const prompt = near?.dataset.prompt;
  return head === undefined || prompt === undefined ? undefined : { ...head, prompt };
}

function toggle(pane: PatternAddress): void {
  const was = tray.has(pane);
  if (!was && tray.isFull) say(`${MOST_PANES} patterns are collected, and no more fit into a comparison.`);
  else {
    tray.toggle(pane);
    const count = tray.panes.length;
    say(`${name(pane)} ${was ? 'taken out' : 'added'}: ${count} to compare.`);
  }
}

function name({ model, stack, layer, head }: PatternAddress): string {
  return `${model} ${stack === 'self' ? '' : `${stack} `}L${layer}H${head}`;
}

function say(text: string): void {
  if (status !== null) status.textContent = text;
}

/** Everything that says what the tray holds, as it is now. */
function show(): void {
  const { panes } = tray;
  const link = header?.querySelector<HTMLAnchorElement>(`a[href^="${withBase(base, paths.compare())}"]`);
  if (link != null) {
    link.href = withBase(base, panes.length === 0 ? paths.compare() : comparePath(panes));
    const count = link.querySelector('.collected');
    if (count !== null) count.textContent = panes.length === 0 ? '' : String(panes.length);
  }
  for (const button of document.querySelectorAll<HTMLElement>('[data-collect]')) {
    const pane = button === floating ? shown?.pane : parsePane(button.dataset.collect ?? '');
    if (pane !== undefined) label(button, pane);
  }
}

function label(button: HTMLElement, pane: PatternAddress): void {
  const isIn = tray.has(pane);
  button.setAttribute('aria-pressed', String(isIn));
  const count = `${tray.panes.length} of ${MOST_PANES}`;
  button.textContent = isIn ? `Added, ${count}` : tray.isFull ? `Full, ${count}` : 'Add to compare';
  button.title = name(pane);
}

/** Puts the button over the small pattern of `link`, or takes it away. */
function stand(link: HTMLAnchorElement | null): void {
  clearTimeout(waiting);
  const pane = link === null ? undefined : paneOf(link);
  floating.hidden = pane === undefined;
  shown = link === null || pane === undefined ? undefined : { link, pane };
  if (shown === undefined || pane === undefined) return;
  floating.dataset.collect = formatPane(pane);
  label(floating, pane);
  const box = (shown.link.querySelector('.tile') ?? shown.link).getBoundingClientRect();
  const own = floating.getBoundingClientRect();
  // In the upper right corner, where a causal pattern is empty; above a picture that is hardly larger than the button.
  const isSmall = box.width < 1.5 * own.width;
  floating.style.insetBlockStart = `${box.top + scrollY - (isSmall ? own.height - 6 : -4)}px`;
  floating.style.insetInlineStart = `${Math.max(4, box.right + scrollX - own.width - (isSmall ? 0 : 4))}px`;
}

function floatingButton(): HTMLButtonElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'collect-tile';
  button.dataset.collect = '';
  button.tabIndex = -1; // by keys, C does it where the focus is
  button.hidden = true;
  document.body.append(button);
  return button;
}
