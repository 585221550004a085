const ENDINGS: Readonly<Record<string, string>> = { one: 'st', two: 'nd', few: 'rd', other: 'th' };
const rules = new Intl.PluralRules('en', { type: 'ordinal' });

/** `1st`, `2nd`, `23rd`. */
export function ordinal(number: number): string {
  return `${number.toLocaleString('en')}${ENDINGS[rules.select(number)] ?? 'th'}`;
}
