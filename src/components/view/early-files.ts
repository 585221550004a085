declare global {
  interface Window {
    /** Answers that the page's head asked for (fetch-first.ts) before the code that reads them was there. */
    earlyFiles?: Map<string, Promise<Response>>;
  }
}

/** The answer that was asked for ahead, if it was. Each is taken once. */
export function takeEarly(url: string): Promise<Response> | undefined {
  const answer = window.earlyFiles?.get(url);
  window.earlyFiles?.delete(url);
  return answer;
}
