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
  return Array.isArray(value) ? words.none : String(value);
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
    expect(readSettings({})).toMatchObject({ port: 8000, similarityThreshold: 0.6, workers: availableParallelism() });
  });

  it('gives a frozen object', () => {
    expect(Object.isFrozen(readSettings({}))).toBe(true);
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
    ['LOG_ADDRESSES', 'perhaps'],
  ])('refuses %s=%s in one line that names it', (name, value) => {
    expect(() => readSettings({ [name]: value })).toThrow(new RegExp(`^Bad settings: ${name} [^\\n]+$`));
  });

  it('names every bad setting at once', () => {
    expect(() => readSettings({ PORT: '-1', WORKERS: 'many' })).toThrow(/PORT .*; WORKERS /);
  });
});
