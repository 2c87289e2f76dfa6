import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

/**
 * An option with a value, `--name VALUE`, or a flag, `--name`.
 *
 * @typedef {object} Option
 * @property {string} what in a few words, for the usage
 * @property {'number' | 'url' | 'text' | 'build' | 'flag'} type numbers are integers; a build is a folder with a version
 *   of this service, built
 * @property {number | string} [default] its value if omitted; flags are false
 * @property {number} [min] minimum, 0 if omitted
 * @property {number} [max] maximum
 * @property {string} [shown] shown in the usage instead of the default
 */

/**
 * A tool's command line.
 *
 * @typedef {object} Tool
 * @property {string} command what a user types, such as `npm run fuzz --`
 * @property {string} about what it does, in a few lines
 * @property {Readonly<Record<string, Option>>} options
 */

/**
 * The values of some options, by name. A URL or text without a default may be undefined.
 *
 * @template {Readonly<Record<string, Option>>} Options
 * @typedef {{ [Name in keyof Options]: Options[Name] extends { type: 'number' } ? number : Options[Name] extends { type: 'flag' } ? boolean : Options[Name] extends { default: string } ? string : string | undefined }} Values
 */

/** What is wrong with a command line, in one line. */
export class UsageError extends Error {}

/** Exit status for wrong usage. */
export const BAD_USAGE = 2;

/** Width of the usage's column of options. */
const COLUMN = 20;

/**
 * Parses the tool's command line. Ends the process if there is nothing to run: with 0 after `--help`, or with 2 after
 * one line saying what is wrong, and the usage.
 *
 * @template {Tool} T
 * @param {T} tool
 * @param {readonly string[]} args
 * @returns {Values<T['options']>}
 */
export function commandLine(tool, args = process.argv.slice(2)) {
  try {
    const values = readArguments(args, tool.options);
    if (values !== 'help') return values;
    console.log(usage(tool));
    return process.exit(0);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`${error.message}\n\n${usage(tool)}`);
    return process.exit(BAD_USAGE);
  }
}

/**
 * Reads and checks arguments.
 *
 * @template {Readonly<Record<string, Option>>} Options
 * @param {readonly string[]} args without the program
 * @param {Options} options
 * @returns {Values<Options> | 'help'} 'help' where `--help` is among them
 * @throws {UsageError} where one is unknown, or not what it must be
 */
export function readArguments(args, options) {
  const given = parse(args, options);
  if (given['help'] === true) return 'help';
  const values = Object.entries(options).map(([name, option]) => [name, toValue(name, given[name], option)]);
  return /** @type {Values<Options>} */ (Object.fromEntries(values));
}

/**
 * @param {readonly string[]} args
 * @param {Readonly<Record<string, Option>>} options
 * @returns {Record<string, string | boolean | undefined>}
 */
function parse(args, options) {
  /** @param {Option} option */
  const kind = ({ type }) => ({
    type: type === 'flag' ? /** @type {const} */ ('boolean') : /** @type {const} */ ('string'),
  });
  const known = Object.fromEntries(Object.entries(options).map(([name, option]) => [name, kind(option)]));
  try {
    return parseArgs({ args: [...args], options: { ...known, help: { type: 'boolean' } } }).values;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    // Its longer messages go on with advice.
    throw new UsageError(error.message.split(/\.\s/, 1)[0]);
  }
}

/**
 * @param {string} name
 * @param {string | boolean | undefined} given
 * @param {Option} option
 */
function toValue(name, given, { type, default: otherwise, min = 0, max = Number.MAX_SAFE_INTEGER }) {
  if (type === 'flag') return given === true;
  if (given === undefined) return otherwise;
  const text = String(given);
  if (type === 'url' && !isHttpUrl(text)) throw new UsageError(`--${name} must be an http or https URL`);
  if (type === 'build' && !existsSync(join(text, 'dist/apps/api/src/main.js'))) {
    throw new UsageError(`--${name} must be a folder in which a version of this service has been built`);
  }
  if (type !== 'number') return text;
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  if (value >= min && value <= max) return value;
  throw new UsageError(`--${name} must be a whole number, ${bounds(min, max)}`);
}

/** @param {string} text */
const isHttpUrl = (text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);

/**
 * How a tool is called.
 *
 * @param {Tool} tool
 */
export function usage({ command, about, options }) {
  const rows = Object.entries(options).map(([name, option]) => row(name, option));
  return [`Usage: ${command} [options]`, '', about, '', ...rows, line('--help', 'print this')].join('\n');
}

/**
 * @param {string} name
 * @param {Option} option
 */
function row(name, option) {
  const { type, what, default: otherwise, min = 0, max = Number.MAX_SAFE_INTEGER } = option;
  const shown = option.shown ?? otherwise;
  const value = type === 'flag' ? '' : ` ${{ number: 'N', url: 'URL', text: 'TEXT', build: 'FOLDER' }[type]}`;
  const isBounded = type === 'number' && (min > 1 || max < Number.MAX_SAFE_INTEGER) && shown === otherwise;
  const rest = `${isBounded ? `, ${bounds(min, max)}` : ''}${shown === undefined ? '' : ` (${shown})`}`;
  return line(`--${name}${value}`, `${what}${rest}`);
}

/**
 * @param {number} min
 * @param {number} max
 */
const bounds = (min, max) => (max === Number.MAX_SAFE_INTEGER ? `at least ${min}` : `from ${min} to ${max}`);

/**
 * @param {string} left
 * @param {string} right
 */
const line = (left, right) => `  ${left.padEnd(COLUMN)} ${right}`;
