import { defineCollection } from 'astro:content';
import { noteSchema } from './content-loader/note.ts';
import { notesLoader } from './content-loader/notes-loader.ts';
import { recordsLoader } from './content-loader/records-loader.ts';
import { headRecordSchema, modelRecordSchema, promptRecordSchema } from './schema/records.ts';

export const collections = {
  models: defineCollection({ loader: recordsLoader('models'), schema: modelRecordSchema }),
  heads: defineCollection({ loader: recordsLoader('heads'), schema: headRecordSchema }),
  prompts: defineCollection({ loader: recordsLoader('prompts'), schema: promptRecordSchema }),
  notes: defineCollection({ loader: notesLoader(), schema: noteSchema }),
};
