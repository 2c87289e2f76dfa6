import { decodeBase64 } from '../../http/body/base64.js';
import { type CandidateProblem, ownProblem } from './candidate-problem.js';

/**
 * Reads an embedding as POST /embed writes it.
 *
 * @param sent a list of numbers, or base64 of little-endian float32 values
 * @param length the number of values
 */
export function readEmbedding(sent: unknown, length: number): Float32Array | CandidateProblem {
  const values = typeof sent === 'string' ? fromBase64(sent) : fromList(sent);
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

const fromList = (sent: unknown): Float32Array | undefined =>
  Array.isArray(sent) && sent.every((value) => typeof value === 'number') ? Float32Array.from(sent) : undefined;

function fromBase64(text: string): Float32Array | undefined {
  const bytes = decodeBase64(text);
  if (bytes === undefined || bytes.length % Float32Array.BYTES_PER_ELEMENT !== 0) return undefined;
  const count = bytes.length / Float32Array.BYTES_PER_ELEMENT;
  return Float32Array.from({ length: count }, (_, i) => bytes.readFloatLE(i * Float32Array.BYTES_PER_ELEMENT));
}
