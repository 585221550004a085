import { atlasError } from '../../schema/errors/index.ts';
import { REPOSITORIES } from './repositories.ts';

/** Where a model lies on the hub. */
export interface HubModel {
  /** `owner/name`, or a name alone for the hub's first repositories (`gpt2`), which the hub redirects. */
  readonly repository: string;
  /** A branch, tag or commit, where the name asks for one. */
  readonly revision?: string;
  /**
   * Whether it is in TransformerLens's own format: a config.json without `model_type`, and weights in the file that ends
   * with `final.pth`.
   */
  readonly tlFormat: boolean;
}

/** A model that has a short name. */
export interface NamedModel {
  readonly repository: string;
  /** The names it goes by, the repository's own without its owner first; all in lower case. */
  readonly names: readonly string[];
}

/** Owners whose repositories are in TransformerLens's format. */
const TL_OWNERS: ReadonlySet<string> = new Set(['NeelNanda', 'ArthurConmy', 'Baidicoot']);
/** Names of Llama 1, which never lay on the hub under them. */
const UNHOSTED = /^llama-(7|13|30|65)b(-hf)?$/u;
const REPOSITORY = /^[\w.-]+\/[\w.-]+$/u;

/** Every model that TransformerLens names. */
export const namedModels: readonly NamedModel[] = Object.entries(REPOSITORIES).flatMap(([owner, names]) =>
  Object.entries(names).map(([name, others]) => ({
    repository: owner === '' ? name : `${owner}/${name}`,
    names: [name.toLowerCase(), ...others.split(' ').filter((other) => other !== '')],
  })),
);

const byName: ReadonlyMap<string, string> = new Map(
  namedModels.flatMap(({ repository, names }) => {
    const owner = repository.includes('/') ? `${repository.split('/')[0] ?? ''}/`.toLowerCase() : '';
    return names.flatMap((name) => [
      [name, repository],
      [owner + name, repository],
    ]);
  }),
);

/**
 * The repository behind a name of TransformerLens (`gpt2-small`, `pythia-70m`; case does not matter) or behind a
 * repository's own name (`owner/name`, whether listed or not). `NAME@REVISION` asks for a revision:
 * `pythia-70m@step1000`.
 *
 * @throws AtlasError `model-name-unknown`, `model-name-unhosted`
 */
export function resolveModelName(name: string): HubModel {
  const [, plain = '', revision] = /^([^@]*)(?:@(.+))?$/u.exec(name.trim()) ?? [];
  const lower = plain.toLowerCase();
  if (UNHOSTED.test(lower)) throw atlasError('model-name-unhosted', { name: plain });
  const repository = byName.get(lower) ?? (REPOSITORY.test(plain) ? plain : undefined);
  if (repository === undefined) {
    throw atlasError('model-name-unknown', { name, known: [...byName.keys()] });
  }
  const tlFormat = TL_OWNERS.has(repository.split('/')[0] ?? '');
  return { repository, ...(revision === undefined ? {} : { revision }), tlFormat };
}
