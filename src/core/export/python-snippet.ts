import type { HeadAddress } from '../../schema/urls.ts';
import { patternMember } from '../npz/pattern-members.ts';

/**
 * Python that loads one array of a saved npz file with NumPy.
 *
 * @param file the file's name
 * @param array the name of the array in it
 */
export function pythonSnippet(file: string, array: string): string {
  return `import numpy as np

with np.load(${JSON.stringify(file)}) as saved:
    pattern = saved[${JSON.stringify(array)}]  # [queries, keys], float32

print(pattern.shape, pattern[-1].argmax())  # where the last token looks most`;
}

/** Python that loads one head's patterns on all prompts from what `atlas export` writes, with the command for that. */
export function headPythonSnippet(address: HeadAddress): string {
  const { model, stack, layer, head } = address;
  return `# npm run --silent atlas -- export --format npz --models ${model} --out exported
from pathlib import Path
import numpy as np

patterns = {}  # by prompt: [queries, keys], float32
for file in Path("exported/${model}/prompts").glob("*/activations.npz"):
    with np.load(file) as saved:
        patterns[file.parent.name] = saved["${patternMember(stack, layer)}"][0, ${head}]

print(len(patterns), "prompts")`;
}
