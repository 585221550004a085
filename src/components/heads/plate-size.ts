/** Sizes of pictures that were fetched, by address; the browser's cache holds the pictures themselves. */
const sizes = new Map<string, Promise<{ readonly width: number; readonly height: number } | undefined>>();

/** The size of a picture in pixels; undefined where it cannot be fetched. Asked for again after a failure. */
export function plateSize(
  href: string,
): Promise<{ readonly width: number; readonly height: number } | undefined> {
  const known = sizes.get(href);
  if (known !== undefined) return known;
  const picture = new Image();
  picture.src = href;
  const size = picture.decode().then(
    () => ({ width: picture.naturalWidth, height: picture.naturalHeight }),
    () => {
      sizes.delete(href);
      return undefined;
    },
  );
  sizes.set(href, size);
  return size;
}
