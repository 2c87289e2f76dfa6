import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { printable } from '../../output.js';
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
  const { folders, astray } = await personFolders(folder);
  // From the start, so that nobody's photographs count as those of a person whose folder has a link to theirs.
  const visited = new Set([await realpath(folder), ...folders.keys()]);
  let people = 0;
  for (const name of folders.values()) {
    const found = await filesIn(join(folder, name), name, visited);
    photographs.push(...found.map((path) => ({ path: join(folder, path), name: path, person: people })));
    if (found.length > 0) people++;
  }
  if (photographs.length === 0) {
    throw new Error(`${printable(folder)}: no photographs; expected a folder per person, with photographs in it`);
  }
  const notes = astray === 0 ? [] : [`files beside the people's folders, ignored: ${astray}`];
  return { photographs, people, notes };
}

/** The folders of the people, by where they really are, each once, and how many other files there are. */
async function personFolders(
  folder: string,
): Promise<{ readonly folders: ReadonlyMap<string, string>; readonly astray: number }> {
  const folders = new Map<string, string>();
  let astray = 0;
  for (const name of await names(folder)) {
    const path = join(folder, name);
    if ((await kindOf(path)) !== 'folder') {
      astray++;
      continue;
    }
    const real = await realpath(path);
    if (!folders.has(real)) folders.set(real, name);
  }
  return { folders, astray };
}

/** The files in a folder and in its subfolders that were not visited yet, as paths relative to the input. */
async function filesIn(folder: string, relative: string, visited: Set<string>): Promise<string[]> {
  const entries = await names(folder).catch(() => undefined);
  // Listed like a file that cannot be read.
  if (entries === undefined) return [relative];
  const found: string[] = [];
  for (const name of entries) {
    const path = join(folder, name);
    const kind = await kindOf(path);
    if (kind === 'file') found.push(join(relative, name));
    if (kind !== 'folder') continue;
    const real = await realpath(path);
    // A link to a folder above would go round for ever.
    if (visited.has(real)) continue;
    visited.add(real);
    found.push(...(await filesIn(path, join(relative, name), visited)));
  }
  return found;
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
