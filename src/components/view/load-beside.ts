import { besideFiles, decodeBeside, type BesideAddress, type Stacks } from '../../core/beside-pack.ts';
import type { KnownInputs, PatternInput } from '../../core/inputs.ts';
import { assetUrl } from '../../site/asset-url.ts';
import { keepLatest } from './keep-latest.ts';
import { loadFile } from './load-file.ts';

/** Files that stay at hand: steps between the heads of a prompt fetch them once. */
const keep = keepLatest<Uint8Array>(12);

/**
 * What figures with these inputs look at beside the pack of `address`, fetched a file at a time. What its model does not
 * have is left out.
 *
 * @returns a function of the stacks of the pack, without which some of it is not understood; it throws AtlasError
 *   `pack-invalid`
 * @throws LoadError
 */
export async function loadBeside(
  base: string,
  address: BesideAddress,
  inputs: readonly PatternInput[],
  fresh: boolean,
): Promise<(stacks: Stacks) => KnownInputs> {
  const loading = Object.entries(besideFiles(inputs, address)).map(async ([kind, asset]) => {
    const url = assetUrl(base, asset);
    return [kind, await keep(url, () => loadFile(url, fresh), fresh)] as const;
  });
  const files = Object.fromEntries(await Promise.all(loading));
  return (stacks) => decodeBeside(files, stacks, address);
}
