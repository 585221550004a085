import type { Cell } from '../../schema/view-state.ts';
import { alignPosition, alignToken, type TokenPlaces } from './align-tokens.ts';
import { clampWindow, seen, type PlotSize, type PlotWindow } from './plot-window.ts';

/** A pattern as far as others follow what is pointed to in it. */
export interface LinkedPlot extends PlotSize {
  /** The id of its text; two of the same text and known places are aligned by characters. */
  readonly text?: string;
  /** Where the tokens of its rows and of its columns lie in the text; absent where that is not known. */
  readonly queries?: TokenPlaces | undefined;
  readonly keys?: TokenPlaces | undefined;
}

/**
 * A cell of one pane in another: the same characters of their text, or else the same positions, the last ones where the
 * other is smaller.
 *
 * @param from the pane of `cell`; undefined where only positions are known
 */
export function linkedCell(to: LinkedPlot, cell: Cell | undefined, from?: LinkedPlot): Cell | undefined {
  if (cell === undefined) return undefined;
  const queries = placesOf('queries', from, to);
  const keys = placesOf('keys', from, to);
  return {
    query: queries === undefined ? Math.min(to.rows - 1, cell.query) : alignToken(...queries, cell.query),
    key: keys === undefined ? Math.min(to.columns - 1, cell.key) : alignToken(...keys, cell.key),
  };
}

/** The window of one pane in another, which shows the same characters, or else the same positions. */
export function linkedWindow(to: LinkedPlot, window: PlotWindow, from?: LinkedPlot): PlotWindow {
  const queries = placesOf('queries', from, to);
  const keys = placesOf('keys', from, to);
  if (from === undefined || window.zoom <= 1 || (queries === undefined && keys === undefined))
    return clampWindow(to, window);
  const { rows, columns } = seen(from, window);
  const span = (places: readonly [TokenPlaces, TokenPlaces] | undefined, first: number, count: number) => {
    if (places === undefined) return { first, count };
    const start = alignPosition(...places, first);
    return { first: start, count: alignPosition(...places, first + count) - start };
  };
  const down = span(queries, window.top, rows);
  const across = span(keys, window.left, columns);
  const zoom = Math.min(to.rows / Math.max(1, down.count), to.columns / Math.max(1, across.count));
  return clampWindow(to, { zoom, top: down.first, left: across.first });
}

function placesOf(
  axis: 'queries' | 'keys',
  from: LinkedPlot | undefined,
  to: LinkedPlot,
): readonly [TokenPlaces, TokenPlaces] | undefined {
  const [own, other] = [from?.[axis], to[axis]];
  if (own === undefined || other === undefined || from?.text !== to.text) return undefined;
  return [own, other];
}

/**
 * What panes have in common, in a sentence for the page.
 *
 * @param tokens of each pane that is shown, with the number that the page gives it
 */
export function linkSentence(
  panes: readonly {
    readonly number: number;
    readonly tokens: readonly string[];
    /** The id of its text, and whether it is known where its tokens lie in it. */
    readonly text?: string;
    readonly hasPlaces?: boolean;
  }[],
): string {
  const [first, ...rest] = panes;
  if (first === undefined || rest.length === 0) return '';
  const others = rest.filter(({ tokens }) => !areEqual(tokens, first.tokens));
  if (others.length === 0) {
    return `All panes show the same ${first.tokens.length} tokens; pointer, pin and zoom are shared.`;
  }
  const sameText = others.filter(({ text }) => text !== undefined && text === first.text);
  const aligned = sameText.filter(({ hasPlaces }) => hasPlaces === true && first.hasPlaces === true);
  const unplaced = sameText.filter((pane) => !aligned.includes(pane));
  const byPosition = others.filter((pane) => !aligned.includes(pane));
  const sameLength = byPosition.filter(({ tokens }) => tokens.length === first.tokens.length);
  const otherLength = byPosition.filter(({ tokens }) => tokens.length !== first.tokens.length);
  const sentences = [];
  if (aligned.length > 0) {
    const counts = [...new Set(aligned.map(({ tokens }) => tokens.length))].join(', ');
    sentences.push(
      `${names(aligned)} other tokens of the text of pane ${first.number} (${counts} beside ${first.tokens.length}): pointer, pin and zoom follow its characters.`,
    );
  }
  if (byPosition.length > 0) {
    sentences.push(
      aligned.length === 0
        ? 'Pointer, pin and zoom are shared by position.'
        : 'Elsewhere they are shared by position.',
    );
  }
  if (sameLength.length > 0) {
    sentences.push(
      `${names(sameLength)} other tokens than pane ${first.number}, but as many (${first.tokens.length}).`,
    );
  }
  if (otherLength.length > 0) {
    const counts = [...new Set(otherLength.map(({ tokens }) => tokens.length))].join(', ');
    sentences.push(
      `${names(otherLength)} other tokens than pane ${first.number} (${counts} instead of ${first.tokens.length}): the same position is another place in the text there.`,
    );
  }
  if (unplaced.length > 0) {
    sentences.push('It is not known where their tokens lie in the text they share.');
  }
  return sentences.join(' ');
}

function names(panes: readonly { readonly number: number }[]): string {
  const numbers = panes.map(({ number }) => number);
  const last = numbers.pop();
  return numbers.length === 0 ? `Pane ${last} has` : `Panes ${numbers.join(', ')} and ${last} have`;
}

function areEqual(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((token, index) => token === b[index]);
}
