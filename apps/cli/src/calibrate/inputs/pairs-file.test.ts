import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from './inputs.fixture.js';
import type { LabelledInput } from './labelled.js';
import { readPairsFile } from './pairs-file.js';

function fileOf(text: string): string {
  const file = join(temporaryFolder(), 'pairs.csv');
  writeFileSync(file, text);
  return file;
}

const read = (text: string): Promise<LabelledInput> => readPairsFile(fileOf(text));

/** The pairs by the names of their photographs. */
const namedPairs = ({ photographs, pairs = [] }: LabelledInput): unknown[] =>
  pairs.map(({ first, second, same, group }) => [photographs[first].name, photographs[second].name, same, group]);

/** The names of each person's photographs. */
const namesByPerson = ({ photographs, people }: LabelledInput): string[][] =>
  Array.from({ length: people }, (_, number) =>
    photographs.filter(({ person }) => person === number).map(({ name }) => name),
  );

describe('a CSV file of pairs', () => {
  it('has pairs with their labels and groups; photographs linked by "same" are one person', async () => {
    const input = await read(
      [
        '\ufeffgroup,same,image2,image1,remark',
        'adults,1,b.jpg,a.jpg,x',
        ',0,c.jpg,a.jpg,',
        'adults,Yes,d.jpg,b.jpg,',
        'children,no,c.jpg,"e, ""é"".jpg",',
      ].join('\r\n'),
    );

    expect(namedPairs(input)).toEqual([
      ['a.jpg', 'b.jpg', true, 'adults'],
      ['a.jpg', 'c.jpg', false, ''],
      ['b.jpg', 'd.jpg', true, 'adults'],
      ['e, "é".jpg', 'c.jpg', false, 'children'],
    ]);
    expect(namesByPerson(input)).toEqual([['a.jpg', 'b.jpg', 'd.jpg'], ['c.jpg'], ['e, "é".jpg']]);
  });

  it('has paths relative to its folder', async () => {
    const file = fileOf('image1,image2,same\nx/a.jpg,/y/b.jpg,1');
    const { photographs } = await readPairsFile(file);

    expect(photographs.map(({ path }) => path)).toEqual([join(file, '../x/a.jpg'), '/y/b.jpg']);
  });

  it('counts a pair once that is listed again, in either order', async () => {
    const input = await read('image1,image2,same\na,b,1\nb,a,1\n./a,b,1\n');

    expect(namedPairs(input)).toEqual([['a', 'b', true, '']]);
    expect(input.notes).toEqual(['pairs listed again, counted once: 2']);
  });

  it.each([
    ['', /pairs\.csv: no pairs$/],
    ['image1,image2,same\n', /pairs\.csv: no pairs$/],
    ['image1,image2\na,b\n', /the first line must name the columns .*; it lacks same$/],
    ['image1,image2,same\na,b,1\na,c,maybe\n', /line 3: same must be 1, true or yes, or 0, false or no$/],
    ['image1,image2,same\na,,1\n', /line 2: image1 and image2 must not be empty$/],
    ['image1,image2,same\na,b\n', /line 2: /],
    ['image1,image2,same\na,"b,1\n', /line \d: /],
    ['image1,image2,same\na,b/../a,1\n', /line 2: image1 and image2 are the same file$/],
    ['image1,image2,same\na,b,1\nb,a,0\n', /line 3: line 2 says the opposite$/],
    [
      ['image1,image2,same,group', ...Array.from({ length: 101 }, (_, i) => `a,b${i},0,g${i}`)].join('\n'),
      /line 102: more than 100 groups$/,
    ],
    ['image1,image2,same\na,b,1\na,c,0\nb,c,1\n', /line 3: other lines say that these two are the same person$/],
  ])('is refused with one line: %j', async (text, message) => {
    const problem = await read(text).then(
      () => 'read',
      (error: unknown) => String(error instanceof Error ? error.message : error),
    );

    expect(problem).toMatch(message);
    expect(problem).not.toContain('\n');
  });
});
