import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { photograph, Service } from './support/service.js';

const ENDPOINTS = ['/compare', '/mediapipe'] as const;

const obama = photograph('obama.jpg');
const obama2 = photograph('obama2.jpg');
const biden = photograph('biden.jpg');

let service: Service;
beforeAll(async () => {
  service = await Service.start();
});
afterAll(() => service.stop());

describe.each(ENDPOINTS)('POST %s', (endpoint) => {
  it('reports a match for two photographs of one man, with the metrics of every stage', async () => {
    const { status, headers, body } = await service.compare(endpoint, obama, obama2);

    expect(status).toBe(200);
    expect(body).toMatchObject({ match: true, comparison_metrics: { threshold_used: 0.6 } });
    const number = expect.any(Number) as number;
    const image = {
      face_detected: true,
      detection_time_ms: number,
      face_coordinates: [number, number, number, number],
      confidence_score: number,
      decode_time_ms: number,
      queue_time_ms: number,
      faces_found: 1,
    };
    const embedding = {
      embedding_time_ms: number,
      embedding_dimension: 512,
      embedding_norm: expect.closeTo(1, 4) as number,
      embedding_stats: { min: number, max: number, mean: number, std: number },
    };
    expect(body).toMatchObject({
      total_processing_time_ms: number,
      image1_metrics: { ...image, image_size: { width: 910, height: 1137 } },
      image2_metrics: { ...image, image_size: { width: 626, height: 1200 } },
      embedding1_metrics: embedding,
      embedding2_metrics: embedding,
    });
    const { cosine_similarity: cosine, euclidean_distance: distance } = body['comparison_metrics'] as Record<
      string,
      number
    >;
    expect(body['similarity']).toBe(cosine);
    expect(distance).toBeCloseTo(Math.sqrt(2 - 2 * cosine), 4);
    expect(headers.get('server-timing')).toMatch(/decode1;dur=[\d.]+.*total;dur=[\d.]+/);
  });

  it('rotates a photograph that lies on its side, and reports by how much', async () => {
    const lying = await sharp(obama2).rotate(90).jpeg().toBuffer();
    const { status, body } = await service.compare(endpoint, obama, lying);

    expect(status).toBe(200);
    expect(body).toMatchObject({
      match: true,
      image1_metrics: { rotation_degrees: 0 },
      image2_metrics: { rotation_degrees: 270, image_size: { width: 1200, height: 626 } },
    });
  });

  it('selects the requested face, in JSON and in a form', async () => {
    const both = await sharp({ create: { width: 1600, height: 1137, channels: 3, background: '#888' } })
      .composite([
        { input: obama, left: 0, top: 0 },
        { input: await sharp(biden).resize({ height: 1137 }).toBuffer(), left: 1000, top: 0 },
      ])
      .jpeg()
      .toBuffer();
    const refused = { status: 422, body: { code: 'MULTIPLE_FACES', image: 2 } };

    expect(await service.compare(endpoint, obama, both, { face_selection: 'largest' })).toMatchObject({ status: 200 });
    expect(await service.compare(endpoint, obama, both, { face_selection: 'single' })).toMatchObject(refused);
    const form = { image1: obama, image2: both };
    expect(await service.compareForm(endpoint, form, { face_selection: 'single' })).toMatchObject(refused);
    expect(await service.compareForm(endpoint, form, { min_confidence: '1' })).toMatchObject({
      status: 422,
      body: { code: 'NO_FACE', image: 1 },
    });
  });

  it('compares every face of image 2 on request; the best decides', async () => {
    const both = await sharp({ create: { width: 1600, height: 1137, channels: 3, background: '#888' } })
      .composite([
        {
          input: await sharp(biden).extract({ left: 0, top: 0, width: 970, height: 1137 }).toBuffer(),
          left: 0,
          top: 0,
        },
        { input: await sharp(obama2).resize({ height: 800 }).toBuffer(), left: 1000, top: 0 },
      ])
      .jpeg()
      .toBuffer();
    const largest = await service.compare(endpoint, obama, both);
    const json = await service.compare(endpoint, obama, both, { faces: 'all' });
    const form = await service.compareForm(endpoint, { image1: obama, image2: both }, { faces: 'all' });
    const matches = json.body['matches'] as Record<string, unknown>[];

    expect(largest.body).toMatchObject({ match: false });
    expect(largest.body).not.toHaveProperty('matches');
    expect(matches.map(({ match }) => match)).toEqual([true, false]);
    expect(json.body).toMatchObject({
      match: true,
      similarity: matches[0]['similarity'],
      image2_metrics: { face_coordinates: matches[0]['face_coordinates'], faces_found: 2 },
    });
    expect(matches[1]['similarity']).toBeCloseTo(Number(largest.body['similarity']), 2);
    expect(form.body['matches']).toEqual(matches);
    const other = await service.compare(endpoint, photograph('cat.png'), photograph('cat.png'), { faces: 'all' });
    expect(other.body['errors']).toMatchObject([
      { code: 'NO_FACE', image: 1 },
      { code: 'NO_FACE', image: 2 },
    ]);
  });

  it.each(['selected', 'all'])('refuses faces with a warning that reject_on lists: faces=%s', async (faces) => {
    const small = await sharp(obama2).resize(60).jpeg().toBuffer();
    const refused = { code: 'LOW_QUALITY', image: 2, reasons: ['FACE_SMALL'] };
    const asked = { faces, reject_on: ['FACE_SMALL'] };

    expect((await service.compare(endpoint, obama, small, { faces })).body).toMatchObject({
      match: true,
      image2_metrics: { warnings: expect.arrayContaining(['FACE_SMALL']) as string[] },
    });
    expect(await service.compare(endpoint, obama, small, asked)).toMatchObject({ status: 422, body: refused });
    const form = { image1: small, image2: small };
    expect((await service.compareForm(endpoint, form, { faces, reject_on: 'FACE_SMALL' })).body).toMatchObject({
      errors: [{ ...refused, image: 1 }, refused],
    });
  });

  it('reports both photographs if both are bad', async () => {
    const cat = photograph('cat.png');
    const half = obama.subarray(0, 50_000);
    const errors = [
      { code: 'NO_FACE', image: 1, detail: 'No face detected in image 1.' },
      { code: 'UNREADABLE_IMAGE', image: 2, detail: 'Image 2 is truncated or damaged (JPEG).' },
    ];

    expect(await service.compare(endpoint, cat, half)).toMatchObject({
      status: 422,
      body: { code: 'NO_FACE', image: 1, detail: errors.map(({ detail }) => detail).join(' '), errors },
    });
    const unreadable = await service.post(endpoint, JSON.stringify({ image1_base64: '%', image2_base64: '%' }));
    expect(unreadable.body['errors']).toMatchObject([
      { code: 'INVALID_BASE64', image: 1 },
      { code: 'INVALID_BASE64', image: 2 },
    ]);
    expect((await service.compare(endpoint, obama, half)).body).not.toHaveProperty('errors');
  });

  it('reports no match for photographs of two men', async () => {
    expect((await service.compare(endpoint, obama, biden)).body).toMatchObject({ match: false });
  });

  it('returns the same for a form as for JSON', async () => {
    const form = await service.compareForm(endpoint, { image1: obama, image2: biden });
    const json = await service.compare(endpoint, obama, biden);

    expect(form.status).toBe(200);
    expect(form.body['similarity']).toBe(json.body['similarity']);
  });

  it('accepts data: URLs', async () => {
    const url = (bytes: Buffer): string => `data:image/jpeg;base64,${bytes.toString('base64')}`;
    const body = JSON.stringify({ image1_base64: url(obama), image2_base64: url(obama2) });

    expect((await service.post(endpoint, body)).body).toMatchObject({ match: true });
  });

  it.each([-1, 0.999, 1])('applies the threshold of the request: %d', async (threshold) => {
    const json = await service.compare(endpoint, obama, obama2, { threshold });
    const form = await service.compareForm(
      endpoint,
      { image1: obama, image2: obama2 },
      { threshold: String(threshold) },
    );

    const expected = { match: threshold === -1, comparison_metrics: { threshold_used: threshold } };
    expect(json.body).toMatchObject(expected);
    expect(form.body).toMatchObject(expected);
  });

  it.each([
    [1, 'cat.png', 'obama.jpg'],
    [2, 'obama.jpg', 'cat.png'],
  ])('blames image %i if %s and %s lack a face there', async (image, first, second) => {
    const { status, headers, body } = await service.compare(endpoint, photograph(first), photograph(second));

    expect(status).toBe(422);
    expect(headers.get('content-type')).toContain('application/problem+json');
    expect(body).toEqual({
      status: 422,
      title: 'No face detected',
      detail: `No face detected in image ${image}.`,
      code: 'NO_FACE',
      image,
      request_id: headers.get('x-request-id'),
    });
  });

  it('clips the box to the photograph', async () => {
    const { body } = await service.compare(endpoint, photograph('obama_partial_face.jpg'), obama);
    const metrics = body['image1_metrics'] as { face_coordinates: number[]; image_size: { width: number } };

    expect(metrics.face_coordinates[0]).toBe(0);
    expect(metrics.face_coordinates.every(Number.isInteger)).toBe(true);
  });
});

it('falls back to the short-range network if the full-range one finds nothing, and reports it', async () => {
  const { default: sharp } = await import('sharp');
  const closeUp = await sharp(obama2).extract({ left: 215, top: 251, width: 236, height: 353 }).png().toBuffer();
  const { status, body } = await service.compare('/mediapipe', closeUp, obama);

  expect(status).toBe(200);
  expect(body).toMatchObject({
    image1_metrics: { detector: 'blazeface-short-range' },
    image2_metrics: { detector: 'blazeface-full-range' },
  });
});

it('echoes the request id, and generates one otherwise', async () => {
  const given = await service.get('/', { 'x-request-id': 'from-the-caller.1' });
  const strange = await service.get('/', { 'x-request-id': 'not an id' });

  expect(given.headers.get('x-request-id')).toBe('from-the-caller.1');
  expect(strange.headers.get('x-request-id')).toMatch(/^[\da-f-]{36}$/);
});
