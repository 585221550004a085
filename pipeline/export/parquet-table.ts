import { ByteWriter, ParquetWriter, schemaFromColumnData, type BasicType } from 'hyparquet-writer';
import type { Column, Row, TableWriter } from './table.ts';

const TYPES = { text: 'STRING', whole: 'INT32', number: 'DOUBLE' } as const satisfies Record<
  Column['kind'],
  BasicType
>;
/** Rows of a row group: enough for a reader to skip by, few enough to hold. */
const GROUP = 50_000;

/** Apache Parquet, compressed by Snappy. */
export function parquetWriter(columns: readonly Column[]): TableWriter {
  const bytes = new ByteWriter();
  const schema = schemaFromColumnData({ columnData: columnData(columns, []) });
  const writer = new ParquetWriter({ writer: bytes, schema });
  let pending: Row[] = [];
  const flush = () => {
    if (pending.length > 0) {
      void writer.write({ columnData: columnData(columns, pending), rowGroupSize: pending.length });
    }
    pending = [];
  };
  const take = () => {
    const taken = bytes.getBytes().slice();
    bytes.index = 0; // `offset` goes on counting, as in the library's own writer of files
    return taken;
  };
  return {
    begin: take,
    rows(rows) {
      pending.push(...rows);
      if (pending.length >= GROUP) flush();
      return take();
    },
    end() {
      flush();
      void writer.finish();
      return take();
    },
  };
}

function columnData(columns: readonly Column[], rows: readonly Row[]) {
  return columns.map(({ name, kind }, at) => ({
    name,
    type: TYPES[kind],
    nullable: kind === 'number',
    data: rows.map((row) => row[at]),
  }));
}
