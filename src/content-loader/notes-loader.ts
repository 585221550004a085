import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { glob, type Loader } from 'astro/loaders';
import { checkNote, noteSchema } from './note.ts';
import { readable } from './readable.ts';
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
      await readable(() => {
        for (const { id, data, filePath } of context.store.values()) {
          checkNote(noteSchema.parse(data), heads, filePath ?? id);
        }
      });
    },
  };
}
