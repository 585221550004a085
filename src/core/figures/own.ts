import type { Figure } from './figure.ts';

/**
 * Figures of the atlas's own files. There are none in this module: where the site is bundled, those that the config names
 * take its place (`src/content-loader/own-definitions.ts`), and the pipeline hands them on by itself.
 */
export const ownFigures: readonly Figure[] = [];
