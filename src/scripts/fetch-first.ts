import { FIRST_PART, rangeOf } from '../components/view/fetch-part.ts';
import { assets, withBase } from '../schema/urls.ts';
import { assetUrl } from '../site/asset-url.ts';

const MODEL = 'MODEL';
const PROMPT = 'PROMPT';

/**
 * A script for the head of View and Compare: asks for the first part of the packs that the address names, and the atlas's index,
 * while the scripts that draw them are still on their way. They take the answers from `window.earlyFiles` (early-files.ts), read the
 * address again (view-state.ts), and tell where it is wrong.
 */
export function fetchFirst(base: string): string {
  const index = JSON.stringify(withBase(base, assets.index()));
  const pack = JSON.stringify(assetUrl(base, assets.pack(MODEL, PROMPT)));
  const part = JSON.stringify({ headers: rangeOf(0, FIRST_PART) });
  return `{
const early=window.earlyFiles=new Map(),ask=(url,part)=>{if(early.has(url))return;const answer=fetch(url,part);answer.catch(()=>0);early.set(url,answer)};
const query=new URLSearchParams(location.search),panes=query.getAll('pane').slice(0,6).map(pane=>pane.split('~'));
for(const[model,prompt]of[[query.get('model'),query.get('prompt')],...panes.map(parts=>[parts[0],parts.at(-1)])])
if(/^[\\w.-]{1,200}$/.test(model??'')&&/^[\\w-]{22}$/.test(prompt??''))ask(${pack}.replace('${MODEL}',()=>model).replace('${PROMPT}',()=>prompt),${part});
ask(${index})
}`;
}
