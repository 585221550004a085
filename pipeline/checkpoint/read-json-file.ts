import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { atlasError } from '../../src/schema/errors/index.ts';
import { parsePythonJson } from '../../src/engine/python-json.ts';

/** No config or index of a checkpoint comes near it. */
const MOST_BYTES = 64 * 2 ** 20;

/**
 * A JSON object from a file of a model folder.
 *
 * @throws AtlasError `model-file-missing`, `json-invalid`, `unreadable`
 */
export async function readJsonObject(path: string): Promise<Record<string, unknown>> {
  const value = parsePythonJson(await readText(path), path);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw atlasError('json-invalid', { reason: 'It holds no object.' }, { file: path });
  }
  return value as Record<string, unknown>;
}

async function readText(path: string): Promise<string> {
  const file = await open(path, 'r').catch((error: unknown) => {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT')
      throw atlasError('model-file-missing', { name: basename(path) }, { file: path }, error);
    throw atlasError('unreadable', { path, reason: message }, {}, error);
  });
  try {
    const { size } = await file.stat();
    if (size > MOST_BYTES)
      throw atlasError('json-invalid', { reason: `It has ${size} bytes.` }, { file: path });
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}
