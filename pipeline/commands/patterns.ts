import * as z from 'zod';
import { atlasError } from '../../src/schema/errors/index.ts';
import type { Stack } from '../../src/schema/stacks.ts';
import { openCheckpoint } from '../checkpoint/open-checkpoint.ts';
import { readTokenizer } from '../checkpoint/read-tokenizer.ts';
import { encodeNpz, type NpzMember } from '../../src/core/npz/npz.ts';
import { readJson } from '../read-json.ts';
import { openPatternSession } from '../runtime/pattern-session.ts';
import { commaList } from './options.ts';
import type { AddCommand } from './command.ts';

interface PatternsOptions {
  readonly model: string;
  readonly ids?: string[];
  readonly idsFile?: string;
  readonly text?: string;
  readonly decoderIds?: string[];
  readonly decoderIdsFile?: string;
  readonly out: string;
  readonly logits: boolean;
}

/** Names of the arrays, as TransformerLens gives them to its hooks. */
const MEMBERS: Readonly<Record<Stack, (layer: number) => string>> = {
  self: (layer) => `blocks.${layer}.attn.hook_pattern`,
  encoder: (layer) => `encoder_blocks.${layer}.attn.hook_pattern`,
  decoder: (layer) => `decoder_blocks.${layer}.attn.hook_pattern`,
  cross: (layer) => `decoder_blocks.${layer}.cross_attn.hook_pattern`,
};

const idList = z.array(z.int().min(0)).min(1);

export const addPatterns: AddCommand = (program, run) => {
  program
    .command('patterns')
    .description('the patterns of one model on one text, as an npz file')
    .requiredOption('--model <folder>', 'a model folder')
    .option('--ids <list>', 'token ids, separated by commas', commaList)
    .option('--ids-file <file>', 'a JSON file with a list of token ids')
    .option('--text <text>', 'a text; the tokenizer adds the special tokens that it adds by itself')
    .option('--decoder-ids <list>', "an encoder-decoder's decoder token ids, separated by commas", commaList)
    .option('--decoder-ids-file <file>', 'a JSON file with a list of decoder token ids')
    .requiredOption('--out <file>', 'the npz file to write')
    .option('--logits', 'write the logits too', false)
    .action((options: PatternsOptions) =>
      run(async (context) => {
        const ids = await idsOf(options);
        const checkpoint = await openCheckpoint(options.model);
        const session = await openPatternSession(checkpoint, { logits: options.logits });
        try {
          const decoderIds = await decoderIdsOf(options);
          const { stacks, logits } = await session.run(ids, decoderIds === undefined ? {} : { decoderIds });
          const m = decoderIds?.length ?? 0;
          const members = [...stacks].flatMap(([stack, layers]) => {
            const heads = checkpoint.description.stacks.find((entry) => entry.stack === stack)?.heads ?? 0;
            const shape = [1, heads, ...sidesOf(stack, ids.length, m)];
            return [...layers].map(([layer, values]): NpzMember => ({
              name: MEMBERS[stack](layer),
              shape,
              values,
            }));
          });
          if (logits !== undefined) {
            const rows = stacks.has('decoder') ? m : ids.length;
            members.push({ name: 'logits', shape: [1, rows, logits.length / rows], values: logits });
          }
          await context.files.write(options.out, encodeNpz(members));
          const value = {
            out: options.out,
            tokens: ids.length,
            members: members.map(({ name, shape }) => ({ name, shape })),
          };
          context.result(value, `${options.out}: ${members.length} arrays for ${ids.length} tokens`);
        } finally {
          await session.close();
        }
        return 0;
      }),
    );
};

/** Query rows and key columns of a stack's patterns, for `n` tokens and `m` decoder tokens. */
function sidesOf(stack: Stack, n: number, m: number): [rows: number, columns: number] {
  if (stack === 'cross') return [m, n];
  return stack === 'decoder' ? [m, m] : [n, n];
}

async function idsOf({ model, ids, idsFile, text }: PatternsOptions): Promise<readonly number[]> {
  const given = [ids, idsFile, text].filter((input) => input !== undefined);
  if (given.length !== 1) throw atlasError('usage', { reason: 'Give one of --ids, --ids-file and --text.' });
  if (idsFile !== undefined) return readJson(idsFile, idList, 'a list of token ids');
  if (text !== undefined) return (await readTokenizer(model)).encode(text, { special: true }).ids;
  return wholeNumbers('--ids', ids ?? []);
}

async function decoderIdsOf(options: PatternsOptions): Promise<readonly number[] | undefined> {
  const { decoderIds, decoderIdsFile } = options;
  if (decoderIds !== undefined && decoderIdsFile !== undefined) {
    throw atlasError('usage', { reason: 'Give one of --decoder-ids and --decoder-ids-file.' });
  }
  if (decoderIdsFile !== undefined) return readJson(decoderIdsFile, idList, 'a list of token ids');
  return decoderIds === undefined ? undefined : wholeNumbers('--decoder-ids', decoderIds);
}

function wholeNumbers(option: string, words: readonly string[]): number[] {
  const parsed = idList.safeParse(words.map(Number));
  if (!parsed.success)
    throw atlasError('usage', { reason: `${option} takes whole numbers separated by commas.` });
  return parsed.data;
}
