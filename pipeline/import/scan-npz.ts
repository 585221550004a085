import { checkRows, type RowFindings } from '../../src/core/check-rows.ts';
import { decodeTexts } from '../../src/core/npz/decode-npy.ts';
import { parsePatternMember } from '../../src/core/npz/pattern-members.ts';
import { atlasError } from '../../src/schema/errors/index.ts';
import { STACKS, type Stack } from '../../src/schema/stacks.ts';
import type { NpzFile } from '../npz/open-npz.ts';
import { readPatternHeads, type PatternArray } from '../npz/read-pattern-heads.ts';
import { readWhole } from '../npz/read-npz.ts';

/** The patterns of one stack in an npz file. */
export interface ScannedStack {
  readonly stack: Stack;
  readonly heads: number;
  readonly rows: number;
  readonly columns: number;
  /** Ascending. */
  readonly layers: readonly number[];
  readonly isCausal: boolean;
}

/** What a whole npz file holds, every value of it checked. */
export interface NpzScan {
  /** In the order of `STACKS`. */
  readonly stacks: readonly ScannedStack[];
  readonly dtype: string;
  readonly shortRows: number;
  readonly leastSum: number;
  /** Of the arrays `tokens` and `text`, where the file has them. */
  readonly tokens?: readonly string[];
  readonly text?: string;
}

/** Bytes of the array `tokens`: a hundred thousand of 20 characters have 8 MB. */
const MOST_TEXT = 64 * 2 ** 20;
const NAMED = 5;

/**
 * Reads every pattern of an npz file once.
 *
 * @param expectedRows query rows of the first stack, where they are known; another number is refused unread
 * @throws AtlasError `npz-invalid`, `npz-no-patterns`, `npz-shapes-differ`, `pattern-invalid`, with file and array
 */
export async function scanNpz(npz: NpzFile, expectedRows?: readonly number[]): Promise<NpzScan> {
  const byStack = new Map<Stack, Map<number, PatternArray>>();
  const findings = new Map<Stack, RowFindings>();
  for (const { name, entry, stack, layer } of patternArrays(npz)) {
    const layers = byStack.get(stack) ?? new Map<number, PatternArray>();
    byStack.set(stack, layers);
    const found = findings.get(stack) ?? { isCausal: true, shortRows: 0, leastSum: Infinity };
    findings.set(stack, found);
    const place = { file: npz.source.file, tensor: name };
    let shape: PatternArray | undefined;
    const begin = (next: PatternArray) => {
      shape = next;
      checkSides(next, stack, [...layers.values()][0], place, expectedRows);
      layers.set(layer, next);
    };
    await readPatternHeads(npz, name, entry, begin, (head, values) => {
      const fault = checkRows(values, shape ?? { rows: 0, columns: 0 }, found);
      if (fault !== undefined)
        throw atlasError('pattern-invalid', { reason: `Head ${head}: ${fault}.` }, place);
    });
  }
  const stacks = STACKS.flatMap((stack) => scannedStack(stack, byStack.get(stack), findings.get(stack)));
  checkStacks(stacks, npz.source.file);
  const all = [...findings.values()];
  return {
    stacks,
    dtype: [
      ...new Set([...byStack.values()].flatMap((layers) => [...layers.values()].map(({ dtype }) => dtype))),
    ]
      .sort()
      .join(', '),
    shortRows: all.reduce((sum, { shortRows }) => sum + shortRows, 0),
    leastSum: Math.min(...all.map(({ leastSum }) => leastSum)),
    ...(await readTexts(npz)),
  };
}

/** The arrays of patterns, in the order of stacks and layers. */
export function patternArrays(npz: NpzFile) {
  const found = [...npz.arrays].flatMap(([name, entry]) => {
    const parsed = parsePatternMember(name);
    return parsed === undefined ? [] : [{ name, entry, ...parsed }];
  });
  if (found.length === 0) {
    const held = [...npz.arrays.keys()].slice(0, NAMED);
    throw atlasError('npz-no-patterns', { held }, { file: npz.source.file });
  }
  return found.sort((a, b) => STACKS.indexOf(a.stack) - STACKS.indexOf(b.stack) || a.layer - b.layer);
}

function checkSides(
  { heads, rows, columns }: PatternArray,
  stack: Stack,
  first: PatternArray | undefined,
  place: { readonly file: string; readonly tensor: string },
  expectedRows: readonly number[] | undefined,
): void {
  const refuse = (reason: string) => atlasError('npz-shapes-differ', { reason }, place);
  if (stack !== 'cross' && rows !== columns)
    throw refuse(`A pattern has ${rows} rows and ${columns} columns.`);
  const isFirstText = stack === 'self' || stack === 'encoder';
  if (isFirstText && expectedRows !== undefined && !expectedRows.includes(rows)) {
    throw refuse(`A pattern has ${rows} rows, and the prompt ${expectedRows[0]} tokens.`);
  }
  if (first === undefined) return;
  if (first.heads !== heads) throw refuse(`It has ${heads} heads, and a layer before it ${first.heads}.`);
  if (first.rows !== rows || first.columns !== columns) {
    throw refuse(
      `It has ${rows} x ${columns} cells a head, and a layer before it ${first.rows} x ${first.columns}.`,
    );
  }
}

function scannedStack(
  stack: Stack,
  layers: ReadonlyMap<number, PatternArray> | undefined,
  findings: RowFindings | undefined,
): ScannedStack[] {
  const first = layers === undefined ? undefined : [...layers.values()][0];
  if (layers === undefined || first === undefined || findings === undefined) return [];
  const { heads, rows, columns } = first;
  return [{ stack, heads, rows, columns, layers: [...layers.keys()], isCausal: findings.isCausal }];
}

/** A model has one stack of its own, or an encoder with what stands beside it. */
function checkStacks(stacks: readonly ScannedStack[], file: string): void {
  const side = (stack: Stack) => stacks.find((entry) => entry.stack === stack);
  const refuse = (reason: string) => atlasError('npz-shapes-differ', { reason }, { file });
  if (side('self') !== undefined && stacks.length > 1) {
    throw refuse('It holds patterns of blocks beside those of an encoder or decoder.');
  }
  const [encoder, decoder, cross] = [side('encoder'), side('decoder'), side('cross')];
  if (side('self') === undefined && encoder === undefined) {
    throw refuse('It holds patterns of a decoder without those of its encoder.');
  }
  if (cross === undefined) return;
  if (encoder !== undefined && cross.columns !== encoder.rows) {
    throw refuse(`The decoder sees ${cross.columns} keys of an encoder that has ${encoder.rows} tokens.`);
  }
  if (decoder !== undefined && cross.rows !== decoder.rows) {
    throw refuse(
      `Patterns of the decoder have ${decoder.rows} rows, and ${cross.rows} where it sees the encoder.`,
    );
  }
}

async function readTexts({ source, arrays }: NpzFile): Promise<Pick<NpzScan, 'tokens' | 'text'>> {
  const read = async (name: string) => {
    const entry = arrays.get(name);
    return entry && decodeTexts(await readWhole(source, entry, MOST_TEXT), name).texts;
  };
  const [tokens, text] = [await read('tokens'), await read('text')];
  return { ...(tokens && { tokens }), ...(text?.[0] !== undefined && { text: text[0] }) };
}
