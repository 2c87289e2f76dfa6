import { execFileSync } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readPhotograph } from './photograph-file.js';

const LIMIT = 1000;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'read-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function fileOf(bytes: Buffer): Promise<string> {
  const path = join(folder, `${bytes.length} bytes, Übung 写真`);
  await writeFile(path, bytes);
  return path;
}

describe('readPhotograph', () => {
  it('reads a file of just the limit', async () => {
    const bytes = Buffer.alloc(LIMIT, 'x');
    expect(await readPhotograph(await fileOf(bytes), 1, LIMIT)).toEqual(bytes);
  });

  it('refuses a larger one', async () => {
    expect(await readPhotograph(await fileOf(Buffer.alloc(LIMIT + 1)), 1, LIMIT)).toMatchObject({
      code: 'IMAGE_TOO_LARGE',
      message: 'Image 1 is larger than 1000 bytes.',
      image: 1,
    });
  });

  it.skipIf(process.platform === 'win32')('ends at the limit of what has no end', async () => {
    expect(await readPhotograph('/dev/zero', 2, LIMIT)).toMatchObject({ code: 'IMAGE_TOO_LARGE', image: 2 });
  });

  it.skipIf(process.platform === 'win32')('reads a pipe with a name', async () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    createWriteStream(pipe).end('through the pipe');
    expect(String(await readPhotograph(pipe, 1, LIMIT))).toBe('through the pipe');
  });

  it('says why a file cannot be read', async () => {
    const empty = await fileOf(Buffer.alloc(0));
    expect(await readPhotograph(empty, 1, LIMIT)).toMatchObject({ message: 'Image 1 is an empty file.' });
    expect(await readPhotograph(join(folder, 'none'), 2, LIMIT)).toMatchObject({
      code: 'INVALID_REQUEST',
      message: 'Image 2 cannot be read: no such file or directory.',
    });
    expect(await readPhotograph(folder, 'image', LIMIT)).toMatchObject({
      message: 'The image cannot be read: it is a folder.',
    });
  });
});
