import type { Stack } from '../../schema/stacks.ts';

/** Names of the arrays of patterns, as TransformerLens gives them to its hooks. */
const NAMES: Readonly<Record<Stack, readonly [before: string, after: string]>> = {
  self: ['blocks.', '.attn.hook_pattern'],
  encoder: ['encoder_blocks.', '.attn.hook_pattern'],
  decoder: ['decoder_blocks.', '.attn.hook_pattern'],
  cross: ['decoder_blocks.', '.cross_attn.hook_pattern'],
};

/** The array of a layer's patterns: `blocks.3.attn.hook_pattern`. */
export function patternMember(stack: Stack, layer: number): string {
  const [before, after] = NAMES[stack];
  return `${before}${layer}${after}`;
}

/** Which stack and layer an array holds the patterns of; undefined for any other name. */
export function parsePatternMember(name: string): { stack: Stack; layer: number } | undefined {
  for (const [stack, [before, after]] of Object.entries(NAMES) as [Stack, (typeof NAMES)[Stack]][]) {
    if (!name.startsWith(before) || !name.endsWith(after)) continue;
    const digits = name.slice(before.length, -after.length);
    if (/^(0|[1-9]\d{0,4})$/u.test(digits)) return { stack, layer: Number(digits) };
  }
  return undefined;
}
