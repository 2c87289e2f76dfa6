import { join } from 'node:path';
import { expect, it } from 'vitest';
import { PACKAGE_ROOT } from '../package-root.js';
import { exampleFile, settingsPage } from './settings-documentation.js';

// `npm run docs:settings` runs this file with --update, which writes the files instead of comparing them.
it.each([
  ['docs/settings.md', settingsPage],
  ['.env.example', exampleFile],
])('%s matches the table of settings; npm run docs:settings updates it', async (file, write) => {
  await expect(write()).toMatchFileSnapshot(join(PACKAGE_ROOT, file));
});
