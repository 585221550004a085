import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { glob, type Loader } from 'astro/loaders';
import { AtlasError } from '../schema/errors/index.ts';
import { checkNote, noteSchema } from './note.ts';
import { readable } from './read-records.ts';
import { records } from './records-loader.ts';

const FOLDER = 'content/notes';

/** Notes on heads: the Markdown files below `content/notes/`, if there are any. */
export function notesLoader(): Loader {
  return {
    name: 'pattern-atlas-notes',
    async load(context) {
      context.store.clear();
      if (!existsSync(resolve(FOLDER))) return;
      await glob({ pattern: '**/*.md', base: FOLDER }).load(context);
      const heads = new Set((await records()).heads.map(({ id }) => id));
      for (const { id, data, filePath } of context.store.values()) {
        try {
          checkNote(noteSchema.parse(data), heads, filePath ?? id);
        } catch (error) {
          throw error instanceof AtlasError ? readable(error) : error;
        }
      }
    },
  };
}
