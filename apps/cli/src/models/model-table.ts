import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type ModelEntry, modelFileState, type ModelFileState } from '#inference';

/** A model and the state of its file. */
export interface ListedModel extends Pick<
  ModelEntry,
  'name' | 'role' | 'file' | 'weights' | 'precision' | 'licence' | 'sha256'
> {
  /** Size of the file; undefined if it is missing. */
  readonly bytes: number | undefined;
  readonly state: ModelFileState;
}

/** The models of a folder's manifests with the size and the state of each file, in the order of the manifests. */
export const listModels = (folder: string, entries: readonly ModelEntry[]): Promise<ListedModel[]> =>
  Promise.all(
    entries.map(async (entry) => {
      const { name, role, file, weights, precision, licence, sha256 } = entry;
      const found = await stat(join(folder, file)).catch(() => undefined);
      const state = await modelFileState(folder, entry);
      return { name, role, file, weights, precision, licence, sha256, bytes: found?.size, state };
    }),
  );

const size = (bytes: number): string =>
  bytes < 1_000_000 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;

/** The models as lines of a table for people, with a heading. */
export function modelTable(models: readonly ListedModel[]): string[] {
  const rows = [
    ['NAME', 'ROLE', 'WEIGHTS', 'PRECISION', 'SIZE', 'LICENCE', 'SHA-256'],
    ...models.map(({ name, role, weights, precision, bytes, licence, state }) => [
      name,
      role,
      weights,
      precision,
      bytes === undefined ? '-' : size(bytes),
      licence,
      state,
    ]),
  ];
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column])).join('  ').trimEnd());
}
