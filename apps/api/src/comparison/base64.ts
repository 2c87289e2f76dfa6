import { type ImageNumber, imageTooLarge, ServiceError } from '../errors/service-error.js';
import { decodeBase64 } from '../http/body/base64.js';

/**
 * The bytes of a photograph that came in base64.
 *
 * @param sent its text, or its bytes where it was long and is decoded already (json-body.ts)
 * @throws ServiceError INVALID_BASE64 or IMAGE_TOO_LARGE, naming the photograph
 */
export function base64Photograph(sent: string | Uint8Array, image: ImageNumber, maxBytes: number): Uint8Array {
  const bytes = typeof sent === 'string' ? decodeBase64(sent) : sent;
  if (bytes === undefined || bytes.length === 0) {
    throw new ServiceError('INVALID_BASE64', `Image ${image} is not valid base64, nor a data: URL in base64.`, image);
  }
  if (bytes.length > maxBytes) throw imageTooLarge(image, maxBytes);
  return bytes;
}
