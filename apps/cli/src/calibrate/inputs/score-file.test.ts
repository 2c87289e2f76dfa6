import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from './inputs.fixture.js';
import { readScoreFile } from './score-file.js';

function read(contents: string | Uint8Array): Promise<Float64Array> {
  const file = join(temporaryFolder(), 'scores.txt');
  writeFileSync(file, contents);
  return readScoreFile(file);
}

describe('a file of scores', () => {
  it('has a number on each line; empty lines do not count', async () => {
    expect(await read('0.5\r\n\n -1 \n1e-3')).toEqual(Float64Array.of(0.5, -1, 0.001));
  });

  it('may have more lines than fit into one read', async () => {
    const scores = Float64Array.from({ length: 100_000 }, (_, i) => i / 100_000);

    expect(await read(scores.join('\n'))).toEqual(scores);
  });

  it.each([
    ['words', '0.1\nhigh\n', /line 2: expected one number$/],
    ['two numbers on a line', '0.1 0.2\n', /line 1: expected one number$/],
    ['infinity', 'Infinity\n', /line 1: expected one number$/],
    ['nothing', '\n\n', /no scores$/],
    ['a long line without an end', new Uint8Array(300_000), /line 1: expected one number$/],
  ])('with %s is refused', async (_, contents, message) => {
    await expect(read(contents)).rejects.toThrow(message);
  });

  it('that is missing, or a folder, is refused', async () => {
    const folder = temporaryFolder();

    await expect(readScoreFile(join(folder, 'nowhere'))).rejects.toThrow(
      /nowhere: the file is missing or cannot be read$/,
    );
    await expect(readScoreFile(folder)).rejects.toThrow(/the file is missing or cannot be read$/);
  });
});
