import { AtlasError, formatError } from '../../src/schema/errors/index.ts';

/**
 * What a program that fails says last, with its newline.
 *
 * @param error undefined where the person interrupted the run
 * @param json as an event for programs
 */
export function describeFailure(error: unknown, json: boolean): string {
  if (json) return `${JSON.stringify(eventOf(error))}\n`;
  if (error === undefined) return `${INTERRUPTED}\n`;
  if (error instanceof AtlasError) return `${formatError(error)}\n`;
  return `${DEFECT}\n${traceOf(error)}\n`;
}

const INTERRUPTED = 'interrupted: what was finished is kept; run the same command again to go on';
const DEFECT = 'This is a defect of Pattern Atlas, please report it:';

function eventOf(error: unknown) {
  if (error === undefined) return { event: 'interrupted', text: INTERRUPTED };
  if (error instanceof AtlasError) {
    return {
      event: 'error',
      code: error.code,
      ...error.explanation,
      place: error.place,
      text: formatError(error),
    };
  }
  return { event: 'defect', text: DEFECT, trace: traceOf(error) };
}

function traceOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
