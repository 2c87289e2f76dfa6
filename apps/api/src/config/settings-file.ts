import { statSync } from 'node:fs';
import { resolve } from 'node:path';

/** Loads the settings of a file `.env` in the working directory, if there is one. Variables that are set already win. */
export function loadSettingsFile(): void {
  const path = resolve('.env');
  if (statSync(path, { throwIfNoEntry: false })?.isFile() === true) process.loadEnvFile(path);
}
