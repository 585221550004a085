import { joinedBytes } from '../../core/joined-bytes.ts';
import { decodeBlock, openPack } from '../../core/pack/decode-pack.ts';
import { findBlock, openHeader, type Block, type OpenedPack } from '../../core/pack/header.ts';
import type { Pattern } from '../../core/pattern.ts';
import { invalidPack } from '../../schema/errors/site-files.ts';
import type { Stack } from '../../schema/stacks.ts';
import { takeEarly } from './early-files.ts';
import { askForPart, FIRST_PART } from './fetch-part.ts';
import { keepLatest } from './keep-latest.ts';
import { loadFile, LoadError, networkFailed, statusFailure } from './load-file.ts';

/** A pack up to so many bytes is fetched whole once its first pattern is there; of a larger one the neighbours of a head. */
const MOST_WHOLE = 4 * 1024 * 1024;
/** Blocks that stay at hand of a pack that is not fetched whole. */
const MOST_BLOCKS = 64;

interface HeadInPack {
  readonly stack: Stack;
  readonly layer: number;
  readonly head: number;
}

/** A pack of which a part is at hand, and the rest is fetched when it is asked for. */
export class PackFile {
  readonly pack: OpenedPack;
  readonly #url: string;
  /** The whole file, or its first part. */
  #known: Uint8Array;
  #rest: Promise<void> | undefined;
  readonly #blocks = keepLatest<Uint8Array>(MOST_BLOCKS);

  /** @param known the header at least */
  constructor(url: string, pack: OpenedPack, known: Uint8Array) {
    this.#url = url;
    this.pack = pack;
    this.#known = known;
  }

  /** The file, where it is at hand whole. */
  get whole(): Uint8Array | undefined {
    return this.#known.length === this.pack.byteLength ? this.#known : undefined;
  }

  /**
   * One head's pattern; undefined where the pack does not hold that head.
   *
   * @throws LoadError, AtlasError `pack-invalid`
   */
  async pattern({ stack, layer, head }: HeadInPack): Promise<Pattern | undefined> {
    const block = findBlock(this.pack, stack, layer, head);
    return block && decodeBlock(await this.#bytesOf(block), this.pack, block);
  }

  /**
   * Fetches what is not at hand yet.
   *
   * @throws LoadError, AtlasError `pack-invalid`
   */
  async fetchRest(): Promise<void> {
    if (this.whole !== undefined) return;
    const start = this.#known.length;
    this.#rest ??= fetchPart(this.#url, start, this.pack.byteLength - start).then((rest) => {
      this.#known = joinedBytes([this.#known, rest]);
    });
    await this.#rest.catch((error: unknown) => {
      this.#rest = undefined;
      throw error;
    });
  }

  /** Fetches what a step from this head shows, so that it need not be waited for. What fails is left to the step. */
  fetchAround({ stack, layer, head }: HeadInPack): void {
    if (this.whole !== undefined) return;
    if (this.pack.byteLength <= MOST_WHOLE) {
      this.fetchRest().catch(() => undefined);
      return;
    }
    const steps = [
      [layer, head + 1],
      [layer, head - 1],
      [layer + 1, head],
      [layer - 1, head],
    ] as const;
    for (const [toLayer, toHead] of steps) {
      const block = toHead < 0 ? undefined : findBlock(this.pack, stack, toLayer, toHead);
      if (block !== undefined) this.#bytesOf(block).catch(() => undefined);
    }
  }

  async #bytesOf({ offset, length }: Block): Promise<Uint8Array> {
    const end = offset + length;
    if (end <= this.#known.length) return this.#known.subarray(offset, end);
    return this.#blocks(`${offset}`, () => fetchPart(this.#url, offset, length), false);
  }
}

/**
 * Fetches the beginning of a pack, which is all of a small one, or the whole of it from a host that knows no ranges.
 *
 * @param fresh goes past the browser's cache, as a retry must
 * @throws LoadError, AtlasError `pack-invalid`
 */
export async function openPackFile(url: string, fresh: boolean): Promise<PackFile> {
  const response = await firstAnswer(url, fresh);
  if (response === undefined) {
    const whole = await loadFile(url, fresh);
    return new PackFile(url, openPack(whole), whole);
  }
  let known = await bytesFrom(response, url, 0);
  if (response.status !== 206) return new PackFile(url, openPack(known), known);
  for (let asked = FIRST_PART; ;) {
    const opened = openHeader(known);
    if (!('needed' in opened)) {
      if (known.length >= opened.byteLength) openPack(known);
      else if (known.length < asked) throw invalidPack(`It was cut off after ${known.length} bytes.`);
      return new PackFile(url, opened, known);
    }
    if (known.length < asked) throw invalidPack(`It ends after ${known.length} bytes, inside its header.`);
    asked = opened.needed;
    known = joinedBytes([known, await fetchPart(url, known.length, asked - known.length)]);
  }
}

/**
 * The answer to the question for the first part, which may have been asked ahead; undefined where the file is to be asked
 * for without a range: it is empty, its bytes are counted as they were encoded for the way, or the question was forbidden.
 */
async function firstAnswer(url: string, fresh: boolean): Promise<Response | undefined> {
  const early = fresh ? undefined : takeEarly(url);
  const isOtherHost = new URL(url, location.href).origin !== location.origin;
  const asking = early ?? askForPart(url, 0, FIRST_PART, fresh);
  // A browser may ask another host for leave to send a range, which that host may not give.
  const response = await asking.catch(isOtherHost ? () => undefined : networkFailed);
  return response === undefined || response.status === 416 || isEncodedPart(response) ? undefined : response;
}

function isEncodedPart({ status, headers }: Response): boolean {
  return status === 206 && (headers.get('content-encoding') ?? 'identity') !== 'identity';
}

async function fetchPart(url: string, start: number, length: number): Promise<Uint8Array> {
  const response = await askForPart(url, start, length, false).catch(networkFailed);
  const bytes = isEncodedPart(response) ? await loadFile(url, false) : await bytesFrom(response, url, start);
  const part =
    response.status === 206 && !isEncodedPart(response) ? bytes : bytes.subarray(start, start + length);
  if (part.length === length) return part;
  throw invalidPack(`The host sent ${part.length} bytes of it where ${length} were asked for.`);
}

/** @throws LoadError, and AtlasError `pack-invalid` for a part that begins elsewhere than at `start` */
async function bytesFrom(response: Response, url: string, start: number): Promise<Uint8Array> {
  const failure = statusFailure(response, url);
  if (failure !== undefined) throw new LoadError(failure);
  const said = /^bytes (\d+)-/u.exec(response.headers.get('content-range') ?? '')?.[1]; // another host may hide it
  if (response.status === 206 && said !== undefined && Number(said) !== start) {
    throw invalidPack('The host sent another part of it than was asked for.');
  }
  return new Uint8Array(await response.arrayBuffer().catch(networkFailed));
}
