import { remember } from '../remember.ts';
import { isOfOneText, meanOnKeys } from './averages.ts';
import type { PatternMetric } from './metric.ts';

const PAIRS: ReadonlyMap<string, string> = new Map([
  [')', '('],
  [']', '['],
  ['}', '{'],
  ['>', '<'],
  ['»', '«'],
]);
const OPENING = new Set(PAIRS.values());

export const bracketMatching: PatternMetric<'pattern' | 'tokens'> = {
  name: 'bracket-matching',
  title: 'Bracket matching',
  scope: 'pattern',
  inputs: ['pattern', 'tokens'],
  group: 'content',
  range: [0, 1],
  reading: 'Near 1, a closing bracket attends to the one that it closes.',
  formula:
    'Mean, over the queries i whose token holds a closing bracket ) ] } > », of Σ A[i, j] over the keys j < i that hold its opening one. Brackets are matched from left to right; one without a partner is left out.',
  source: {
    text: 'Weiss et al., Thinking Like Transformers (Dyck languages)',
    year: 2021,
    url: 'https://arxiv.org/abs/2106.06981',
  },
  misleads:
    'With brackets that are not nested, the nearest opening one is the right one, and any head that likes them scores; “>” and “<” may be signs of comparison.',
  compute({ pattern, tokens }) {
    if (!isOfOneText(pattern)) return null;
    const partners = matchBrackets(tokens);
    return meanOnKeys(pattern, (query) => partners.get(query));
  },
};

/** For tokens with closing brackets, the earlier tokens with their opening ones. */
const matchBrackets: (tokens: readonly string[]) => ReadonlyMap<number, ReadonlySet<number>> = remember(
  (tokens) => {
    const open: { readonly bracket: string; readonly token: number }[] = [];
    const partners = new Map<number, Set<number>>();
    for (const [at, token] of tokens.entries()) {
      if (token.startsWith('<|')) continue; // a special token, not a bracket
      for (const character of token) {
        if (OPENING.has(character)) open.push({ bracket: character, token: at });
        const wanted = PAIRS.get(character);
        const last = open.at(-1);
        if (wanted === undefined || last?.bracket !== wanted) continue;
        open.pop();
        if (last.token < at) partners.set(at, (partners.get(at) ?? new Set()).add(last.token));
      }
    }
    return partners;
  },
);
