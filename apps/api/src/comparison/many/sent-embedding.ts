import { decodeBase64 } from '../../http/body/base64.js';
import { type CandidateProblem, ownProblem } from './candidate-problem.js';

/**
 * An embedding as POST /embed writes it: a list of numbers, or base64 of little-endian float32 values. Base64 that is far
 * too long has already been decoded, like a photograph.
 */
export type SentEmbedding = readonly number[] | string | Uint8Array;

export const isSentEmbedding = (sent: unknown): sent is SentEmbedding =>
  typeof sent === 'string' ||
  sent instanceof Uint8Array ||
  (Array.isArray(sent) && sent.every((value) => typeof value === 'number'));

/**
 * Reads an embedding.
 *
 * @param length the number of values
 */
export function readEmbedding(sent: SentEmbedding, length: number): Float32Array | CandidateProblem {
  const values = valuesOf(sent);
  if (values?.length !== length) {
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

function valuesOf(sent: SentEmbedding): Float32Array | undefined {
  if (typeof sent === 'string') return fromBytes(decodeBase64(sent));
  return sent instanceof Uint8Array ? fromBytes(Buffer.from(sent)) : Float32Array.from(sent);
}

function fromBytes(bytes: Buffer | undefined): Float32Array | undefined {
  if (bytes === undefined || bytes.length % Float32Array.BYTES_PER_ELEMENT !== 0) return undefined;
  const count = bytes.length / Float32Array.BYTES_PER_ELEMENT;
  return Float32Array.from({ length: count }, (_, i) => bytes.readFloatLE(i * Float32Array.BYTES_PER_ELEMENT));
}
