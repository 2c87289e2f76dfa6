import { expect, it } from 'vitest';
import { readyBanner } from './ready-banner.js';

const SERVICE = { url: 'http://localhost:8000', path: '/compare', models: 'weights, int8 on cpu, 2 workers' };

/** The suggested command. */
const command = (needsKey: boolean): string | undefined =>
  /^ +try +(.+)$/m.exec(readyBanner({ ...SERVICE, needsKey }))?.[1];

it('suggests a command that compares two photographs', () => {
  expect(command(false)).toBe(
    'curl -F image1=@test/photographs/obama.jpg -F image2=@test/photographs/obama2.jpg http://localhost:8000/compare',
  );
});

it('includes a placeholder for the key if one is required, and says how to sign in to /docs', () => {
  expect(command(true)).toBe(
    "curl -H 'X-API-Key: YOUR_KEY' -F image1=@test/photographs/obama.jpg -F image2=@test/photographs/obama2.jpg http://localhost:8000/compare",
  );
  expect(readyBanner({ ...SERVICE, needsKey: true })).toMatch(
    /docs +\S+\/docs \(any name, and a key as the password\)/,
  );
});
