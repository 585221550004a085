const SETTLED = 150;

/** Calls `read` now and whenever the visitor goes back or forth. @returns a function that stops it */
export function followAddress(read: () => void): () => void {
  read();
  addEventListener('popstate', read);
  return () => {
    removeEventListener('popstate', read);
  };
}

/**
 * Puts `path` into the address bar once nothing has changed for a moment: browsers refuse many changes in a short
 * time. @returns a function that calls it off
 */
export function writeAddress(path: string): () => void {
  const timer = setTimeout(() => {
    if (path !== `${location.pathname}${location.search}${location.hash}`)
      history.replaceState(history.state, '', path);
  }, SETTLED);
  return () => {
    clearTimeout(timer);
  };
}
