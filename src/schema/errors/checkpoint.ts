import type { Explanation } from './atlas-error.ts';
import { suggest } from './suggest.ts';

/** Errors of model folders, their configs and weights. */
export const checkpointErrors = {
  'model-folder-missing': (p: { path: string; known: readonly string[] }): Explanation => ({
    what: `There is no model folder "${p.path}".`,
    why: 'A model is a folder with config.json, the weights and the tokenizer, as on the Hugging Face hub.',
    remedy: suggest(p.path, p.known),
  }),
  'model-file-missing': (p: { name: string }): Explanation => ({
    what: `The model folder has no ${p.name}.`,
    why: 'A checkpoint needs config.json, model.safetensors or pytorch_model.bin (or their shards with an index), and tokenizer.json.',
    remedy: `Copy ${p.name} into the folder, or name another folder.`,
  }),
  'model-name-unknown': (p: { name: string; known: readonly string[] }): Explanation => ({
    what: `There is no model named "${p.name}".`,
    why: "It is neither a name of TransformerLens's nor a repository of the hub (OWNER/NAME).",
    remedy: suggest(p.name, p.known),
  }),
  'model-name-unhosted': (p: { name: string }): Explanation => ({
    what: `"${p.name}" lies on no hub.`,
    why: 'The first Llama was given out by its makers only, and each made the checkpoint for themselves.',
    remedy: 'Name the folder with the checkpoint in Hugging Face layout.',
  }),
  'json-invalid': (p: { reason: string }): Explanation => ({
    what: 'The file is not valid JSON.',
    why: p.reason,
    remedy: 'Mend the file, or fetch it again if it was cut off.',
  }),
  'family-unknown': (p: { modelType: string; known: readonly string[] }): Explanation => ({
    what: `config.json names the model type "${p.modelType}", which this version cannot run.`,
    why: 'A graph is built from the config, and no architecture here knows this family.',
    remedy: `${suggest(p.modelType, p.known)} Patterns that another program computed can be had with \`atlas import\`.`,
  }),
  'family-refused': (p: { name: string; reason: string }): Explanation => ({
    what: `This model of the family ${p.name} cannot be run.`,
    why: p.reason,
    remedy: 'Patterns that another program computed, where there are any, can be had with `atlas import`.',
  }),
  'quantization-unsupported': (p: { method: unknown }): Explanation => ({
    what: `The weights are quantized by ${p.method === undefined ? 'an unnamed method' : JSON.stringify(p.method)}.`,
    why: 'Only fp8 with factors beside the weights can be run, and mxfp4 for gpt-oss.',
    remedy: 'Use the checkpoint that it was made from, or save it again without quantization.',
  }),
  'config-value-invalid': (p: { key: string; value: unknown; expected: string }): Explanation => ({
    what: `config.json has ${p.key} = ${p.value === undefined ? 'nothing' : JSON.stringify(p.value)}.`,
    why: `Expected ${p.expected}.`,
    remedy: 'Check that config.json belongs to this checkpoint.',
  }),
  'config-key-not-understood': (p: { key: string; value: unknown; family: string }): Explanation => ({
    what: `config.json sets ${p.key} = ${JSON.stringify(p.value)}, which is not understood for ${p.family}.`,
    why: 'It may change the result, and a wrong pattern is worse than none.',
    remedy: 'Remove the key if it has no effect, or report the checkpoint so that the key can be supported.',
  }),
  'weights-truncated': (p: { expected: number; actual: number }): Explanation => ({
    what: `The weights end after ${p.actual} bytes, but the header speaks of ${p.expected}.`,
    why: 'The file was cut off, most often by an interrupted download or copy.',
    remedy: 'Fetch the file again.',
  }),
  'weights-header-invalid': (p: { reason: string }): Explanation => ({
    what: 'The header of the weights file cannot be read.',
    why: p.reason,
    remedy: 'Fetch the file again; if it is complete, it is no safetensors file or PyTorch zip.',
  }),
  'weights-apart': (p: { name: string }): Explanation => ({
    what: `${p.name} leads to another drive than the other weights.`,
    why: 'onnxruntime reads the files of a model from below one folder.',
    remedy: 'Copy the weights to one drive.',
  }),
  'weights-pickle-refused': (p: { name: string }): Explanation => ({
    what: `The weights file asks for ${p.name} to be called.`,
    why: 'A pickle is a program. This one is read without running it, and only what makes tensors is known.',
    remedy: 'Save the state dict alone with PyTorch, or as safetensors.',
  }),
  'weights-legacy': (_p: Record<string, never>): Explanation => ({
    what: 'The weights file has the format that PyTorch wrote before version 1.6.',
    why: 'Its numbers lie in one stream with their description, so it cannot be read without unpacking it whole.',
    remedy: 'Load it with PyTorch and save it again, or as safetensors.',
  }),
  'tensor-missing': (p: { known: readonly string[]; name: string }): Explanation => ({
    what: `The weights hold no tensor "${p.name}".`,
    why: 'The config asks for it.',
    remedy: `Check that config.json and the weights belong together. ${suggest(p.name, p.known)}`,
  }),
  'tensor-shape-wrong': (p: { expected: readonly number[]; actual: readonly number[] }): Explanation => ({
    what: `The tensor has shape [${p.actual.join(', ')}], but the config makes it [${p.expected.join(', ')}].`,
    why: 'config.json and the weights disagree.',
    remedy: 'Check that config.json and the weights come from the same checkpoint.',
  }),
  'tensor-type-unsupported': (p: { dtype: string; known: readonly string[] }): Explanation => ({
    what: `The tensor has the number type ${p.dtype}.`,
    why: `Only ${p.known.join(', ')} can be run.`,
    remedy: 'Convert the checkpoint to one of these.',
  }),
  'tokenizer-invalid': (p: { reason: string }): Explanation => ({
    what: 'The tokenizer cannot be read.',
    why: p.reason,
    remedy: 'Fetch tokenizer.json again, or name a folder with a complete tokenizer.',
  }),
  'token-id-out-of-range': (p: { id: number; vocabulary: number }): Explanation => ({
    what: `Token id ${p.id} is outside the vocabulary of ${p.vocabulary}.`,
    why: 'The ids come from another tokenizer, or the text holds a token this model has no row for.',
    remedy: 'Use the tokenizer that belongs to the checkpoint.',
  }),
  'text-too-long': (p: { characters: number; limit: number }): Explanation => ({
    what: `The text has ${p.characters} characters; at most ${p.limit} are tokenized at once.`,
    why: 'Patterns in a tokenizer file run on the text and cannot be interrupted.',
    remedy: 'Cut the text into parts, or lower max-chars so that it is cut into chunks.',
  }),
  'prompt-empty': (_p: Record<string, never>): Explanation => ({
    what: 'The prompt has no tokens.',
    why: 'A pattern has one row a token.',
    remedy: 'Give a text or ids that are not empty.',
  }),
  'prompt-too-long': (p: { tokens: number; limit: number }): Explanation => ({
    what: `The prompt has ${p.tokens} tokens; the model takes ${p.limit}.`,
    why: 'The model has no positions beyond its context.',
    remedy: 'Shorten the prompt, or lower max-chars so that it is cut into chunks.',
  }),
  'inference-failed': (p: { reason: string }): Explanation => ({
    what: 'onnxruntime could not run the model.',
    why: p.reason,
    remedy:
      'If the reason speaks of memory, lower --memory or the batch size; else report it with config.json.',
  }),
} as const;
