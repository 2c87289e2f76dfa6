import { isIP } from 'node:net';
import { EnvError } from 'envalid';

/** The allowed values of a setting, and how to parse them. */
export interface Kind<T> {
  /** Completes "must be" in error messages; also shown in docs/settings.md. */
  readonly allowed: string;
  /** @throws EnvError saying what is allowed, without repeating values that may be secret */
  readonly parse: (text: string) => T;
}

/** An integer from `min` to `max`, inclusive. */
export const integer = (min: number, max: number): Kind<number> =>
  number(`a whole number from ${min} to ${max}`, (value) => Number.isInteger(value) && value >= min && value <= max);

/** A number from `min` to `max`, inclusive. */
export const between = (min: number, max: number): Kind<number> =>
  number(`a number from ${min} to ${max}`, (value) => value >= min && value <= max);

/** One of a list of words. */
export const choice = <const T extends string>(words: readonly T[]): Kind<T> =>
  kind(oneOf(words), (text) => words.find((word) => word === text));

/** One or more words, comma-separated. */
export const severalOf = <const T extends string>(words: readonly T[]): Kind<readonly T[]> =>
  kind(`one or several of ${words.join(', ')}, separated by commas`, (input) => {
    const given = list(input, 'word').map((item) => words.find((word) => word === item));
    const known = given.filter((word) => word !== undefined);
    return known.length > 0 && known.length === given.length ? [...new Set(known)] : undefined;
  });

/** `auto`, which lets the service choose, or a value of another kind. */
export const orAuto = <T>({ allowed, parse }: Kind<T>): Kind<T | 'auto'> => ({
  allowed: `auto or ${allowed}`,
  parse: (input) => {
    if (input === 'auto') return input;
    try {
      return parse(input);
    } catch {
      throw new EnvError(`must be auto or ${allowed}`);
    }
  },
});

/** `none`, which leaves something out, or a value of another kind. */
export const orNone = <T>({ allowed, parse }: Kind<T>): Kind<T | 'none'> => ({
  allowed: `none or ${allowed}`,
  parse: (input) => {
    if (input === 'none') return input;
    try {
      return parse(input);
    } catch {
      throw new EnvError(`must be none or ${allowed}`);
    }
  },
});

/** `true` or `false`; also accepts `t`/`f`, `yes`/`no`, `on`/`off` and `1`/`0`, as some tools write them. */
export const trueOrFalse: Kind<boolean> = kind('true or false', (input) => {
  if (/^(?:true|t|yes|on|1)$/.test(input)) return true;
  return /^(?:false|f|no|off|0)$/.test(input) ? false : undefined;
});

/** Any text, including none. */
export const anyText: Kind<string> = kind('any text', (input) => input);

/** Text that is not blank. */
export const text: Kind<string> = kind('text that is not empty', (input) => (input.trim() === '' ? undefined : input));

/** The path of a file, which is not checked here. */
export const file: Kind<string> = kind('the path of a file', (input) => (input.trim() === '' ? undefined : input));

/** Two numbers from `min` to `max`, the lower first: `0.45..0.65`. */
export const range = (min: number, max: number): Kind<readonly [low: number, high: number]> =>
  kind(`two numbers from ${min} to ${max} such as 0.45..0.65, the lower first`, (input) => {
    const parts = input.split('..').map((part) => (part.trim() === '' ? NaN : Number(part)));
    const [low, high] = parts;
    return parts.length === 2 && low >= min && low < high && high <= max ? [low, high] : undefined;
  });

/** A listen address without scheme and port. Never empty: that would mean every address of the machine. */
export const host: Kind<string> = kind('an IP address or a host name', (input) =>
  isIP(input) > 0 || HOST_NAME.test(input) ? input : undefined,
);

/** Comma-separated API keys, each plain or `sha256:` followed by its hash in hexadecimal. */
export const keys: Kind<readonly string[]> = {
  allowed: 'keys separated by commas, each plain or `sha256:` and 64 hexadecimal digits',
  parse: (input) => {
    const values = list(input, 'key');
    const broken = values.findIndex((key) => HASH_PREFIX.test(key) && !HASHED_KEY.test(key));
    if (broken >= 0) {
      throw new EnvError(`must have 64 hexadecimal digits after sha256:, but entry ${broken + 1} does not`);
    }
    return values;
  },
};

/** Comma-separated web origins, or `*` alone for all. Normalised to what browsers send: lower case, no default port. */
export const origins: Kind<readonly string[]> = {
  allowed: 'origins such as `https://app.example`, separated by commas, or `*` alone',
  parse: (input) => {
    const values = list(input, 'origin');
    if (values.length > 1 && values.includes('*')) throw new EnvError('must be * alone, or origins without it');
    return values.map((value, at) => (value === '*' ? value : originOf(value, at)));
  },
};

const HOST_NAME = /^[\w.-]+$/;
const HASH_PREFIX = /^sha256:/i;
const HASHED_KEY = /^sha256:[\da-f]{64}$/i;

/** Scheme, host and optional port. Excludes the start of a path, query, fragment or user name, and wildcards. */
const ORIGIN = /^https?:\/\/[^/\\?#@*\s]+$/i;

/** @param parse returns undefined if the value is not allowed */
function kind<T>(allowed: string, parse: (input: string) => T | undefined): Kind<T> {
  return {
    allowed,
    parse: (input) => {
      const value = parse(input);
      if (value === undefined) throw new EnvError(`must be ${allowed}`);
      return value;
    },
  };
}

function number(allowed: string, isAllowed: (value: number) => boolean): Kind<number> {
  return kind(allowed, (input) => {
    const value = Number(input);
    return input.trim() !== '' && isAllowed(value) ? value : undefined;
  });
}

const oneOf = (words: readonly string[]): string => `${words.slice(0, -1).join(', ')} or ${words.slice(-1).join('')}`;

function originOf(value: string, at: number): string {
  if (!ORIGIN.test(value) || !URL.canParse(value)) {
    throw new EnvError(
      `must list origins such as https://app.example or http://localhost:3000, without a path or trailing slash (wrong entry: ${at + 1})`,
    );
  }
  return new URL(value).origin;
}

/** Splits at commas and trims. A non-blank text without any values is an error. */
function list(input: string, what: string): string[] {
  const values = input
    .split(',')
    .map((value) => value.trim())
    .filter((value) => value !== '');
  if (values.length === 0 && input !== '') throw new EnvError(`must be empty or list at least one ${what}`);
  return values;
}
