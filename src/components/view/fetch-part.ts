/**
 * Bytes of a pack that are asked for at first: its header, and all of a pack that is no larger. For one that is, two answers
 * bring the first pattern sooner than one of all bytes where these take longer than a round trip.
 */
export const FIRST_PART = 128 * 1024;

/** The header of a request that asks for `length` bytes from `start` on. */
export function rangeOf(start: number, length: number): { readonly range: string } {
  return { range: `bytes=${start}-${start + length - 1}` };
}

/** Asks for `length` bytes from `start` on; a host that knows no ranges answers with the whole file, by status 200. */
export function askForPart(url: string, start: number, length: number, fresh: boolean): Promise<Response> {
  return fetch(url, {
    headers: rangeOf(start, length),
    ...(fresh && { cache: 'reload' }),
  });
}
