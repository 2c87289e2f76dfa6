import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FuzzCase } from './case.js';

/** Keeps the requests that went wrong, so that they can be looked at and sent again. Nothing else is written. */
export class Failures {
  #folder: string | undefined;
  count = 0;

  constructor(private readonly seed: number) {}

  /** Says what went wrong, how to repeat it, and where the request lies. */
  add(number: number, { kind, path, headers, body }: FuzzCase, reason: string): void {
    this.count++;
    this.#folder ??= mkdtempSync(join(tmpdir(), 'fuzz-'));
    const file = join(this.#folder, String(number));
    writeFileSync(`${file}.body`, body);
    writeFileSync(`${file}.json`, JSON.stringify({ reason, kind, path, headers }, undefined, 2));
    console.error(`case ${number} (${kind}): ${reason}; request in ${file}.body`);
    console.error(`  again: npm run fuzz -- --seed ${this.seed} --first ${number} --cases 1`);
  }
}
