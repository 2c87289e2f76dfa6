import { createReadStream } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { CsvError, parse } from 'csv-parse';
import { printable } from '../../output.js';
import type { LabelledInput, ListedPair } from './labelled.js';
import { UnionFind } from './union-find.js';
import { asUnreadable } from './unreadable.js';

/** More pairs than are ever scored. */
const MAX_PAIRS = 5_000_000;

/** Each is a row of a table; more are something else, such as a number of the pair. */
const MAX_GROUPS = 100;

const COLUMNS = ['image1', 'image2', 'same'];

const ANSWERS: ReadonlyMap<string, boolean> = new Map([
  ['1', true],
  ['true', true],
  ['yes', true],
  ['0', false],
  ['false', false],
  ['no', false],
]);

/** A row of the file and the line it is on. */
interface Row {
  readonly record: Readonly<Record<string, string | undefined>>;
  readonly info: { readonly lines: number };
}

/** A pair and the line it is on. */
interface LocatedPair extends ListedPair {
  readonly line: number;
}

/**
 * The pairs in a CSV file (RFC 4180, UTF-8) with the columns `image1`, `image2` and `same`, and possibly `group`; others
 * are ignored. Images are paths relative to the file's folder. Photographs that the pairs say are of the same person,
 * directly or through others, count as one person's; every other photograph as a person's of its own.
 *
 * @throws Error with one line that names the file, the line and what is wrong with it
 */
export async function readPairsFile(file: string): Promise<LabelledInput> {
  const images = new Map<string, number>();
  const pairs: LocatedPair[] = [];
  const pairOf = new Map<number, LocatedPair>();
  const groups = new Set<string>();
  let repeated = 0;
  const indexOf = (image: string): number => {
    const path = resolve(dirname(file), image);
    const known = images.get(path);
    if (known !== undefined) return known;
    images.set(path, images.size);
    names.push(image);
    return images.size - 1;
  };
  const names: string[] = [];
  const wrong = (line: number, problem: string): Error => new Error(`${printable(file)}, line ${line}: ${problem}`);
  const take = ({ record, info }: Row): void => {
    const line = info.lines;
    const { image1 = '', image2 = '', same = '', group = '' } = record;
    if (image1 === '' || image2 === '') throw wrong(line, 'image1 and image2 must not be empty');
    const answer = ANSWERS.get(same.toLowerCase());
    if (answer === undefined) throw wrong(line, 'same must be 1, true or yes, or 0, false or no');
    const [first, second] = [indexOf(image1), indexOf(image2)];
    if (first === second) throw wrong(line, 'image1 and image2 are the same file');
    // One number for both orders; exact, as there are far fewer than 2²⁶ images.
    const key = Math.min(first, second) * 2 ** 26 + Math.max(first, second);
    const earlier = pairOf.get(key);
    if (earlier !== undefined) {
      if (earlier.same !== answer) throw wrong(line, `line ${earlier.line} says the opposite`);
      repeated++;
      return;
    }
    if (group !== '' && groups.add(group).size > MAX_GROUPS) throw wrong(line, `more than ${MAX_GROUPS} groups`);
    if (pairs.length === MAX_PAIRS) throw wrong(line, `more than ${MAX_PAIRS} pairs`);
    const pair = { first, second, same: answer, group, line };
    pairOf.set(key, pair);
    pairs.push(pair);
  };
  await readRows(file, take);
  if (pairs.length === 0) throw new Error(`${printable(file)}: no pairs`);
  const people = new UnionFind(images.size);
  for (const { first, second, same } of pairs) if (same) people.join(first, second);
  for (const { first, second, same, line } of pairs) {
    if (!same && people.find(first) === people.find(second)) {
      throw wrong(line, 'other lines say that these two are the same person');
    }
  }
  return byPerson([...images.keys()], names, people, pairs, repeated);
}

async function readRows(file: string, take: (row: Row) => void): Promise<void> {
  const parser = parse({
    bom: true,
    info: true,
    skip_empty_lines: true,
    trim: true,
    columns: (header: readonly string[]) => {
      const missing = COLUMNS.filter((name) => !header.includes(name));
      if (missing.length === 0) return [...header];
      throw new Error(
        `${printable(file)}: the first line must name the columns image1, image2 and same, and may name group; it lacks ${missing.join(', ')}`,
      );
    },
  });
  try {
    await pipeline(createReadStream(file), parser, async (rows: AsyncIterable<Row>) => {
      for await (const row of rows) take(row);
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw asUnreadable(file, error);
    throw new Error(`${printable(file)}, line ${Number(error['lines'] ?? 1)}: ${printable(error.message)}`, {
      cause: error,
    });
  }
}

/** Numbers the people, and puts each one's photographs next to each other. */
function byPerson(
  paths: readonly string[],
  names: readonly string[],
  people: UnionFind,
  pairs: readonly ListedPair[],
  repeated: number,
): LabelledInput {
  const members = new Map<number, number[]>();
  paths.forEach((_, image) => {
    const person = people.find(image);
    const others = members.get(person);
    if (others === undefined) members.set(person, [image]);
    else others.push(image);
  });
  const ordered = [...members.values()].flatMap((images, person) => images.map((image) => ({ image, person })));
  const placeOf = new Uint32Array(paths.length);
  ordered.forEach(({ image }, place) => (placeOf[image] = place));
  return {
    photographs: ordered.map(({ image, person }) => ({ path: paths[image], name: names[image], person })),
    people: members.size,
    pairs: pairs.map(({ first, second, same, group }) => ({
      first: placeOf[first],
      second: placeOf[second],
      same,
      group,
    })),
    notes: repeated === 0 ? [] : [`pairs listed again, counted once: ${repeated}`],
  };
}
