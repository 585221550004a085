import { atlasError } from '../schema/errors/index.ts';
import { hasNoEffect } from './config-keys.ts';

/** config.json as it stands. */
export type RawConfig = Readonly<Record<string, unknown>>;

/**
 * Reads the keys of a config, and knows at the end which ones nobody asked for. A key that is null counts as absent
 * unless said otherwise. Every method throws AtlasError `config-value-invalid` where a value is of another kind.
 */
export interface ConfigReader {
  /** Whether the key is there, and not null. */
  has(key: string): boolean;
  /** Whole and at least `least`; a number of layers, heads and the like is at most 10,000. */
  integer(key: string, fallback?: number, least?: number): number;
  /** Like `integer`, but a null that stands in the config is null and not the fallback. */
  nullableInteger(key: string, fallback: number | null, least?: number): number | null;
  /** The same for a number. */
  nullableNumber(key: string, fallback: number | null): number | null;
  /** Finite. */
  number(key: string, fallback?: number): number;
  optionalNumber(key: string): number | undefined;
  boolean(key: string, fallback?: boolean): boolean;
  text(key: string, fallback?: string): string;
  choice<T extends string>(key: string, known: readonly T[], fallback?: T): T;
  strings(key: string): readonly string[] | undefined;
  numbers(key: string): readonly number[] | undefined;
  /** Two numbers, the second not below the first, which may be infinite. */
  interval(key: string): readonly [least: number, most: number] | undefined;
  /** A nested object, or undefined where it is null or absent. */
  group(key: string): ConfigReader | undefined;
  /**
   * @throws AtlasError `config-key-not-understood` when the key has another value than these: the family's graph does
   *   not do what it asks for
   */
  only(key: string, ...values: readonly unknown[]): void;
  /** Says that keys have no effect on patterns and logits in this family. */
  ignore(...keys: readonly string[]): void;
  /**
   * Call it last.
   *
   * @throws AtlasError `config-key-not-understood` for a key with a value that was neither asked for nor is known to
   *   have no effect: it may change the result
   */
  finish(): void;
}

/** Parts that a graph has nodes for, each one by one; a damaged number must not fill the memory with them. */
const COUNTED = /^(?!.*(?:size|dim|length|positions)).*(?:layer|head|expert|block|group)/u;
const MOST_PARTS = 10_000;

/** Other names of keys, as transformers' `attribute_map` has them: `{ other: key }`. */
type Aliases = Readonly<Record<string, string>>;

/**
 * @param family in messages
 * @param path of a nested object, in messages
 */
export function readConfig(raw: RawConfig, family: string, aliases: Aliases = {}, path = ''): ConfigReader {
  const config = withoutAliases(raw, aliases);
  const asked = new Set<string>();
  const groups = new Map<string, ConfigReader>();
  const take = (key: string): unknown => {
    asked.add(key);
    return Object.hasOwn(config, key) ? (config[key] ?? undefined) : undefined;
  };
  const invalid = (key: string, expected: string) =>
    atlasError('config-value-invalid', { key: path + key, value: config[key], expected });
  const checked = <T>(
    key: string,
    fallback: T | undefined,
    expected: string,
    isValid: (value: unknown) => value is T,
  ): T => {
    const value = take(key) ?? fallback;
    if (!isValid(value)) throw invalid(key, expected);
    return value;
  };
  const list = <T>(
    key: string,
    expected: string,
    isValid: (value: unknown) => value is T,
  ): readonly T[] | undefined => {
    const value = take(key);
    if (value === undefined) return undefined;
    if (!Array.isArray(value) || !value.every(isValid)) throw invalid(key, expected);
    return value;
  };
  const reader: ConfigReader = {
    has: (key) => take(key) !== undefined,
    integer(key, fallback, least = 1) {
      const most = COUNTED.test(key) ? MOST_PARTS : Number.MAX_SAFE_INTEGER;
      return checked(
        key,
        fallback,
        COUNTED.test(key) ? `a whole number from ${least} to ${most}` : `a whole number of at least ${least}`,
        (value): value is number =>
          Number.isInteger(value) && (value as number) >= least && (value as number) <= most,
      );
    },
    nullableInteger(key, fallback, least) {
      const isNull = Object.hasOwn(config, key) && config[key] === null;
      if (isNull || (fallback === null && take(key) === undefined)) return null;
      return reader.integer(key, fallback ?? undefined, least);
    },
    nullableNumber(key, fallback) {
      const isNull = Object.hasOwn(config, key) && config[key] === null;
      if (isNull || (fallback === null && take(key) === undefined)) return null;
      return reader.number(key, fallback ?? undefined);
    },
    number: (key, fallback) => checked(key, fallback, 'a number', isNumber),
    optionalNumber: (key) => (take(key) === undefined ? undefined : reader.number(key)),
    boolean: (key, fallback) =>
      checked(key, fallback, 'true or false', (value) => typeof value === 'boolean'),
    text: (key, fallback) => checked(key, fallback, 'a string', (value) => typeof value === 'string'),
    choice: <T extends string>(key: string, known: readonly T[], fallback?: T) =>
      checked(key, fallback, `one of ${known.join(', ')}`, (value): value is T =>
        known.some((name) => name === value),
      ),
    strings: (key) => list(key, 'a list of strings', (value) => typeof value === 'string'),
    numbers: (key) => list(key, 'a list of numbers', isNumber),
    interval(key) {
      const bounds = list(key, 'two numbers', (value) => typeof value === 'number');
      if (bounds === undefined) return undefined;
      const [least = NaN, most = NaN] = bounds;
      if (bounds.length !== 2 || !(least <= most)) throw invalid(key, 'two numbers, the lower first');
      return [least, most];
    },
    group(key) {
      const value = take(key);
      if (value === undefined) return undefined;
      if (typeof value !== 'object' || Array.isArray(value)) throw invalid(key, 'an object');
      const known = groups.get(key) ?? readConfig(value as RawConfig, family, {}, `${path}${key}.`);
      groups.set(key, known);
      return known;
    },
    only(key, ...values) {
      const value = take(key);
      if (value === undefined || values.includes(value)) return;
      throw atlasError('config-key-not-understood', { key: path + key, value, family });
    },
    ignore(...keys) {
      for (const key of keys) asked.add(key);
    },
    finish() {
      for (const group of groups.values()) group.finish();
      for (const [key, value] of Object.entries(config)) {
        if (asked.has(key) || hasNoEffect(key, value)) continue;
        throw atlasError('config-key-not-understood', { key: path + key, value, family });
      }
    },
  };
  return reader;
}

/**
 * `whole / parts`, where the config must make it come out even.
 *
 * @throws AtlasError `config-value-invalid`
 */
export function divideEvenly(key: string, whole: number, parts: number): number {
  if (whole % parts === 0) return whole / parts;
  throw atlasError('config-value-invalid', { key, value: whole, expected: `a multiple of ${parts}` });
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function withoutAliases(raw: RawConfig, aliases: Aliases): RawConfig {
  const entries = Object.entries(raw);
  const named = entries.filter(([key, value]) => Object.hasOwn(aliases, key) && value !== null);
  const renamed = named.map(([key, value]) => [aliases[key], value]);
  return Object.fromEntries([
    ...entries.filter(([key]) => !Object.hasOwn(aliases, key)),
    ...renamed,
  ]) as RawConfig;
}
