import { readFile, stat } from 'node:fs/promises';

/**
 * Reads a photograph's file, unless it is larger than the service would take.
 *
 * @param maxBytes largest file, in bytes
 * @returns what is wrong with the file if it cannot be read
 */
export async function readPhotograph(
  path: string,
  maxBytes: number,
): Promise<Uint8Array | 'IMAGE_TOO_LARGE' | 'UNREADABLE_FILE'> {
  try {
    const found = await stat(path);
    // A pipe or a device could keep it waiting, or never end.
    if (!found.isFile()) return 'UNREADABLE_FILE';
    return found.size > maxBytes ? 'IMAGE_TOO_LARGE' : await readFile(path);
  } catch {
    return 'UNREADABLE_FILE';
  }
}
