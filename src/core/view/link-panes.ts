import type { Cell } from '../../schema/view-state.ts';
import type { PlotSize } from './plot-window.ts';

/** A cell of one pane in another: the same positions, or the last ones where the other is smaller. */
export function linkedCell(size: PlotSize, cell: Cell | undefined): Cell | undefined {
  if (cell === undefined) return undefined;
  return { query: Math.min(size.rows - 1, cell.query), key: Math.min(size.columns - 1, cell.key) };
}

/**
 * What panes have in common, in a sentence for the page.
 *
 * @param tokens of each pane that is shown, with the number that the page gives it
 */
export function linkSentence(
  panes: readonly { readonly number: number; readonly tokens: readonly string[] }[],
): string {
  const [first, ...rest] = panes;
  if (first === undefined || rest.length === 0) return '';
  const others = rest.filter(({ tokens }) => !areEqual(tokens, first.tokens));
  if (others.length === 0) {
    return `All panes show the same ${first.tokens.length} tokens; pointer, pin and zoom are shared.`;
  }
  const sameLength = others.filter(({ tokens }) => tokens.length === first.tokens.length);
  const otherLength = others.filter(({ tokens }) => tokens.length !== first.tokens.length);
  const sentences = ['Pointer, pin and zoom are shared by position.'];
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
