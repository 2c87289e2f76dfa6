import { decodeBase64 } from '../../http/body/base64.js';
import { type CandidateProblem, ownProblem } from './candidate-problem.js';

/**
 * An embedding as POST /embed writes it: a list of numbers, or base64 of little-endian float32 values. Base64 that is far
 * too long has already been decoded, like a photograph.
 */
export type SentEmbedding = readonly number[] | string | Buffer;

export const isSentEmbedding = (sent: unknown): sent is SentEmbedding =>
  typeof sent === 'string' ||
  Buffer.isBuffer(sent) ||
  (Array.isArray(sent) && sent.every((value) => typeof value === 'number'));

/**
 * Reads an embedding.
 *
 * @param length the number of values
 */
export function readEmbedding(sent: SentEmbedding, length: number): Float32Array | CandidateProblem {
  const values = valuesOf(sent, length);
  if (values === undefined) {
    return ownProblem(
      'INVALID_EMBEDDING',
      `The embedding must be ${length} numbers, or base64 of as many float32 values.`,
    );
  }
  if (!values.every(Number.isFinite) || values.every((value) => value === 0)) {
    return ownProblem('INVALID_EMBEDDING', 'The embedding’s values must be finite, and not all 0.');
  }
  return values;
}

/** @returns undefined if it is not base64, or of another length: nothing that long is converted */
function valuesOf(sent: SentEmbedding, length: number): Float32Array | undefined {
  if (typeof sent !== 'string' && !Buffer.isBuffer(sent)) {
    return sent.length === length ? Float32Array.from(sent) : undefined;
  }
  const bytes = typeof sent === 'string' ? decodeBase64(sent) : sent;
  if (bytes?.length !== length * Float32Array.BYTES_PER_ELEMENT) return undefined;
  return Float32Array.from({ length }, (_, i) => bytes.readFloatLE(i * Float32Array.BYTES_PER_ELEMENT));
}
