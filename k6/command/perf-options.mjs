import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT } from './k6-binary.mjs';

/**
 * What the performance test sends where.
 *
 * @typedef {object} PerfOptions
 * @property {number} numRequests all sent at once; from 1 up
 * @property {string} url of one comparison endpoint
 * @property {string} image1 absolute path
 * @property {string} image2 absolute path
 * @property {boolean} json whether to print JSON in place of a table
 * @property {boolean} help whether only to say how it is used
 */

export const USAGE = `Usage: npm run perf -- [options]

Sends comparisons, all at once, and reports how they were answered. Exits with 1 when any failed.

  --num-requests N   how many (10)
  --url URL          where to (http://localhost:8000/mediapipe)
  --image1 FILE      the first photograph (test/photographs/obama.jpg)
  --image2 FILE      the second photograph (test/photographs/obama2.jpg)
  --json             print JSON in place of a table
  --help             print this`;

/**
 * @param {readonly string[]} argv without the program
 * @param {string} folder what relative paths start from
 * @returns {PerfOptions}
 * @throws {Error} whose message says in one line what is wrong
 */
export function parsePerfOptions(argv, folder) {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      'num-requests': { type: 'string', default: '10' },
      url: { type: 'string', default: 'http://localhost:8000/mediapipe' },
      image1: { type: 'string', default: join(ROOT, 'test/photographs/obama.jpg') },
      image2: { type: 'string', default: join(ROOT, 'test/photographs/obama2.jpg') },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  return {
    numRequests: wholeNumber(values['num-requests']),
    url: httpUrl(values.url),
    image1: resolve(folder, values.image1),
    image2: resolve(folder, values.image2),
    json: values.json,
    help: values.help,
  };
}

/** @param {string} text */
function wholeNumber(text) {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new Error(`--num-requests must be a whole number from 1 to 999999`);
  return Number(text);
}

/** @param {string} text */
function httpUrl(text) {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol))
    throw new Error('--url must be an http or https URL');
  return text;
}
