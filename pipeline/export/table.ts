/** What the cells of a column hold: `whole` numbers are not missing, `number`s may be. */
export interface Column {
  readonly name: string;
  readonly kind: 'text' | 'whole' | 'number';
}

/** A cell for each column; null where a number is not defined. */
export type Row = readonly (string | number | null)[];

/** Turns rows into the bytes of a file. */
export interface TableWriter {
  /** Comes first. */
  begin(): Uint8Array;
  rows(rows: readonly Row[]): Uint8Array;
  end(): Uint8Array;
}
