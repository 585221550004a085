import { defineCollection } from 'astro:content';
import { noteSchema } from './content-loader/note.ts';
import { notesLoader } from './content-loader/notes-loader.ts';
import { modelsLoader } from './content-loader/records-loader.ts';
import { modelRecordSchema } from './schema/records.ts';

// Heads and prompts are read as the records that they are: a collection would hold all of them twice more.
export const collections = {
  models: defineCollection({ loader: modelsLoader(), schema: modelRecordSchema }),
  notes: defineCollection({ loader: notesLoader(), schema: noteSchema }),
};
