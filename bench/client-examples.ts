import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../apps/api/src/package-root.js';
import { succeed } from './client-package.js';

/** The pages with examples. */
const PAGES = ['README.md', 'docs/clients.md', 'docs/compatibility.md', 'clients/typescript/README.md'];

/** A block of code, and the block of its output that follows. */
const EXAMPLE = /```(\w+)\n((?:(?!```)[^])*)```\n\n```text\n((?:(?!```)[^])*)```/g;

const ADDRESS = 'http://localhost:8000';

/** An example, and what the page says that it prints. */
interface Example {
  readonly language: string;
  readonly code: string;
  readonly output: string;
}

/** Every example that is followed by its output. */
function examples(): Example[] {
  const text = PAGES.map((page) => readFileSync(join(PACKAGE_ROOT, page), 'utf8')).join('\n');
  return [...text.matchAll(EXAMPLE)].map(([, language, code, output]) => ({
    language,
    code,
    output,
  }));
}

/** Where the examples run. */
export interface ExampleTools {
  /** A running service without keys, for clients of other products, too. */
  readonly url: string;
  /** A folder that has the TypeScript client installed. */
  readonly folder: string;
  /** A Python that has requests. */
  readonly python: string;
}

/**
 * Runs the examples of these pages in the root of the repository.
 *
 * @returns their languages
 * @throws Error if one fails, or prints something else than the page says
 */
export async function runExamples({ url, folder, python }: ExampleTools): Promise<string[]> {
  const languages: string[] = [];
  for (const { language, code, output } of examples()) {
    const program = code.replaceAll(ADDRESS, url);
    const printed = await print(language, program, folder, python);
    if (printed.trimEnd() !== output.trimEnd())
      throw new Error(`the example in ${language} prints\n${printed}instead of\n${output}`);
    languages.push(language);
  }
  return languages;
}

async function print(language: string, code: string, folder: string, python: string): Promise<string> {
  const run = (program: string, parameters: readonly string[]): string =>
    execFileSync(program, parameters, { cwd: PACKAGE_ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  switch (language) {
    case 'sh':
      return run('bash', ['-e', '-c', code]);
    case 'python':
      return run(python, ['-c', code]);
    case 'ts':
      return run(process.execPath, [await compile(code, folder)]);
    default:
      throw new Error(`no way to run an example in ${language}`);
  }
}

/** Compiles a program against the types of the installed client, as its users do. */
async function compile(code: string, folder: string): Promise<string> {
  writeFileSync(join(folder, 'example.ts'), code);
  const options = ['--module', 'nodenext', '--target', 'es2022', '--strict', '--types', 'node'];
  const roots = ['--typeRoots', join(PACKAGE_ROOT, 'node_modules/@types')];
  await succeed(join(PACKAGE_ROOT, 'node_modules/.bin/tsc'), [...options, ...roots, 'example.ts'], folder);
  return join(folder, 'example.js');
}
