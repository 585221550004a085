import type { Ablation } from '../../../schema/live-state.ts';
import type { KnownInputs } from '../../../core/inputs.ts';
import { metrics } from '../../../core/metrics/index.ts';
import { measure, type PatternMetric } from '../../../core/metrics/metric.ts';
import { collectRun } from '../../../engine/pattern-run.ts';
import { checkIds } from '../../../engine/check-ids.ts';
import { tokenizePrompt, type TokenizedText } from '../../../engine/tokenizers/tokenize-prompt.ts';
import { knownInputs } from '../known-inputs.ts';
import type { LiveRun } from '../live-run.ts';
import { headEdits } from './head-edits.ts';
import { continuationOf } from './continuation.ts';
import { feedsOf } from './feeds.ts';
import type { OpenModel } from './open-model.ts';

/** Cells of the patterns of one layer at most, so that a long text does not use up the page's memory. */
const MOST_CELLS = 2 ** 24;

/**
 * A model on a text; of a text that is too long for it, on the beginning.
 *
 * @throws AtlasError, and what the engine throws where memory is short
 */
export async function runText(
  model: OpenModel,
  text: string,
  ablations: readonly Ablation[],
): Promise<LiveRun> {
  const { description, stack, graph, session } = model;
  const { tokens, ids, offsets, cut } = fitted(
    model,
    tokenizePrompt(model.tokenizer, text, model.prependBos),
  );
  checkIds(ids, description);
  const edits = headEdits(model, ablations);
  const results = await session.run(feedsOf(model.runtime, graph, ids, edits));
  const { patterns, extras } = collectRun(graph, results);
  const norms = extras.heads.get('value-norms')?.get('self');
  const scored = extras.heads.get('scores')?.get('self');
  const { layout, heads } = stack;
  const continuation = continuationOf(extras, model.tokenizer);
  const run = {
    text,
    ids,
    tokens,
    offsets,
    ...(cut === undefined ? {} : { cut }),
    layout,
    heads,
    layers: [...patterns].map(([layer, values]) => {
      const valueNorms = norms?.get(layer);
      const scores = scored?.get(layer);
      return {
        layer,
        values,
        ...(valueNorms === undefined ? {} : { valueNorms }),
        ...(scores === undefined ? {} : { scores }),
      };
    }),
    ...(continuation === undefined ? {} : { continuation }),
  };
  return { ...run, metrics: metricsOf(run) };
}

function metricsOf(run: Omit<LiveRun, 'metrics'>): LiveRun['metrics'] {
  const known = knownInputs(run);
  return Object.fromEntries(
    metrics.flatMap((metric) =>
      metric.scope === 'pattern' ? [[metric.name, known.map((inputs) => valueOf(metric, inputs))]] : [],
    ),
  );
}

/** A metric of the atlas's own files may fail on a text; it has no value then, and the others have theirs. */
function valueOf(metric: PatternMetric, inputs: KnownInputs): number | null {
  try {
    return measure(metric, inputs);
  } catch {
    return null;
  }
}

/** As many tokens as the model and the page can take. */
function fitted(
  { description, stack }: OpenModel,
  whole: TokenizedText,
): TokenizedText & Pick<LiveRun, 'cut'> {
  const room = Math.floor(Math.sqrt(MOST_CELLS / stack.heads));
  const limit = Math.min(description.context ?? Infinity, room);
  if (whole.ids.length <= limit) return whole;
  return {
    ids: whole.ids.slice(0, limit),
    tokens: whole.tokens.slice(0, limit),
    offsets: whole.offsets.slice(0, limit),
    cut: { tokens: whole.ids.length, limit },
  };
}
