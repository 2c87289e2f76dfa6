import { createReadStream } from 'node:fs';
import { printable } from '../../output.js';
import { asUnreadable } from './unreadable.js';

/** Each takes 8 bytes, and as much again to be sorted. */
const MAX_SCORES = 20_000_000;

/** No number is as long, in characters. */
const MAX_LINE = 1000;

/**
 * Reads a file of scores, one on each line; empty lines do not count.
 *
 * @throws Error with one line that names the file, and where there is one the line that is wrong
 */
export async function readScoreFile(file: string): Promise<Float64Array> {
  let scores = new Float64Array(1024);
  let count = 0;
  let line = 0;
  const take = (text: string): void => {
    line++;
    const trimmed = text.trim();
    if (trimmed === '') return;
    const score = trimmed.length > MAX_LINE ? NaN : Number(trimmed);
    if (!Number.isFinite(score)) throw new Error(`${printable(file)}, line ${line}: expected one number`);
    if (count === MAX_SCORES) throw new Error(`${printable(file)}: more than ${MAX_SCORES} scores`);
    if (count === scores.length) {
      const larger = new Float64Array(2 * count);
      larger.set(scores);
      scores = larger;
    }
    scores[count++] = score;
  };
  try {
    for await (const text of linesOf(file)) take(text);
  } catch (error) {
    throw asUnreadable(file, error);
  }
  if (count === 0) throw new Error(`${printable(file)}: no scores`);
  return scores.slice(0, count);
}

async function* linesOf(file: string): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of createReadStream(file, 'utf8') as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
    if (rest.length <= MAX_LINE) continue;
    // Whatever this file is, it has no lines. Not read on until it has one.
    yield rest;
    rest = '';
  }
  yield rest;
}
