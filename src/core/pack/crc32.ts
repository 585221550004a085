/** `TABLES[256 * k + byte]`: the remainder of the byte with `k` zero bytes behind it. */
const TABLES = remainders();

/** CRC-32 (ISO 3309, as in zip and PNG) of `bytes`, 0..2^32-1; four bytes at once (Kounavis and Berry 2005). */
export function crc32(bytes: Uint8Array): number {
  let remainder = -1;
  const whole = bytes.length & ~3;
  for (let at = 0; at < whole; at += 4) {
    const first = remainder ^ (bytes[at] ?? 0);
    const second = (remainder >>> 8) ^ (bytes[at + 1] ?? 0);
    const third = (remainder >>> 16) ^ (bytes[at + 2] ?? 0);
    const fourth = (remainder >>> 24) ^ (bytes[at + 3] ?? 0);
    remainder =
      (TABLES[768 + (first & 255)] ?? 0) ^
      (TABLES[512 + (second & 255)] ?? 0) ^
      (TABLES[256 + (third & 255)] ?? 0) ^
      (TABLES[fourth & 255] ?? 0);
  }
  for (let at = whole; at < bytes.length; at++) {
    remainder = (TABLES[(remainder ^ (bytes[at] ?? 0)) & 255] ?? 0) ^ (remainder >>> 8);
  }
  return ~remainder >>> 0;
}

function remainders(): Int32Array {
  const tables = new Int32Array(4 * 256);
  for (let byte = 0; byte < 256; byte++) {
    let remainder = byte;
    for (let bit = 0; bit < 8; bit++)
      remainder = remainder & 1 ? (remainder >>> 1) ^ 0xedb88320 : remainder >>> 1;
    tables[byte] = remainder;
  }
  for (let at = 256; at < tables.length; at++) {
    const before = tables[at - 256] ?? 0;
    tables[at] = (tables[before & 255] ?? 0) ^ (before >>> 8);
  }
  return tables;
}
