import { readFileSync } from 'node:fs';

/** Instruction sets by which onnxruntime's kernels (MLAS) and zlib choose their code, as Linux names them. */
const CHOSEN_BY: ReadonlySet<string> = new Set([
  ...['sse4_1', 'sse4_2', 'pclmulqdq', 'avx', 'f16c', 'fma', 'avx2', 'avx_vnni', 'avx512f', 'avx512bw'],
  ...[
    'avx512dq',
    'avx512vl',
    'avx512_vnni',
    'avx512_bf16',
    'avx512_fp16',
    'amx_tile',
    'amx_int8',
    'amx_bf16',
  ],
  ...['asimd', 'asimdhp', 'asimddp', 'crc32', 'bf16', 'i8mm', 'sve', 'sve2', 'sme'],
]);

/**
 * The instruction sets of this machine's processor on which the last bits of a result may depend, sorted; undefined where
 * the system does not list them in a file (only Linux does).
 *
 * @param read gives the text of /proc/cpuinfo, or throws
 */
export function cpuFeatures(
  read: () => string = () => readFileSync('/proc/cpuinfo', 'utf8'),
): string[] | undefined {
  let text: string;
  try {
    text = read();
  } catch {
    return undefined;
  }
  const line = /^(?:flags|Features)\s*:(.*)$/mu.exec(text)?.[1];
  return line
    ?.trim()
    .split(/\s+/u)
    .filter((name) => CHOSEN_BY.has(name))
    .sort();
}
