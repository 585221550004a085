import { formatBytes } from '../../src/core/format-bytes.ts';
import type { StageName } from '../store/store.ts';
import { stageTitle } from './plan-run.ts';
import type { StoredObject } from './stored-objects.ts';

/** Objects of one stage, model and reason, counted. */
export interface Tally {
  readonly stage: StageName;
  readonly model?: string;
  readonly unreferenced?: string;
  readonly objects: number;
  readonly bytes: number;
}

/** Counts objects by stage, model and why the config does not refer to them, in the order of the stages. */
export function tally(objects: readonly StoredObject[]): Tally[] {
  const groups = Map.groupBy(objects, ({ stage, model = '', unreferenced = '' }) =>
    [stage, model, unreferenced].join('\n'),
  );
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { stage, model, unreferenced } = first;
    const bytes = group.reduce((sum, object) => sum + object.bytes, 0);
    return {
      stage,
      ...(model !== undefined && { model }),
      ...(unreferenced !== undefined && { unreferenced }),
      objects: group.length,
      bytes,
    };
  });
}

/** Tallies as the rows of a table for a person. */
export function describeTallies(tallies: readonly Tally[]): string[] {
  return table(
    tallies.map(({ stage, model = '', unreferenced = '', objects, bytes }) => [
      stageTitle(stage),
      model,
      String(objects),
      formatBytes(bytes),
      unreferenced,
    ]),
  );
}

/** Lines of columns; the third and fourth are numbers. */
function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) =>
        column === 2 || column === 3 ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
}
