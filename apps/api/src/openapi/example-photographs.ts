import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../package-root.js';

/** Two photographs of one man, 80 px a side: "Try it out" works immediately, and the document stays short. */
const FOLDER = join(PACKAGE_ROOT, 'apps/api/assets');

const read = (file: string): string => readFileSync(join(FOLDER, file)).toString('base64');

/** The example body of a comparison. */
export const exampleComparison = (): object => ({
  image1_base64: read('example1.jpg'),
  image2_base64: read('example2.jpg'),
  threshold: 0.6,
});
