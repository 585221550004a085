import type { Page } from 'playwright-core';
import { inject } from 'vitest';
import type { LiveOffer } from '../../src/components/live/live-model.ts';

/** Opens `/live/` and gives what it offers to run. */
export async function liveOfferOf(page: Page): Promise<LiveOffer> {
  await page.goto(`${inject('root')}live/`, { waitUntil: 'networkidle' });
  const props = await page.$eval('astro-island', (island) => island.getAttribute('props') ?? '');
  return revive(JSON.parse(props) as Packed).offer as LiveOffer;
}

type Packed = Readonly<Record<string, unknown>>;

/** Astro writes each property of an island as `[0, value]` or, for a list, `[1, items]`. */
function revive(packed: Packed): Record<string, unknown> {
  const value = (item: unknown): unknown => {
    const [kind, content] = item as [number, unknown];
    if (kind === 1) return (content as unknown[]).map(value);
    return typeof content === 'object' && content !== null ? revive(content as Packed) : content;
  };
  return Object.fromEntries(Object.entries(packed).map(([key, item]) => [key, value(item)]));
}
