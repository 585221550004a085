/** Languages that are alone, or nearly so, in writing with their script. */
const BY_SCRIPT: Readonly<Record<string, string>> = { Hang: 'ko', Grek: 'el', Thai: 'th', Hani: 'zh' };
const SCRIPTS = [
  'Latn',
  'Cyrl',
  'Grek',
  'Arab',
  'Hebr',
  'Deva',
  'Beng',
  'Taml',
  'Telu',
  'Thai',
  'Hang',
  'Hani',
  'Hira',
  'Kana',
  'Armn',
  'Geor',
  'Ethi',
] as const;
const TESTS = SCRIPTS.map((script) => [script, new RegExp(`\\p{Script=${script}}`, 'gu')] as const);

/**
 * The language of a text as a BCP 47 tag: as its author states it, else what its script tells. `und-Latn` is a text in
 * Latin letters of which nobody said more; `zxx` one without letters.
 */
export function languageOf(text: string, stated?: unknown): string {
  const tag = typeof stated === 'string' ? canonical(stated) : undefined;
  if (tag !== undefined) return tag;
  const counts = new Map(TESTS.map(([script, test]) => [script as string, text.match(test)?.length ?? 0]));
  const kana = (counts.get('Hira') ?? 0) + (counts.get('Kana') ?? 0);
  const [script, most] = [...counts].reduce((best, entry) => (entry[1] > best[1] ? entry : best), ['', 0]);
  if (most === 0) return /\p{L}/u.test(text) ? 'und' : 'zxx';
  if (kana > 0 && ['Hani', 'Hira', 'Kana'].includes(script)) return 'ja';
  return BY_SCRIPT[script] ?? `und-${script}`;
}

/** `tag` in its canonical form, or undefined where it is none. */
function canonical(tag: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(tag)[0];
  } catch {
    return undefined;
  }
}

/** A tag of `languageOf` in English words. */
export function languageName(tag: string): string {
  if (tag === 'zxx') return 'No language';
  if (tag === 'und') return 'Not stated';
  const [, script] = /^und-(\w{4})$/u.exec(tag) ?? [];
  if (script !== undefined)
    return `${new Intl.DisplayNames('en', { type: 'script' }).of(script) ?? script} script`;
  return new Intl.DisplayNames('en', { type: 'language' }).of(tag) ?? tag;
}
