import type { Column, Row, TableWriter } from './table.ts';

const utf8 = new TextEncoder();

/** RFC 4180 with a header; a number that is not defined is an empty cell. Lines end in LF, as pandas writes them. */
export function csvWriter(columns: readonly Column[]): TableWriter {
  const line = (cells: Row) => `${cells.map(csvCell).join(',')}\n`;
  return {
    begin: () => utf8.encode(line(columns.map(({ name }) => name))),
    rows: (rows) => utf8.encode(rows.map(line).join('')),
    end: () => new Uint8Array(),
  };
}

/** An array of objects, one a line. */
export function jsonWriter(columns: readonly Column[]): TableWriter {
  let separator = '\n';
  return {
    begin: () => utf8.encode('['),
    rows(rows) {
      let text = '';
      for (const row of rows) {
        const entries = columns.map(({ name }, at) => [name, row[at] ?? null]);
        text += separator + JSON.stringify(Object.fromEntries(entries));
        separator = ',\n';
      }
      return utf8.encode(text);
    },
    end: () => utf8.encode('\n]\n'),
  };
}

function csvCell(cell: Row[number]): string {
  if (cell === null) return '';
  const text = String(cell);
  return /[",\r\n]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
