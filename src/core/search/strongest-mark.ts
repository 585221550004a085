/*
 * What a result shows beside a prompt's text has to come with the result. Pagefind searches in everything that a record
 * holds but for its address, so the strongest head on a prompt stands behind the `#` of the address in the index:
 * `/prompts/ID/#induction=0.93@/tiny-gpt2/L1/H2/`.
 */
const MARK = /^([a-z0-9-]+)=(-?\d+(?:\.\d+)?)@(\/.+\/)$/u;

/** The strongest head on a prompt by one metric. */
export interface StrongestMark {
  readonly metric: string;
  readonly value: number;
  /** Of the head's page. */
  readonly path: string;
}

const DIGITS = 3;

/** `address` with the mark behind it. */
export function withStrongest(address: string, { metric, value, path }: StrongestMark): string {
  return `${address}#${metric}=${value.toFixed(DIGITS)}@${path}`;
}

/** The address and its mark; undefined where it has none. */
export function splitStrongest(marked: string): { address: string; strongest: StrongestMark | undefined } {
  const [address = '', mark = ''] = marked.split('#');
  const [, metric, value, path] = MARK.exec(mark) ?? [];
  const isWhole = metric !== undefined && value !== undefined && path !== undefined;
  return { address, strongest: isWhole ? { metric, value: Number(value), path } : undefined };
}
