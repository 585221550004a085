import * as z from 'zod';
import { atlasError } from '../../src/schema/errors/index.ts';
import { openCheckpoint } from '../checkpoint/open-checkpoint.ts';
import { readTokenizer } from '../checkpoint/read-tokenizer.ts';
import { encodeNpz, type NpzMember } from '../npz/npz.ts';
import { readJson } from '../read-json.ts';
import { openPatternSession } from '../runtime/pattern-session.ts';
import { commaList } from './options.ts';
import type { AddCommand } from './command.ts';

interface PatternsOptions {
  readonly model: string;
  readonly ids?: string[];
  readonly idsFile?: string;
  readonly text?: string;
  readonly out: string;
  readonly logits: boolean;
}

const idList = z.array(z.int().min(0)).min(1);

export const addPatterns: AddCommand = (program, run) => {
  program
    .command('patterns')
    .description('the patterns of one model on one text, as an npz file')
    .requiredOption('--model <folder>', 'a model folder')
    .option('--ids <list>', 'token ids, separated by commas', commaList)
    .option('--ids-file <file>', 'a JSON file with a list of token ids')
    .option('--text <text>', 'a text; the tokenizer adds the special tokens that it adds by itself')
    .requiredOption('--out <file>', 'the npz file to write')
    .option('--logits', 'write the logits too', false)
    .action((options: PatternsOptions) =>
      run(async (context) => {
        const ids = await idsOf(options);
        const checkpoint = await openCheckpoint(options.model);
        const session = await openPatternSession(checkpoint, { logits: options.logits });
        try {
          const { patterns, logits } = await session.run(ids);
          const stack = checkpoint.description.stacks[0];
          const members: NpzMember[] = [...patterns].map(([layer, values]) => ({
            name: `blocks.${layer}.attn.hook_pattern`,
            shape: [1, stack?.heads ?? 0, ids.length, ids.length],
            values,
          }));
          if (logits !== undefined) {
            members.push({
              name: 'logits',
              shape: [1, ids.length, logits.length / ids.length],
              values: logits,
            });
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

async function idsOf({ model, ids, idsFile, text }: PatternsOptions): Promise<readonly number[]> {
  const given = [ids, idsFile, text].filter((input) => input !== undefined);
  if (given.length !== 1) throw atlasError('usage', { reason: 'Give one of --ids, --ids-file and --text.' });
  if (idsFile !== undefined) return readJson(idsFile, idList, 'a list of token ids');
  if (text !== undefined) return (await readTokenizer(model)).encode(text, { special: true }).ids;
  const parsed = idList.safeParse(ids?.map(Number));
  if (!parsed.success)
    throw atlasError('usage', { reason: '--ids takes whole numbers separated by commas.' });
  return parsed.data;
}
