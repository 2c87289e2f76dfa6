import { join, resolve } from 'node:path';
import { commandLine } from '../../bench/command-line.mjs';
import { ROOT } from './k6-binary.mjs';

/**
 * Options of the performance test.
 *
 * @typedef {object} PerfOptions
 * @property {number} numRequests all sent at once; at least 1
 * @property {string} url of one comparison endpoint
 * @property {string} image1 absolute path
 * @property {string} image2 absolute path
 * @property {boolean} json whether to print JSON instead of a table
 */

const FOLDER = 'test/photographs';

const PERF = /** @type {const} */ ({
  command: 'npm run perf --',
  about: `Sends comparisons to a running service, all at once, and reports how they were answered.
Exits with 1 when any failed.`,
  options: {
    'num-requests': { type: 'number', default: 10, min: 1, max: 100_000, what: 'how many' },
    url: { type: 'url', default: 'http://localhost:8000/mediapipe', what: 'where to' },
    image1: { type: 'text', default: `${FOLDER}/obama.jpg`, what: 'the first photograph' },
    image2: { type: 'text', default: `${FOLDER}/obama2.jpg`, what: 'the second photograph' },
    json: { type: 'flag', what: 'print JSON in place of a table' },
  },
});

/**
 * Parses the command line; ends the process if it asks for help or is wrong.
 *
 * @param {readonly string[]} args without the program
 * @param {string} folder that relative paths start from
 * @returns {PerfOptions}
 */
export function perfOptions(args, folder) {
  const { 'num-requests': numRequests, image1, image2, ...rest } = commandLine(PERF, args);
  const { options } = PERF;
  return {
    numRequests,
    image1: image1 === options.image1.default ? join(ROOT, image1) : resolve(folder, image1),
    image2: image2 === options.image2.default ? join(ROOT, image2) : resolve(folder, image2),
    ...rest,
  };
}
