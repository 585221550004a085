import { formatBytes } from '../../src/core/format-bytes.ts';
import type { AtlasConfig } from '../../src/schema/config.ts';
import type { Check } from './check.ts';
import type { Estimate } from './estimate.ts';

/**
 * Whether a run from nothing fits into what the config allows; nothing of a limit that it does not set.
 *
 * @param memory of `--memory`, or of the config
 */
export function checkLimits(
  { memoryBytes, diskBytes }: Pick<Estimate, 'memoryBytes' | 'diskBytes'>,
  memory: number | undefined,
  { disk }: AtlasConfig['limits'],
): Check[] {
  return [
    ...checkLimit('memory limit', memoryBytes, memory, 'the longest prompt needs'),
    ...checkLimit('disk limit', diskBytes, disk, 'store and site take'),
  ];
}

function checkLimit(subject: string, needed: number, limit: number | undefined, what: string): Check[] {
  if (limit === undefined) return [];
  const ok = needed <= limit;
  const found = `${what} about ${formatBytes(needed)}, and ${formatBytes(limit)} are allowed`;
  return [{ subject, ok, finding: ok ? found : `${found}; allow more, or ask for fewer or shorter prompts` }];
}
