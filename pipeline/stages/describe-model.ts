import type { ModelRecord } from '../../src/schema/records.ts';
import type { CheckpointModel, ImportedModel, ModelAtHand } from './plan.ts';

/** What a model's record says of the model itself. */
export type ModelDescription = Omit<ModelRecord, 'stacks' | 'sheet'>;

/** Names a model, and says what is known of it: by its checkpoint, or by what was imported. */
export function describeModel(model: ModelAtHand): ModelDescription {
  const { id, name, series, source } = model.source;
  return {
    id,
    name,
    ...(series === undefined ? {} : { series }),
    ...(model.kind === 'checkpoint' ? checkpointFacts(model) : importedFacts(model)),
    prependsBos: model.prependsBos,
    source,
  };
}

type Facts = Omit<ModelDescription, 'id' | 'name' | 'series' | 'prependsBos' | 'source'>;

function checkpointFacts({ checkpoint, weightsSha256, tokenizerSha256, card }: CheckpointModel): Facts {
  const { family, modelType, hiddenSize, vocabularySize, context } = checkpoint.description;
  return {
    family,
    modelType,
    hiddenSize,
    vocabularySize,
    context,
    parameters: checkpoint.parameters,
    dtype: checkpoint.dtype,
    weightsBytes: checkpoint.weightsBytes,
    weightsSha256,
    tokenizerSha256,
    ...(card === undefined ? {} : { card }),
  };
}

function importedFacts({ facts, patternsSha256 }: ImportedModel): Facts {
  const { hiddenSize, vocabularySize, context, dtype, ...imported } = facts;
  return {
    ...(hiddenSize !== undefined && { hiddenSize }),
    ...(vocabularySize !== undefined && { vocabularySize }),
    ...(context !== undefined && { context }),
    ...(dtype !== undefined && { dtype }),
    imported: { patternsSha256, ...imported },
  };
}
