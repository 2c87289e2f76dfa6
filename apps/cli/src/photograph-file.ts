import { createReadStream } from 'node:fs';
import { getSystemErrorMap } from 'node:util';
import type { ServiceError } from '../../api/src/errors/service-error.js';
import { imageError, type ImageName, imageTooLarge } from '../../api/src/errors/service-error.js';

/** The name of standard input. */
export const STANDARD_INPUT = '-';

/** What errors call standard input. */
export const shownName = (path: string): string => (path === STANDARD_INPUT ? 'standard input' : path);

/**
 * Reads a photograph from a file, a pipe or standard input, and never more than a byte above the limit.
 *
 * @param path `-` for standard input
 * @param image what errors call it
 * @param maxBytes the service's limit
 * @returns the error if it cannot be read, is empty or too large
 */
export async function readPhotograph(
  path: string,
  image: ImageName,
  maxBytes: number,
): Promise<Uint8Array | ServiceError> {
  const stream = path === STANDARD_INPUT ? process.stdin : createReadStream(path, { end: maxBytes });
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      length += chunk.length;
      if (length > maxBytes) return imageTooLarge(image, maxBytes);
    }
  } catch (error) {
    return imageError('INVALID_REQUEST', image, `cannot be read: ${reasonOf(error)}`);
  }
  return length === 0 ? imageError('INVALID_REQUEST', image, 'is an empty file') : Buffer.concat(chunks, length);
}

/** The operating system's words for an error, without the path, which the error's message repeats. */
function reasonOf(error: unknown): string {
  const { code, errno, message } = error as NodeJS.ErrnoException;
  if (code === 'EISDIR') return 'it is a folder';
  return (errno === undefined ? undefined : getSystemErrorMap().get(errno)?.[1]) ?? message;
}
