import type { ModelRecord } from '../schema/records.ts';

/** What a model is, in words: its family and size, or that it was imported and what its config calls it. */
export function modelSummary({ family, parameters, imported }: ModelRecord): string {
  const kind =
    imported === undefined ? family : ['imported', imported.architecture].filter(Boolean).join(', ');
  const size = parameters === undefined ? undefined : `${parameters.toLocaleString('en')} parameters`;
  return [kind, size].filter((part) => part !== undefined).join(', ');
}

/** A fact of a model for a list; `code` stands in the typeface of code. */
export interface ModelFact {
  readonly name: string;
  readonly text: string;
  readonly code?: string;
}

/** Whether the model bounds its context, in words; undefined where that is not known. */
export function contextText({ context }: ModelRecord): string | undefined {
  if (context === undefined) return undefined;
  return context === null ? 'not bounded' : `${context.toLocaleString('en')} tokens`;
}

/** The facts of a model that its record has, in the order in which a page lists them. */
export function modelFacts(model: ModelRecord): ModelFact[] {
  const { imported } = model;
  const number = (value: number | undefined, unit = '') => value && `${value.toLocaleString('en')}${unit}`;
  const facts: [name: string, text: string | number | undefined, code?: string | undefined][] = [
    ['Family', model.family, model.modelType],
    ['Architecture', imported?.architecture],
    ['Weights in attention and MLPs', number(imported?.hiddenWeights)],
    ['Width', number(model.hiddenSize)],
    ['Vocabulary', number(model.vocabularySize, ' tokens')],
    ['Context', contextText(model)],
    ['Positions', imported?.positions],
    ['Normalization', imported?.normalization],
    ['Begin of text', model.prependsBos ? 'a token before each prompt' : 'no token before the prompts'],
    [imported === undefined ? 'Source' : 'Imported from', '', model.source],
    [
      'Weights',
      model.weightsBytes === undefined
        ? undefined
        : `${model.dtype}, ${number(model.weightsBytes)} bytes, SHA-256`,
      model.weightsSha256,
    ],
    [
      'Patterns',
      imported && `${model.dtype ?? 'computed'} by another program, SHA-256`,
      imported?.patternsSha256,
    ],
    [
      'Rows that sum to less than 1',
      imported?.shortRows &&
        `${number(imported.shortRows.rows)}, the least to ${imported.shortRows.leastSum.toPrecision(3)}`,
    ],
    ['Tokenizer', imported?.tokenizer],
    ['Tokenizer', model.tokenizerSha256 && 'SHA-256', model.tokenizerSha256],
  ];
  return facts.flatMap(([name, text, code]) => {
    if (text === undefined || (text === '' && code === undefined)) return [];
    return [{ name, text: String(text), ...(code === undefined ? {} : { code }) }];
  });
}
