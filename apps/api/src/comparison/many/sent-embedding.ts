import { decodeBase64 } from '../../http/body/base64.js';
import { type CandidateProblem, ownProblem } from './candidate-problem.js';

/** An embedding as POST /embed writes it: a list of numbers, or base64 of little-endian float32 values. */
export type SentEmbedding = readonly number[] | string;

export const isSentEmbedding = (sent: unknown): sent is SentEmbedding =>
  typeof sent === 'string' || (Array.isArray(sent) && sent.every((value) => typeof value === 'number'));

/**
 * Reads an embedding.
 *
 * @param length the number of values
 */
export function readEmbedding(sent: SentEmbedding, length: number): Float32Array | CandidateProblem {
  const values = typeof sent === 'string' ? fromBase64(sent) : Float32Array.from(sent);
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

function fromBase64(text: string): Float32Array | undefined {
  const bytes = decodeBase64(text);
  if (bytes === undefined || bytes.length % Float32Array.BYTES_PER_ELEMENT !== 0) return undefined;
  const count = bytes.length / Float32Array.BYTES_PER_ELEMENT;
  return Float32Array.from({ length: count }, (_, i) => bytes.readFloatLE(i * Float32Array.BYTES_PER_ELEMENT));
}
