import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseEnv, TextDecoder } from 'node:util';

/** How a file begins that Windows wrote as Unicode, as PowerShell 5 does. */
const UTF_16_MARK = Buffer.of(0xff, 0xfe);

/** Loads the settings of a file `.env` in the working directory, if there is one. Variables that are set already win. */
export function loadSettingsFile(): void {
  const path = resolve('.env');
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return;
  // process.loadEnvFile would take a byte order mark for part of the first name, and ignore that setting: API_KEYS, say.
  for (const [name, value] of Object.entries(parseEnv(decoded(readFileSync(path))))) process.env[name] ??= value;
}

/** Text without its byte order mark. */
const decoded = (bytes: Buffer): string =>
  new TextDecoder(bytes.subarray(0, 2).equals(UTF_16_MARK) ? 'utf-16le' : 'utf-8').decode(bytes);
