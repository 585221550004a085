import { GAP } from '../mosaic.ts';
import type { SiteIndex } from '../../schema/site-index.ts';
import type { Tile } from '../../schema/records.ts';
import type { HeadAddress } from '../../schema/urls.ts';

type ModelIndex = SiteIndex['models'][number];

/**
 * Where a head's pattern lies in its model's plate: the mosaic cell, layers down and heads across, stack after stack
 * (a pattern smaller than the largest of the plate stands in the cell's corner). Undefined for a head that the model
 * does not have.
 *
 * @param plate the size of the whole picture, in pixels
 */
export function plateTile(
  model: ModelIndex,
  address: Omit<HeadAddress, 'model'>,
  plate: { readonly width: number; readonly height: number },
): Tile | undefined {
  let before = 0;
  let place: number | undefined;
  for (const { stack, heads, layers } of model.stacks) {
    const row = stack === address.stack ? layers.indexOf(address.layer) : -1;
    if (row >= 0 && address.head < heads) place = before + row * heads + address.head;
    before += layers.length * heads;
  }
  if (place === undefined) return undefined;
  const columns = Math.max(...model.stacks.map(({ heads }) => heads));
  const across = (plate.width + GAP) / Math.min(columns, before);
  const down = (plate.height + GAP) / Math.ceil(before / columns);
  return {
    x: (place % columns) * across,
    y: Math.floor(place / columns) * down,
    width: across - GAP,
    height: down - GAP,
  };
}
