/** Gives what is kept under a key, or makes it. */
type Keep<T> = (key: string, make: () => Promise<T>, fresh: boolean) => Promise<T>;

/** Keeps the `most` results that were asked for last. One that failed is made again, and with `fresh` any. */
export function keepLatest<T>(most: number): Keep<T> {
  const kept = new Map<string, Promise<T>>();
  return (key, make, fresh) => {
    const making = (fresh ? undefined : kept.get(key)) ?? make();
    kept.delete(key);
    kept.set(key, making);
    making.catch(() => {
      if (kept.get(key) === making) kept.delete(key);
    });
    for (const oldest of kept.keys()) {
      if (kept.size <= most) break;
      kept.delete(oldest);
    }
    return making;
  };
}
