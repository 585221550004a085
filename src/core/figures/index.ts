import { selectNamed } from '../select-named.ts';
import { contactSheet } from './contact-sheet.ts';
import type { Figure } from './figure.ts';
import { raw } from './raw.ts';

/** Every built-in figure, in the order in which pages list them. */
export const figures: readonly Figure[] = [raw, contactSheet];

/**
 * The figures of these names, in their order.
 *
 * @throws AtlasError `unknown-figure`
 */
export function selectFigures(names: readonly string[]): Figure[] {
  return selectNamed(names, figures, 'unknown-figure');
}
