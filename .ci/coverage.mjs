/*
 * `npm run test:coverage`, after the tests: the lines of apps and libs covered by the unit tests, as recorded by
 * vitest, or by the services and pages that the end-to-end tests open, as recorded by V8 (NODE_V8_COVERAGE). Fails below the
 * floor. Counts only lines that both report alike, as they compile TypeScript differently.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { mergeProcessCovs } from '@bcoe/v8-coverage';
import convert from 'ast-v8-to-istanbul';
import coverage from 'istanbul-lib-coverage';
import { parseAstAsync } from 'vitest/node';

/** Percent of the lines; raise it as coverage grows. */
const FLOOR = 96;

const ROOT = join(import.meta.dirname, '..');
const FOLDER = join(ROOT, 'coverage');
const BUILT = new RegExp(`^${pathToFileURL(join(ROOT, 'dist')).href}/(apps|libs)/.*\\.js$`);

const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'));

/** Coverage of the services, all threads together, mapped to the sources. */
async function ofServices() {
  const folder = join(FOLDER, 'services');
  const processes = readdirSync(folder).map((file) => ({
    result: readJson(join(folder, file)).result.filter(({ url }) => BUILT.test(url)),
  }));
  const map = coverage.createCoverageMap();
  for (const script of mergeProcessCovs(processes).result) {
    const path = fileURLToPath(script.url);
    const code = readFileSync(path, 'utf8');
    const sourceMap = readJson(`${path}.map`);
    map.merge(await convert({ code, sourceMap, coverage: script, ast: parseAstAsync(code) }));
  }
  return map;
}

const all = coverage.createCoverageMap(readJson(join(FOLDER, 'coverage-final.json')));
const known = new Set(all.files());
const services = await ofServices();
// Without a browser, nothing runs the page.
const PAGE = join(ROOT, 'apps/page/src/');
if (!services.files().some((path) => path.startsWith(PAGE))) all.filter((path) => !path.startsWith(PAGE));
for (const path of services.files().filter((file) => known.has(file))) {
  // In a file that no unit test loads, vitest counts decorators, which are not lines of their own once compiled.
  const loaded = Object.values(all.fileCoverageFor(path).s).some((count) => count > 0);
  if (!loaded) all.filter((file) => file !== path);
  all.addFileCoverage(services.fileCoverageFor(path));
}

let total = 0;
let covered = 0;
for (const path of all.files()) {
  const lines = Object.entries(all.fileCoverageFor(path).getLineCoverage());
  const missed = lines.filter(([, count]) => count === 0).map(([line]) => line);
  total += lines.length;
  covered += lines.length - missed.length;
  if (missed.length > 0) process.stdout.write(`${relative(ROOT, path)}: not run: ${missed.join(' ')}\n`);
}
const percent = (100 * covered) / total;
process.stdout.write(`lines run: ${covered} of ${total}, ${percent.toFixed(1)} % (floor ${FLOOR} %)\n`);
process.exitCode = percent < FLOOR ? 1 : 0;
