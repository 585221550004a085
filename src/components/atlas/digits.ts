/** A metric's value with as many digits as it is worth. */
export function shortNumber(value: number): string {
  return value.toFixed(2);
}

/** A text cut for a caption or description, with an ellipsis where it was cut. */
export function excerpt(text: string, characters: number): string {
  const line = [...text.replace(/\s+/gu, ' ').trim()];
  return line.length <= characters
    ? line.join('')
    : `${line
        .slice(0, characters - 1)
        .join('')
        .trimEnd()}…`;
}
