import * as z from 'zod';
import { atlasError } from '../../src/schema/errors/index.ts';
import { readTokenizer } from '../checkpoint/read-tokenizer.ts';
import { modelFolder } from '../hub/bring-to-hand.ts';
import { readJson } from '../read-json.ts';
import { MODEL_OPTION } from './options.ts';
import type { AddCommand } from './command.ts';

interface TokenizeOptions {
  readonly model: string;
  readonly text?: string;
  readonly textsFile?: string;
  /** False with `--no-special`. */
  readonly special: boolean;
}

export const addTokenize: AddCommand = (program, run) => {
  program
    .command('tokenize')
    .description('the token ids, tokens and offsets (code points) of a text')
    .requiredOption('--model <model>', MODEL_OPTION)
    .option('--text <text>', 'the text')
    .option('--texts-file <file>', 'a JSON file with a list of texts; the result is a list')
    .option('--no-special', 'without the special tokens that the tokenizer adds')
    .action((options: TokenizeOptions) =>
      run(async (context) => {
        const texts = await textsOf(options);
        const tokenizer = await readTokenizer(await modelFolder(options.model, context));
        const results = texts.map((text) => tokenizer.encode(text, { special: options.special }));
        const value = options.textsFile === undefined ? results[0] : results;
        const lines = results.map(({ ids, tokens }) =>
          ids.map((id, index) => `${id}\t${tokens[index]}`).join('\n'),
        );
        context.result(value, lines.join('\n\n'));
        return 0;
      }),
    );
};

async function textsOf({ text, textsFile }: TokenizeOptions): Promise<string[]> {
  if ((text === undefined) === (textsFile === undefined)) {
    throw atlasError('usage', { reason: 'Give either --text or --texts-file.' });
  }
  if (textsFile === undefined) return [text ?? ''];
  return readJson(textsFile, z.array(z.string()), 'a list of strings');
}
