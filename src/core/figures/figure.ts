import type { Inputs, KnownInputs, PatternInput, Source } from '../inputs.ts';
import { inputsOf } from '../inputs.ts';
import type { ShadedPicture, Thumbnail } from '../thumbnail.ts';

/** How numbers become colours: which map, from which value to which, and what is done to them before. */
export interface ColourScale {
  /** `sequential` from nothing to much, `diverging` around 0. */
  readonly map: 'sequential' | 'diverging';
  readonly least: number;
  readonly greatest: number;
  readonly unit: string;
}

/** `values` is `[rows, columns]` row-major. */
export interface MatrixOutput {
  readonly kind: 'matrix';
  readonly rows: number;
  readonly columns: number;
  readonly values: Float32Array;
  readonly scale: ColourScale;
  /** What stands at the rows and columns; the query and key tokens if left out and as many. */
  readonly rowLabels?: readonly string[];
  readonly columnLabels?: readonly string[];
  /** What rows and columns are, if not queries and keys. */
  readonly axes?: { readonly rows: string; readonly columns: string };
}

/** `rgba` is `[height, width, 4]`, 0 to 255. */
export interface ImageOutput {
  readonly kind: 'image';
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8ClampedArray;
}

/**
 * A drawing as text. Lines and letters without a colour of their own take the page's ink (`currentColor`), so that
 * they suit light and dark. It is cleaned of everything but shapes and text before it is shown.
 */
export interface SvgOutput {
  readonly kind: 'svg';
  readonly svg: string;
}

export type FigureOutput = MatrixOutput | ImageOutput | SvgOutput;

interface FigureText {
  /** In addresses, the config and file names: kebab-case, never changed. */
  readonly name: string;
  readonly title: string;
  /** One sentence: how to read it. */
  readonly reading: string;
  /** In words and plain mathematics, with A[i, j] for query i and key j. */
  readonly formula: string;
  /** Where it shows what is not there, or hides what is. */
  readonly misleads: string;
  readonly source: Source;
}

/** Drawn from one head on one prompt, at build and in the page. */
export interface PatternFigure<
  Name extends PatternInput = PatternInput,
  Output extends FigureOutput = FigureOutput,
> extends FigureText {
  readonly scope: 'pattern';
  /** What it is drawn from. Where one of them is missing, the figure is not available. */
  readonly inputs: readonly Name[];
  readonly output: Output['kind'];
  /** How values become places on the colour map, unless the reader chooses otherwise; by square root if left out. */
  readonly usualScale?: 'linear' | 'sqrt' | 'log';
  draw(input: Inputs<Name>): Output;
}

/** Drawn at build from one head on all prompts. */
export interface HeadFigure<
  Name extends PatternInput = PatternInput,
  Output extends FigureOutput = FigureOutput,
  Kept = unknown,
> extends FigureText {
  readonly scope: 'head';
  readonly inputs: readonly Name[];
  readonly output: Output['kind'];
  /** What is to be kept of one prompt; null leaves the prompt out. */
  observe(input: Inputs<Name>): Kept | null;
  /** The drawing from what was kept of every prompt, at least one. */
  draw(kept: readonly Kept[]): Output;
}

/** Small pictures of one head on all prompts: the file that pages cut their tiles from. */
export interface SheetFigure extends FigureText {
  readonly scope: 'sheet';
  /** `thumbnails` has one entry a prompt, in the atlas's order. */
  draw(input: { readonly thumbnails: readonly Thumbnail[] }): ShadedPicture;
}

/** A pure function of its inputs: it never reads or writes a file. */
export type Figure = PatternFigure | HeadFigure | SheetFigure;

/**
 * The drawing, or undefined where an input is missing.
 *
 * @throws whatever the figure throws
 */
export function drawFigure(figure: PatternFigure, known: KnownInputs): FigureOutput | undefined {
  const input = inputsOf(figure.inputs, known);
  return input === undefined ? undefined : figure.draw(input);
}
