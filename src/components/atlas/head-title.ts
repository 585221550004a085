import { headName } from '../../schema/head-name.ts';
import type { HeadAddress } from '../../schema/urls.ts';

/** `L3H5`, or `encoder L3H5` in a model of several stacks. */
export function headTitle({ stack, layer, head }: Omit<HeadAddress, 'model'>): string {
  return `${stackPrefix(stack)}${headName(layer, head)}`;
}

/** `encoder ` before what belongs to a stack that has to be named, or nothing. */
export function stackPrefix(stack: HeadAddress['stack']): string {
  return stack === 'self' ? '' : `${stack} `;
}
