import { atlasError } from '../../src/schema/errors/index.ts';
import type { Stack } from '../../src/schema/stacks.ts';
import type { ImportedConfig } from './model-config.ts';
import type { NpzScan } from './scan-npz.ts';

/** Heads and layers of each stack, and who says so. */
export interface ExpectedShape {
  readonly saidBy: string;
  readonly stacks: readonly {
    readonly stack: Stack;
    readonly heads?: number;
    readonly layers?: readonly number[];
  }[];
}

/** What a model's config says of its shape; undefined where it says nothing. */
export function shapeOfConfig({ layers, heads }: ImportedConfig): ExpectedShape | undefined {
  if (layers === undefined && heads === undefined) return undefined;
  return {
    saidBy: 'model_cfg.json',
    stacks: [
      {
        stack: 'self',
        ...(heads !== undefined && { heads }),
        ...(layers !== undefined && { layers: Array.from({ length: layers }, (_, layer) => layer) }),
      },
    ],
  };
}

/** @throws AtlasError `npz-shapes-differ` where a file has other stacks, layers or heads than the model */
export function checkShape(scan: NpzScan, expected: ExpectedShape, file: string): void {
  const refuse = (reason: string) => atlasError('npz-shapes-differ', { reason }, { file });
  for (const { stack, heads, layers } of expected.stacks) {
    const found = scan.stacks.find((entry) => entry.stack === stack);
    if (found === undefined) throw refuse(`It has no ${stack} patterns, which ${expected.saidBy} has.`);
    if (heads !== undefined && found.heads !== heads) {
      throw refuse(`It has ${found.heads} heads a layer, and ${expected.saidBy} ${heads}.`);
    }
    if (layers === undefined) continue;
    const missing = layers.filter((layer) => !found.layers.includes(layer));
    const more = found.layers.filter((layer) => !layers.includes(layer));
    if (missing.length > 0) {
      throw refuse(
        `It lacks the layers ${missing.join(', ')} of the ${layers.length} that ${expected.saidBy} has.`,
      );
    }
    if (more.length > 0)
      throw refuse(`It has the layers ${more.join(', ')}, which ${expected.saidBy} lacks.`);
  }
  const other = scan.stacks.find(({ stack }) => !expected.stacks.some((entry) => entry.stack === stack));
  if (other !== undefined) throw refuse(`It has ${other.stack} patterns, which ${expected.saidBy} lacks.`);
}
