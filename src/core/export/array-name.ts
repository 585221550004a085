import type { HeadAddress } from '../../schema/urls.ts';
import { patternMember } from '../npz/pattern-members.ts';

/** The name of one head's array in an npz file, such as `blocks.2.attn.hook_pattern.head_1`. */
export function patternArrayName({ stack, layer, head }: Omit<HeadAddress, 'model'>): string {
  return `${patternMember(stack, layer)}.head_${head}`;
}
