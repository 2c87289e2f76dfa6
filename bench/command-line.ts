import { parseArgs } from 'node:util';

/** A whole number that a program takes as `--name N`. */
export interface NumberOption {
  /** What it is where it is left out. */
  readonly default: number;
  readonly min: number;
  readonly max?: number;
}

/** What is wrong with a command line, in one line. */
export class UsageError extends Error {}

/** The exit status of a program that was called wrongly. */
const BAD_USAGE = 2;

/** Reads the program's own command line; prints the usage, or what is wrong, and ends the program where there is no more to do. */
export function commandLine<Name extends string>(
  usage: string,
  options: Readonly<Record<Name, NumberOption>>,
): Record<Name, number> {
  try {
    const values = readArguments(process.argv.slice(2), options);
    if (values !== 'help') return values;
    console.log(usage);
    return process.exit(0);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(error.message);
    return process.exit(BAD_USAGE);
  }
}

/**
 * Reads arguments that are whole numbers.
 *
 * @returns 'help' where `--help` is among them
 * @throws UsageError where one is unknown, no whole number or out of its bounds
 */
export function readArguments<Name extends string>(
  args: readonly string[],
  options: Readonly<Record<Name, NumberOption>>,
): Record<Name, number> | 'help' {
  const names = Object.keys(options) as Name[];
  const given = parse(args, names);
  if (given['help'] === true) return 'help';
  const numbers = names.map((name): [Name, number] => [name, toNumber(name, given[name], options[name])]);
  return Object.fromEntries(numbers) as Record<Name, number>;
}

function parse(args: readonly string[], names: readonly string[]): Record<string, string | boolean | undefined> {
  const numbers = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]));
  try {
    return parseArgs({ args: [...args], options: { ...numbers, help: { type: 'boolean' } } }).values;
  } catch (error) {
    // Its longer messages go on with advice.
    throw new UsageError((error as Error).message.split(/\.\s/, 1)[0]);
  }
}

function toNumber(name: string, given: string | boolean | undefined, { default: otherwise, min, max }: NumberOption) {
  if (given === undefined) return otherwise;
  const value = /^\d+$/.test(String(given)) ? Number(given) : NaN;
  if (value >= min && value <= (max ?? Number.MAX_SAFE_INTEGER)) return value;
  const bounds = max === undefined ? `of at least ${min}` : `from ${min} to ${max}`;
  throw new UsageError(`--${name} must be a whole number ${bounds}`);
}
