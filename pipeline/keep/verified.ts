/** A file that is not as it should be. */
export interface Finding {
  /** Relative to the folder that was checked. */
  readonly path: string;
  readonly problem: string;
}

/** What a check of a store or site found. */
export interface Verified {
  readonly kind: 'store' | 'site';
  readonly path: string;
  /** Files whose content was read and compared. */
  readonly checked: number;
  /** Of a site: files of whole folders that lie at the config's `assetsBase`, and were not looked at. */
  readonly elsewhere?: number;
  readonly wrong: readonly Finding[];
  /** Files that nobody speaks of: no harm, but not the program's. */
  readonly extra: readonly string[];
}
