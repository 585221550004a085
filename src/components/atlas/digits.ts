/** A metric's value with as many digits as it is worth. */
export function shortNumber(value: number): string {
  return value.toFixed(2);
}
