import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from './inputs.fixture.js';
import { readPersonFolders } from './person-folders.js';

/** Files with the names, in a folder. */
function folderOf(...files: readonly string[]): string {
  const folder = temporaryFolder();
  for (const file of files) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), file);
  }
  return folder;
}

describe('a folder per person', () => {
  it('has its photographs by person, subfolders included', async () => {
    const { people, photographs } = await readPersonFolders(folderOf('b/1.jpg', 'a/ü, 2.jpg', 'a/old/1', 'c/.hidden'));

    expect(people).toBe(2);
    expect(photographs.map(({ name, person }) => [name, person])).toEqual([
      [join('a', 'old', '1'), 0],
      [join('a', 'ü, 2.jpg'), 0],
      [join('b', '1.jpg'), 1],
    ]);
  });

  it('leaves out what lies beside them, and says so', async () => {
    const { photographs, notes } = await readPersonFolders(folderOf('a/1.jpg', 'README.md', '.hidden/2.jpg'));

    expect(photographs.map(({ name }) => name)).toEqual([join('a', '1.jpg')]);
    expect(notes).toEqual(["files beside the people's folders, ignored: 1"]);
  });

  it('may have links: to files, to nothing, and round in a circle', async () => {
    const folder = folderOf('a/1.jpg', 'b/1.jpg');
    symlinkSync(join(folder, 'a/1.jpg'), join(folder, 'a/2.jpg'));
    symlinkSync('nowhere', join(folder, 'a/3.jpg'));
    symlinkSync('..', join(folder, 'b/all'));
    symlinkSync(join(folder, 'b'), join(folder, 'a/b'));
    symlinkSync(join(folder, 'b'), join(folder, 'c'));
    const { photographs } = await readPersonFolders(folder);

    expect(photographs.map(({ name, person }) => [name, person])).toEqual([
      ['a/1.jpg', 0],
      ['a/2.jpg', 0],
      ['a/3.jpg', 0],
      ['b/1.jpg', 1],
    ]);
  });

  it.each([
    ['is empty', []],
    ['has photographs only at its top', ['1.jpg']],
  ])('is refused if it %s', async (_, files) => {
    await expect(readPersonFolders(folderOf(...files))).rejects.toThrow(/no photographs; expected a folder per person/);
  });
});
