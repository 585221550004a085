/** A model on the Hugging Face hub. */
export interface HubAddress {
  /** `owner/name`, or a name alone for the hub's first repositories. */
  readonly repository: string;
  /** A branch, a tag or a commit; the branch `main` if left out. */
  readonly revision?: string;
}

/** What the hub takes for a repository's name: 96 characters of these, no `--`, `..` or dot at either end of a part. */
export const REPOSITORY_NAME =
  /^(?=.{1,96}$)(?!.*(?:--|\.\.))[A-Za-z0-9_](?:[\w.-]*\w)?(?:\/[A-Za-z0-9_](?:[\w.-]*\w)?)?$/u;

/** A git reference or commit that can be the name of a file below the cache's `refs/`. */
export const REVISION_NAME = /^(?!.*(?:\.\.|\/\/|\.lock$))[A-Za-z0-9_][\w./+-]*$/u;

/** `owner/name`, with `@revision` where one is asked for. */
export function hubName({ repository, revision }: HubAddress): string {
  return revision === undefined ? repository : `${repository}@${revision}`;
}
