import type { Pattern } from '../pattern.ts';
import type { Thumbnail } from '../thumbnail.ts';

/** How numbers become colours: which map, from which value to which, and what is done to them before. */
export interface ColourScale {
  /** `sequential` from nothing to much, `diverging` around 0. */
  readonly map: 'sequential' | 'diverging';
  readonly least: number;
  readonly greatest: number;
  readonly unit: string;
}

/** `values` is `[rows, columns]` row-major. */
interface MatrixOutput {
  readonly kind: 'matrix';
  readonly rows: number;
  readonly columns: number;
  readonly values: Float32Array;
  readonly scale: ColourScale;
}

/** `grey` and `alpha` are `[height, width]`; 0 is black and transparent. The page colours the greys. */
interface ImageOutput {
  readonly kind: 'image';
  readonly width: number;
  readonly height: number;
  readonly grey: Uint8Array;
  readonly alpha: Uint8Array;
}

interface FigureText {
  /** In addresses, the config and file names: kebab-case, never changed. */
  readonly name: string;
  readonly title: string;
  /** One sentence: how to read it. */
  readonly reading: string;
  readonly source: { readonly text: string; readonly year: number; readonly url?: string };
}

/** Drawn from one pattern, at build (one image a model and prompt) and in the page. */
export interface PatternFigure extends FigureText {
  readonly scope: 'pattern';
  draw(input: { readonly pattern: Pattern }): MatrixOutput;
}

/** Drawn at build from one head's patterns on all prompts, one image a head. */
export interface HeadFigure extends FigureText {
  readonly scope: 'head';
  /** `thumbnails` has one entry a prompt, in the atlas's order. */
  draw(input: { readonly thumbnails: readonly Thumbnail[] }): ImageOutput;
}

/** A pure function of its inputs: it never reads or writes a file. */
export type Figure = PatternFigure | HeadFigure;
