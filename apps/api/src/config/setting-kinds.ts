import { isIP } from 'node:net';
import { EnvError } from 'envalid';

/** What a setting's text may be, and how it is read. */
export interface Kind<T> {
  /** Follows "must be" in an error message, and stands in docs/settings.md. */
  readonly allowed: string;
  /** @throws EnvError that says what the text must be, and repeats nothing of it that may be secret */
  readonly parse: (text: string) => T;
}

/** A whole number from `min` to `max`, both allowed. */
export const integer = (min: number, max: number): Kind<number> =>
  number(`a whole number from ${min} to ${max}`, (value) => Number.isInteger(value) && value >= min && value <= max);

/** A number from `min` to `max`, both allowed. */
export const between = (min: number, max: number): Kind<number> =>
  number(`a number from ${min} to ${max}`, (value) => value >= min && value <= max);

/** One of several words. */
export const choice = <const T extends string>(words: readonly T[]): Kind<T> =>
  kind(oneOf(words), (text) => words.find((word) => word === text));

/** One or several words separated by commas. */
export const severalOf = <const T extends string>(words: readonly T[]): Kind<readonly T[]> =>
  kind(`one or several of ${words.join(', ')}, separated by commas`, (input) => {
    const given = list(input, 'word').map((item) => words.find((word) => word === item));
    const known = given.filter((word) => word !== undefined);
    return known.length > 0 && known.length === given.length ? known : undefined;
  });

/** The word `auto`, for which the service chooses, or what another kind allows. */
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

/** `true` or `false`; also `t` and `f`, `yes` and `no`, `on` and `off`, `1` and `0`, as some tools write them. */
export const trueOrFalse: Kind<boolean> = kind('true or false', (input) => {
  if (/^(?:true|t|yes|on|1)$/.test(input)) return true;
  return /^(?:false|f|no|off|0)$/.test(input) ? false : undefined;
});

/** Any text, even none. */
export const anyText: Kind<string> = kind('any text', (input) => input);

/** Text that is not blank. */
export const text: Kind<string> = kind('text that is not empty', (input) => (input.trim() === '' ? undefined : input));

/** What a server can listen on, without scheme and port. An empty one would mean every address of the machine. */
export const host: Kind<string> = kind('an IP address or a host name', (input) =>
  isIP(input) > 0 || HOST_NAME.test(input) ? input : undefined,
);

/** API keys separated by commas, each plain, or `sha256:` and the hash in hexadecimal. */
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

/**
 * Web origins separated by commas, or `*` alone for all of them. They come back as browsers send them: in lower case,
 * without a scheme's own port.
 */
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

/** Scheme, host and maybe a port: nothing that can begin a path, a query, a fragment or a user's name, no wildcard. */
const ORIGIN = /^https?:\/\/[^/\\?#@*\s]+$/i;

/** @param parse gives undefined for what is not allowed */
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

/** The values between commas, blanks around them left out. A text that only looks as if it held some is a mistake. */
function list(input: string, what: string): string[] {
  const values = input
    .split(',')
    .map((value) => value.trim())
    .filter((value) => value !== '');
  if (values.length === 0 && input !== '') throw new EnvError(`must be empty or list at least one ${what}`);
  return values;
}
