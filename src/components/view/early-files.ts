/** Answers that were asked for before the code that reads them was there; each is taken once. */
const early = new Map<string, Promise<Response>>();

/** Asks for a file of this site ahead of its use. What fails is left to the one who takes it. */
export function fetchEarly(url: string): void {
  const answer = fetch(url);
  answer.catch(() => undefined);
  early.set(url, answer);
}

/** The answer that was asked for ahead, if it was. */
export function takeEarly(url: string): Promise<Response> | undefined {
  const answer = early.get(url);
  early.delete(url);
  return answer;
}
