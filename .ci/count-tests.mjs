/*
 * Prints how many tests of a JUnit report ran and how many failed (two zeros if there is no report), and appends what
 * failed, with its message, to a file.
 *
 *   node .ci/count-tests.mjs REPORT FAILURES
 */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';

const [path, failures] = process.argv.slice(2);
const report = existsSync(path) ? readFileSync(path, 'utf8') : '';
const suites = report.match(/<testsuite\s[^>]*>/g) ?? [];

/** An attribute of an element's opening tag; empty without it. */
const attribute = (element, name) => new RegExp(`\\s${name}="([^"]*)"`).exec(element)?.[1] ?? '';

/** The sum of an attribute over all suites. */
const sum = (name) => suites.reduce((total, suite) => total + Number(attribute(suite, name)), 0);

/** XML's entities as the characters they stand for. */
const plain = (text) =>
  text.replace(/&(lt|gt|quot|apos|amp);/g, (_, name) => ({ lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' })[name]);

for (const [test] of report.matchAll(/<testcase\s[^>]*[^/]>[^]*?<\/testcase>/g)) {
  for (const [, fault] of test.matchAll(/<(?:failure|error)\s[^>]*>([^]*?)<\//g)) {
    const title = plain(`${attribute(test, 'classname')}: ${attribute(test, 'name')}`);
    const message = plain(fault).trim().slice(0, 600).replaceAll('\n', '\n    ');
    appendFileSync(failures, `  ${title}\n    ${message}\n`);
  }
}

process.stdout.write(`${sum('tests') - sum('skipped')} ${sum('failures') + sum('errors')}\n`);
