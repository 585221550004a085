import type { Explanation } from './atlas-error.ts';

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

/** Errors of models that lie on the Hugging Face hub. */
export const hubErrors = {
  'hub-name-invalid': (p: { name: string }): Explanation => ({
    what: `"${p.name}" is no name of a model on the hub.`,
    why: 'The hub takes OWNER/NAME of letters, digits, "-", "_" and ".", and a branch, tag or commit after "@".',
    remedy:
      'Copy the name from the address of the model: EleutherAI/pythia-14m, or EleutherAI/pythia-14m@step1000.',
  }),
  'hub-settings-invalid': (p: { variable: string; value: string }): Explanation => ({
    what: `${p.variable} is "${p.value}".`,
    why: 'It must be the address of a hub, such as https://huggingface.co.',
    remedy: `Mend ${p.variable}, or unset it.`,
  }),
  'hub-offline': (p: { name: string; cache: string }): Explanation => ({
    what: `The model ${p.name} is not in the hub's cache, and HF_HUB_OFFLINE keeps it from being downloaded.`,
    why: `The cache is ${p.cache}; HF_HOME and HF_HUB_CACHE say where it lies.`,
    remedy: 'Unset HF_HUB_OFFLINE, copy the cache of a machine that has the model, or name a local folder.',
  }),
  'hub-not-at-hand': (p: { name: string }): Explanation => ({
    what: `The model ${p.name} is not downloaded.`,
    why: 'A dry run downloads nothing.',
    remedy: 'Run without --dry-run, or ask `atlas doctor` how large the model is.',
  }),
  'hub-unreachable': (p: { endpoint: string; reason: string }): Explanation => ({
    what: `The hub at ${p.endpoint} cannot be reached.`,
    why: p.reason,
    remedy:
      'Check the connection; HF_ENDPOINT names another hub, and a model that is in the cache or in a local folder needs none.',
  }),
  'hub-model-missing': (p: { name: string; endpoint: string }): Explanation => ({
    what: `There is no model ${p.name} at ${p.endpoint}.`,
    why: 'The hub does not know it, or it is private and the hub does not say so.',
    remedy: 'Check the name; for a private model, set HF_TOKEN to a token that may read it.',
  }),
  'hub-revision-missing': (p: { repository: string; revision: string }): Explanation => ({
    what: `The model ${p.repository} has no revision "${p.revision}".`,
    why: 'A revision is a branch, a tag or a commit of the repository.',
    remedy: "Look at the repository's branches, or leave the revision out for main.",
  }),
  'hub-gated': (p: { name: string; hasToken: boolean }): Explanation => ({
    what: `The model ${p.name} is gated.`,
    why: p.hasToken
      ? 'The account of the token has not been given access.'
      : 'Its owner gives it only to accounts that have asked, and no token was sent.',
    remedy: p.hasToken
      ? "Ask for access on the model's page with that account, then run again."
      : "Ask for access on the model's page, and set HF_TOKEN to a token of that account.",
  }),
  'hub-token-refused': (p: { endpoint: string }): Explanation => ({
    what: `The hub at ${p.endpoint} does not take the token.`,
    why: 'HF_TOKEN, or the file that `hf auth login` wrote, holds a token that is wrong or has ended.',
    remedy: 'Set HF_TOKEN to a valid token, or unset it for models that are public.',
  }),
  'hub-answer-invalid': (p: { reason: string }): Explanation => ({
    what: 'The hub gave an answer that cannot be used.',
    why: p.reason,
    remedy: 'Run again; if it stays, check HF_ENDPOINT and any proxy between.',
  }),
  'hub-download-broken': (p: { bytes: number; total: number; reason: string }): Explanation => ({
    what: `The download broke off after ${megabytes(p.bytes)} of ${megabytes(p.total)}, and trying again did not help.`,
    why: p.reason,
    remedy: 'Run again: what was downloaded is kept, and the rest follows it.',
  }),
  'hub-checksum-wrong': (p: { expected: string; actual: string }): Explanation => ({
    what: 'The downloaded file is not the one that the hub lists.',
    why: `Its checksum is ${p.actual}, not ${p.expected}.`,
    remedy: 'It was removed. Run again; if it stays, a proxy changes what is downloaded.',
  }),
} as const;
