import { fetchEarly } from '../components/view/early-files.ts';
import { isTyped } from '../schema/live-state.ts';
import { assets } from '../schema/urls.ts';
import { assetUrl } from '../site/asset-url.ts';
import { parseCompare, parseView } from '../schema/view-state.ts';

/*
 * Asks for the packs that the address of View or Compare names, while the scripts that draw them are still on their way.
 * These read the address again, and tell where it is wrong.
 */
const base = document.querySelector<HTMLElement>('.site-header')?.dataset.base ?? '/';
const wanted = [parseView(location.search).address, ...parseCompare(location.search).panes];
const packs = new Set(
  wanted.flatMap(({ model, prompt }) =>
    model === undefined || prompt === undefined || isTyped(prompt)
      ? []
      : [assetUrl(base, assets.pack(model, prompt))],
  ),
);
packs.forEach(fetchEarly);
