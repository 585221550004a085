import type { WallKey } from '../../schema/heads-state.ts';
import type { SiteIndex } from '../../schema/site-index.ts';
import type { HeadAddress } from '../../schema/urls.ts';

/** One picture of the wall: a figure of a head on a prompt. */
export interface WallCell {
  readonly figure: string;
  readonly address: HeadAddress;
  readonly prompt: string;
}

/** What the wall is made of, each in the order in which it comes when nothing else is asked. */
export interface WallChoice {
  readonly figures: readonly string[];
  readonly heads: readonly HeadAddress[];
  readonly prompts: readonly string[];
}

/**
 * Every figure of every head on every prompt that the head's model has seen, sorted by `order` and then by figure,
 * head and prompt as chosen. At most `most` cells, with how many there are in all.
 */
export function wallCells(
  { figures, heads, prompts }: WallChoice,
  index: SiteIndex,
  order: readonly WallKey[],
  most: number,
): { readonly cells: readonly WallCell[]; readonly total: number } {
  const models = new Map(index.prompts.map((prompt) => [prompt.id, new Set(prompt.models)]));
  const cells = figures.flatMap((figure) =>
    heads.flatMap((address) =>
      prompts.flatMap((prompt) =>
        models.get(prompt)?.has(address.model) === true ? [{ figure, address, prompt }] : [],
      ),
    ),
  );
  const places: Readonly<Record<WallKey, (cell: WallCell) => number>> = {
    model: placeIn([...new Set(heads.map(({ model }) => model))], ({ address }) => address.model),
    figure: placeIn(figures, ({ figure }) => figure),
    prompt: placeIn(prompts, ({ prompt }) => prompt),
    layer: ({ address }) => address.layer,
    head: ({ address }) => address.head,
  };
  const sorted =
    order.length === 0
      ? cells
      : cells.sort((a, b) => {
          for (const key of order) {
            const difference = places[key](a) - places[key](b);
            if (difference !== 0) return difference;
          }
          return 0;
        });
  return { cells: sorted.slice(0, most), total: sorted.length };
}

/** What `key` says of a cell, as words. */
export function wallWord(key: WallKey, { figure, address, prompt }: WallCell): string {
  const words = {
    figure,
    prompt,
    model: address.model,
    layer: `L${address.layer}`,
    head: `H${address.head}`,
  };
  return words[key];
}

function placeIn(names: readonly string[], nameOf: (cell: WallCell) => string): (cell: WallCell) => number {
  const places = new Map(names.map((name, at) => [name, at]));
  return (cell) => places.get(nameOf(cell)) ?? names.length;
}
