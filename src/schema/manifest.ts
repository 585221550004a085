import * as z from 'zod';

export const MANIFEST_VERSION = 1;

const sha256 = z.string().regex(/^[0-9a-f]{64}$/u);
const count = z.int().min(0);

/** What was published from what: a function of the inputs and the platform, so that two runs can be compared. */
export const manifestSchema = z.object({
  version: z.literal(MANIFEST_VERSION),
  versions: z.record(z.string(), z.string()),
  /** What bytes depend on beside inputs and versions; absent in manifests of early versions. */
  platform: z
    .object({
      system: z.string(),
      architecture: z.string(),
      /** Instruction sets of the processor, sorted; absent where the system does not tell. */
      cpuFeatures: z.array(z.string()).optional(),
    })
    .optional(),
  options: z.looseObject({
    figures: z.array(z.string()),
    metrics: z.array(z.string()),
    packs: z.looseObject({ precision: z.string() }),
  }),
  models: z.array(z.looseObject({ id: z.string() })),
  prompts: count,
  /** The largest absolute error of a value in any pack. */
  maxError: z.number().min(0),
  /** By path below `generated/`. */
  files: z.record(
    z.string().regex(/^(?!.*(?:^|\/)\.\.?(?:\/|$))[^/\\]+(?:\/[^/\\]+)*$/u, 'is no path below the folder'),
    z.object({ bytes: count, sha256 }),
  ),
});
export type Manifest = z.infer<typeof manifestSchema>;

/** When, where and how fast a build ran; never compared. */
export const runSchema = z.object({
  /** ISO 8601, in UTC. */
  finished: z.iso.datetime(),
  pipelineSeconds: z.number().min(0),
  /** In the order in which they ended; absent in files of early versions. */
  stages: z
    .array(
      z.object({ stage: z.string(), made: count, reused: count, failed: count, seconds: z.number().min(0) }),
    )
    .optional(),
  processors: count,
  processor: z.string(),
  memoryBytes: count,
});
export type RunRecord = z.infer<typeof runSchema>;
