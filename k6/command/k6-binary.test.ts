import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { findK6 } from './k6-binary.mjs';

const folder = mkdtempSync(join(tmpdir(), 'k6-binary-'));
const program = join(folder, 'k6');
writeFileSync(program, '');
chmodSync(program, 0o755);

describe('findK6', () => {
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it('finds it on the PATH', () => {
    expect(findK6({ PATH: `/nowhere:${folder}` })).toBe(program);
  });

  it('prefers K6_BIN to the PATH', () => {
    expect(findK6({ K6_BIN: program, PATH: '/usr/bin' })).toBe(program);
  });

  it('uses nothing else if K6_BIN names no program', () => {
    expect(findK6({ K6_BIN: join(folder, 'k7'), PATH: folder })).toBeUndefined();
  });
});
