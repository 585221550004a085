import { describe, expect, it } from 'vitest';
import { checkNote, noteSchema } from '../../../src/content-loader/note.ts';
import { codeOf } from '../error-code.ts';

const HEADS = new Set(['tiny/L0/H0', 'tiny/L1/H2', 'pair/cross/L0/H1']);

describe('a note', () => {
  it('belongs to a head of the atlas', () => {
    const note = noteSchema.parse({ model: 'tiny', layer: 1, head: 2 });
    expect(
      codeOf(() => {
        checkNote(note, HEADS, 'a.md');
      }),
    ).toBeUndefined();
  });

  it('names the stack in a model of several', () => {
    const cross = noteSchema.parse({ model: 'pair', stack: 'cross', layer: 0, head: 1 });
    expect(
      codeOf(() => {
        checkNote(cross, HEADS, 'a.md');
      }),
    ).toBeUndefined();
    expect(
      codeOf(() => {
        checkNote({ ...cross, stack: 'self' }, HEADS, 'a.md');
      }),
    ).toBe('note-head-unknown');
  });

  it('about another head is an error that names the nearest and the file', () => {
    const note = noteSchema.parse({ model: 'tiny', layer: 1, head: 3 });
    expect(() => {
      checkNote(note, HEADS, 'content/notes/a.md');
    }).toThrow(
      expect.objectContaining({
        code: 'note-head-unknown',
        place: { file: 'content/notes/a.md' },
        explanation: expect.objectContaining({
          remedy: expect.stringContaining('tiny/L1/H2') as unknown,
        }) as unknown,
      }),
    );
  });

  it('has no other keys in its front matter', () => {
    expect(noteSchema.safeParse({ model: 'tiny', layer: 1, head: 2, heads: 3 }).success).toBe(false);
    expect(noteSchema.safeParse({ model: 'tiny', layer: -1, head: 2 }).success).toBe(false);
  });
});
