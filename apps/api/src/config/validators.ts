import { isIP } from 'node:net';
import { DETECTOR_NAMES, type DetectorName } from '#face';
import { type BaseValidator, EnvError, makeValidator } from 'envalid';

/*
 * What a setting's text must look like. Each validator throws an EnvError whose message follows the setting's name and
 * says what the value must be; it never repeats a value that may be secret.
 */

/** A whole number between two bounds, both allowed. */
export const integer = (min: number, max: number): BaseValidator<number> =>
  makeValidator((input: string) => wholeNumber(input, min, max));

/** The word "auto", or a whole number between two bounds, both allowed. */
export const autoOrInteger = (min: number, max: number): BaseValidator<number | 'auto'> =>
  makeValidator((input: string): number | 'auto' =>
    input === 'auto' ? 'auto' : wholeNumber(input, min, max, '"auto" or '),
  );

/** A number between two bounds, both allowed. */
export const between = (min: number, max: number): BaseValidator<number> =>
  makeValidator((input: string) => number(input, min, max));

/** The word "auto", or a number between two bounds, both allowed. */
export const autoOrBetween = (min: number, max: number): BaseValidator<number | 'auto'> =>
  makeValidator((input: string): number | 'auto' =>
    input === 'auto' ? 'auto' : number(input, min, max, '"auto" or '),
  );

/** Names of detectors with commas between them. */
export const detectors = makeValidator((input: string): readonly DetectorName[] => {
  const names = list(input, 'detector');
  if (names.length === 0 || !names.every(isDetectorName)) {
    throw new EnvError(`must hold one or more of ${DETECTOR_NAMES.join(', ')}, with commas between them`);
  }
  return names;
});

const isDetectorName = (name: string): name is DetectorName => (DETECTOR_NAMES as readonly string[]).includes(name);

/** Text that is not blank. */
export const text = makeValidator((input: string) => {
  if (input.trim() === '') throw new EnvError('must not be empty');
  return input;
});

/** What a server can listen on: without scheme and port. An empty one would be every address of the machine. */
export const host = makeValidator((input: string) => {
  if (isIP(input) === 0 && !HOST_NAME.test(input)) throw new EnvError('must be an IP address or a host name');
  return input;
});

/** API keys with commas between them, each plain or `sha256:` and the hash in hexadecimal. */
export const keys = makeValidator((input: string) => {
  const values = list(input, 'key');
  const broken = values.findIndex((key) => HASH_PREFIX.test(key) && !HASHED_KEY.test(key));
  if (broken >= 0) {
    throw new EnvError(`must have 64 hexadecimal digits after sha256:, and has not in entry ${broken + 1}`);
  }
  return values;
});

/**
 * Web origins with commas between them, or `*` alone for all of them. They come back as browsers send them: in lower
 * case, without a scheme's own port.
 */
export const origins = makeValidator((input: string) => {
  const values = list(input, 'origin');
  if (values.length > 1 && values.includes('*')) throw new EnvError('must be * alone, or origins without it');
  return values.map((value, at) => (value === '*' ? value : originOf(value, at)));
});

const HOST_NAME = /^[\w.-]+$/;
const HASH_PREFIX = /^sha256:/i;
const HASHED_KEY = /^sha256:[\da-f]{64}$/i;

/** Scheme, host and maybe a port: nothing that can begin a path, a query, a fragment or a user's name, no wildcard. */
const ORIGIN = /^https?:\/\/[^/\\?#@*\s]+$/i;

function originOf(value: string, at: number): string {
  if (!ORIGIN.test(value) || !URL.canParse(value)) {
    throw new EnvError(
      `must hold origins such as https://app.example or http://localhost:3000, without a path or a slash at the end, and has none in entry ${at + 1}`,
    );
  }
  return new URL(value).origin;
}

/** The values between commas, blanks around them left out. A text that only looks as if it held some is a mistake. */
function list(input: string, what: string): string[] {
  const values = input
    .split(',')
    .map((value) => value.trim())
    .filter((value) => value !== '');
  if (values.length === 0 && input !== '') throw new EnvError(`must be empty or hold at least one ${what}`);
  return values;
}

function number(input: string, min: number, max: number, instead = ''): number {
  const value = Number(input);
  if (input.trim() === '' || !(value >= min && value <= max)) {
    throw new EnvError(`must be ${instead}a number from ${min} to ${max}`);
  }
  return value;
}

function wholeNumber(input: string, min: number, max: number, instead = ''): number {
  const value = Number(input);
  if (input.trim() === '' || !Number.isInteger(value) || value < min || value > max) {
    throw new EnvError(`must be ${instead}a whole number from ${min} to ${max}`);
  }
  return value;
}
