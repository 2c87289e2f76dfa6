import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Failing } from './shrink-case.js';

/** Saves failed requests, so that they can be inspected and sent again. Nothing else is written. */
export class Failures {
  #folder: string | undefined;
  count = 0;

  constructor(private readonly seed: number) {}

  /**
   * Reports a failure: what went wrong, how to repeat it, and where its requests are.
   *
   * @param shrunk the simplest similar case that fails, if any
   */
  add(number: number, failing: Failing, shrunk?: Failing): void {
    this.count++;
    console.error(`case ${number} ${this.#describe(failing, String(number))}`);
    if (shrunk === undefined) console.error('  sent again, it does not fail');
    else console.error(`  shrunk ${this.#describe(shrunk, `${number}-shrunk`)}`);
    console.error(`  again: npm run fuzz -- --seed ${this.seed} --first ${number} --cases 1`);
  }

  #describe({ fuzzCase: { kind, path, headers, body }, reason }: Failing, name: string): string {
    this.#folder ??= mkdtempSync(join(tmpdir(), 'fuzz-'));
    const file = join(this.#folder, name);
    writeFileSync(`${file}.body`, body);
    writeFileSync(`${file}.json`, JSON.stringify({ reason, kind, path, headers }, undefined, 2));
    return `(${kind}): ${reason}; request of ${body.length} bytes in ${file}.body`;
  }
}
