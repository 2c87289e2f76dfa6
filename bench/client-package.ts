import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../apps/api/src/package-root.js';
import { run } from './python-tool.js';

/** The package of the TypeScript client. */
const SOURCE = join(PACKAGE_ROOT, 'clients/typescript');

interface Packed {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

/** What the package has; docs and types of its own, no sources. */
const FILES =
  /^(?:LICENSE|README\.md|package\.json|dist\/(?:index|client|error|photograph|retry|schema)\.(?:js|d\.ts))$/;

/**
 * Packs the TypeScript client as `npm publish` does, checks what is in it, and installs it.
 *
 * @param folder of a new package that depends on it
 * @throws Error if the package lacks a file, or has another
 */
export async function installClient(folder: string): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  rmSync(join(SOURCE, 'dist'), { recursive: true, force: true });
  const report = join(folder, 'packed.json');
  await succeed('npm', ['run', '--silent', 'build'], SOURCE);
  const pack = `npm pack --silent --json --ignore-scripts --pack-destination '${folder}' > '${report}'`;
  await succeed('bash', ['-c', pack], SOURCE);
  const [{ filename, files }] = JSON.parse(readFileSync(report, 'utf8')) as Packed[];
  const others = files.map(({ path }) => path).filter((path) => !FILES.test(path));
  if (others.length > 0 || files.length !== 15) {
    throw new Error(`the package has ${files.length} files, unexpected are: ${others.join(', ')}`);
  }
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  await succeed('npm', ['install', '--silent', '--no-save', `./${filename}`], folder);
}

/** @throws Error if a program fails */
export async function succeed(program: string, parameters: readonly string[], folder: string): Promise<void> {
  const status = await run(program, parameters, { folder });
  if (status !== 0) throw new Error(`${program} ended with status ${status}`);
}
