/** Where a problem was met: as much of it as is known. Printed after the message. */
export interface Place {
  /** A file or folder, as the user wrote it or relative to the working folder. */
  readonly file?: string;
  /** 1-based line of a text file. */
  readonly row?: number;
  readonly tensor?: string;
  readonly model?: string;
  readonly prompt?: string;
  /** `L3H5`. */
  readonly head?: string;
}

/** What an entry of the catalogue says: one sentence each. */
export interface Explanation {
  readonly what: string;
  readonly why: string;
  readonly remedy: string;
}

/**
 * An error that a user can cause and mend. Made only from the catalogue, by `atlasError` or beside an entry of it, so
 * that every code and its words stand there; anything else that is thrown is a defect of the program.
 */
export class AtlasError extends Error {
  readonly code: string;
  readonly explanation: Explanation;
  readonly place: Place;

  constructor(code: string, explanation: Explanation, place: Place, cause?: unknown) {
    super(explanation.what, cause === undefined ? undefined : { cause });
    this.name = 'AtlasError';
    this.code = code;
    this.explanation = explanation;
    this.place = place;
  }
}

/** `models/x.jsonl, row 3, tensor wte.weight`: the parts of a place that are known, or an empty string. */
function describePlace(place: Place): string {
  const parts = [
    place.file,
    place.row === undefined ? undefined : `row ${place.row}`,
    place.tensor === undefined ? undefined : `tensor ${place.tensor}`,
    place.model === undefined ? undefined : `model ${place.model}`,
    place.prompt === undefined ? undefined : `prompt ${place.prompt}`,
    place.head === undefined ? undefined : `head ${place.head}`,
  ];
  return parts.filter((part) => part !== undefined).join(', ');
}

/** The error as lines for a terminal: what, where, why, what to do. */
export function formatError(error: AtlasError): string {
  const place = describePlace(error.place);
  return [
    `error [${error.code}] ${error.explanation.what}`,
    ...(place === '' ? [] : [`  where: ${place}`]),
    `  why:   ${error.explanation.why}`,
    `  to do: ${error.explanation.remedy}`,
  ].join('\n');
}
