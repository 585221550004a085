import type { AtlasRecord, HeadRecord } from '../schema/records.ts';

/** A head that stands for the whole atlas, and why. */
export interface SignatureHead {
  readonly head: HeadRecord;
  readonly metric: string;
}

const PREFERRED = 'induction';

/** The head that ranks first by induction, or by the atlas's first metric where it does not measure that. */
export function signatureHead(atlas: AtlasRecord, heads: readonly HeadRecord[]): SignatureHead | undefined {
  const metric = atlas.metrics.includes(PREFERRED) ? PREFERRED : atlas.metrics[0];
  const head = heads.find((candidate) => candidate.metrics[metric ?? '']?.rank === 1);
  return metric === undefined || head === undefined ? undefined : { head, metric };
}
