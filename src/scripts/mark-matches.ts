import { findWords } from '../core/search/excerpt.ts';
import { parseMarks } from '../schema/search-state.ts';

/*
 * A prompt's page, opened from the search: marks what was found (`?mark=WORD`), in the text and in the tokens that
 * hold any of it.
 */
const words = parseMarks(location.search);
const text = document.querySelector<HTMLElement>('.prompt-text');
if (words.length > 0 && text !== null) mark(text, findWords(text.textContent, words));

function mark(element: HTMLElement, spans: readonly (readonly [start: number, end: number])[]): void {
  const whole = element.textContent;
  const nodes: (Node | string)[] = [];
  let from = 0;
  for (const [start, end] of spans) {
    const found = document.createElement('mark');
    found.textContent = whole.slice(start, end);
    nodes.push(whole.slice(from, start), found);
    from = end;
  }
  element.replaceChildren(...nodes, whole.slice(from));
  // Tokens count code points, strings UTF-16 units.
  const inPoints = spans.map((span) => span.map((at) => [...whole.slice(0, at)].length));
  for (const token of document.querySelectorAll<HTMLElement>('.tokens li[data-start]')) {
    const [start, end] = [Number(token.dataset.start), Number(token.dataset.end)];
    const isFound = inPoints.some(([first = 0, last = 0]) => start < last && end > first);
    token.classList.toggle('found', isFound);
  }
  element.querySelector('mark')?.scrollIntoView({ block: 'nearest' });
}
