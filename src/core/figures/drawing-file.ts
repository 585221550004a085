/** Colours of the site's themes, for drawings that stand in files of their own and so know nothing of the page. */
const THEMES =
  '<style>svg{color:#1d1c1a;--accent:#9c2f17}@media(prefers-color-scheme:dark){svg{color:#ece9e2;--accent:#f2957c}}</style>';

/** A drawing in the ink of the reader's theme, as a file. */
export function drawingFile(svg: string): string {
  return svg.replace(/<svg\b[^>]*>/u, (open) => open + THEMES);
}

/** @param png in base64 */
export function imageFile(width: number, height: number, png: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}"><image width="${width}" height="${height}" style="image-rendering:pixelated" href="data:image/png;base64,${png}"/></svg>`;
}
