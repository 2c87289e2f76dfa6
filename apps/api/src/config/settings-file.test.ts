import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadSettingsFile } from './settings-file.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'settings-'));
  vi.spyOn(process, 'cwd').mockReturnValue(folder);
  vi.stubEnv('FIRST_LINE', undefined);
  vi.stubEnv('SECOND_LINE', undefined);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

const LINES = 'FIRST_LINE=a key\r\nSECOND_LINE="0.4..0.6" # a comment\r\n';

describe('loadSettingsFile', () => {
  it.each([
    ['plain UTF-8', Buffer.from(LINES)],
    ['UTF-8 with a byte order mark', Buffer.from(`\uFEFF${LINES}`)],
    ['UTF-16 with one', Buffer.from(`\uFEFF${LINES}`, 'utf16le')],
  ])('reads every line of %s', (_, bytes) => {
    writeFileSync(join(folder, '.env'), bytes);
    loadSettingsFile();
    expect(process.env).toMatchObject({ FIRST_LINE: 'a key', SECOND_LINE: '0.4..0.6' });
  });

  it('leaves variables as they are that are set, if only to nothing', () => {
    vi.stubEnv('FIRST_LINE', '');
    writeFileSync(join(folder, '.env'), LINES);
    loadSettingsFile();
    expect(process.env).toMatchObject({ FIRST_LINE: '', SECOND_LINE: '0.4..0.6' });
  });

  it('needs no file', () => {
    expect(loadSettingsFile).not.toThrow();
  });
});
