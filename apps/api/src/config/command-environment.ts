import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { PACKAGE_ROOT } from '../package-root.js';
import { loadSettingsFile } from './settings-file.js';

/**
 * Prepares the environment of a command, so that it has the settings of a service started in the same folder: those of
 * a file `.env`, and, as a command may run in any folder, the models of this package where there are none in it.
 */
export function prepareCommandEnvironment(): void {
  loadSettingsFile();
  if (!existsSync(resolve('models', 'manifest.json'))) process.env['MODELS_DIR'] ??= join(PACKAGE_ROOT, 'models');
}
