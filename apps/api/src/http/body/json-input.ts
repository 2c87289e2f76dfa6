import { type ImageNumber, imageTooLarge, ServiceError } from '../../errors/service-error.js';
import { decodeBase64 } from './base64.js';
import type { RequestInput, SentPhotograph } from './request-input.js';

/** The JSON member that holds a photograph in base64. */
export const base64Field = (photograph: string): string => `${photograph}_base64`;

/**
 * Extracts the photographs from a JSON body.
 *
 * @param body result of `parseJsonBody`: long base64 is already decoded
 * @param photographs their names: `image1` is sent as `image1_base64`
 * @param maxImageBytes limit for one photograph
 * @throws ServiceError INVALID_REQUEST if the body is not an object
 */
export function jsonInput(body: unknown, photographs: readonly string[], maxImageBytes: number): RequestInput {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    const fields = photographs.map(base64Field).join(' and ');
    throw new ServiceError('INVALID_REQUEST', `The body must be an object with ${fields}.`);
  }
  const members = new Map<string, unknown>(Object.entries(body));
  const sent = photographs.map((name, i) => {
    const field = base64Field(name);
    const value = members.get(field);
    members.delete(field);
    return readPhotograph(field, value, (i + 1) as ImageNumber, maxImageBytes);
  });
  return { photographs: sent, fields: Object.fromEntries(members) };
}

/** @param sent its text, or its bytes if it was long and is already decoded */
function readPhotograph(field: string, sent: unknown, image: ImageNumber, maxBytes: number): SentPhotograph {
  if (sent === undefined) return { status: 'missing', message: `${field} is missing` };
  if (typeof sent !== 'string' && !(sent instanceof Uint8Array)) {
    return { status: 'missing', message: `${field} must be a string` };
  }
  if (sent === '') return { status: 'missing', message: `${field} must not be empty` };
  const bytes = typeof sent === 'string' ? decodeBase64(sent) : sent;
  if (bytes === undefined || bytes.length === 0) {
    const detail = `Image ${image} is neither valid base64 nor a base64 data: URL.`;
    return { status: 'unusable', error: new ServiceError('INVALID_BASE64', detail, image) };
  }
  if (bytes.length > maxBytes) return { status: 'unusable', error: imageTooLarge(image, maxBytes) };
  return { status: 'received', bytes };
}
