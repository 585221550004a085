import { expect, it } from 'vitest';
import { headPythonSnippet, pythonSnippet } from '../../../../src/core/export/python-snippet.ts';

it('names the folder, the array and the head that an export holds', () => {
  const address = { model: 'tiny-gpt2', stack: 'cross', layer: 3, head: 5 } as const;
  const python = headPythonSnippet(address);
  expect(python).toContain('--format npz --models tiny-gpt2 --out exported');
  expect(python).toContain('Path("exported/tiny-gpt2/prompts").glob("*/activations.npz")');
  expect(python).toContain('saved["decoder_blocks.3.cross_attn.hook_pattern"][0, 5]');
});

it('quotes the names of files and arrays', () => {
  expect(pythonSnippet('a"b.npz', 'x')).toContain('np.load("a\\"b.npz")');
});
