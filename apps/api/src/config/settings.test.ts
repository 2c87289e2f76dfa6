import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSettings } from './settings.js';
import { SETTINGS_SPEC } from './settings-spec.js';

describe('readSettings', () => {
  it('uses the defaults if nothing is set', () => {
    expect(readSettings({})).toMatchObject({
      port: 8000,
      similarityThreshold: 'auto',
      workers: availableParallelism(),
    });
  });

  it('treats every default like an explicit value', () => {
    const written = Object.fromEntries(
      Object.entries(SETTINGS_SPEC).map(([name, spec]): [string, string] => [name, String(spec.default)]),
    );

    expect(readSettings(written)).toEqual(readSettings({}));
  });

  it('returns every setting in camel case, and the computed ones', () => {
    const settings = readSettings({ MAX_IMAGE_BYTES: '3000', MODELS_DIR: 'weights', NODE_ENV: 'production' });

    expect(settings).toMatchObject({
      maxImageBytes: 3000,
      maxConnectionsPerAddress: 500,
      maxBodyBytes: 8000 + 64 * 1024,
      modelsDir: resolve('weights'),
      production: true,
    });
    expect(settings).not.toHaveProperty('nodeEnv');
  });

  it('uses as many workers on a GPU as requested, and two by default', () => {
    expect(readSettings({ WORKERS: '3' })).toMatchObject({ workers: 3, gpuWorkers: 3 });
    expect(readSettings({ WORKERS: 'auto' })).toMatchObject({ workers: availableParallelism(), gpuWorkers: 2 });
  });

  it('returns a frozen object', () => {
    expect(Object.isFrozen(readSettings({}))).toBe(true);
  });

  it('accepts a list of detectors, each once', () => {
    expect(readSettings({}).detectors).toEqual(['mtcnn', 'blazeface']);
    expect(readSettings({ DETECTORS: 'blazeface, blazeface' }).detectors).toEqual(['blazeface']);
  });

  it('is compatible with no other product unless asked', () => {
    expect(readSettings({}).compatibility).toEqual([]);
    expect(readSettings({ COMPATIBILITY: 'deepface, compreface' }).compatibility).toEqual(['deepface', 'compreface']);
  });

  it('accepts lists with commas and blanks', () => {
    expect(readSettings({ API_KEYS: ' one, two ,,' }).apiKeys).toEqual(['one', 'two']);
  });

  it.each([
    ['PORT', 'eighty'],
    ['PORT', '70000'],
    ['PORT', ''],
    ['SIMILARITY_THRESHOLD', '1.5'],
    ['SIMILARITY_THRESHOLD', 'NaN'],
    ['FMR', '0'],
    ['FMR', '1.1'],
    ['FMR', 'low'],
    ['REVIEW_BAND', '0.5'],
    ['REVIEW_BAND', '..'],
    ['REVIEW_BAND', '0.5..'],
    ['REVIEW_BAND', '0.6..0.5'],
    ['REVIEW_BAND', '0.5..0.5'],
    ['REVIEW_BAND', '0.5..1.1'],
    ['REVIEW_BAND', '-1.1..0.5'],
    ['REVIEW_BAND', '0.4..0.5..0.6'],
    ['REVIEW_BAND', '0.4-0.5'],
    ['WORKERS', '0'],
    ['WORKERS', '1.5'],
    ['WORKERS', 'all'],
    ['EMBEDDER_PRECISION', 'fp16'],
    ['CROP_RULE', 'circle'],
    ['DETECTORS', ''],
    ['DETECTORS', 'mtcnn,retinaface'],
    ['COMPATIBILITY', 'rekognition'],
    ['COMPATIBILITY', 'compreface,'.repeat(2) + 'x'],
    ['LOG_ADDRESSES', 'perhaps'],
    ['HOST', ''],
    ['HOST', 'http://0.0.0.0'],
    ['HOST', '0.0.0.0:8000'],
    ['MODELS_DIR', ''],
    ['MODELS_DIR', ' '],
    ['EMBEDDER_WEIGHTS', ''],
    ['API_KEYS', ','],
    ['API_KEYS', ' '],
    ['CORS_ORIGINS', ', ,'],
    ['CORS_ORIGINS', 'app.example'],
    ['CORS_ORIGINS', 'null'],
    ['CORS_ORIGINS', 'ftp://app.example'],
    ['CORS_ORIGINS', 'https://'],
    ['CORS_ORIGINS', 'https://app.example/'],
    ['CORS_ORIGINS', 'https://app.example/page'],
    ['CORS_ORIGINS', 'https://app.example?page'],
    ['CORS_ORIGINS', 'https://app.example#page'],
    ['CORS_ORIGINS', 'https://app.example:99999'],
    ['CORS_ORIGINS', 'https://user@app.example'],
    ['CORS_ORIGINS', 'https://*.app.example'],
    ['CORS_ORIGINS', 'https://app.example https://other.example'],
    ['CORS_ORIGINS', '*,https://app.example'],
    ['CORS_ORIGINS', '*,*'],
  ])('rejects %s=%s in one line that names it', (name, value) => {
    expect(() => readSettings({ [name]: value })).toThrow(new RegExp(`^Bad settings: ${name} [^\\n]+$`));
  });

  const HASH = '0123456789abcdef'.repeat(4);

  it.each([`sha256:abc`, `sha256:${HASH}0`, `sha256:${HASH.replace('0', 'x')}`, `SHA256:`, `plain,sha256: ${HASH}`])(
    'rejects the key %s in one line that does not repeat it',
    (value) => {
      const read = (): unknown => readSettings({ API_KEYS: value });
      expect(read).toThrow(/^Bad settings: API_KEYS must have 64 hexadecimal digits after sha256:, [^\n]+$/);
      expect(read).not.toThrow(/abc|plain|0123/);
    },
  );

  it('accepts plain, hashed and duplicate keys', () => {
    const keys = ['k', `sha256:${HASH}`, `sha256:${HASH.toUpperCase()}`, 'sha256', 'k'];
    expect(readSettings({ API_KEYS: keys.join(',') }).apiKeys).toEqual(keys);
  });

  it.each([
    'API_KEYS',
    'BATCH_MAX_FACES',
    'CALIBRATION',
    'COMPATIBILITY',
    'CORS_ORIGINS',
    'EMBEDDER_PRECISION',
    'EXECUTION_PROVIDER',
    'FMR',
    'REVIEW_BAND',
    'WORKERS',
  ])('treats an empty %s as its default: none, or auto', (name) => {
    expect(readSettings({ [name]: '' })).toEqual(readSettings({}));
  });

  it('accepts a calibration with a false match rate, and a review band', () => {
    expect(readSettings({ CALIBRATION: 'calibration.json', FMR: '1e-4', REVIEW_BAND: '-0.5 .. .65' })).toMatchObject({
      calibration: resolve('calibration.json'),
      fmr: 0.0001,
      reviewBand: [-0.5, 0.65],
    });
  });

  it('rejects a false match rate without a calibration, or beside a threshold, in one line', () => {
    expect(() => readSettings({ FMR: '0.001' })).toThrow(/^Bad settings: FMR needs CALIBRATION[^\n]*$/);
    expect(() => readSettings({ FMR: '0.001', CALIBRATION: 'c.json', SIMILARITY_THRESHOLD: '0.6' })).toThrow(
      /^Bad settings: SIMILARITY_THRESHOLD must be auto with FMR[^\n]*$/,
    );
  });

  it.each([
    ['true', true],
    ['1', true],
    ['yes', true],
    ['false', false],
    ['0', false],
    ['off', false],
  ])('accepts %s as true or false', (LOG_ADDRESSES, expected) => {
    expect(readSettings({ LOG_ADDRESSES }).logAddresses).toBe(expected);
  });

  it('accepts * for all origins', () => {
    expect(readSettings({ CORS_ORIGINS: ' * ' }).corsOrigins).toEqual(['*']);
  });

  it('normalises origins to what browsers send', () => {
    const settings = readSettings({ CORS_ORIGINS: 'HTTPS://App.Example:443, http://localhost:3000,http://[::1]:80' });
    expect(settings.corsOrigins).toEqual(['https://app.example', 'http://localhost:3000', 'http://[::1]']);
  });

  it.each(['::', '::1', '127.0.0.1', 'localhost', 'face_comparison.internal'])('accepts %s as HOST', (HOST) => {
    expect(readSettings({ HOST }).host).toBe(HOST);
  });

  it('reports all bad settings at once', () => {
    expect(() => readSettings({ PORT: '-1', WORKERS: 'many' })).toThrow(/PORT .*; WORKERS /);
  });
});
