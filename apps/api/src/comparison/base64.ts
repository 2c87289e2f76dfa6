import { decodeBase64 } from '../http/base64.js';
import { type ImageNumber, imageTooLarge, ServiceError } from '../errors/service-error.js';

const DATA_URL = /^data:[\w.+/-]{0,100}(?:;[\w=.+-]{1,100}){0,5},/;
const WHITESPACE = /[\t\n\f\r ]+/g;

/**
 * The bytes of a photograph that came in base64: the standard or the URL-safe alphabet, padded or not, with or without
 * line breaks, on its own or as a data: URL.
 *
 * @param sent its text, or its bytes where the body's parser has decoded it
 * @throws ServiceError INVALID_BASE64 or IMAGE_TOO_LARGE, naming the photograph
 */
export function base64Photograph(sent: string | Uint8Array, image: ImageNumber, maxBytes: number): Uint8Array {
  const bytes = typeof sent === 'string' ? decode(sent, image) : sent;
  if (bytes.length > maxBytes) throw imageTooLarge(image, maxBytes);
  return bytes;
}

function decode(text: string, image: ImageNumber): Uint8Array {
  const encoded = withoutDataUrlPrefix(text, image);
  const decoded = decodeBase64(Buffer.from(encoded)) ?? decodeBase64(Buffer.from(encoded.replace(WHITESPACE, '')));
  if (decoded === undefined || decoded.length === 0) {
    throw new ServiceError('INVALID_BASE64', `Image ${image} is not valid base64.`, image);
  }
  return decoded;
}

function withoutDataUrlPrefix(text: string, image: ImageNumber): string {
  if (!text.startsWith('data:')) return text;
  const prefix = DATA_URL.exec(text)?.[0];
  if (!prefix?.endsWith(';base64,')) {
    throw new ServiceError('INVALID_BASE64', `Image ${image} is a data: URL that is not in base64.`, image);
  }
  return text.slice(prefix.length);
}
