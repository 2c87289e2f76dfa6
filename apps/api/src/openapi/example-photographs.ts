import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExampleObject } from '@nestjs/swagger';
import type { PhotographRoute } from '../http/routes.js';
import { PACKAGE_ROOT } from '../package-root.js';

/** Two photographs of one man, 80 px a side: "Try it out" works immediately, and the document stays short. */
const FOLDER = join(PACKAGE_ROOT, 'apps/api/assets');

const read = (file: string): string => readFileSync(join(FOLDER, file)).toString('base64');

type ExampleName = 'OnePhotograph' | 'TwoPhotographs' | 'ReferenceAndCandidates' | 'SourceAndTarget' | 'ImgAndImg';

const bodies = (): Record<ExampleName, ExampleObject> => ({
  OnePhotograph: { summary: 'One photograph', value: { image_base64: read('example1.jpg') } },
  TwoPhotographs: {
    summary: 'Two photographs of one man',
    value: { image1_base64: read('example1.jpg'), image2_base64: read('example2.jpg'), threshold: 0.6 },
  },
  ReferenceAndCandidates: {
    summary: 'A photograph and a list of others',
    value: {
      reference_base64: read('example1.jpg'),
      candidates: [{ image_base64: read('example2.jpg') }],
      threshold: 0.6,
    },
  },
  SourceAndTarget: {
    summary: 'Two photographs of one man',
    value: { source_image: read('example1.jpg'), target_image: read('example2.jpg') },
  },
  ImgAndImg: {
    summary: 'Two photographs of one man',
    value: { img1: `data:image/jpeg;base64,${read('example1.jpg')}`, img2: read('example2.jpg'), threshold: 0.4 },
  },
});

/**
 * Example bodies by name: those that some of the routes need. Operations with the same photographs share one, as these
 * make up most of it.
 */
export function exampleBodies(routes: readonly PhotographRoute[]): Record<string, ExampleObject> {
  const needed = new Set(routes.map(exampleOf));
  return Object.fromEntries(Object.entries(bodies()).filter(([name]) => needed.has(name as ExampleName)));
}

/** The name of the example for a route's bodies. */
export function exampleOf({ photographs, list }: PhotographRoute): ExampleName {
  if (list !== undefined) return 'ReferenceAndCandidates';
  if (photographs.includes('source_image')) return 'SourceAndTarget';
  if (photographs.includes('img1')) return 'ImgAndImg';
  return photographs.length === 1 ? 'OnePhotograph' : 'TwoPhotographs';
}
