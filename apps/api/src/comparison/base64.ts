import { type ImageNumber, imageTooLarge, ServiceError } from '../errors/service-error.js';

const DATA_URL = /^data:[\w.+/-]{0,100}(?:;[\w=.+-]{1,100}){0,5},/;
const WHITESPACE = /[\t\n\f\r ]+/g;

/**
 * Decodes a photograph from base64: the standard or the URL-safe alphabet, padded or not, with or without line breaks,
 * on its own or as a data: URL.
 *
 * Node's decoder skips whatever is not base64. Comparing its output's length with the input's finds that out without
 * running a regular expression over megabytes.
 *
 * @throws ServiceError INVALID_BASE64 or IMAGE_TOO_LARGE, naming the photograph
 */
export function decodeBase64Photograph(text: string, image: ImageNumber, maxBytes: number): Uint8Array {
  const encoded = withoutDataUrlPrefix(text, image);
  const decoded = decodeExactly(encoded) ?? decodeExactly(encoded.replace(WHITESPACE, ''));
  if (decoded === undefined || decoded.length === 0) {
    throw new ServiceError('INVALID_BASE64', `Image ${image} is not valid base64.`, image);
  }
  if (decoded.length > maxBytes) throw imageTooLarge(image, maxBytes);
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

/** The bytes, or undefined where the text holds anything that is not base64. */
function decodeExactly(text: string): Buffer | undefined {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const characters = text.length - padding;
  if (characters % 4 === 1 || (padding > 0 && text.length % 4 !== 0)) return undefined;
  const decoded = Buffer.from(text, 'base64');
  return decoded.length === Math.floor((characters * 3) / 4) ? decoded : undefined;
}
