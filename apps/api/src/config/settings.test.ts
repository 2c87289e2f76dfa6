import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PACKAGE_ROOT } from '../package-root.js';
import { readSettings, SETTINGS_SPEC } from './settings.js';

const names = Object.keys(SETTINGS_SPEC) as (keyof typeof SETTINGS_SPEC)[];

/** A default as the documentation writes it; WORKERS depends on the machine. */
function documentedDefault(name: keyof typeof SETTINGS_SPEC, words: { workers: string; none: string }): string {
  if (name === 'WORKERS') return words.workers;
  const value: unknown = SETTINGS_SPEC[name].default;
  return Array.isArray(value) && value.length === 0 ? words.none : String(value);
}

describe('the documentation of the settings', () => {
  it.each(names)('README and .env.example list %s with its default', (name) => {
    const readme = readFileSync(join(PACKAGE_ROOT, 'README.md'), 'utf8');
    const example = readFileSync(join(PACKAGE_ROOT, '.env.example'), 'utf8');
    const { desc } = SETTINGS_SPEC[name];

    const inReadme = documentedDefault(name, { workers: 'one per core', none: 'none' });
    expect(readme).toContain(`| \`${name}\` | ${inReadme} | ${desc} |`);
    const inExample = documentedDefault(name, { workers: '', none: '' });
    expect(example.split('\n')).toContain(`# ${name}=${inExample}`);
  });

  it('lists no setting that does not exist', () => {
    const example = readFileSync(join(PACKAGE_ROOT, '.env.example'), 'utf8');
    const listed = [...example.matchAll(/^# ([A-Z_]+)=/gm)].map(([, name]) => name);

    expect(listed).toEqual(names);
  });
});

describe('readSettings', () => {
  it('takes the defaults where nothing is set', () => {
    expect(readSettings({})).toMatchObject({
      port: 8000,
      similarityThreshold: 'auto',
      workers: availableParallelism(),
    });
  });

  it('gives a frozen object', () => {
    expect(Object.isFrozen(readSettings({}))).toBe(true);
  });

  it('takes a list of detectors', () => {
    expect(readSettings({ DETECTORS: 'blazeface' }).detectors).toEqual(['blazeface']);
    expect(readSettings({}).detectors).toEqual(['mtcnn', 'blazeface']);
  });

  it('takes lists with commas and blanks', () => {
    expect(readSettings({ API_KEYS: ' one, two ,,' }).apiKeys).toEqual(['one', 'two']);
  });

  it.each([
    ['PORT', 'eighty'],
    ['PORT', '70000'],
    ['PORT', ''],
    ['SIMILARITY_THRESHOLD', '1.5'],
    ['SIMILARITY_THRESHOLD', 'NaN'],
    ['WORKERS', '0'],
    ['WORKERS', '1.5'],
    ['EMBEDDER_PRECISION', 'fp16'],
    ['CROP_RULE', 'circle'],
    ['DETECTORS', ''],
    ['DETECTORS', 'mtcnn,retinaface'],
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
  ])('refuses %s=%s in one line that names it', (name, value) => {
    expect(() => readSettings({ [name]: value })).toThrow(new RegExp(`^Bad settings: ${name} [^\\n]+$`));
  });

  const HASH = '0123456789abcdef'.repeat(4);

  it.each([`sha256:abc`, `sha256:${HASH}0`, `sha256:${HASH.replace('0', 'x')}`, `SHA256:`, `plain,sha256: ${HASH}`])(
    'refuses the key %s in one line that does not repeat it',
    (value) => {
      const read = (): unknown => readSettings({ API_KEYS: value });
      expect(read).toThrow(/^Bad settings: API_KEYS must have 64 hexadecimal digits after sha256:, [^\n]+$/);
      expect(read).not.toThrow(/abc|plain|0123/);
    },
  );

  it('takes keys that are plain, hashed or there twice', () => {
    const keys = ['k', `sha256:${HASH}`, `sha256:${HASH.toUpperCase()}`, 'sha256', 'k'];
    expect(readSettings({ API_KEYS: keys.join(',') }).apiKeys).toEqual(keys);
  });

  it('takes empty lists as none, and an empty WORKERS as the default', () => {
    expect(readSettings({ API_KEYS: '', CORS_ORIGINS: '', WORKERS: '' })).toEqual(readSettings({}));
  });

  it('takes * as every origin', () => {
    expect(readSettings({ CORS_ORIGINS: ' * ' }).corsOrigins).toEqual(['*']);
  });

  it('gives origins as browsers send them', () => {
    const settings = readSettings({ CORS_ORIGINS: 'HTTPS://App.Example:443, http://localhost:3000,http://[::1]:80' });
    expect(settings.corsOrigins).toEqual(['https://app.example', 'http://localhost:3000', 'http://[::1]']);
  });

  it.each(['::', '::1', '127.0.0.1', 'localhost', 'face_comparison.internal'])('takes %s as HOST', (HOST) => {
    expect(readSettings({ HOST }).host).toBe(HOST);
  });

  it('names every bad setting at once', () => {
    expect(() => readSettings({ PORT: '-1', WORKERS: 'many' })).toThrow(/PORT .*; WORKERS /);
  });
});
