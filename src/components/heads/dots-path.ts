/** The data of an SVG path of a circle around each point, which costs a page one element however many there are. */
export function dotsPath(points: Iterable<readonly [x: number, y: number]>, radius: number): string {
  const across = short(2 * radius);
  const half = `a${short(radius)} ${short(radius)} 0 1 0`;
  let path = '';
  for (const [x, y] of points) {
    path += `M${short(x - radius)} ${short(y)}${half} ${across} 0${half} -${across} 0`;
  }
  return path;
}

function short(value: number): string {
  return String(Math.round(10 * value) / 10);
}
