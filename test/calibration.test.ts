import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildCalibration } from '#face/build-calibration';
import { calibrationSource } from './support/calibration.js';
import { type Answer, photograph, runToExit, Service } from './support/service.js';

const obama = photograph('obama.jpg');
const obama2 = photograph('obama2.jpg');
const biden = photograph('biden.jpg');

type Source = Parameters<typeof buildCalibration>[0];

const folder = mkdtempSync(join(tmpdir(), 'calibration-'));
let source: Source;

/** Writes a calibration file, with changes if there are any, and returns its path. */
function write(name: string, more: Partial<Source> = {}): string {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(buildCalibration({ ...source, ...more })));
  return path;
}

/** The impostor scores of a detector, from the highest down. */
const descending = (detector: 'mtcnn' | 'blazeface'): number[] =>
  Array.from(source.detectors[detector]?.similarities ?? []).sort((a, b) => b - a);

const metrics = ({ body }: Pick<Answer, 'body'>): Record<string, unknown> =>
  body['comparison_metrics'] as Record<string, unknown>;

beforeAll(async () => {
  const service = await Service.start();
  source = await calibrationSource(service);
  await service.stop();
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('a service with a calibration of its own scores', () => {
  let service: Service;
  beforeAll(async () => {
    service = await Service.start({ CALIBRATION: write('calibration.json') });
  });
  afterAll(() => service.stop());

  const asJson = (path: string, second: Buffer, more: Record<string, unknown> = {}): Promise<Answer> =>
    service.compare(path, obama, second, more);
  const asForm = (path: string, second: Buffer, more: Record<string, unknown> = {}): Promise<Answer> =>
    service.compareForm(
      path,
      { image1: obama, image2: second },
      Object.fromEntries(Object.entries(more).map(([name, value]) => [name, String(value)])),
    );

  it.each([
    ['/compare', 'mtcnn', 'JSON', asJson],
    ['/compare', 'mtcnn', 'a form', asForm],
    ['/mediapipe', 'blazeface', 'JSON', asJson],
    ['/mediapipe', 'blazeface', 'a form', asForm],
  ] as const)('reports the false match rate of each score: %s (%s), %s', async (path, detector, _, send) => {
    const scores = descending(detector);
    const alike = await send(path, obama2);
    const different = await send(path, biden);
    const similarity = Number(different.body['similarity']);

    // No stranger is as similar as two photographs of one man: rule of three.
    expect(metrics(alike)['false_match_rate']).toEqual({ below: 1 - 0.05 ** (1 / scores.length) });
    const { rate, low, high } = metrics(different)['false_match_rate'] as Record<string, number>;
    expect(rate).toBe(scores.filter((score) => score >= similarity).length / scores.length);
    expect(low).toBeLessThan(rate);
    expect(high).toBeGreaterThanOrEqual(rate);
    expect(alike.body).not.toHaveProperty('decision');
  });

  it.each([
    ['/compare', 'mtcnn', 'JSON', asJson],
    ['/mediapipe', 'blazeface', 'a form', asForm],
  ] as const)('looks up the threshold for a false match rate: %s (%s), %s', async (path, detector, _, send) => {
    const scores = descending(detector);
    const wanted = 3 / scores.length;
    const answer = await send(path, biden, { false_match_rate: wanted });

    expect(answer.status).toBe(200);
    expect(metrics(answer)['threshold_used']).toBe(scores[2]);
    expect(answer.body['match']).toBe(Number(answer.body['similarity']) >= scores[2]);
  });

  it.each([
    ['JSON', asJson],
    ['a form', asForm],
  ] as const)('refuses a rate that its pairs cannot show, and one beside a threshold: %s', async (_, send) => {
    const tooLow = await send('/compare', obama2, { false_match_rate: 0.001 });
    const both = await send('/compare', obama2, { false_match_rate: 0.5, threshold: 0.5 });

    expect(tooLow.status).toBe(400);
    expect(tooLow.body).toMatchObject({
      code: 'INVALID_REQUEST',
      detail: `false_match_rate: the lowest false match rate that ${descending('mtcnn').length} pairs of different people show is 0.0909; 0.001 takes at least 1000 pairs.`,
    });
    expect(both.body).toMatchObject({ status: 400, detail: 'Send either threshold or false_match_rate, not both.' });
  });

  it('keeps the threshold of the weights, and tells what the calibration was made from', async () => {
    const { body } = await service.get('/');
    const made = { people: 3, photographs: 7, impostor_pairs: 11, threshold: 0.6 };

    expect(body['defaults']).toMatchObject({ threshold: 0.6 });
    expect(body['calibration']).toEqual([
      { detector: 'mtcnn', ...made },
      { detector: 'blazeface', ...made },
    ]);
    expect(metrics(await asJson('/mediapipe', obama2))['threshold_used']).toBe(0.6);
    expect(metrics(await asJson('/mediapipe', obama2, { threshold: 0.3 }))['threshold_used']).toBe(0.3);
  });
});

describe('a service of two processes with FMR and REVIEW_BAND', () => {
  const FMR = 0.2;
  let service: Service;
  let thresholds: Record<'mtcnn' | 'blazeface', number>;
  beforeAll(async () => {
    // The second highest of 11 scores: 2/11 is below 0.2, 3/11 above.
    thresholds = { mtcnn: descending('mtcnn')[1], blazeface: descending('blazeface')[1] };
    service = await Service.start({
      CALIBRATION: write('fmr.json'),
      FMR: String(FMR),
      PROCESSES: '2',
      WORKERS: '2',
      REVIEW_BAND: `${Math.min(...Object.values(thresholds))}..0.9`,
    });
  });
  afterAll(() => service.stop());

  it.each([
    ['/compare', 'mtcnn'],
    ['/mediapipe', 'blazeface'],
  ] as const)('uses the threshold of the detector: %s (%s)', async (path, detector) => {
    const answer = await service.compare(path, obama, obama2);
    const own = await service.compare(path, obama, obama2, { threshold: 0.9 });

    expect(metrics(answer)['threshold_used']).toBe(thresholds[detector]);
    expect(own.body['match']).toBe(false);
  });

  it.each([
    ['match', 'above the band', obama, {}],
    ['review', 'in the band, although it matches', obama2, {}],
    ['no_match', 'below the band', biden, {}],
    ['review', 'in the band, although it does not match', obama2, { threshold: 0.9 }],
    ['match', 'below the band, but above its own threshold', biden, { threshold: -1 }],
    ['no_match', 'above the band, but below its own threshold', photograph('obama2.j2k'), { threshold: 1 }, obama2],
  ] as const)('decides %s %s', async (decision, _, second, more, first = obama) => {
    const { body } = await service.compare('/compare', first, second, more);

    expect(body['decision']).toBe(decision);
    expect(body['match']).toBe(Number(body['similarity']) >= Number(metrics({ body })['threshold_used']));
  });

  it('reports rates and decisions of every face with faces=all, and of every candidate', async () => {
    const all = await service.compare('/compare', obama, biden, { faces: 'all', threshold: 0.5 });
    const form = new FormData();
    for (const [name, bytes] of [
      ['reference', obama],
      ['candidate', biden],
      ['candidate', obama2],
    ] as const) {
      form.append(name, new Blob([new Uint8Array(bytes)]), `${name}.jpg`);
    }
    form.append('false_match_rate', '0.2');
    const response = await fetch(`${service.url}/compare/many`, { method: 'POST', body: form });
    const many = (await response.json()) as { threshold_used: number; results: Record<string, unknown>[] };

    const different = { decision: 'no_match', match: false };
    expect(all.body['matches']).toMatchObject([
      { ...different, false_match_rate: metrics(all)['false_match_rate'] as object },
    ]);
    expect(many.threshold_used).toBe(thresholds.mtcnn);
    expect(many.results).toMatchObject([
      { index: 1, match: true, decision: 'review', false_match_rate: { below: expect.any(Number) as number } },
      { index: 0, ...different, false_match_rate: metrics(all)['false_match_rate'] as object },
    ]);
  });

  it('tells its defaults', async () => {
    const { body } = await service.get('/');

    expect(body['defaults']).toMatchObject({ threshold: thresholds.mtcnn, false_match_rate: FMR });
    expect(body['review_band']).toEqual([Math.min(...Object.values(thresholds)), 0.9]);
    expect(body['calibration']).toMatchObject([{ threshold: thresholds.mtcnn }, { threshold: thresholds.blazeface }]);
  });
});

it('says nothing of rates and decisions without these settings', async () => {
  const service = await Service.start();
  const { body } = await service.compare('/mediapipe', obama, biden);
  const status = (await service.get('/')).body;
  await service.stop();

  expect(body).not.toHaveProperty('decision');
  expect(body['comparison_metrics']).not.toHaveProperty('false_match_rate');
  for (const name of ['calibration', 'review_band']) expect(status).not.toHaveProperty(name);
  expect(status['defaults']).not.toHaveProperty('false_match_rate');
});

describe('a start is stopped in one line', () => {
  const other = 'ab'.repeat(32);
  const calibration = (name: string, more: () => Partial<Source> = () => ({})) => ({
    CALIBRATION: write(name, more()),
  });

  it.each<[string, () => Record<string, string>, RegExp]>([
    [
      'by a calibration of other weights',
      () => calibration('weights.json', () => ({ embedder: { ...source.embedder, sha256: other } })),
      /weights\.json: the calibration is of other weights \(.*\) than those in use \(.*\): their SHA-256 differs/,
    ],
    [
      'by a calibration of another crop rule',
      () => ({ ...calibration('rule.json'), CROP_RULE: 'reference' }),
      /rule\.json: the calibration is of the crop rule square, but reference is in use/,
    ],
    [
      'by a calibration of another crop margin',
      () => ({ ...calibration('margin.json'), BLAZEFACE_CROP_MARGIN: '0.77' }),
      /margin\.json: the calibration is of a crop margin of [\d.]+ for blazeface, but 0\.77 is in use/,
    ],
    [
      'by a calibration without a detector in use',
      () =>
        calibration('detector.json', () => ({ detectors: { mtcnn: source.detectors.mtcnn } as Source['detectors'] })),
      /detector\.json: the calibration lacks the detector blazeface/,
    ],
    [
      'by a missing file',
      () => ({ CALIBRATION: join(folder, 'missing.json') }),
      /missing\.json: the calibration file is missing or cannot be read/,
    ],
    [
      'by another file',
      () => ({ CALIBRATION: 'package.json' }),
      /package\.json: not a calibration file: format must be "face-comparison calibration"/,
    ],
    [
      'by a rate that the pairs cannot show, in several processes',
      () => ({ ...calibration('rate.json'), FMR: '0.001', PROCESSES: '2', WORKERS: '2' }),
      /Bad settings: FMR=0\.001 is too low for mtcnn: .* takes at least 1000 pairs/,
    ],
    [
      'by a review band without the threshold',
      () => ({ REVIEW_BAND: '0.7..0.8' }),
      /Bad settings: REVIEW_BAND=0\.7\.\.0\.8 must contain the threshold, which is 0\.6 for mtcnn/,
    ],
  ])('%s', async (_, settings, message) => {
    const { code, output } = await runToExit(settings());

    expect(code).toBe(1);
    expect(output.trim()).toMatch(new RegExp(`^[^\\n]*${message.source}[^\\n]*$`));
  });

  it('unless the detector that the calibration lacks is not in use', async () => {
    const detectors = { mtcnn: source.detectors.mtcnn } as Source['detectors'];
    const service = await Service.start({ ...calibration('one.json', () => ({ detectors })), DETECTORS: 'mtcnn' });
    const { body } = await service.get('/');
    await service.stop();

    expect(body['calibration']).toMatchObject([{ detector: 'mtcnn' }]);
  });
});
