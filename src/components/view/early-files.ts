/** Answers that were asked for before the code that reads them was there; each is taken once. */
const early = new Map<string, Promise<Response>>();
const taken = new Set<string>();

/** Asks for a file of this site ahead of its use, if that did not come first. What fails is left to the one who takes it. */
export function fetchEarly(url: string): void {
  if (taken.has(url)) return;
  const answer = fetch(url);
  answer.catch(() => undefined);
  early.set(url, answer);
}

/** The answer that was asked for ahead, if it was. From then on nobody needs to. */
export function takeEarly(url: string): Promise<Response> | undefined {
  taken.add(url);
  const answer = early.get(url);
  early.delete(url);
  return answer;
}
