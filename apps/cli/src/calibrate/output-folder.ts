import { constants } from 'node:fs';
import { access, mkdir, rm, writeFile } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { printable } from '../output.js';

/**
 * Makes the folder for the results, so that one that cannot be written is reported before hours of work.
 *
 * @param photographs the folder that is read
 * @throws Error with one line
 */
export async function prepareOutput(folder: string, photographs?: string): Promise<void> {
  if (photographs !== undefined && isWithin(folder, photographs)) {
    throw new Error('--out must not be within the folder with the photographs, where it would be taken for a person');
  }
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
  } catch (error) {
    throw new Error(`${printable(folder)}: the results cannot be written here`, { cause: error });
  }
}

function isWithin(path: string, folder: string): boolean {
  const way = relative(resolve(folder), resolve(path));
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/**
 * Writes the results.
 *
 * @param files by name; undefined removes one of an earlier run, which would look like one of this
 */
export async function writeOutput(folder: string, files: Readonly<Record<string, string | undefined>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name);
    await (text === undefined ? rm(path, { force: true }) : writeFile(path, text));
  }
}
