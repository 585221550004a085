type Colour = readonly [red: number, green: number, blue: number];

function linear(channel: number): number {
  const part = channel / 255;
  return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
}

/** Lightness of an sRGB colour in OKLab, 0..1 (Ottosson, A perceptual color space for image processing, 2020). */
export function lightness([red, green, blue]: Colour): number {
  const [r, g, b] = [linear(red), linear(green), linear(blue)];
  const long = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const medium = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const short = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return 0.2104542553 * long + 0.793617785 * medium - 0.0040720468 * short;
}

/** Contrast of two sRGB colours, 1..21 (WCAG 2.2). */
export function contrast(a: Colour, b: Colour): number {
  const [lighter = 0, darker = 0] = [a, b]
    .map(([red, green, blue]) => 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue))
    .sort((x, y) => y - x);
  return (lighter + 0.05) / (darker + 0.05);
}
