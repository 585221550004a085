import { existsSync } from 'node:fs';
import { glob, type Loader } from 'astro/loaders';
import { inAtlasFolder } from './atlas-folder.ts';
import { checkNote, noteSchema } from './note.ts';
import { readable } from './readable.ts';
import { records } from './records-loader.ts';

/** Notes on heads: the Markdown files below `content/notes/`, if there are any. */
export function notesLoader(): Loader {
  return {
    name: 'pattern-atlas-notes',
    async load(context) {
      context.store.clear();
      const base = inAtlasFolder('content/notes');
      if (!existsSync(base)) return;
      await glob({ pattern: '**/*.md', base }).load(context);
      const heads = new Set((await records()).heads.map(({ id }) => id));
      await readable(() => {
        for (const { id, data, filePath } of context.store.values()) {
          checkNote(noteSchema.parse(data), heads, filePath ?? id);
        }
      });
    },
  };
}
