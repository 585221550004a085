import { atlasError } from './errors/index.ts';

/** First path segments that the site itself uses, so that no model may have them. */
const TAKEN_SEGMENTS: ReadonlySet<string> = new Set([
  'models',
  'prompts',
  'view',
  'compare',
  'heads',
  'search',
  'figures',
  'metrics',
  'live',
  'about',
  '404.html',
  'index.html',
  'card.png',
  'favicon.svg',
  'robots.txt',
  'sitemap.xml',
  'pagefind',
  '_astro',
  'generated',
]);

/**
 * A model's name as it stands in URLs and file names: pattern-lens's rule, `/` becomes `-`, then every
 * character outside `[a-zA-Z0-9-_.]` becomes `_`. `EleutherAI/pythia-14m` gives `EleutherAI-pythia-14m`.
 */
export function sanitizeModelName(name: string): string {
  return name.replaceAll('/', '-').replace(/[^a-zA-Z0-9\-_.]/gu, '_');
}

/**
 * The sanitised names of `names`, in order.
 *
 * @throws AtlasError `model-name-refused` for an empty name, `.`, `..`, a route or folder of the site, or a
 *   name equal to another's but for case (file systems and people mix them up)
 */
export function checkModelNames(names: readonly string[]): string[] {
  const seen = new Map<string, string>();
  return names.map((name) => {
    const id = sanitizeModelName(name);
    const folded = id.toLowerCase();
    const other = seen.get(folded);
    const reason =
      id === '' || id === '.' || id === '..'
        ? 'It is no folder name.'
        : TAKEN_SEGMENTS.has(folded)
          ? `The site itself uses the address "/${folded}/".`
          : other !== undefined
            ? `Another model is called "${other}", and both become the address "/${id}/" (case does not tell them apart).`
            : undefined;
    if (reason !== undefined) throw atlasError('model-name-refused', { name, reason });
    seen.set(folded, name);
    return id;
  });
}
