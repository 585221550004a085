import type { Tile } from '../schema/records.ts';
import { assets, withBase } from '../schema/urls.ts';

/**
 * The select of a model page: shows the same heads on another prompt, and keeps it in the address (`?prompt=ID`).
 * All patterns of a plate have one size, so the picture's own size tells where each tile lies.
 */
const select = document.querySelector<HTMLSelectElement>('#grid-prompt');
const section = document.querySelector<HTMLElement>('.model-grid');
const tiles = [...document.querySelectorAll<SVGSVGElement>('.model-grid .tile')];

async function show(prompt: string): Promise<void> {
  if (select === null || section === null) return;
  const href = withBase(select.dataset.base ?? '/', assets.plate('raw', section.dataset.model ?? '', prompt));
  const picture = new Image();
  picture.src = href;
  await picture.decode();
  const lists = [...document.querySelectorAll('.model-grid .head-grid')];
  const columns = Math.max(...lists.map((list) => list.children.length));
  const rows = lists.length;
  for (const [index, tile] of tiles.entries()) {
    const place = tileAt(picture.naturalWidth, picture.naturalHeight, columns, rows, index);
    tile.setAttribute('viewBox', `${place.x} ${place.y} ${place.width} ${place.height}`);
    const image = tile.querySelector('image');
    image?.setAttribute('width', String(picture.naturalWidth));
    image?.setAttribute('height', String(picture.naturalHeight));
    image?.setAttribute('href', href);
  }
}

/** The inverse of `layMosaic` for tiles of one size, which lie 2 pixels apart. */
function tileAt(width: number, height: number, columns: number, rows: number, index: number): Tile {
  const cellWidth = (width + 2) / columns;
  const cellHeight = (height + 2) / rows;
  return {
    x: (index % columns) * cellWidth,
    y: Math.floor(index / columns) * cellHeight,
    width: cellWidth - 2,
    height: cellHeight - 2,
  };
}

function promptOfAddress(): string | undefined {
  const wanted = new URLSearchParams(location.search).get('prompt');
  return [...(select?.options ?? [])].find((option) => option.value === wanted)?.value;
}

if (select !== null) {
  select.disabled = false;
  select.addEventListener('change', () => {
    history.replaceState(null, '', `?prompt=${select.value}`);
    void show(select.value);
  });
  const wanted = promptOfAddress();
  if (wanted !== undefined) {
    select.value = wanted;
    void show(wanted);
  }
}
