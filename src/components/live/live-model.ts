import type { PrependBos } from '../../schema/prepend-bos.ts';
import type { Processor } from './processor.ts';

/** A file of this site that running a model takes. */
export interface LiveFile {
  /** As the checkpoint calls it. */
  readonly name: string;
  /** Absolute path, base included. */
  readonly url: string;
  readonly bytes: number;
  /** Hex. */
  readonly sha256: string;
}

/** A model that can run in the page. */
export interface LiveModel {
  readonly id: string;
  readonly name: string;
  readonly prependBos: PrependBos;
  readonly files: readonly LiveFile[];
}

/** Everything that the atlas can run in a page: the programs that run models, and the models. */
export interface LiveOffer {
  readonly runtimes: Readonly<Record<Processor, LiveFile>>;
  readonly models: readonly LiveModel[];
}

/** Every file that running a model takes. */
export function filesOf({ runtimes }: LiveOffer, { files }: LiveModel, processor: Processor): LiveFile[] {
  return [runtimes[processor], ...files];
}

/** Bytes to fetch for running a model, where nothing of it is kept yet. */
export function bytesOf(offer: LiveOffer, model: LiveModel, processor: Processor): number {
  return filesOf(offer, model, processor).reduce((sum, { bytes }) => sum + bytes, 0);
}

/** `4.2 MB`, in millions of bytes. */
export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
