import type { Service } from './service.js';

export type Line = Readonly<Record<string, unknown>>;

/** The log so far; every line must be JSON. */
export const logLines = ({ output }: Service): Line[] =>
  output
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);
