import { parsePane, formatPane } from '../schema/view-state.ts';
import { shownTile } from '../site/shown-tile.ts';
import { PAGE_CHANGED } from './replace-around.ts';

/*
 * A head's page opened for one prompt (`?prompt=ID`): its first plate, the row of checkpoints and the links at the top
 * show that prompt in place of the one that the page came with.
 */
show();
document.addEventListener(PAGE_CHANGED, show);

function show(): void {
  const prompt = new URLSearchParams(location.search).get('prompt') ?? '';
  const plate = document.querySelector('main .head-plate');
  const own = plate?.querySelector<SVGSVGElement>('svg[data-prompt]');
  const tile = shownTile(document, prompt);
  const before = own?.dataset.prompt;
  if (plate == null || own == null || tile === undefined || before === undefined || before === prompt) return;
  for (const svg of document.querySelectorAll<SVGSVGElement>('.head-plate svg, .through-training svg')) {
    // The contact sheets of one series are laid out alike, as long as all read the text in the same tokens.
    const [href = '', ...size] = sheetOf(svg);
    if (size.join(' ') === sheetOf(tile.svg).slice(1).join(' ')) cut(svg, href, tile.svg);
  }
  for (const link of document.querySelectorAll<HTMLAnchorElement>('main a[href]:not(.all-prompts a)')) {
    if (link.href.includes(before)) link.href = link.href.replaceAll(before, prompt);
  }
  const name = plate.querySelector('.shown-prompt');
  if (name !== null) name.textContent = `“${tile.title}”`;
  const collect = document.querySelector<HTMLElement>('main [data-collect]');
  const pane = parsePane(collect?.dataset.collect ?? '');
  if (collect !== null && pane !== undefined) collect.dataset.collect = formatPane({ ...pane, prompt });
}

/** Address, width and height of the contact sheet of the head that is shown: what the pattern is cut out of, or could be. */
function sheetOf(svg: SVGSVGElement): readonly string[] {
  const image = svg.querySelector('image');
  return (
    svg.dataset.sheet?.split(' ') ??
    ['href', 'width', 'height'].map((name) => image?.getAttribute(name) ?? '')
  );
}

/** Shows what `tile` shows of its sheet, of the sheet at `href`. */
function cut(svg: SVGSVGElement, href: string, tile: SVGSVGElement): void {
  const image = tile.querySelector('image')?.cloneNode() as SVGImageElement | undefined;
  image?.setAttribute('href', href);
  if (image !== undefined) svg.replaceChildren(image);
  delete svg.dataset.sheet;
  for (const name of ['viewBox', 'width', 'height', 'data-prompt']) {
    svg.setAttribute(name, tile.getAttribute(name) ?? '');
  }
}
