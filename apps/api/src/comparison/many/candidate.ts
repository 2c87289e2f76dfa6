import { ServiceError } from '../../errors/service-error.js';
import { ITEM_FIELD } from '../../http/body/json-input.js';
import type { SentItem } from '../../http/body/request-input.js';
import { unknownField } from '../../http/body/validated-input.js';
import { type CandidateProblem, ownProblem, toProblem } from './candidate-problem.js';
import { isSentEmbedding, readEmbedding, type SentEmbedding } from './sent-embedding.js';

/** A candidate of a request: what to compare, or why it cannot be. */
export type Candidate =
  | { readonly kind: 'photograph'; readonly bytes: Uint8Array }
  | { readonly kind: 'embedding'; readonly embedding: Float32Array }
  | { readonly kind: 'problem'; readonly problem: CandidateProblem };

/** The weights that embeddings must come from, and their length. */
export interface ExpectedEmbedding {
  readonly sha256: string;
  readonly length: number;
}

/**
 * Reads a candidate. What is wrong with a photograph or an embedding is the candidate's own problem.
 *
 * @param at its position in the request
 * @throws ServiceError INVALID_REQUEST if a member is missing, unknown or of the wrong type
 */
export function readCandidate({ photograph, fields }: SentItem, at: number, expected: ExpectedEmbedding): Candidate {
  const where = `candidates[${at}]`;
  const { embedding, weights, ...others } = fields;
  const unknown = Object.keys(others).at(0);
  if (unknown !== undefined) throw invalid(`${where}.${unknownField(unknown)}`);
  const hasEmbedding = Object.hasOwn(fields, 'embedding');
  const hasPhotograph = photograph.status !== 'missing' || photograph.isSent;
  if (hasPhotograph === hasEmbedding) throw invalid(`${where} must have either ${ITEM_FIELD} or embedding`);
  if (hasEmbedding) {
    if (!isSentEmbedding(embedding)) throw invalid(`${where}.embedding must be a list of numbers, or base64`);
    return fromEmbedding(embedding, readSha256(weights, where), expected);
  }
  if (Object.hasOwn(fields, 'weights')) throw invalid(`${where}.weights belongs to an embedding`);
  switch (photograph.status) {
    case 'received':
      return { kind: 'photograph', bytes: photograph.bytes };
    case 'unusable':
      return { kind: 'problem', problem: toProblem(photograph.error) };
    case 'missing':
      throw invalid(photograph.message);
  }
}

function fromEmbedding(sent: SentEmbedding, sha256: string, expected: ExpectedEmbedding): Candidate {
  if (sha256 !== expected.sha256) {
    const detail = 'The embedding was made by other weights than those of this service.';
    return { kind: 'problem', problem: ownProblem('WEIGHTS_MISMATCH', detail) };
  }
  const embedding = readEmbedding(sent, expected.length);
  return embedding instanceof Float32Array ? { kind: 'embedding', embedding } : { kind: 'problem', problem: embedding };
}

/** Reads the checksum from `weights` as POST /embed writes them. */
function readSha256(weights: unknown, where: string): string {
  const members = new Map<string, unknown>(
    typeof weights === 'object' && weights !== null && !Array.isArray(weights) ? Object.entries(weights) : [],
  );
  const sha256 = members.get('sha256');
  const name = members.get('name');
  if (name !== undefined && typeof name !== 'string') throw invalid(`${where}.weights.name must be a text`);
  if (typeof sha256 !== 'string') throw invalid(`${where}.weights must be an object with the text sha256`);
  const unknown = [...members.keys()].find((name) => name !== 'sha256' && name !== 'name');
  if (unknown !== undefined) throw invalid(`${where}.weights.${unknownField(unknown)}`);
  return sha256.toLowerCase();
}

const invalid = (message: string): ServiceError => new ServiceError('INVALID_REQUEST', `${message}.`);
