import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../../apps/api/src/package-root.js';
import { DETECTORS } from '#face';
import type { buildCalibration } from '#face/build-calibration';
import { photograph, type Service } from './service.js';

type Source = Parameters<typeof buildCalibration>[0];

/** The bundled photographs by person. */
const PEOPLE = [
  ['obama.jpg', 'obama2.jpg', 'obama3.jpg', 'obama_partial_face.jpg', 'obama_partial_face2.jpg'],
  ['biden.jpg'],
  ['astronaut.png'],
];

/** Every pair of photographs of two different people, with the people's numbers. */
const IMPOSTORS = PEOPLE.flatMap((photographs, a) =>
  PEOPLE.slice(a + 1).flatMap((others, i) =>
    photographs.flatMap((one) => others.map((other) => ({ one, other, first: a, second: a + 1 + i }))),
  ),
);

/** How the service compares the impostor pairs at an endpoint. */
async function impostorScores(service: Service, path: string, cropMargin: number) {
  const similarities: number[] = [];
  for (const { one, other } of IMPOSTORS) {
    const { body } = await service.compare(path, photograph(one), photograph(other));
    similarities.push(Number(body['similarity']));
  }
  return {
    cropMargin,
    similarities,
    people: {
      count: PEOPLE.length,
      first: IMPOSTORS.map(({ first }) => first),
      second: IMPOSTORS.map(({ second }) => second),
    },
    photographs: PEOPLE.flat().length,
  };
}

/** What a calibration of a running service is made from: its embedder, and how it compares the bundled photographs. */
export async function calibrationSource(service: Service): Promise<Source> {
  const { body: status } = await service.get('/');
  return {
    embedder: embedderOf(status),
    cropRule: status['crop_rule'] as Source['cropRule'],
    detectors: {
      mtcnn: await impostorScores(service, '/compare', DETECTORS.mtcnn.crop.margin),
      blazeface: await impostorScores(service, '/mediapipe', DETECTORS.blazeface.crop.margin),
    },
  };
}

/** GET / shows only the first digits of the checksum. */
function embedderOf({ models, precision }: Record<string, unknown>): Source['embedder'] {
  const names = (models as readonly { readonly name: string }[]).map(({ name }) => name);
  const manifest = JSON.parse(readFileSync(join(PACKAGE_ROOT, 'models/manifest.json'), 'utf8')) as {
    readonly models: readonly { readonly name: string; readonly role: string; weights: string; sha256: string }[];
  };
  const entry = manifest.models.find(({ name, role }) => role === 'embedder' && names.includes(name));
  if (entry === undefined) throw new Error('the service uses no bundled embedder');
  return { weights: entry.weights, precision: String(precision), sha256: entry.sha256 };
}
