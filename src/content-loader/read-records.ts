import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { checkRecord } from '../schema/check-record.ts';
import { atlasError } from '../schema/errors/index.ts';
import {
  atlasRecordSchema,
  COLLECTION_FILES,
  headRecordSchema,
  modelRecordSchema,
  promptRecordSchema,
  type AtlasRecord,
  type HeadRecord,
  type ModelRecord,
  type PromptRecord,
} from '../schema/records.ts';
import { readable } from './readable.ts';

/** Everything that the pipeline wrote for the site. */
export interface AtlasRecords {
  readonly atlas: AtlasRecord;
  readonly models: readonly ModelRecord[];
  readonly heads: readonly HeadRecord[];
  readonly prompts: readonly PromptRecord[];
}

/**
 * Reads the records in `folder` (`content/generated`), whole or not at all.
 *
 * @throws Error with the text of the AtlasError `records-missing` where a file is missing, empty or of another run,
 *   `record-invalid` where a record does not fit its schema
 */
export function readRecords(folder: string): Promise<AtlasRecords> {
  return readable(() => readAll(folder));
}

async function readAll(folder: string): Promise<AtlasRecords> {
  const atlas = checkRecord('atlas', atlasRecordSchema, parse(await read(folder, 'atlas'), folder, 'atlas'));
  const collection = async <T>(name: 'models' | 'heads' | 'prompts', schema: z.ZodType<T>): Promise<T[]> => {
    const text = await read(folder, name);
    const digest = createHash('sha256').update(text).digest('hex');
    const path = join(folder, COLLECTION_FILES[name]);
    if (digest !== atlas.collections[name]) throw atlasError('records-missing', { path });
    const records = checkRecord(name, z.array(schema), parse(text, folder, name));
    if (records.length === 0 || records.length !== atlas.counts[name]) {
      throw atlasError('records-missing', { path });
    }
    return records;
  };
  const [models, heads, prompts] = await Promise.all([
    collection('models', modelRecordSchema),
    collection('heads', headRecordSchema),
    collection('prompts', promptRecordSchema),
  ]);
  return { atlas, models, heads, prompts };
}

async function read(folder: string, name: keyof typeof COLLECTION_FILES): Promise<string> {
  const path = join(folder, COLLECTION_FILES[name]);
  return readFile(path, 'utf8').catch((error: unknown) => {
    throw atlasError('records-missing', { path }, {}, error);
  });
}

function parse(text: string, folder: string, name: keyof typeof COLLECTION_FILES): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw atlasError('records-missing', { path: join(folder, COLLECTION_FILES[name]) }, {}, error);
  }
}
