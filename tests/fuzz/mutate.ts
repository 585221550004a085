import type { Random } from '../unit/random.ts';

/** Numbers at the edges of what readers must take or refuse. */
const EDGES = [
  0,
  1,
  -1,
  0.5,
  7,
  64,
  255,
  65_536,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32 - 1,
  2 ** 53,
  1e9,
  1e308,
  -(2 ** 31),
];
const WORDS = [
  '',
  'F32',
  '__proto__',
  'constructor',
  '../x',
  '/etc/passwd',
  '\u0000',
  '\ud800',
  'a'.repeat(300),
  '(a+)+$',
  '[',
  '▁',
];

/** A damaged copy of `bytes`: one to four changes of single bits, numbers, stretches or its length. */
export function mutateBytes(bytes: Uint8Array, random: Random): Uint8Array {
  let result = Uint8Array.from(bytes);
  for (let left = 1 + random.below(4); left > 0; left--) result = mutateOnce(result, random);
  return result;
}

function mutateOnce(bytes: Uint8Array<ArrayBuffer>, random: Random): Uint8Array<ArrayBuffer> {
  const at = random.below(bytes.length + 1);
  const length = 1 + random.below(Math.min(64, bytes.length + 1));
  switch (random.below(7)) {
    case 0: // one bit
      if (at < bytes.length) bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
      return bytes;
    case 1: // one byte
      if (at < bytes.length) bytes[at] = random.below(256);
      return bytes;
    case 2: {
      // a number of four or eight bytes
      const view = new DataView(bytes.buffer);
      if (at + 8 > bytes.length) return bytes;
      const edge = Math.trunc(random.pick(EDGES) % 2 ** 53);
      if (random.below(2) === 0) view.setUint32(at, edge >>> 0, true);
      else view.setBigInt64(at, BigInt(edge), true);
      return bytes;
    }
    case 3: // cut off
      return bytes.slice(0, at);
    case 4: // a stretch is missing
      return join(bytes.subarray(0, at), bytes.subarray(at + length));
    case 5: // a stretch comes twice
      return join(bytes.subarray(0, at + length), bytes.subarray(at));
    default: // noise
      return join(
        bytes.subarray(0, at),
        Uint8Array.from({ length }, () => random.below(256)),
        bytes.subarray(at),
      );
  }
}

function join(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.concat(parts));
}

/** A copy of a JSON value in which one to three values or keys are others, missing, or more. */
export function mutateJson(value: unknown, random: Random): unknown {
  const copy = structuredClone(value);
  const root = { copy };
  for (let left = 1 + random.below(3); left > 0; left--) {
    const places = placesOf(root);
    if (places.length === 0) break; // nothing is left
    const [holder, key] = random.pick(places);
    changeAt(holder, key, random);
  }
  return root.copy;
}

type Holder = Record<string, unknown>;

/** Every value inside, as the object or list that holds it and its key there. */
function placesOf(root: object): [Holder, string][] {
  const places: [Holder, string][] = [];
  const visit = (holder: Holder, depth: number): void => {
    for (const [key, child] of Object.entries(holder)) {
      places.push([holder, key]);
      if (typeof child === 'object' && child !== null && depth < 20) visit(child as Holder, depth + 1);
    }
  };
  visit(root as Holder, 0);
  return places;
}

function changeAt(holder: Holder, key: string, random: Random): void {
  const value = holder[key];
  const kind = random.below(8);
  if (kind === 0) Reflect.deleteProperty(holder, key);
  else if (kind === 1)
    holder[key] = random.pick<unknown>([null, true, false, [], {}, [[]], { type: 'Sequence' }]);
  else if (kind === 2) holder[key] = random.pick(WORDS);
  else if (kind === 3 && Array.isArray(holder)) holder.push(value);
  else if (kind === 3)
    holder[random.pick([...WORDS.filter((word) => word !== '__proto__'), `${key}_`])] = value;
  else if (kind === 4 && Array.isArray(value))
    holder[key] = [...(value as unknown[]), ...(value as unknown[])];
  else if (kind === 5 && typeof value === 'string')
    holder[key] = value.slice(0, random.below(value.length + 1));
  else holder[key] = random.pick(EDGES);
}
