import { layPlate, type PlateSizes } from '../site/plate-layout.ts';
import { assets } from '../schema/urls.ts';
import { assetUrl } from '../site/asset-url.ts';
import { PAGE_CHANGED } from './replace-around.ts';

/*
 * The grid of a model page: shows the same heads on another prompt, or coloured by a metric in place of their
 * patterns. Both choices stand in the address (`?prompt=ID&colour=METRIC`).
 */
startGrid();
document.addEventListener(PAGE_CHANGED, startGrid);

interface Cell {
  readonly item: HTMLElement;
  readonly stack: string;
  readonly frame: HTMLElement;
  readonly picture: SVGSVGElement;
  readonly swatch: HTMLElement;
  readonly value: HTMLElement;
  /** Share of the metric's range that the head's mean reaches, 0..1, and the mean as it is written, by metric. */
  readonly means: Readonly<Record<string, readonly [share: number, text: string]>>;
}

function startGrid(): void {
  const grid = document.querySelector<HTMLElement>('.model-grid');
  if (grid !== null) start(grid);
}

function start(root: HTMLElement): void {
  const select = root.querySelector<HTMLSelectElement>('#grid-prompt');
  const choices = [...root.querySelectorAll<HTMLInputElement>('input[name="colour"]')];
  const cells = [...root.querySelectorAll<HTMLElement>('[data-stack]')].map(cellOf);
  if (select === null) return;

  const choose = (colour: string) => {
    for (const cell of cells) paint(cell, colour);
  };
  const follow = () => {
    const colour = choices.find(({ checked }) => checked)?.value ?? '';
    const parameters = new URLSearchParams();
    if (!select.options[select.selectedIndex]?.defaultSelected) parameters.set('prompt', select.value);
    if (colour !== '') parameters.set('colour', colour);
    const query = parameters.toString();
    history.replaceState(null, '', query === '' ? location.pathname : `?${query}`);
  };

  select.addEventListener('change', () => {
    follow();
    void show(root, select, cells);
  });
  for (const choice of choices) {
    choice.addEventListener('change', () => {
      follow();
      choose(choice.value);
    });
  }

  const wanted = new URLSearchParams(location.search);
  const colour = choices.find(({ value }) => value !== '' && value === wanted.get('colour'));
  if (colour !== undefined) {
    colour.checked = true;
    choose(colour.value);
  }
  const prompt = [...select.options].find(({ value }) => value === wanted.get('prompt'));
  if (prompt !== undefined) {
    select.value = prompt.value;
    void show(root, select, cells);
  }
}

function cellOf(item: HTMLElement): Cell {
  const picture = item.querySelector<SVGSVGElement>('.tile');
  const value = item.querySelector<HTMLElement>('.value');
  const frame = item.querySelector<HTMLElement>('.plate-frame');
  const swatch = item.querySelector<HTMLElement>('.swatch');
  if (frame === null || picture === null || value === null || swatch === null)
    throw new Error('A cell of the grid lacks a part');
  const means = JSON.parse(item.dataset.means ?? '{}') as Cell['means'];
  return { item, stack: item.dataset.stack ?? '', frame, picture, swatch, value, means };
}

/** Colours one cell by `metric`, or shows its pattern where that is empty. */
function paint({ frame, swatch, value, means }: Cell, metric: string): void {
  const [share, text] = means[metric] ?? [0, metric === '' ? '' : 'none'];
  const grey = String(Math.round(255 * (1 - share)));
  frame.hidden = metric !== '';
  swatch.hidden = metric === '';
  swatch.querySelector('rect')?.setAttribute('fill', `rgb(${grey} ${grey} ${grey})`);
  value.textContent = text;
}

async function show(root: HTMLElement, select: HTMLSelectElement, cells: readonly Cell[]): Promise<void> {
  const option = select.options[select.selectedIndex];
  if (option === undefined) return;
  const prompt = option.value;
  const { base = '/', model = '', columns = '1' } = root.dataset;
  const href = assetUrl(base, assets.plate('raw', model, prompt));
  const status = root.querySelector('[role="status"]');
  const isThere = await decoded(href);
  if (select.value !== prompt) return;
  if (!isThere) {
    if (status !== null)
      status.textContent = 'The patterns of this prompt could not be fetched. Choose it again to retry.';
    return;
  }
  const sizes = JSON.parse(option.dataset.sizes ?? '{}') as PlateSizes;
  const plate = layPlate(
    cells.map(({ stack }) => stack),
    Number(columns),
    sizes,
  );
  for (const [index, { item, picture }] of cells.entries()) {
    const tile = plate.tiles[index];
    item.hidden = tile === undefined;
    if (tile === undefined) continue;
    const image = picture.querySelector('image');
    image?.setAttribute('width', String(plate.mosaic.width));
    image?.setAttribute('height', String(plate.mosaic.height));
    image?.setAttribute('href', href);
    picture.setAttribute('viewBox', `${tile.x} ${tile.y} ${tile.width} ${tile.height}`);
  }
  root.dataset.prompt = prompt;
  const link = root.querySelector<HTMLAnchorElement>('.shown-prompt');
  if (link !== null) {
    link.href = link.href.replace(/[^/]+\/$/u, `${prompt}/`);
    link.textContent = `“${option.textContent.trim()}”`;
  }
  if (status !== null) status.textContent = '';
}

/** Waits for a picture, so that the old one stays until the new one can be shown. */
async function decoded(href: string): Promise<boolean> {
  const picture = new Image();
  picture.src = href;
  return picture.decode().then(
    () => true,
    () => false,
  );
}
