import type { PromptRow } from '../../src/core/prompts/prompt-row.ts';
import { atlasError } from '../../src/schema/errors/index.ts';
import type { LoadedConfig } from '../load-config.ts';
import type { RunContext } from '../run-context.ts';
import { promptOf, withoutDuplicates, type Prompt } from './prompt.ts';
import { readPromptFile } from './read-prompt-file.ts';

/**
 * The prompts of every set of the config, in its order; of equal texts the first stays.
 *
 * @throws AtlasError of a set that is missing, empty, or has a row that cannot be read
 */
export async function readConfiguredPrompts(
  { config, sets }: LoadedConfig,
  { files, reporter }: Pick<RunContext, 'files' | 'reporter'>,
): Promise<Prompt[]> {
  const all: Prompt[] = [];
  for (const set of sets) {
    const rows = await readPromptFile(files, set.path, config.prompts);
    all.push(...rows.map((row) => promptOf(inLanguage(row, set.language), set.name)));
  }
  const { prompts, duplicates } = withoutDuplicates(all);
  if (duplicates > 0)
    reporter.warn(`${duplicates} prompts were left out: their text occurs in an earlier row.`);
  const emptied = sets.find((set) => !prompts.some((prompt) => prompt.set === set.name));
  if (emptied !== undefined)
    throw atlasError('prompt-set-empty', { path: emptied.file }, { file: emptied.file });
  return prompts;
}

/** The row with the language of its set, where it names none itself. */
function inLanguage(row: PromptRow, language: string | undefined): PromptRow {
  return language === undefined ? row : { ...row, meta: { language, ...row.meta } };
}
