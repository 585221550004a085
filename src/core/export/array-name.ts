import type { Stack } from '../../schema/stacks.ts';
import type { HeadAddress } from '../../schema/urls.ts';

const BLOCKS: Readonly<Record<Stack, string>> = {
  self: 'blocks',
  encoder: 'encoder_blocks',
  decoder: 'decoder_blocks',
  cross: 'decoder_blocks',
};

/** The name of one head's array in an npz file, such as `blocks.2.attn.hook_pattern.head_1`. */
export function patternArrayName({ stack, layer, head }: Omit<HeadAddress, 'model'>): string {
  const part = stack === 'cross' ? 'cross_attn' : 'attn';
  return `${BLOCKS[stack]}.${layer}.${part}.hook_pattern.head_${head}`;
}
