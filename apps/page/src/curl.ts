import { ENDPOINTS, type Options, urlOf } from './service.js';

/** The curl command for a comparison, for a POSIX shell. Never contains the key. */
export function curlCommand(names: readonly [string, string], options: Options, hasKey: boolean): string {
  const words = [
    'curl',
    ...(hasKey ? ['-H "X-API-Key: $API_KEY"'] : []),
    ...names.map((name, i) => `-F ${quoted(`image${i + 1}=@${formFile(name)}`)}`),
    ...(options.threshold === '' ? [] : [`-F ${quoted(`threshold=${options.threshold}`)}`]),
    quoted(urlOf(ENDPOINTS[options.detector])),
  ];
  return words.join(' \\\n  ');
}

/** A file name as curl's -F reads it: in double quotes if it contains its separators, or spaces that it would drop. */
const formFile = (name: string): string =>
  /[",;\\]|^\s|\s$/.test(name) ? `"${name.replace(/["\\]/g, '\\$&')}"` : name;

/** A word of a shell command. */
const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);
