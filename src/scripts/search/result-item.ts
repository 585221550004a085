import { plateSize } from '../../components/heads/plate-size.ts';
import { headTitle } from '../../components/atlas/head-title.ts';
import { shortNumber } from '../../components/atlas/digits.ts';
import { excerptOf, matchedWords, wordsOf, type ExcerptPart } from '../../core/search/excerpt.ts';
import { splitStrongest } from '../../core/search/strongest-mark.ts';
import { plateTile } from '../../core/view/plate-tile.ts';
import { formatMarks } from '../../schema/search-state.ts';
import type { SiteIndex } from '../../schema/site-index.ts';
import { assets, withBase } from '../../schema/urls.ts';
import { assetUrl } from '../../site/asset-url.ts';
import { viewPath } from '../../schema/view-state.ts';
import type { Fragment } from './pagefind.ts';
import type { Strongest } from './search-engine.ts';

const EXCERPT_WORDS = 30;
const MOST_MARKS = 12;

/** A found record, as far as a list shows it. */
export interface Found {
  readonly fragment: Fragment;
  /** Positions of the matches in the words of the content. */
  readonly matches: readonly number[];
  /** The strongest head on it, with the metric's name as people read it. */
  readonly strongest?: Strongest | undefined;
}

/** What was matched, and the title: what tells whether a result fits the words. */
export function foundWords({ fragment, matches }: Found): string[] {
  return [fragment.meta.title ?? '', ...matchedWords(wordsOf(fragment.content), matches, Infinity)];
}

/**
 * A prompt in the list of results: its title, the place in its text, and the strongest head.
 *
 * @param facts what the last line says of the prompt
 */
export function promptItem(
  found: Found,
  facts: readonly string[],
  base: string,
  models: SiteIndex['models'],
): HTMLLIElement {
  const { fragment, matches, strongest } = found;
  const words = wordsOf(fragment.content);
  const { address: path } = splitStrongest(fragment.url);
  const prompt = path.split('/').at(-2) ?? '';
  const item = document.createElement('li');
  const language = fragment.filters.language?.[0];
  const text = paragraph(nodesOf(excerptOf(words, matches, EXCERPT_WORDS)));
  text.dir = 'auto';
  if (language !== undefined) text.lang = language;
  const body = document.createElement('div');
  const line = soft(facts.join(' · '));
  body.append(
    titleOf(fragment, `${path}${formatMarks(matchedWords(words, matches, MOST_MARKS))}`),
    text,
    line,
  );
  item.append(body);
  if (strongest !== undefined) {
    const { address, metric, value } = strongest;
    const model = models.find(({ id }) => id === address.model);
    const link = document.createElement('a');
    link.href = withBase(base, viewPath({ ...address, prompt }));
    link.textContent = `${model?.name ?? address.model} ${headTitle(address)}`;
    const before = facts.length === 0 ? '' : ' · ';
    line.append(`${before}strongest by ${metric.toLowerCase()}: `, link, ` ${shortNumber(value)}`);
    item.prepend(plateOf(address, prompt, base, model));
  }
  return item;
}

/** A note, figure or metric in the list of other pages. */
export function pageItem(fragment: Fragment, kind: string): HTMLLIElement {
  const item = document.createElement('li');
  item.append(titleOf(fragment, fragment.url), soft(kind));
  return item;
}

function titleOf(fragment: Fragment, href: string): HTMLElement {
  const title = document.createElement('h3');
  const link = document.createElement('a');
  link.href = href;
  link.dir = 'auto';
  link.append(...nodesOf(excerptOf(wordsOf(fragment.meta.title ?? fragment.url), [], Infinity)));
  title.append(link);
  return title;
}

function nodesOf(parts: readonly ExcerptPart[]): (HTMLElement | string)[] {
  return parts.map(({ text, isMatch }) => {
    if (!isMatch) return text;
    const mark = document.createElement('mark');
    mark.textContent = text;
    return mark;
  });
}

function paragraph(nodes: readonly (Node | string)[]): HTMLParagraphElement {
  const element = document.createElement('p');
  element.append(...nodes);
  return element;
}

function soft(text: string): HTMLParagraphElement {
  const element = paragraph([text]);
  element.className = 'soft';
  return element;
}

const SVG = 'http://www.w3.org/2000/svg';

/** The head's small pattern on the prompt, cut out of its model's plate when that has come. */
function plateOf(
  address: Strongest['address'],
  prompt: string,
  base: string,
  model: SiteIndex['models'][number] | undefined,
): HTMLElement {
  const frame = document.createElement('span');
  frame.className = 'plate-frame';
  const picture = document.createElementNS(SVG, 'svg');
  picture.setAttribute('class', 'tile heat');
  picture.setAttribute('viewBox', '0 0 1 1');
  picture.setAttribute('aria-hidden', 'true');
  frame.append(picture);
  const href = assetUrl(base, assets.plate('raw', address.model, prompt));
  void plateSize(href).then((size) => {
    const tile = size === undefined || model === undefined ? undefined : plateTile(model, address, size);
    if (size === undefined || tile === undefined) return;
    picture.setAttribute('viewBox', `${tile.x} ${tile.y} ${tile.width} ${tile.height}`);
    const image = document.createElementNS(SVG, 'image');
    image.setAttribute('href', href);
    image.setAttribute('width', String(size.width));
    image.setAttribute('height', String(size.height));
    picture.append(image);
  });
  return frame;
}
