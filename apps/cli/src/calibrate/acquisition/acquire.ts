import { createHash } from 'node:crypto';
import type { DetectorName, FaceSelection } from '#face';
import { InferenceError, type InferencePool } from '#inference';
import type { LabelledPhotograph } from '../inputs/labelled.js';
import type { Acquired, Acquisition } from './acquisition.js';
import { readPhotograph } from './read-photograph.js';

/** A photograph that takes longer than this has failed, in milliseconds. */
const DEADLINE_MS = 60_000;

/** A worker that dies takes the photographs with it that it was working on; those that did not kill it work elsewhere. */
const ATTEMPTS = 2;

export interface AcquisitionOptions {
  readonly pool: InferencePool;
  /** How many photographs to keep in work: one more than the pool runs at a time. */
  readonly concurrency: number;
  readonly detectors: readonly DetectorName[];
  readonly selection: FaceSelection;
  readonly minConfidence: number;
  /** Largest file, in bytes. */
  readonly maxImageBytes: number;
  /** Called after each photograph. */
  readonly onProgress: () => void;
  /** Ends the acquisition. */
  readonly signal: AbortSignal;
}

/**
 * Analyses every photograph with each detector. Only the photographs in work are in memory; of the others, the
 * embedding and the measures of quality. A photograph that fails never ends the run.
 *
 * @throws the signal's reason
 */
export async function acquire(
  photographs: readonly LabelledPhotograph[],
  options: AcquisitionOptions,
): Promise<Acquisition> {
  const outcomes = new Map(options.detectors.map((detector) => [detector, new Array<Acquired>(photographs.length)]));
  const contents = new Array<string>(photographs.length);
  const waiting = photographs.entries();
  const work = async (): Promise<void> => {
    for (const [index, { path, person }] of waiting) {
      options.signal.throwIfAborted();
      const bytes = await readPhotograph(path, options.maxImageBytes);
      if (typeof bytes !== 'string') contents[index] = `${person} ${createHash('sha256').update(bytes).digest('hex')}`;
      for (const [detector, results] of outcomes) {
        results[index] = typeof bytes === 'string' ? { failure: bytes } : await analyse(bytes, detector, options);
      }
      options.onProgress();
    }
  };
  await Promise.all(Array.from({ length: options.concurrency }, work));
  const originals = new Map<string, number>();
  const copyOf = Array.from(contents, (content: string | undefined, index) => {
    if (content === undefined) return undefined;
    const original = originals.get(content);
    if (original === undefined) originals.set(content, index);
    return original;
  });
  return { outcomes, copyOf };
}

async function analyse(
  bytes: Uint8Array,
  detector: DetectorName,
  { pool, selection, minConfidence, signal }: AcquisitionOptions,
): Promise<Acquired> {
  for (let attempt = 1; ; attempt++) {
    const deadline = new AbortController();
    const stop = (): void => {
      deadline.abort(signal.reason);
    };
    signal.addEventListener('abort', stop, { once: true });
    const late = setTimeout(() => {
      deadline.abort(new InferenceError('DEADLINE_EXCEEDED', 'the photograph took too long'));
    }, DEADLINE_MS);
    try {
      const query = { detector, selection, minConfidence };
      // The pool transfers what it gets, and the next detector needs the bytes, too.
      const [outcome] = await pool.run([new Uint8Array(bytes)], { kind: 'analyse', query }, deadline.signal);
      if (outcome.status === 'rejected') return { failure: outcome.failure.code };
      const { embedding, face } = outcome.result;
      return { embedding, quality: face.quality };
    } catch (error) {
      if (signal.aborted || !(error instanceof InferenceError)) throw error;
      if (error.code === 'WORKER_LOST' && attempt < ATTEMPTS) continue;
      if (error.code === 'OVERLOADED' || error.code === 'CANCELLED') throw error;
      return { failure: error.code };
    } finally {
      clearTimeout(late);
      signal.removeEventListener('abort', stop);
    }
  }
}
