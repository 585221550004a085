import type { SiteIndex } from '../../schema/site-index.ts';
import type { SearchPages } from '../../schema/search-catalogue.ts';
import { headName } from '../../schema/head-name.ts';
import { STACKS } from '../../schema/stacks.ts';
import { paths } from '../../schema/urls.ts';

/** Something that the palette leads to. */
export interface Place {
  readonly kind: 'page' | 'model' | 'head' | 'prompt' | 'figure' | 'metric' | 'note';
  readonly title: string;
  /** Below the base. */
  readonly path: string;
}

/** What the palette knows: all but heads, which are written by their coordinates. */
export interface Places {
  readonly named: readonly Place[];
  readonly models: SiteIndex['models'];
}

/** The places of a site, in the order in which equal matches are listed. */
export function placesOf(
  sections: readonly Place[],
  { models, prompts }: Pick<SiteIndex, 'models' | 'prompts'>,
  pages: SearchPages,
): Places {
  return {
    models,
    named: [
      ...sections,
      ...models.map(({ id, name }): Place => ({ kind: 'model', title: name, path: paths.model(id) })),
      ...pages.map(({ kind, title, path }): Place => ({ kind, title, path })),
      ...prompts.map(({ id, title }): Place => ({ kind: 'prompt', title, path: paths.prompt(id) })),
    ],
  };
}

const HEAD = new RegExp(`^(.*?)\\s*\\b(?:(${STACKS.join('|')})\\s+)?L(\\d{1,5})\\s*(?:H(\\d{1,5}))?$`, 'iu');

/** The `most` places that fit `query` best: heads where it ends in coordinates (`gpt2 L2H1`), else by their titles. */
export function findPlaces({ named, models }: Places, query: string, most: number): Place[] {
  const asked = query.trim();
  if (asked === '') return named.filter(({ kind }) => kind === 'page').slice(0, most);
  return [...headsAt(models, asked, most), ...byTitle(named, asked)].slice(0, most);
}

function headsAt(models: SiteIndex['models'], query: string, most: number): Place[] {
  const [, of = '', stack, layerDigits, headDigits] = HEAD.exec(query) ?? [];
  if (layerDigits === undefined) return [];
  const layer = Number(layerDigits);
  const fitting = models.filter(({ name }) => fit(name, of) !== undefined);
  const found = fitting.flatMap((model) =>
    model.stacks
      .filter((own) => stack === undefined || own.stack === stack.toLowerCase())
      .filter((own) => own.layers.includes(layer))
      .flatMap((own): Place[] => {
        const heads =
          headDigits === undefined ? Array.from({ length: own.heads }, (_, at) => at) : [Number(headDigits)];
        const prefix = own.stack === 'self' ? '' : `${own.stack} `;
        return heads
          .filter((head) => head < own.heads)
          .map((head) => ({
            kind: 'head',
            title: `${model.name} ${prefix}${headName(layer, head)}`,
            path: paths.head({ model: model.id, stack: own.stack, layer, head }),
          }));
      }),
  );
  return found.slice(0, most);
}

function byTitle(places: readonly Place[], query: string): Place[] {
  return places
    .map((place, at) => ({ place, at, score: fit(place.title, query) }))
    .filter((entry): entry is typeof entry & { score: number } => entry.score !== undefined)
    .sort((a, b) => a.score - b.score || a.at - b.at)
    .map(({ place }) => place);
}

/**
 * How well a title fits: 0 begins with the query, 1 has each of its words at the beginning of a word, 2 holds each
 * anywhere; undefined where it lacks one.
 */
function fit(title: string, query: string): number | undefined {
  const [plain, asked] = [fold(title), fold(query)];
  if (plain.startsWith(asked)) return 0;
  const words = asked.split(/\s+/u);
  if (!words.every((word) => plain.includes(word))) return undefined;
  const beginnings = plain.split(/[^\p{L}\p{N}]+/u);
  return words.every((word) => beginnings.some((beginning) => beginning.startsWith(word))) ? 1 : 2;
}

function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().trim();
}
