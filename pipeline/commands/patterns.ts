import * as z from 'zod';
import type { NumberArray } from '../../src/core/npz/decode-npy.ts';
import { encodeNpz, type NpzMember } from '../../src/core/npz/npz.ts';
import { patternMember } from '../../src/core/npz/pattern-members.ts';
import { SIGNAL_NAMES, signalTokens } from '../../src/engine/signal.ts';
import { atlasError } from '../../src/schema/errors/index.ts';
import type { Stack } from '../../src/schema/stacks.ts';
import { openCheckpoint, type Checkpoint } from '../checkpoint/open-checkpoint.ts';
import { readTokenizer } from '../checkpoint/read-tokenizer.ts';
import { modelFolder } from '../hub/bring-to-hand.ts';
import { readNpz } from '../npz/read-npz.ts';
import { readJson } from '../read-json.ts';
import { checkReadsSignal, checkReadsText } from '../runtime/check-input.ts';
import { openPatternSession } from '../runtime/pattern-session.ts';
import { commaList, MODEL_OPTION } from './options.ts';
import type { AddCommand } from './command.ts';

interface PatternsOptions {
  readonly model: string;
  readonly ids?: string[];
  readonly idsFile?: string;
  readonly text?: string;
  readonly input?: string;
  readonly decoderIds?: string[];
  readonly decoderIdsFile?: string;
  readonly out: string;
  readonly logits: boolean;
}

const idList = z.array(z.int().min(0)).min(1);

export const addPatterns: AddCommand = (program, run) => {
  program
    .command('patterns')
    .description('the patterns of one model on one text, as an npz file')
    .requiredOption('--model <model>', MODEL_OPTION)
    .option('--ids <list>', 'token ids, separated by commas', commaList)
    .option('--ids-file <file>', 'a JSON file with a list of token ids')
    .option('--text <text>', 'a text; the tokenizer adds the special tokens that it adds by itself')
    .option('--input <file>', 'an npz file with pixel_values or input_values, for a model that reads these')
    .option('--decoder-ids <list>', "an encoder-decoder's decoder token ids, separated by commas", commaList)
    .option('--decoder-ids-file <file>', 'a JSON file with a list of decoder token ids')
    .requiredOption('--out <file>', 'the npz file to write')
    .option('--logits', 'write the logits too', false)
    .action((options: PatternsOptions) =>
      run(async (context) => {
        checkOptions(options);
        const checkpoint = await openCheckpoint(await modelFolder(options.model, context));
        const input = await inputOf(options, checkpoint);
        const session = await openPatternSession(checkpoint, { logits: options.logits });
        try {
          const decoderIds = await decoderIdsOf(options);
          const { stacks, logits } =
            'ids' in input
              ? await session.run(input.ids, decoderIds === undefined ? {} : { decoderIds })
              : await session.runSignal(input);
          const m = decoderIds?.length ?? 0;
          const n =
            'ids' in input
              ? input.ids.length
              : signalTokens(checkReadsSignal(checkpoint.description), input.shape);
          const members = [...stacks].flatMap(([stack, layers]) => {
            const heads = checkpoint.description.stacks.find((entry) => entry.stack === stack)?.heads ?? 0;
            const shape = [1, heads, ...sidesOf(stack, n, m)];
            return [...layers].map(([layer, values]): NpzMember => ({
              name: patternMember(stack, layer),
              shape,
              values,
            }));
          });
          if (logits !== undefined) {
            const rows = stacks.has('decoder') ? m : n;
            members.push({ name: 'logits', shape: [1, rows, logits.length / rows], values: logits });
          }
          await context.files.write(options.out, encodeNpz(members));
          const value = {
            out: options.out,
            tokens: n,
            members: members.map(({ name, shape }) => ({ name, shape })),
          };
          context.result(value, `${options.out}: ${members.length} arrays for ${n} tokens`);
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

function checkOptions({ ids, idsFile, text, input, decoderIds, decoderIdsFile }: PatternsOptions): void {
  const given = [ids, idsFile, text, input].filter((each) => each !== undefined);
  if (given.length !== 1) {
    throw atlasError('usage', { reason: 'Give one of --ids, --ids-file, --text and --input.' });
  }
  if (decoderIds !== undefined && decoderIdsFile !== undefined) {
    throw atlasError('usage', { reason: 'Give one of --decoder-ids and --decoder-ids-file.' });
  }
}

/** What the model reads: token ids, or the array of the file. */
async function inputOf(
  { ids, idsFile, text, input }: PatternsOptions,
  { folder, description }: Checkpoint,
): Promise<{ readonly ids: readonly number[] } | NumberArray> {
  if (input !== undefined) {
    const name = SIGNAL_NAMES[checkReadsSignal(description).kind];
    const array = (await readNpz(input, [name])).get(name);
    if (array !== undefined) return array;
    throw atlasError('npz-invalid', { reason: `It holds no array ${name}.` }, { file: input });
  }
  checkReadsText(description);
  if (idsFile !== undefined) return { ids: await readJson(idsFile, idList, 'a list of token ids') };
  if (text !== undefined) {
    const tokenizer = await readTokenizer(folder);
    return { ids: tokenizer.encode(text, { special: true }).ids };
  }
  return { ids: wholeNumbers('--ids', ids ?? []) };
}

async function decoderIdsOf(options: PatternsOptions): Promise<readonly number[] | undefined> {
  const { decoderIds, decoderIdsFile } = options;
  if (decoderIdsFile !== undefined) return readJson(decoderIdsFile, idList, 'a list of token ids');
  return decoderIds === undefined ? undefined : wholeNumbers('--decoder-ids', decoderIds);
}

function wholeNumbers(option: string, words: readonly string[]): number[] {
  const parsed = idList.safeParse(words.map(Number));
  if (!parsed.success)
    throw atlasError('usage', { reason: `${option} takes whole numbers separated by commas.` });
  return parsed.data;
}
