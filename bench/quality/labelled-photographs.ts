import { readdirSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';

/** A photograph of a known person. */
export interface LabelledPhotograph {
  readonly path: string;
  /** Whom it shows. */
  readonly person: string;
}

const EXTENSIONS = new Set(['.jpg', '.jpeg', '.png', '.webp']);

/**
 * The photographs in a folder: in a subfolder per person, or in the folder itself, each named after its person and
 * numbered, as in `person-1.jpg`.
 */
export function labelledPhotographs(folder: string): LabelledPhotograph[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && EXTENSIONS.has(extname(entry.name).toLowerCase()))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => ({ path, person: personOf(path, folder) }));
}

function personOf(path: string, folder: string): string {
  const parent = dirname(path);
  return parent === join(folder) ? basename(path, extname(path)).replace(/[-_ ]?\d+$/, '') : basename(parent);
}
