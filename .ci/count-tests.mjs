/* Prints how many tests of a JUnit report ran and how many failed; two zeros if there is no report. */
import { existsSync, readFileSync } from 'node:fs';

const path = process.argv[2];
const report = existsSync(path) ? readFileSync(path, 'utf8') : '';
const suites = report.match(/<testsuite\s[^>]*>/g) ?? [];

/** The sum of an attribute over all suites. */
const sum = (name) =>
  suites.reduce((total, suite) => total + Number(new RegExp(`\\s${name}="(\\d+)"`).exec(suite)?.[1] ?? 0), 0);

process.stdout.write(`${sum('tests') - sum('skipped')} ${sum('failures') + sum('errors')}\n`);
