import { storedInputs, patternInputs, patternsKey, type PatternInputs } from '../stages/pattern-inputs.ts';
import type { ComputedJob, Job } from '../stages/plan.ts';
import { isProbeId } from '../stages/probe-prompts.ts';
import { packHeaderOf } from '../stages/stored-sources.ts';
import type { Store } from '../store/store.ts';

/** What the store tells of the prompts of a model. */
interface StoredPrompts {
  /** Their tokens, joined, by id. */
  readonly byId: Map<string, string>;
  /** First and last tokens of those that are wanted no more. */
  readonly ends: Set<string>;
}

/** Tokens at either end that two versions of a prompt are told by. */
const ALIKE = 6;

const NAMES: Readonly<Record<keyof PatternInputs['inputs'], string>> = {
  engine: 'engine',
  onnxruntime: 'onnxruntime',
  device: 'device',
  model: "model's name",
  weights: 'weights',
  config: "model's config.json",
};

/**
 * Why patterns have to be made, by comparison with what is stored of the same model and prompt.
 *
 * @param jobs all of the config: a stored prompt of none of them may be an earlier version of one
 * @returns of a job the reason, or undefined where its patterns are stored
 */
export function patternReasons(
  jobs: readonly Job[],
  store: Store,
): (job: Job) => Promise<string | undefined> {
  let journal: Promise<PatternInputs[]> | undefined;
  let stored: Promise<Map<string, StoredPrompts>> | undefined;
  const known = new Map<string, Promise<string | undefined>>();
  const wanted = new Set(jobs.map(({ prompt }) => prompt.id));

  const reasonOf = async (job: Job) => {
    if (await store.has('activations', job.activationsKey)) return undefined;
    if (!('npz' in job)) {
      journal ??= patternJournal(store);
      const found = await changedInputs(job, await journal, store);
      if (found !== undefined) return found;
    }
    stored ??= storedPrompts(store, wanted);
    const ofModel = (await stored).get(job.model.source.id);
    if (ofModel === undefined) return 'new model';
    if (isProbeId(job.prompt.id)) return 'metrics that look at random tokens were added';
    const twin = ofModel.byId.get(job.prompt.id);
    if (twin !== undefined) return twinReason(job, twin, (await journal) ?? []);
    return endsOf(job.tokenized.tokens).some((end) => ofModel.ends.has(end))
      ? 'prompt changed'
      : 'new prompt';
  };
  return (job) => {
    const reason = known.get(job.activationsKey) ?? reasonOf(job);
    known.set(job.activationsKey, reason);
    return reason;
  };
}

async function patternJournal(store: Store): Promise<PatternInputs[]> {
  return (await storedInputs(store)).filter((entry) => entry.stage === 'activations');
}

/** What differs from a run that stored the same tokens of the same prompt; undefined where no such run is known. */
async function changedInputs(
  job: ComputedJob,
  journal: readonly PatternInputs[],
  store: Store,
): Promise<string | undefined> {
  const now = patternInputs(job.model);
  for (const then of journal) {
    if (then.inputs.model !== now.inputs.model) continue;
    const key = patternsKey(then, job.prompt.id, job.tokenized);
    if (key !== job.activationsKey && (await store.has('activations', key))) return differences(then, now);
  }
  return undefined;
}

function differences(then: PatternInputs, now: PatternInputs): string {
  const changed = Object.entries(NAMES).flatMap(([name, title]) => {
    const [before, after] = [then.inputs[name as keyof typeof NAMES], now.inputs[name as keyof typeof NAMES]];
    if (before === after) return [];
    const isDigest = name === 'weights' || name === 'config';
    return isDigest ? [`${title} changed`] : [`${title} changed (${before} → ${after})`];
  });
  if (then.version !== now.version) {
    changed.push(`code version of stage activations changed (${then.version} → ${now.version})`);
  }
  return changed.join(', ');
}

/** Patterns of the same prompt are stored, though not by any run that the journal knows with these tokens. */
function twinReason(job: Job, twin: string, journal: readonly PatternInputs[]): string {
  if ('npz' in job) return 'npz file changed';
  if (twin === job.tokenized.tokens.join('\n')) {
    return 'model, engine or onnxruntime changed (no journal of that run)';
  }
  const ofModel = journal.filter(({ inputs }) => inputs.model === job.model.source.id);
  const isNewTokenizer =
    ofModel.length > 0 && ofModel.every(({ tokenizer }) => tokenizer !== job.model.tokenizerSha256);
  return isNewTokenizer ? 'tokenizer changed' : 'tokens changed';
}

/** By these an edited prompt is known: its beginning or its end stayed. */
function endsOf(tokens: readonly string[]): [beginning: string, end: string] {
  return [`< ${tokens.slice(0, ALIKE).join('\n')}`, `> ${tokens.slice(-ALIKE).join('\n')}`];
}

/** By model. Only looked at where something is missing: it reads the head of every stored pattern object. */
async function storedPrompts(store: Store, wanted: ReadonlySet<string>): Promise<Map<string, StoredPrompts>> {
  const byModel = new Map<string, StoredPrompts>();
  // Packs tell of patterns that were dropped.
  const stages = ['activations', 'packs'] as const;
  const objects = await Promise.all(
    stages.map(async (stage) => (await store.keys(stage)).map((key) => ({ stage, key }))),
  );
  for (const { stage, key } of objects.flat()) {
    const { model, prompt, tokens } = await packHeaderOf(store, stage, key);
    const ofModel = byModel.get(model) ?? { byId: new Map<string, string>(), ends: new Set<string>() };
    byModel.set(model, ofModel);
    if (isProbeId(prompt)) continue;
    ofModel.byId.set(prompt, tokens.join('\n'));
    if (!wanted.has(prompt)) for (const end of endsOf(tokens)) ofModel.ends.add(end);
  }
  return byModel;
}
