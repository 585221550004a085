import { AtlasError, type Explanation, type Place } from './atlas-error.ts';
import { checkpointErrors } from './checkpoint.ts';
import { hubErrors } from './hub.ts';
import { importErrors } from './import.ts';
import { inputErrors } from './input.ts';
import { ownErrors } from './own.ts';
import { siteFileErrors } from './site-files.ts';
import { storeErrors } from './store.ts';

export { AtlasError, formatError, type Place } from './atlas-error.ts';

const catalogue = {
  ...checkpointErrors,
  ...hubErrors,
  ...importErrors,
  ...inputErrors,
  ...ownErrors,
  ...siteFileErrors,
  ...storeErrors,
};

export type ErrorCode = keyof typeof catalogue;
type Parameters_<C extends ErrorCode> = Parameters<(typeof catalogue)[C]>[0];

/**
 * The error `code` of the catalogue, filled with `parameters`.
 *
 * @param place where it was met: file, row, tensor
 * @param cause the error it was caught from
 */
export function atlasError<C extends ErrorCode>(
  code: C,
  parameters: Parameters_<C>,
  place: Place = {},
  cause?: unknown,
): AtlasError {
  const explain = catalogue[code] as (p: Parameters_<C>) => Explanation;
  return new AtlasError(code, explain(parameters), place, cause);
}
