import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { printable } from '../printable.js';
import type { LabelledInput, LabelledPhotograph } from './labelled.js';

/** What file managers leave in folders. */
const LITTER = new Set(['Thumbs.db', 'desktop.ini']);

/**
 * The photographs in a folder with a folder per person. Every file in a person's folder, or below it, counts as one of
 * that person's photographs, whatever its name; only hidden files do not. Symbolic links are followed, into each folder
 * once.
 *
 * @throws Error with one line if the folder cannot be read or holds no photographs
 */
export async function readPersonFolders(folder: string): Promise<LabelledInput> {
  const photographs: LabelledPhotograph[] = [];
  const visited = new Set([await realpath(folder)]);
  let people = 0;
  let astray = 0;
  for (const name of await names(folder)) {
    const kind = await kindOf(join(folder, name));
    if (kind !== 'folder') {
      astray++;
      continue;
    }
    const found: string[] = [];
    await collect(join(folder, name), name, visited, found);
    photographs.push(...found.map((path) => ({ path: join(folder, path), name: path, person: people })));
    if (found.length > 0) people++;
  }
  if (photographs.length === 0) {
    throw new Error(`${printable(folder)}: no photographs; expected a folder per person, with photographs in it`);
  }
  const notes = astray === 0 ? [] : [`${astray} files lie beside the people's folders and are ignored`];
  return { photographs, people, notes };
}

/** Adds the files in a folder and its subfolders, as paths relative to the input. */
async function collect(folder: string, relative: string, visited: Set<string>, found: string[]): Promise<void> {
  const real = await realpath(folder);
  // A link to a folder above it would go round for ever; one to another person's folder would count it twice.
  if (visited.has(real)) return;
  visited.add(real);
  const entries = await names(folder).catch(() => undefined);
  // Listed like a file that cannot be read.
  if (entries === undefined) found.push(relative);
  for (const name of entries ?? []) {
    const path = join(folder, name);
    const kind = await kindOf(path);
    if (kind === 'folder') await collect(path, join(relative, name), visited, found);
    else if (kind === 'file') found.push(join(relative, name));
  }
}

async function names(folder: string): Promise<string[]> {
  const all = await readdir(folder);
  return all.filter((name) => !name.startsWith('.') && !LITTER.has(name)).sort();
}

/** A link that leads nowhere counts as a file, so that it is listed among those that cannot be read. */
async function kindOf(path: string): Promise<'folder' | 'file' | 'other'> {
  try {
    const found = await stat(path);
    if (found.isDirectory()) return 'folder';
    return found.isFile() ? 'file' : 'other';
  } catch {
    return 'file';
  }
}
